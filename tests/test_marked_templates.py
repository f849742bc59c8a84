"""Every word that a reader sees or hears in a template is marked, so that a translation can say it.

Templates are read as they stand, with all their branches, and components are printed with a
catalogue that puts each message into brackets: no Latin letter may stand outside of them, except in
an example's own values, which lose theirs before.
"""

from __future__ import annotations

import dataclasses
import functools
import gettext
import re
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from jinja2 import Environment, nodes
from jinja2.ext import babel_extract
from markupsafe import Markup
from mkdocs.theme import Theme

from conftest import ROOT
from guide.base import language
from guide.gallery import Example, example_html, examples
from guide.mkdocs_plugin.early import EarlyEvents
from guide.mkdocs_plugin.events import Events
from guide.outputs.old_addresses import _component
from guide.outputs.theme_words import CONTENTS, name_contents, said
from guide.render.components import Components
from guide.view.components import COMPONENTS, value_type
from guide.view.examples import filled

OVERRIDES = ROOT / "overrides"
TEMPLATES = sorted(path.relative_to(OVERRIDES).as_posix() for path in OVERRIDES.rglob("*.html"))
# Templates whose words, and components whose words or whose drawings' words, are not marked yet.
# Names, which are the same in every language: of formats, and of a file of the data.
NAMES = ("RIS", "BibTeX", "CSL-JSON", "index.json")
# Attributes whose words are seen or heard.
SEEN = ("alt", "aria-label", "data-dark", "data-label", "data-light", "placeholder", "title")
# What is said to maintainers, in `serve` only: it stays English.
TO_MAINTAINERS = ".content-errors"


class Bracketed(gettext.NullTranslations):
    """Says every message in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return self.ngettext(msgid1, msgid2, n)


@pytest.fixture
def bracketed(monkeypatch) -> None:
    """This process speaks a language that says every message in brackets."""
    spoken = dataclasses.replace(language.language(language.ENGLISH), catalogue=Bracketed())
    monkeypatch.setattr(language, "_current", spoken)


def unmarked(html: str) -> list[str]:
    """What is seen or heard of HTML outside the brackets, where it holds a letter."""
    # A heading's id stands behind it.
    soup = BeautifulSoup(re.sub(r"\{ #[^}]* \}", "", html), "html.parser")
    for silent in soup.select(f"script, style, {TO_MAINTAINERS}"):
        silent.decompose()
    texts = [soup.get_text("\n")]
    for element in soup.find_all(True):
        texts += [str(element[name]) for name in SEEN if element.has_attr(name)]
        if str(element.get("property", "")).endswith(":alt"):
            texts.append(str(element.get("content", "")))
    return [
        line.strip()
        for text in texts
        for line in outside(text).split("\n")
        if re.search(r"[A-Za-z]", line)
    ]


def outside(text: str) -> str:
    """A text without what stands in brackets, and without names."""
    depth, kept = 0, []
    for sign in text:
        depth += (sign == "⟦") - (sign == "⟧")
        kept.append("" if depth or sign == "⟧" else sign)
    assert depth == 0, text
    allowed = "|".join(map(re.escape, NAMES))
    return re.sub(rf"(?<!\w)(?:{allowed})(?!\w)", "", "".join(kept))


def without_letters(value: Any, hint: Any = str) -> Any:
    """A component's value with another sign for each letter of its texts. Words that a component
    asks for (`Literal`) stay.
    """
    if isinstance(value, Markup):
        return Markup(re.sub(r"(<[^>]*>|&#?\w+;)|[A-Za-z]", lambda one: one[1] or "ω", value))
    if isinstance(value, str):
        return value if typing.Literal in _origins(hint) else re.sub("[A-Za-z]", "ω", value)
    if isinstance(value, (tuple, list)):
        return type(value)(without_letters(one, hint) for one in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        hints = typing.get_type_hints(type(value))
        return dataclasses.replace(
            value,
            **{
                field.name: without_letters(getattr(value, field.name), hints[field.name])
                for field in dataclasses.fields(value)
            },
        )
    return value


def _origins(hint: Any) -> set[Any]:
    return {typing.get_origin(hint)}.union(*map(_origins, typing.get_args(hint)))


def literal_text(template: str) -> str:
    """The HTML of a template as it stands, of all branches, without what it prints."""
    environment = Environment(extensions=["jinja2.ext.i18n"])
    # An element whose name is printed is an element, too.
    parsed = environment.parse(template.replace("{{ tag }}", "p"))
    html = "".join(node.data for node in parsed.find_all(nodes.TemplateData))
    # Of a macro that prints attributes there is no element around them.
    return re.sub(r' (?:id|data-[a-z]+)="[^"A-Za-z]*"', "", html)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_holds_no_word_that_is_not_marked(name):
    found = unmarked(literal_text((OVERRIDES / name).read_text(encoding="utf-8")))
    assert found == []


@functools.cache
def drawn() -> tuple[Components, list[Example]]:
    """The components with their examples, some of which hold what another component prints: only
    for tests in which messages stand in brackets.
    """
    return Components(ROOT), list(examples(ROOT))


def shown(name: str) -> Iterator[tuple[str, Any]]:
    for example in drawn()[1]:
        if example.component == name:
            yield example.name, without_letters(example.value)
    yield "the same in every text", without_letters(filled(value_type(name), "ω"))


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_says_no_word_that_is_not_marked(name, bracketed):
    components, _ = drawn()
    found = {
        title: words
        for title, value in shown(name)
        if (words := unmarked(example_html(components, Example(name, title, value))))
    }
    assert found == {}


def test_words_that_are_not_marked_are_found(bracketed):
    template = (
        "{# seen by nobody #}<p title='{{ _('A title') }}'>{{ _('Marked') }} {% trans %}also marked"
        "{% endtrans %}<b aria-label='heard'> {% if v %}seen{% else %}else{% endif %}</b></p>"
    )
    assert unmarked(literal_text(template)) == ["seenelse", "heard"]
    assert unmarked("<p>⟦One ⟦in⟧ another⟧, RIS</p><p>RISE</p>") == ["RISE"]


def test_the_page_of_an_old_address_is_marked(bracketed):
    values = (
        "record",
        "title",
        "script",
        "site",
        "canonical",
        "to",
        "words",
        "name",
        "see",
        "see_name",
    )
    page = {**dict.fromkeys((*values, "root"), "ω"), "language": "en", "direction": "ltr"}
    entry = {"anchor": "ω", "to": "", "name": "", "words": "ω"}
    html = _component(ROOT, "old_address", {**page, "refresh": True, "entries": [entry]})
    assert unmarked(html) == []
    assert "⟦Read on here:⟧" in html and "⟦What stood here:⟧" in html


# -- the theme --------------------------------------------------------------------------


@pytest.fixture
def environment() -> Environment:
    """The templates of the theme, as MkDocs makes them."""
    return Theme(name="material", custom_dir=str(OVERRIDES)).get_env()


WORDS = "{{ _('Ask your %(team)s.', team=team) }} 50 {{ _('%%') }}"


def test_the_theme_speaks_the_guides_language(environment, bracketed):
    Events(ROOT, "build", {}).on_env(environment)
    assert environment.from_string(WORDS).render(team="team") == "⟦Ask your team.⟧ 50 ⟦%⟧"


def test_while_nothing_can_be_imported_the_theme_speaks_english(environment):
    EarlyEvents(ROOT).on_env(environment)
    assert environment.from_string(WORDS).render(team="team") == "Ask your team. 50 %"


THEME = [name for name in TEMPLATES if not name.startswith("macros/")]


@pytest.mark.parametrize("name", THEME)
def test_an_exported_template_holds_the_words_themselves(name, bracketed):
    template = (OVERRIDES / name).read_text(encoding="utf-8")
    exported = said(template)
    code = re.sub(r"\{#.*?#\}", "", exported, flags=re.S)
    assert not re.search(r"\b_\(|\btrans\b", code), "another engine knows no such words"
    marked = re.sub(r"\{#.*?#\}", "", template, flags=re.S).count("_(")
    assert exported.count("⟦") == exported.count("⟧") == marked
    assert unmarked(literal_text(exported)) == []


def test_an_exported_template_prints_the_same(bracketed):
    template = "a {{- _('b ' \n 'c') }} {{ _('%(n)s %% of {d}', n=one.n | e) -}} \n d"
    assert said(template) == "a {{- '' }}⟦b c⟧ ⟦{{ one.n | e }} % of {d}⟧{{ '' -}} \n d"


def test_the_names_of_a_pages_contents_are_translated(bracketed):
    own = {"title": CONTENTS[0], "permalink_title": CONTENTS[1], "toc_depth": 3}
    name_contents(own)
    assert own == {
        "title": "⟦On this page⟧",
        "permalink_title": "⟦Link to this section⟧",
        "toc_depth": 3,
    }
    none: dict[str, Any] = {"permalink": "#"}
    name_contents(none)
    assert none == {"permalink": "#"}


# -- the catalogue ----------------------------------------------------------------------


def messages(path: Path) -> Iterator[str]:
    """The messages of a template with their plurals, as the tools of translators collect them."""
    options = {"trimmed": "true", "newstyle_gettext": "true"}
    with path.open("rb") as file:
        for _, _, found, _ in babel_extract(file, ("_", "ngettext"), (), options):
            yield from (one for one in ((found,) if isinstance(found, str) else found) if one)


def test_a_message_is_a_text_that_a_translator_can_read():
    found = [one for name in TEMPLATES for one in messages(OVERRIDES / name)]
    assert len(found) > 200
    for message in found:
        assert message == " ".join(message.split()) and re.search("[A-Za-z]", message), message
        # Only short tags, and in no message a value that it does not name.
        assert all(len(tag) < 60 for tag in re.findall(r"<[^>]*>", message)), message
        signs = message.replace("%%", "")
        assert "{" not in signs and not re.search(r"%(?!\(\w+\)s)", signs), message


def harm(message: str, translation: str) -> str:
    """How a translation would break a page; "" where it would not."""
    tags, names = r"<[^>]*>", r"%\(\w+\)s"
    if sorted(re.findall(tags, message)) != sorted(re.findall(tags, translation)):
        return "other tags"
    if not set(re.findall(names, translation)) <= set(re.findall(names, message)):
        return "a value that is not there"
    rest = re.sub(f"{tags}|{names}|%%", "", translation)
    return "a sign that HTML or the values need" if re.search('["<>%]', rest) else ""


@pytest.mark.parametrize(
    "message, translation, harmed",
    [
        ("%(count)s %% of <b>all</b>", "Von <b>allen</b> %(count)s %%", ""),
        ("See <b>all</b>", "Alle", "other tags"),
        ("Ask %(team)s", "%(tem)s", "a value that is not there"),
        ("Print", 'Das "Drucken"', "a sign that HTML or the values need"),
        ("Half", "50 %", "a sign that HTML or the values need"),
    ],
)
def test_what_a_translation_would_break_is_found(message, translation, harmed):
    assert harm(message, translation) == harmed


def test_no_translation_breaks_a_page():
    said_in_templates = {one for name in TEMPLATES for one in messages(OVERRIDES / name)}
    for path in sorted(language.LANGUAGES.glob("*/messages.po")):
        with path.open("rb") as file:
            catalogue = read_po(file)
        for entry in catalogue:
            forms = entry.id if isinstance(entry.id, tuple) else (entry.id,)
            if not said_in_templates.isdisjoint(forms):
                translated = entry.string if isinstance(entry.string, tuple) else (entry.string,)
                found = [harm(forms[-1], one) for one in translated if one]
                assert not any(found), (path.parent.name, entry.id, found)
