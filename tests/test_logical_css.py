"""The style sheets say start and end, not left and right: a right-to-left guide is mirrored whole.

Biome's rule `useLogicalProperties` asks for more: it refuses `width` and `top`, too, which no
mirror moves, and it is still an experiment of Biome's. So the sheets are read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import tinycss2
from tinycss2.ast import Node

from conftest import ROOT

PAPER = ROOT / "scripts" / "guide" / "outputs" / "sheet.typ"
SHEETS = sorted((ROOT / "docs" / "assets" / "css").glob("*.css"))
SIDES = re.compile(r"(?:^|-)(?:left|right)(?:-|$)")
# Shorthands that set the right side second and the left side fourth.
FOUR_SIDES = re.compile(r"^(?:(?:scroll-)?(?:margin|padding)|inset|border-(?:width|style|color))$")
SHIFTS = {"matrix", "rotate", "rotatez", "skew", "skewx", "translate", "translate3d", "translatex"}
RULES_INSIDE = {"media", "supports", "layer", "container"}
# Scripts that would have to ask which way the lines run.
SIDEWAYS = re.compile(
    r"Arrow(?:Left|Right)|(?:scroll|client|offset)(?:Left|X)\b|translate(?:X|3d)?\("
    r"|style\.(?:left|right|\w+(?:Left|Right))|scroll(?:To|By)\(\s*[^{)]"
)


def inner(nodes: list[Node]) -> Iterator[Node]:
    """The nodes of a value, with those inside functions and brackets."""
    for node in nodes:
        yield node
        yield from inner(getattr(node, "arguments", None) or getattr(node, "content", None) or [])


def is_physical(name: str, value: list[Node]) -> bool:
    """Whether a declaration names a side, or sets the left and the right side apart."""
    if name.startswith("--"):
        return False
    words = [part.serialize() for part in value if part.type not in ("whitespace", "comment")]
    return (
        bool(SIDES.search(name))
        or any(
            node.type == "ident" and node.lower_value in ("left", "right") for node in inner(value)
        )
        or any(node.type == "function" and node.lower_name in SHIFTS for node in inner(value))
        or name in ("translate", "rotate")
        or (FOUR_SIDES.match(name) is not None and len(words) == 4 and words[1] != words[3])
        or (name == "border-radius" and len(set(words)) > 1)
    )


def physical(nodes: list[Node]) -> Iterator[tuple[int, str]]:
    """Line and name of all that is physical in a list of rules and declarations."""
    for node in nodes:
        if node.type == "error":
            raise ValueError(f"line {node.source_line}: {node.message}")
        if node.type == "declaration" and is_physical(node.lower_name, node.value):
            yield node.source_line, node.name
        if node.type == "at-rule" and SIDES.search(node.lower_at_keyword):
            yield node.source_line, f"@{node.at_keyword}"
        if node.type in ("at-rule", "qualified-rule") and node.content is not None:
            holds_rules = node.type == "at-rule" and node.lower_at_keyword in RULES_INSIDE
            read = tinycss2.parse_rule_list if holds_rules else tinycss2.parse_blocks_contents
            yield from physical(read(node.content, skip_comments=True, skip_whitespace=True))


def physical_in(text: str) -> list[tuple[int, str]]:
    """Line and name of all that is physical in a sheet."""
    return list(physical(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)))


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_a_sheet_names_no_side(path: Path) -> None:
    assert physical_in(path.read_text(encoding="utf-8")) == [], (
        "write the logical name, such as margin-inline-start"
    )


def test_a_pdf_names_a_side_only_where_it_asks_for_the_direction() -> None:
    code = re.sub(r"//.*", "", PAPER.read_text(encoding="utf-8"))
    named = [line for line in code.splitlines() if re.search(r"\b(?:left|right)\b", line)]
    assert named == ['#let start-side = if sheet.direction == "rtl" { "right" } else { "left" }']


@pytest.mark.parametrize(
    "declaration",
    [
        "margin-left: 0",
        "left: 0",
        "border-right-color: red",
        "border-top-left-radius: 1px",
        "scroll-padding-right: 0",
        "text-align: right",
        "float: left",
        "clear: right",
        "justify-content: left",
        "background: url(a.svg) no-repeat right top",
        "background: linear-gradient(to right, red, blue)",
        "transform: translateX(1px)",
        "translate: 1px",
        "padding: 0 1px 0 2px",
        "inset: 0 auto 0 calc(1px + 2px)",
        "border-radius: 1px 2px",
    ],
)
def test_a_side_is_found_wherever_it_stands(declaration: str) -> None:
    assert len(physical_in(f"a {{ {declaration}; }}")) == 1
    assert len(physical_in(f"@media print {{ a:hover {{ {declaration}; }} }}")) == 1
    assert len(physical_in(f"@page {{ @top-center {{ {declaration}; }} }}")) == 1


@pytest.mark.parametrize(
    "declaration",
    [
        "margin: 0 1px 2px",
        "padding: 0 calc(1px + 2px) 0 calc(1px + 2px)",
        "margin-inline: 0 1px",
        "margin-top: 0",
        "inset: auto 0 0 0",
        "text-align: start",
        "border-radius: 1px",
        'content: "left"',
        "--left: 1px",
        "grid-template-areas: 'left right'",
    ],
)
def test_what_looks_the_same_in_a_mirror_is_no_finding(declaration: str) -> None:
    assert physical_in(f"a {{ {declaration}; }}") == []


def test_no_script_and_no_template_moves_anything_sideways() -> None:
    """Where one has to, it asks for `dir`, and this test names it."""
    assets = ROOT / "docs" / "assets"
    scripts = [*assets.glob("*/*.js"), *assets.glob("*.js")]
    ours = [one for one in scripts if one.name != "lean-qr.js"]
    found = [(one.name, hit) for one in ours for hit in SIDEWAYS.findall(one.read_text("utf-8"))]
    for one in (ROOT / "overrides").rglob("*.html"):
        found += [
            (one.name, hit) for hit in re.findall(r'\bstyle="|\balign=', one.read_text("utf-8"))
        ]
    assert found == []
