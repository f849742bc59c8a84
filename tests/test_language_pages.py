"""The default pages in another language: the same pages as in English, and only the words differ.

A page is compared as Jinja reads it: what is called, with what, under which conditions, and the
marks of Markdown between. Words may stand in any order, and so may the names in them.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from jinja2 import Environment, nodes

from conftest import ROOT, TODAY, make_project, mkdocs
from guide.base import language

ENGLISH = ROOT / "docs"
GERMAN = language.LANGUAGES / "de" / "docs"
# Each guide's own: what was tested there.
OWN = "about/accessibility.md"
PATHS = sorted(
    path.relative_to(ENGLISH).as_posix()
    for path in ENGLISH.rglob("*.md")
    if path.relative_to(ENGLISH).as_posix() != OWN
)
# The keys of front matter that hold words.
WORDS = ("title", "title_of_others", "description")
# Words that German has too.
SHARED = {"matrix", "definition"}
# A sentence or heading in English has one of these, and no German one does.
ENGLISH_WORDS = re.compile(
    r"(?i)\b(?:the|of|and|what|which|with|for|does|did|how|to|it|are|is|you|your|by|from|or|who)\b"
)
# Names are written small in the middle of a sentence, and large at its start.
PLACE = re.compile(r"\{\{.*?\}\}|\{\w+\}")
# Marks of Markdown: a heading's level and id, a link's target, bold words.
MARK = re.compile(r"(?m)^#+(?= )|\{ #[\w-]+ \}|\]\([^)]*\)|\*\*")


@functools.cache
def parts(path: Path) -> tuple[dict[str, object], str]:
    """Front matter and body of a page."""
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(front), body


def names(words: nodes.Node | str) -> list[str]:
    """What an expression or a title calls by name, small, in the order of the alphabet."""
    if isinstance(words, str):
        return sorted(name.lower() for name in re.findall(r"\{(\w+)\}", words))
    found = [words] if isinstance(words, nodes.Name) else list(words.find_all(nodes.Name))
    return sorted(name.name.lower() for name in found)


def called(node: nodes.Node) -> object:
    """An expression with all it says to the engine. Of words to readers only the names are left:
    the labels of links, and what is chosen or joined.
    """
    match node:
        case nodes.Dict():
            return [(called(pair.key), names(pair.value)) for pair in node.items]
        case nodes.CondExpr():
            return called(node.test), names(node.expr1), names(node.expr2)
        case nodes.Concat():
            return names(node)
        case nodes.Name():
            return node.name.lower()
        case nodes.Node():
            own = [
                [called(one) if isinstance(one, nodes.Node) else one for one in value]
                if isinstance(value, list)
                else called(value)
                if isinstance(value, nodes.Node)
                else value
                for _, value in node.iter_fields()
            ]
            return type(node).__name__, own
    return node


def shape(body: str) -> list[object]:
    """What a page calls and marks, in order, each block of conditions with its own."""

    def of(part: list[nodes.Node]) -> Iterator[object]:
        for node in part:
            if isinstance(node, nodes.If):
                yield "if", called(node.test), list(of(node.body))
                assert not node.elif_
                yield "else", list(of(node.else_))
                continue
            assert isinstance(node, nodes.Output), node
            named: list[str] = []
            for one in node.nodes:
                if isinstance(one, nodes.TemplateData):
                    for mark in MARK.findall(one.data):
                        # A sentence's names come before the mark of the next one.
                        if mark.startswith(("#", "{")):
                            yield sorted(named)
                            named = []
                        yield mark
                elif isinstance(one, nodes.Name | nodes.Getattr):
                    named += [str(called(one))]
                else:
                    yield called(one)
            yield sorted(named)

    return list(of(Environment().parse(body).body))


def said(path: Path) -> list[str]:
    """The words of a page to its readers, one text a line: titles, headings, sentences, labels."""
    meta, body = parts(path)
    found = [str(meta[key]) for key in WORDS if key in meta]
    tree = Environment().parse(body)
    for pair in tree.find_all(nodes.Pair):
        found += [one.value for one in pair.value.find_all(nodes.Const)]
        found += [pair.value.value] if isinstance(pair.value, nodes.Const) else []
    for choice in tree.find_all(nodes.CondExpr):
        for words in (choice.expr1, choice.expr2):
            found += [words.value] if isinstance(words, nodes.Const) else []
            found += [one.value for one in words.find_all(nodes.Const)]
    prose = re.sub(r"\{%.*?%\}", "", body)
    for line in prose.split("\n"):
        found.append(re.sub(r"^#+ | \{ #[\w-]+ \}$", "", line))
    bare = [PLACE.sub("", text).strip() for text in found]
    return [text for text in bare if re.search(r"\w", text)]


def test_every_default_page_has_its_twin() -> None:
    assert len(PATHS) > 60
    assert sorted(path.relative_to(GERMAN).as_posix() for path in GERMAN.rglob("*.md")) == PATHS


@pytest.mark.parametrize("path", PATHS)
def test_only_the_words_of_a_twin_differ(path: str) -> None:
    (meta, body), (twin_meta, twin_body) = parts(ENGLISH / path), parts(GERMAN / path)
    assert list(meta) == list(twin_meta), "the keys of the front matter"
    for key, value in meta.items():
        if key in WORDS:
            assert names(str(value)) == names(str(twin_meta[key])), key
        else:
            assert value == twin_meta[key], key
    assert shape(body) == shape(twin_body)


@pytest.mark.parametrize("path", PATHS)
def test_no_english_words_remained(path: str) -> None:
    english, german = said(ENGLISH / path), said(GERMAN / path)
    assert len(english) == len(german)
    assert not {text for text in german if text.lower() not in SHARED} & set(english)
    assert [text for text in german if ENGLISH_WORDS.search(text)] == []


@pytest.mark.parametrize(
    "old, new",
    [
        ("{ #who }", "{ #wer }"),
        ("answer('who')", "answer('risks')"),
        ("{{ evidence(answer_facts('risks')) }}\n", ""),
        ("'safety': ", "'harms': "),
        ("## ", "### "),
        ("{{ Medicine }} ", ""),
    ],
)
def test_a_change_that_is_no_word_is_seen(old: str, new: str) -> None:
    _, body = parts(GERMAN / "topic/patients/index.md")
    assert old in body and shape(body.replace(old, new, 1)) != shape(body)


# -- a German guide ------------------------------------------------------------------------


def make_german(project: Path) -> Path:
    """The made-up guide, with German pages; its facts stay English, except the words by which a
    rule knows how certain they are.
    """
    site = project / "content" / "site.yml"
    site.write_text(f"language: de\n{site.read_text(encoding='utf-8')}", encoding="utf-8")
    for name in ("answers", "evidence"):
        path = project / "content" / "topics" / "examplinib-ed" / f"{name}.yml"
        words = path.read_text(encoding="utf-8")
        path.write_text(re.sub("(?i)very uncertain", "sehr unsicher", words), encoding="utf-8")
    return project


@pytest.mark.site
def test_a_german_guide_has_no_english_heading_of_the_engine(tmp_path: Path) -> None:
    """A message without a translation yet is a matter of the catalogue and not of the pages."""
    project = make_german(make_project(tmp_path / "de", ROOT / "tests" / "tiny" / "content"))
    built = mkdocs(project, "build", "--strict", day=TODAY)
    assert built.returncode == 0, built.stdout + built.stderr
    with (GERMAN.parent / "messages.po").open("rb") as file:
        messages = {one.id: one.string for one in read_po(file) if isinstance(one.id, str)}
    english = {*messages}.union(*(said(ENGLISH / path) for path in PATHS))
    english -= {words for words, german in messages.items() if not german}
    found = [
        (path.relative_to(project / "site").as_posix(), words)
        for path in sorted((project / "site").rglob("*.html"))
        for heading in BeautifulSoup(path.read_text(encoding="utf-8"), "lxml").select(
            "article :is(h1, h2, h3, h4)"
        )
        # This guide's own page, and the made-up sections of questions.
        if not re.search("/accessibility/|/questions/|/options/", str(path))
        and (words := heading.get_text().removesuffix("#").strip()) in english
        and words.lower() not in SHARED
    ]
    assert found == []
    home = BeautifulSoup((project / "site" / "index.html").read_text(encoding="utf-8"), "lxml")
    assert home.html["lang"] == "de" and "Behandlungen: " in home.select_one("h1").get_text()
