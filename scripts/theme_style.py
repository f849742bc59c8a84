"""Writes `scripts/guide/outputs/theme.css`: what the guide uses of the theme's style sheets.

Material styles much that no page of a guide has. A rule stays when every class, id and attribute
that its selector asks for is written somewhere in our templates, scripts or code: so no state is
lost that a script makes. Rules for elements alone all stay, because an author's Markdown may make
any of them.

`.venv/bin/python scripts/theme_style.py` writes the file; a test compares it with the theme.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import tinycss2
from tinycss2.ast import AtRule, Node, QualifiedRule

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from guide.outputs.assets import THEME, theme_sheets  # noqa: E402

# Where our own words for classes, ids and attributes are written.
OURS = (
    "overrides/**/*.html",
    "docs/**/*.js",
    "docs/**/*.md",
    "scripts/guide/**/*.py",
)
# Classes of Markdown extensions that a guide does not use, where the same word stands in our code
# for something else: kinds of admonitions, marked code, tiles and keys.
NO_CLASSES = {
    *("abstract", "danger", "info", "note", "question", "quote", "tip", "warning", "inline", "end"),
    *("codehilite", "filename", "highlight", "result", "cards", "keys", "middle"),
}
# What Markdown and the first script of a page make.
OF_MARKDOWN = {"headerlink", "toc", "no-js", "js"}
# Which of the theme's colours a guide has: its own. `palette` in mkdocs.yml says so.
COLOURS = {"data-md-color-primary": {"custom"}, "data-md-color-accent": {"custom"}}
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_CONDITIONAL = {"media", "supports"}


def vocabulary() -> set[str]:
    """Every word that may be a class, an id, an attribute or its value on a page."""
    texts = [path for pattern in OURS for path in sorted(ROOT.glob(pattern))]
    words = set(OF_MARKDOWN)
    for path in texts:
        words.update(_WORD.findall(path.read_text(encoding="utf-8")))
    return words


def can_match(selector: list[Node], words: set[str]) -> bool:
    """Whether a page can have what the selector asks for. What stands in `:not(…)` and its like is
    not looked at.
    """
    for before, node in zip([None, *selector], selector, strict=False):
        is_class = before is not None and before.type == "literal" and before.value == "."
        if node.type == "ident" and is_class and not _is_class(node.value, words):
            return False
        if node.type == "hash" and node.value not in words:
            return False
        if node.type == "[] block" and not _has_attribute(node.content, words):
            return False
    return True


def _is_class(name: str, words: set[str]) -> bool:
    """Whether an element of a page can have this class. One or two letters mark code."""
    return name in words and name not in NO_CLASSES and len(name) > 2


def _has_attribute(inside: list[Node], words: set[str]) -> bool:
    """Whether a page can have an attribute of this name, and of this value where it is ours or the
    theme's own.
    """
    named = [node.value for node in inside if node.type in ("ident", "string")]
    name, values = named[0], named[1:]
    if (name, *values) == ("role", "columnheader"):
        # Heads that a script would sort by. Ours have the role for the tables that a phone shows as
        # blocks, and nobody can press them.
        return False
    if name in ("dir", "type", "hidden", "open", "href", "src", "role", "lang"):
        return True
    if name in COLOURS:
        return all(value in COLOURS[name] for value in values)
    return all(word in words for word in (name, *values) if word)


def selectors(prelude: list[Node]) -> Iterator[list[Node]]:
    """The selectors of a rule, one by one."""
    one: list[Node] = []
    for node in prelude:
        if node.type == "literal" and node.value == ",":
            yield one
            one = []
        else:
            one.append(node)
    yield one


def kept(rules: Iterable[Node], words: set[str]) -> Iterator[str]:
    """The text of the rules that a page can need, one a line."""
    for rule in rules:
        if isinstance(rule, QualifiedRule):
            wanted = [one for one in selectors(rule.prelude) if can_match(one, words)]
            if wanted:
                named = ",".join(tinycss2.serialize(one).strip() for one in wanted)
                yield f"{named}{{{tinycss2.serialize(rule.content)}}}"
        elif isinstance(rule, AtRule) and rule.lower_at_keyword in _CONDITIONAL:
            inside = list(kept(tinycss2.parse_rule_list(rule.content), words))
            if inside:
                prelude = tinycss2.serialize(rule.prelude)
                yield f"@{rule.at_keyword}{prelude}{{{''.join(mirrored(inside))}}}"
        elif isinstance(rule, AtRule) and rule.lower_at_keyword != "charset":
            yield rule.serialize()


# Sides of a page that is read from left to right, by start and end.
_SIDE = re.compile(r"\b(?:(margin|padding|border)-)?(left|right)(-(?:color|style|width))?$")
_CORNER = re.compile(r"border-(top|bottom)-(left|right)-radius")


def _by_start_and_end(name: str, value: str, start: str) -> tuple[str, str] | None:
    """A declaration that says start or end in place of a side; None where it names no side."""

    def end_of(side: str) -> str:
        return "start" if side == start else "end"

    corner, side = _CORNER.fullmatch(name), _SIDE.fullmatch(name)
    if corner:
        block = "start" if corner[1] == "top" else "end"
        return f"border-{block}-{end_of(corner[2])}-radius", value
    if side:
        return f"{side[1] or 'inset'}-inline-{end_of(side[2])}{side[3] or ''}", value
    if (name, value) in (("text-align", "left"), ("text-align", "right")):
        return name, end_of(value)
    return None


def _turned(rule: str, direction: str, start: str) -> str | None:
    """A rule for one direction as a rule for both; None where it does not have such a form."""
    head, _, body = rule.removesuffix("}").partition("{")
    asked = f"[dir={direction}]"
    if "{" in body or any(not one.startswith(f"{asked} ") for one in head.split(",")):
        return None
    declared = (one.partition(":") for one in body.strip(";").split(";"))
    turned = [_by_start_and_end(name, value, start) for name, _, value in declared]
    said = sorted(one for one in turned if one)
    if len(said) != len(turned):
        return None
    return f"{head.replace(asked, '[dir]')}{{{';'.join(':'.join(one) for one in said)}}}"


def mirrored(rules: list[str]) -> Iterator[str]:
    """The rules, one in place of two where the second is the mirror image of the first: the theme
    names left and right for each direction, where the start of a line would say both. It asks for
    a direction still, as another rule of the sheet may win by it.
    """
    left = list(rules)
    while left:
        rule = left.pop(0)
        one = _turned(rule, "ltr", "left")
        if one and left and one == _turned(left[0], "rtl", "right"):
            left.pop(0)
            yield one
        else:
            yield rule


_DEFINED = re.compile(r"(?<=[;{])(--[\w-]+):((?:[^;}\"']|\"[^\"]*\"|'[^']*')*);?")


def _only_asked(text: str, asked: set[str]) -> str:
    return _DEFINED.sub(lambda one: one[0] if one[1] in asked else "", text)


def without_unused_values(text: str, elsewhere: str) -> str:
    """The sheet without custom properties that neither it nor `elsewhere` asks for, without rules
    that are empty then, and without animations that nothing names.
    """
    while True:
        asked = set(re.findall(r"var\((--[\w-]+)", text)) | set(re.findall(r"--[\w-]+", elsewhere))
        smaller = _only_asked(text, asked)
        smaller = re.sub(r"(?m)^[^@{}\n][^{}\n]*\{\}\n|(?<=[{}])[^@{}]+\{\}", "", smaller)
        smaller = re.sub(r"(?m)^@media[^{}]*\{\}\n", "", smaller)
        for name in re.findall(r"@keyframes ([\w-]+)", smaller):
            if not re.search(rf"animation(?:-name)?:[^;}}]*\b{name}\b", smaller):
                smaller = re.sub(rf"(?m)^@keyframes {name}\{{.*\}}\n", "", smaller)
        if smaller == text:
            return text
        text = smaller


def style() -> str:
    """The part of the theme's style that the guide uses."""
    words = vocabulary()
    lines: list[str] = []
    for path in theme_sheets():
        text = path.read_text(encoding="utf-8").partition("/*# sourceMappingURL")[0]
        rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
        lines += mirrored(list(kept(rules, words)))
    ours = [*(ROOT / "docs/assets").rglob("*.css"), *(ROOT / "docs/assets").rglob("*.js")]
    own = "\n".join(path.read_text(encoding="utf-8") for path in ours)
    return HEAD + without_unused_values("".join(f"{line}\n" for line in lines), own)


HEAD = "/*! From Material for MkDocs, MIT licence, Copyright Martin Donath and contributors. */\n"


def main() -> int:
    """Writes the file."""
    THEME.write_text(style(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
