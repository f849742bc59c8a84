"""What the engine itself says to readers comes out of the catalogue: with a made-up one that marks
each message, what is left without a mark is the guide's own words.
"""

from __future__ import annotations

import ast
import dataclasses
import datetime
import gettext as catalogues
import html
import json
import re
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import ROOT, TODAY
from guide.base import language
from guide.base.html import PageHtml, scan
from guide.build import prepare
from guide.checks import registry
from guide.content import models as m
from guide.content.fields import description_of
from guide.data.files import data_files
from guide.data.tables import TABLES
from guide.outputs import paper
from guide.outputs.assets import assets
from guide.outputs.controls import finished
from guide.outputs.feed import feed
from guide.outputs.llms import llms_txt
from guide.outputs.old_addresses import old_address
from guide.outputs.permalinks import Places
from guide.outputs.redirects import End
from guide.outputs.script_words import with_words
from guide.render import components
from guide.view import open_data, references, shown, statements
from guide.view.figures import pathway
from guide.view.svg.pathway_diagram import Lane, Pathway, draw_pathway

OPENS, CLOSES = "⟦", "⟧"
CLAIMS = "api/v1/claims.json"


class Marking(catalogues.NullTranslations):
    """A catalogue that marks each message and changes nothing else."""

    def gettext(self, message: str) -> str:
        return f"{OPENS}{message}{CLOSES}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


def speak(monkeypatch: pytest.MonkeyPatch, catalogue: catalogues.NullTranslations, code="de"):
    """Has the process speak a language with this catalogue, whatever a guide asks for."""
    spoken = language.Language(code, {"de": "de", "en": "en_GB"}.get(code, code), catalogue)
    monkeypatch.setattr(language, "language", lambda code: spoken)
    monkeypatch.setattr(language, "_current", spoken)


@pytest.fixture
def marking(monkeypatch):
    speak(monkeypatch, Marking(), "en")


# -- the views ------------------------------------------------------------------------------------

# Components of others, whose words are marked elsewhere; and one whose labels stand in docs/.
NOT_HERE = {
    *("approvals", "card", "card_facts", "fact_box", "figure_forest", "figure_people", "findings"),
    *("schedule", "schedule_summary", "trials", "verdict", "page_links"),
}
# Values of other components inside one of these.
OTHERS_VALUES = re.compile(r"guide\.view\.(results|fact_box|approvals|figures\.people)$")
ADDRESS = re.compile(r"[^ ]*/[^ ]*$")
# Fields that hold no words: what they say decides a look or names a thing.
NO_WORDS = re.compile(
    r"\b(id|href|record|records|cites|edit|topic|look|kind|verdict|status|url|anchor|code|key|part|qr"
    r"|parts|line|name|root|index|json|schema|csv|readers|instead|example|html)$"
)


def texts(value: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a value with the names of its fields; texts that hold no words left out."""
    if dataclasses.is_dataclass(value):
        if not OTHERS_VALUES.search(type(value).__module__):
            for field in dataclasses.fields(value):
                yield from texts(getattr(value, field.name), f"{where}.{field.name}")
    elif isinstance(value, tuple | list):
        for one in value:
            yield from texts(one, where)
    elif isinstance(value, str) and not NO_WORDS.search(where) and not ADDRESS.match(value):
        yield where, str(value)


def words(text: str) -> set[str]:
    """The words of a text, without what is marked and without elements."""
    plain = html.unescape(re.sub(r"<[^>]+>", " ", text))
    while OPENS in plain:
        plain, before = re.sub(f"{OPENS}[^{OPENS}{CLOSES}]*{CLOSES}", " ", plain), plain
        assert plain != before, text
    return set(re.findall(r"[a-z]{2,}", plain.lower()))


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(key)
            yield from leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one)
    elif value is not None:
        yield str(value)


def words_of_the_guide(project: Path) -> set[str]:
    """The words of the content, of the titles in docs/, and of dates."""
    said = [datetime.date(2026, month, 1).strftime("%B") for month in range(1, 13)]
    for path in sorted((project / "content").rglob("*.yml")):
        said += leaves(yaml.safe_load(path.read_text(encoding="utf-8")))
    for path in sorted((project / "docs").rglob("*.md")):
        said += re.findall(r"(?m)^title: (.*)", path.read_text(encoding="utf-8"))
    return set().union(*map(words, said))


def test_views_say_nothing_but_marked_words_and_the_guides_own(tiny, marking, monkeypatch):
    monkeypatch.setenv("GUIDE_PROCESSES", "1")
    monkeypatch.setenv("GUIDE_CACHE", "off")
    values: list[tuple[str, Any]] = []
    plain = components.component_value

    def noted(name: str, *call: Any) -> Any:
        values.append((name, value := plain(name, *call)))
        return value

    monkeypatch.setattr(components, "component_value", noted)
    # Not released: the rules are written for English.
    prepare(tiny, TODAY, release=False)
    known = words_of_the_guide(tiny) | words(m.CC_BY.title)
    unmarked = {
        (name, where, text)
        for name, value in values
        if name not in NOT_HERE
        for where, text in texts(value)
        if words(text) - known
    }
    assert unmarked == set(), "\n".join(map(str, sorted(unmarked)))
    marked = {name for name, value in values for _, text in texts(value) if OPENS in text}
    assert len(marked) > 20, sorted(marked)


# -- what is made of pages -----------------------------------------------------------------------


def test_every_word_that_a_record_chooses_has_a_message():
    assert set(references.TYPES) == set(typing.get_args(m.SourceType))
    assert set(statements.CERTAINTY) == set(typing.get_args(m.CertaintyLevel))
    assert set(shown.GAP_LABELS) == set(typing.get_args(m.GapKind))
    assert set(open_data.TITLES) == {table.name for table in TABLES}


def test_reasons_and_records_are_said_by_their_docstrings(monkeypatch):
    """A catalogue is asked for the docstring, in one line: that is its message."""
    speak(monkeypatch, Marking(), "en")
    messages = [rule.reason for rule in registry.all_rules()]
    messages += [description_of(table.record) for table in TABLES]
    assert all(messages) and not any("\n" in message for message in messages)


def test_lists_are_parted_as_the_language_does(monkeypatch):
    def said(count: int, last: str) -> str:
        items = shown.separated([str(number) for number in range(count)], last)
        return "".join(f"{one.item}{one.after}" for one in items)

    assert [said(count, "and") for count in range(4)] == ["", "0", "0 and 1", "0, 1 and 2"]
    assert said(3, "or") == "0, 1 or 2"
    speak(monkeypatch, catalogues.NullTranslations())
    assert said(3, "and") == "0, 1 und 2" and said(2, "or") == "0 oder 1"


def test_drawings_say_marked_words(marking):
    lanes = (Lane(("IL-6",), "A"), Lane(("IL-7",), "B", ("JAK",)))
    drawn = draw_pathway(Pathway("p", lanes, "", "")).alone
    texts_drawn = [html.unescape(one) for one in re.findall(r"<text[^>]*>([^<]*)", drawn)]
    assert "⟦inside the cell⟧" in texts_drawn and "⟦nucleus⟧" in texts_drawn
    # A long label is broken into lines: its mark opens in one and closes in another.
    assert words(" ".join(texts_drawn)) <= {"il", "jak"}
    assert {OPENS} == {pathway._lane_words(lane)[0] for lane in lanes}


def test_finished_pages_say_marked_words(marking):
    page = PageHtml(
        "<html><head><meta charset='utf-8'><title>a</title></head><body><article><h1 id='a'>a</h1>"
        "<h2 id='b'>a</h2><p id='c'>a</p><table><tr id='d'><td>a</td></tr></table>"
        "<ul><li id='source-e'>a</li><li id='change-f'>a</li></ul><dl><dt id='g'>a</dt></dl>"
        "<figure id='h'>a</figure></article></body></html>"
    )
    labels = re.findall(r'aria-label="([^"]*)"', finished(page, scan(page), publish=False))
    assert len(labels) == 8 and {label[0] for label in labels} == {OPENS}
    for end in (End(to="b/"), End(gone="a", date=datetime.date(2026, 1, 2))):
        live = {"b/": Places(heading="a")}
        written = PageHtml(old_address(ROOT, "c/", end, {}, live, "a", ""))
        assert written.first("h1").text()[0] == OPENS


def test_files_beside_the_pages_say_marked_words(tiny, marking, monkeypatch):
    monkeypatch.setenv("GUIDE_CACHE", "off")
    built = prepare(tiny, TODAY, release=False)
    changes = feed(built.library).decode()
    said = re.findall(r"<(?:title|summary)>([^<]*)", changes)
    assert said and {text[0] for text in said} == {OPENS}
    # What a program goes by.
    assert 'term="editorial"' in changes
    known = words_of_the_guide(tiny) | set(
        ["https", "mit", "cc", "by", "api", "csv", "md", "index", "json", "feed", "xml"]
    )
    addresses = re.compile(r"\]\([^)]*\)")
    assert words(addresses.sub("]", llms_txt(built.library, built.publication))) <= known
    *_, about = built.navigation.whole()
    assert list(about) == ["⟦About this guide⟧"]
    descriptions = [
        re.search(r'(?m)^description: "(.*)"', page.markdown)[1]
        for page in built.pages
        if page.topic and page.track != "both"
    ]
    assert descriptions and {text[0] for text in descriptions} == {OPENS}
    notice = json.loads(data_files(built.library, built.pages, built.publication)[CLAIMS])["notice"]
    assert notice.count(OPENS) == notice.count(CLOSES) == 2


@pytest.mark.parametrize("code", ["en", "de"])
def test_the_day_of_a_sheet_is_read_in_its_language(monkeypatch, code):
    speak(monkeypatch, catalogues.NullTranslations(), code)
    shown = language.current().date
    for month in range(1, 13):
        day = datetime.date(2026, month, month + 2)
        later = day + datetime.timedelta(days=200)
        words_of_sheet = f"Version abc3d2, {shown(day)}. {shown(later)}."
        assert language.current().date_in(words_of_sheet) == day
    assert language.current().date_in("Version abc3d2, 2026.") is None


def test_the_foot_of_a_sheet_is_written_in_its_language(monkeypatch):
    assert paper.number_words() == "Page {page} of {pages}"

    class Backwards(catalogues.NullTranslations):
        def gettext(self, message: str) -> str:
            return "{pages} ({page})"

    speak(monkeypatch, Backwards())
    assert paper.number_words() == "{pages} ({page})"


# -- the scripts ---------------------------------------------------------------------------------

# A call with a message, as the eye finds it.
CALL = re.compile(r"""(?<![\w.$])(?:_|ngettext)\(\s*("(?:[^"\\]|\\.)*")""")
SCRIPTS = sorted([*(ROOT / "docs").rglob("*.js")])


def words_before(script: bytes) -> dict[str, Any]:
    """The words that a script begins with."""
    first = script.split(b"\n", 1)[0].decode()
    return json.loads(
        re.fullmatch(r"Object\.assign\(\(self\.guideWords \?\?= \{\}\), (.*)\);", first)[1]
    )


def test_english_scripts_are_sent_as_they_are():
    files = assets(ROOT)
    for path in SCRIPTS:
        content = path.read_bytes()
        assert with_words(content) is content
    assert b"Object.assign((self.guideWords" not in files["assets/guide.js"]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_carries_its_own_words_and_no_others(marking, path):
    script = path.read_bytes()
    messages = {ast.literal_eval(found) for found in CALL.findall(script.decode())}
    carried = with_words(script)
    assert carried.endswith(script)
    assert (set(words_before(carried)) if carried != script else set()) == messages


def test_what_a_catalogue_lacks_stays_english(monkeypatch):
    class Closing(catalogues.NullTranslations):
        def gettext(self, message: str) -> str:
            return "Schließen" if message == "Close" else message

    speak(monkeypatch, Closing())
    assert words_before(with_words(b'_("Close"); _("Open");')) == {"Close": "Schließen"}
    assert with_words(b'_("Open"); ngettext("{count} a", "{count} b", n);').startswith(b"_(")


@pytest.mark.parametrize(
    "code, categories",
    [("ja", {"other"}), ("de", {"one", "other"}), ("pl", {"one", "few", "many"})],
)
def test_a_script_carries_each_form_of_a_number(monkeypatch, code, categories):
    speak(monkeypatch, Marking(), code)
    script = b'ngettext("{count} section", "{count} sections", count);'
    assert set(words_before(with_words(script))["{count} section"]) == categories


# What a build for another language puts in front of the scripts, in part.
GERMAN = {
    "Menu": "Menü",
    "For patients": "Für Kranke",
    "Look in the glossary": "Wörterliste",
    "Nothing here answers that. Try other words. {glossary}, or ask your care team.": (
        "Nichts. Sehen Sie: {glossary}."
    ),
    "{count} answer found": {"one": "{count} Antwort", "other": "{count} Antworten"},
    "The {count} best answers": "Die {count} besten Antworten",
    "Address": "Adresse",
    "Address copied.": "Adresse kopiert.",
    "{guide}, version of {day}": "{guide}, Stand {day}",
}


@pytest.fixture
def german(page):
    """A tab in which the guide's pages say that they are German, with scripts that have words."""

    def translated(route: Any) -> None:
        answer = route.fetch()
        body = answer.text().replace('<html lang="en"', '<html lang="de"', 1)
        route.fulfill(response=answer, body=body)

    page.route(re.compile(r"/patients/(?:[a-z]+/)?$"), translated)
    page.add_init_script(f"self.guideWords = {json.dumps(GERMAN)};")
    return page


def test_the_search_box_speaks_the_language_of_the_guide(german):
    german.goto("baricitinib-as/patients/")
    german.locator(".md-search__input").fill("kidney dose")
    found = german.locator("#search-results li")
    found.first.wait_for()
    said = german.locator("#search-count").inner_text()
    assert said == f"Die {found.count()} besten Antworten"
    assert "Für Kranke" in found.first.inner_text()
    german.locator(".md-search__input").fill("zzqxv")
    german.get_by_role("link", name="Wörterliste").wait_for()
    said = german.locator("#search-count").inner_text()
    assert said == "Nichts. Sehen Sie: Wörterliste."
    # What the catalogue lacks is said in English, and a place without a value stays.
    assert german.evaluate("guide._('Close {it}', {that: 1})") == "Close {it}"


def test_the_window_of_an_address_speaks_the_language_of_the_guide(german):
    german.goto("baricitinib-as/patients/trials/")
    german.locator("h1 .permalink").click()
    box = german.locator("dialog.share")
    assert german.get_by_label("Adresse", exact=True).input_value().startswith("https://")
    cite = german.get_by_label("Line to cite", exact=True).input_value()
    assert re.search(r", Stand \d{1,2}\. [A-ZÄ][a-zä]+ \d{4}\. ", cite), cite
    box.get_by_role("button", name="Copy: Adresse").click()
    german.locator(".share__said", has_text=re.compile("Adresse kopiert|Marked:")).wait_for()
    assert german.get_by_role("button", name="Close").is_visible()
