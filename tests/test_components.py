"""Each component by itself: its macro prints a value, and nothing else is needed.

Values come from the named examples in tests/components/, and from `filled`, which puts the same
words into every text of a component's type: no field can be forgotten.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator

import html5lib
import pytest
from bs4 import BeautifulSoup, Tag

from conftest import ROOT
from guide.base.problem import CallError, ContentErrors
from guide.gallery import (
    EVERYWHERE,
    EXAMPLES,
    MIRRORED,
    Example,
    example_html,
    examples,
    gallery_pages,
)
from guide.render.components import Components
from guide.view.components import COMPONENTS, value_type
from guide.view.examples import filled, value_of

ALL = list(examples(ROOT))
DRAWN = Components(ROOT)
PLAIN = "plain words"


def named(example: Example) -> str:
    return f"{example.component}: {example.name}"


@pytest.mark.parametrize("name", sorted({example.component for example in ALL}))
def test_the_examples_look_as_they_did(name):
    """The HTML lies beside the examples, where a review can show it. After a change that is meant:
    `SNAPSHOTS=write ./scripts/test tests/test_components.py`.
    """
    path = ROOT / EXAMPLES / f"{name}.html"
    shown = "".join(
        f"<!-- {example.name} -->\n{example_html(DRAWN, example)}\n"
        for example in ALL
        if example.component == name
    )
    if os.environ.get("SNAPSHOTS") == "write":
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")


def fragments() -> Iterator[tuple[str, str]]:
    for example in ALL:
        yield named(example), example_html(DRAWN, example)
    for name in COMPONENTS:
        for title, words in EVERYWHERE.items():
            value = filled(value_type(name), words)
            yield f"{name}: {title}", example_html(DRAWN, Example(name, title, value))


@pytest.mark.parametrize("html", [pytest.param(html, id=name) for name, html in fragments()])
def test_an_example_is_valid_html(html):
    html5lib.HTMLParser(strict=True).parseFragment(html)
    parts = BeautifulSoup(html, "html.parser")
    ids = [one["id"] for one in parts.select("[id]")]
    assert len(ids) == len(set(ids))
    for one in parts.select("[aria-labelledby]"):
        assert set(one["aria-labelledby"].split()) <= set(ids)
    for image in parts.select("img"):
        assert image.get("alt") is not None
    for table in parts.select("table"):
        assert table.caption is not None or table.find_parent("figure") is not None


def skeleton(tag: Tag) -> list[object]:
    """The elements with the names of their attributes; the texts do not matter."""
    return [
        tag.name,
        sorted(tag.attrs),
        [skeleton(child) for child in tag.children if isinstance(child, Tag)],
    ]


@pytest.mark.parametrize("name", COMPONENTS)
@pytest.mark.parametrize("words", EVERYWHERE.values(), ids=EVERYWHERE)
def test_no_text_becomes_markup(name, words):
    """Whatever the texts hold, the elements are those of plain words as long as they are: a picture
    breaks its lines by length.
    """
    plain = re.sub(r"\S", "a", words)
    drawn = [
        BeautifulSoup(DRAWN.html(name, filled(value_type(name), one)), "html.parser")
        for one in (plain, words)
    ]
    assert skeleton(drawn[1]) == skeleton(drawn[0])
    assert len(drawn[0].get_text().strip()) > 0 or drawn[0].find() is not None


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_can_be_drawn_twice(name):
    value = filled(value_type(name), PLAIN)
    assert DRAWN.html(name, value) == DRAWN.html(name, value) == Components(ROOT).html(name, value)


def test_each_component_has_a_macro_a_value_and_examples():
    macros = {path.stem for path in (ROOT / "overrides" / "macros").glob("[a-z]*.html")}
    with_examples = {example.component for example in ALL}
    assert macros == set(COMPONENTS) == with_examples
    few = [name for name in COMPONENTS if sum(one.component == name for one in ALL) < 2]
    assert few == []


def test_the_gallery_shows_every_example_and_no_id_twice():
    pages = gallery_pages(ROOT)
    names = {"index.md", *(f"{name}.md" for name in COMPONENTS)}
    assert set(pages) == names | {f"{MIRRORED}/{name}" for name in names}
    for example in ALL:
        for folder in ("", f"{MIRRORED}/"):
            assert f"## Example: {example.name} {{" in pages[f"{folder}{example.component}.md"]
    for path, page in pages.items():
        ids = [one["id"] for one in BeautifulSoup(page, "html.parser").select("[id]")]
        assert len(ids) == len(set(ids)), path


def test_a_value_that_does_not_fit_is_named_with_its_place(tmp_path):
    folder = tmp_path / EXAMPLES
    folder.mkdir(parents=True)
    (folder / "need.yml").write_text("empty: {}\nwrong: {text: 7}\nmore: {text: a, tone: b}\n")
    (folder / "nead.yml").write_text("any: {}\n")
    with pytest.raises(ContentErrors) as refused:
        list(examples(tmp_path))
    assert [problem.message for problem in refused.value.problems] == [
        "there is no component 'nead'",
        "empty: Need needs 'text'",
        "more: Need has no 'tone'; it has text",
        "wrong.text: 7 is a int, a str is needed",
    ]


def test_an_example_can_hold_what_another_prints(tmp_path):
    folder = tmp_path / EXAMPLES
    folder.mkdir(parents=True)
    (folder / "need.yml").write_text("a need: {text: Few help <all>.}\n")
    (folder / "evidence.yml").write_text(
        "of a need: {facts: 1 fact, html: {component: need, example: a need}}\n"
        "of none: {html: {component: need, example: no need}}\n"
        "of nobody: {html: {component: nead, example: a need}}\n"
    )
    shutil.copytree(ROOT / "overrides", tmp_path / "overrides")
    with pytest.raises(ContentErrors) as refused:
        list(examples(tmp_path))
    assert [problem.message for problem in refused.value.problems] == [
        "there is no example 'a need' of a component 'nead'",
        "there is no example 'no need' of a component 'need'",
    ]
    (folder / "evidence.yml").write_text(
        "of a need: {facts: 1 fact, html: {component: need, example: a need}}\n"
    )
    evidence, need = examples(tmp_path)
    inner = example_html(DRAWN, need).strip()
    assert "Few help &lt;all&gt;." in inner
    assert inner in example_html(DRAWN, evidence)


def test_values_are_made_of_plain_data():
    assert value_of(tuple[int, ...] | None, [1, 2]) == (1, 2)
    assert value_of(tuple[int, ...] | None, None) is None
    with pytest.raises(CallError, match="2 are needed"):
        value_of(tuple[int, str], [1])
