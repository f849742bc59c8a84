"""A guide in another language: what follows from `language` in content/site.yml, what rules know of
German, and what happens in a language of which they know little.
"""

from __future__ import annotations

import datetime
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from conftest import ROOT, TODAY, make_project
from guide.base import language, layers
from guide.base.html import PageHtml
from guide.base.problem import ContentErrors
from guide.build import prepare
from guide.cache.cached import NoInputs, Step, Task, cached
from guide.cache.folder import Cache
from guide.checks import html as html_checks
from guide.checks import registry
from guide.checks.rules import approved_means_approved, bands_have_numbers
from guide.content import language_rules as packs
from guide.content.citations.items import item_of_page
from guide.content.citations.lines import reference_line
from guide.content.language_rules import PARTS, LanguageRules
from guide.content.loading import load
from guide.content.publication import publication_of
from guide.content.wording import shown_date, shown_number
from guide.outputs import old_addresses, paper
from guide.outputs.feed import feed
from guide.outputs.offline import manifest
from guide.outputs.redirects import End
from guide.pages.source import read_pages
from guide.reading import grading, prose
from guide.render.head import head
from guide.search import tokens
from guide.search.index import search_index
from guide.view.rules import rules
from test_bad_content import answer, mend

SITE = "content/site.yml"
NAMED = "tagline: A made-up guide for the tests\n"
GERMAN = f"{NAMED}language: de\n"


@pytest.fixture
def german() -> LanguageRules:
    language.use("de")
    return packs.language_rules()


@pytest.fixture
def made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Speaks a language that the engine does not know, Basque, with this file of rules."""
    folder = tmp_path / "languages"

    def speak(written: str) -> Path:
        shutil.copytree(language.LANGUAGES, folder)
        (folder / "eu").mkdir()
        if written:
            (folder / "eu" / packs.FILE).write_text(written, encoding="utf-8")
        monkeypatch.setattr(language, "LANGUAGES", folder)
        language.language.cache_clear()
        language.use("eu")
        return folder / "eu"

    yield speak
    monkeypatch.undo()
    language.language.cache_clear()
    packs._read.cache_clear()


# -- what follows from the one field -------------------------------------------------------


def test_an_unknown_language_is_refused_with_those_that_are_known(tiny: Path) -> None:
    mend(tiny, SITE, NAMED, f"{NAMED}language: tlh\n")
    told = answer(tiny)
    assert len(told) == 2 and f"{SITE}:3: language: 'tlh' is not one of: de, en" in told[1]


def test_a_library_sets_the_language_and_english_needs_no_word(tiny: Path) -> None:
    assert load(tiny).site.language == language.current().code == "en"
    mend(tiny, SITE, NAMED, GERMAN)
    assert load(tiny).site.language == language.current().code == "de"
    assert shown_number(14744) == "14.744" and shown_date("2021-12") == "Dezember 2021"


def test_programs_are_told_the_language(tiny: Path) -> None:
    mend(tiny, SITE, NAMED, GERMAN)
    page = next(one for one in prepare(tiny, TODAY, release=False).pages if one.owner)
    library = load(tiny)
    made = head(page, {page.url: page}, library, publication_of(library, tiny))
    assert made["og_locale"] == "de_DE" and json.loads(made["json_ld"])["inLanguage"] == "de"
    xml = ElementTree.fromstring(feed(library))
    assert xml.attrib == {"{http://www.w3.org/XML/1998/namespace}lang": "de"}
    said = json.loads(manifest("Name", "Zeile", "#000000"))
    assert (said["lang"], said["dir"]) == ("de", "ltr")
    search = json.loads(search_index(library, [])["assets/search/patients.json"])
    assert search["stems"] == "none" and "fur" in search["stop"]


def test_references_are_set_in_the_language(tiny: Path) -> None:
    library = load(tiny)
    day = datetime.date(2026, 5, 4)
    lines = {}
    for code in ("en", "de"):
        language.use(code)
        item = item_of_page(publication_of(library, tiny), "a/", "Titel", day, day, True)
        assert item["language"] == code
        lines[code] = reference_line(
            {**item, "URL": "https://a.example/", "accessed": item["issued"]}
        )
    assert "2026 May 4" in lines["en"] and "4. Mai 2026" in lines["de"]
    assert "Available from: https" in lines["en"] and "Verfügbar unter: https" in lines["de"]


def test_old_addresses_and_paper_say_language_and_direction(
    made_up: Callable[[str], Path], tmp_path: Path
) -> None:
    made_up("")
    shutil.copytree(language.LANGUAGES / "eu", language.LANGUAGES / "ar")
    for code, marked in (("eu", '<html lang="eu">'), ("ar", '<html lang="ar" dir="rtl">')):
        language.use(code)
        page = old_addresses.old_address(ROOT, "a/", End("", "gone", None), {}, {}, "Guide", "")
        assert marked in page
    finished = (
        '<!doctype html><html lang="ar"><body dir="rtl"><article><h1>T</h1><p'
        ' class="print-mark__version">Version x, '
        f"{language.current().date(datetime.date(2026, 5, 4))}.</p></article></body></html>"
    )
    sheet = paper.sheet_of(PageHtml(finished), "a/", "", tmp_path)
    assert (sheet.language, sheet.direction, sheet.day) == ("ar", "rtl", "2026-05-04")


def test_a_sign_stays_on_the_left_of_its_number(made_up: Callable[[str], Path]) -> None:
    made_up("")
    shutil.copytree(language.LANGUAGES / "eu", language.LANGUAGES / "ar")
    arabic, english = language.language("ar"), language.language("en")
    assert arabic.direction == "rtl"
    assert arabic.number(-3) == "\u200e−3" and arabic.signed(3) == "\u200e+3"
    assert arabic.plain(arabic.number(-3)) == "-3" and arabic.number(3) == "3"
    assert [english.signed(number) for number in (-3, 0, 3)] == ["−3", "0", "+3"]


def test_what_is_kept_in_another_language_is_not_found(tmp_path: Path) -> None:
    asked: list[str] = []

    def say(subject: str, inputs: NoInputs) -> str:
        asked.append(language.current().code)
        return f"{subject} {language.current().code}"

    step, task = Step("spoken", str, say), [Task("a", b"key", "word")]
    with Cache(tmp_path) as cache:
        for code in ("en", "de", "en"):
            language.use(code)
            assert cached(cache, step, task, NoInputs()) == {"a": f"word {code}"}
        silent = Step("silent", str, say, spoken=False)
        for code in ("en", "de"):
            language.use(code)
            assert cached(cache, silent, task, NoInputs()) == {"a": "word en"}


def test_pages_of_a_language_stand_between_a_guide_s_own_and_the_engine_s(
    made_up: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = made_up("") / "docs" / "about"
    folder.mkdir(parents=True)
    for name in ("checks", "reading"):
        (folder / f"{name}.md").write_text("---\ntitle: Nola egiaztatzen dugun\n---\n# A\n")
    own = tmp_path / "own" / "docs" / "about"
    own.mkdir(parents=True)
    (own / "reading.md").write_text("---\ntitle: Gurea\n---\n# Gurea\n")
    titles = {page.path: page.meta["title"] for page in read_pages(tmp_path / "own")}
    assert titles["about/checks.md"] == "Nola egiaztatzen dugun"
    assert titles["about/reading.md"] == "Gurea" and titles["about/data.md"] == "Use our data"
    # In a checkout of the engine the pages of docs/ are the engine's.
    titles = {page.path: page.meta["title"] for page in read_pages(ROOT)}
    assert titles["about/reading.md"] == "Nola egiaztatzen dugun"
    assert layers.layers(ROOT, layers.MACROS) == [ROOT / layers.MACROS]
    language.use("en")
    assert layers.layers(ROOT, layers.DOCS) == [ROOT / layers.DOCS]


# -- a language of which the rules know little ---------------------------------------------

CERTAINTY = r"""certainty:
  high: {pattern: 'dakar\b', say: dakar}
  moderate: {pattern: 'seguruenik', say: seguruenik}
  low: {pattern: 'agian', say: agian}
  'very low': {pattern: 'oso ziurgabea', say: oso ziurgabea}
"""
NEED_WORDS = {rule.needs: rule for rule in registry.all_rules() if rule.needs}


def test_each_part_has_its_rule_and_its_name() -> None:
    assert NEED_WORDS.keys() == PARTS.keys()
    assert PARTS.keys() <= LanguageRules.model_fields.keys()
    assert all(rule.runs and not rule.lacks for rule in NEED_WORDS.values()), "in English"
    language.use("de")
    assert all(rule.runs and not rule.lacks for rule in NEED_WORDS.values()), "in German"


@pytest.mark.parametrize("written", ["", CERTAINTY], ids=["no rules", "certainty alone"])
def test_a_rule_without_its_words_does_not_run_and_says_so(
    made_up: Callable[[str], Path], written: str
) -> None:
    made_up(written)
    said = {rule.name: str(rule.lacks) for rule in rules(None).rules}  # type: ignore[arg-type]
    for part, rule in NEED_WORDS.items():
        if part == "certainty" and written:
            assert rule.runs and said[rule.name] == ""
            continue
        how = "Ran in part" if rule.partly else "Did not run"
        assert rule.runs is rule.partly
        assert said[rule.name] == f"{how}: this guide has no {PARTS[part]} for euskara."
    others = said.keys() - {rule.name for rule in NEED_WORDS.values()}
    assert others and not any(said[name] for name in others)


def test_a_guide_is_checked_by_what_its_language_has(
    tiny: Path, made_up: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wordings are English: in Basque no rule finds its words, but that for certainty misses
    its verbs; the page says which rules did not run, and levels of reading are left out.
    """
    made_up("")
    monkeypatch.setattr(language, "use", lambda code: None)
    pages = {page.path: page.markdown for page in prepare(tiny, TODAY).pages}
    assert pages["about/checks.md"].count("Did not run: this guide has no") == sum(
        not rule.partly for rule in NEED_WORDS.values()
    )
    assert "Grade" not in pages["about/reading.md"].split("\n# ", 1)[1].replace("Grades", "")


def test_a_pack_with_verbs_alone_asks_for_them(
    tiny: Path, made_up: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    made_up(CERTAINTY)
    monkeypatch.setattr(language, "use", lambda code: None)
    told = answer(tiny)
    assert told[0] == "[certainty-has-its-verb]" and len(told) > 1
    assert all("does not say 'dakar'" in line or "does not say" in line for line in told[1:])


@pytest.mark.parametrize(
    "written, message",
    [
        ("certainty:\n  high: {pattern: '(', say: a}\n", "is no regular expression"),
        (CERTAINTY.replace("  low: ", "  lowest: "), "certainty"),
        ("\n".join(CERTAINTY.split("\n")[:3]) + "\n", "certainty: lacks low, very low"),
        ("promotions:\n  pattern: a\n", "unknown key 'promotions' (nearest: 'promotion')"),
        ("readability:\n  measure: smog\n", "'smog' is not one of"),
        ("- a\n", "the file holds no parts"),
    ],
)
def test_a_wrong_pack_names_file_and_line(
    made_up: Callable[[str], Path], written: str, message: str
) -> None:
    made_up(written)
    with pytest.raises(ContentErrors) as caught:
        packs.language_rules()
    assert re.search(r"languages/eu/rules\.yml:\d+: ", str(caught.value))
    assert message in str(caught.value)


# -- what the rules know of German ---------------------------------------------------------


@pytest.mark.parametrize(
    "words, level",
    [
        ("Das Mittel führt zu weniger Schmerzen.", "high"),
        ("Das Mittel führt im Vergleich mit Placebo zu weniger Schmerzen.", "high"),
        ("Das Mittel führt wahrscheinlich zu weniger Schmerzen.", "moderate"),
        ("Das Mittel führt möglicherweise zu weniger Schmerzen.", "low"),
        ("Das Mittel könnte zu weniger Schmerzen führen.", "low"),
        ("Die Wirkung ist sehr unsicher.", "very low"),
        ("Das ist unwahrscheinlich.", ""),
    ],
)
def test_each_level_has_one_german_verb(german: LanguageRules, words: str, level: str) -> None:
    found = [name for name, verb in german.certainty.items() if verb.pattern.search(words)]
    assert found == ([level] if level else [])


@pytest.mark.parametrize(
    "sentence, claims",
    [
        ("Examplinib ist für example disease zugelassen.", True),
        ("Examplinib ist in Europa zugelassen für example disease.", True),
        ("Examplinib hat eine Zulassung bei example disease.", True),
        ("Für example disease ist Examplinib zugelassen.", True),
        ("Examplinib ist für example disease nicht zugelassen.", False),
        ("Examplinib ist für keine example disease zugelassen.", False),
        ("Ob Examplinib für example disease zugelassen ist, weiß niemand.", False),
        ("Ist Examplinib für example disease zugelassen?", False),
        ("Examplinib hilft bei example disease.", False),
    ],
)
def test_german_sentences_that_call_a_medicine_approved(
    german: LanguageRules, sentence: str, claims: bool
) -> None:
    names = ("Examplinib", approved_means_approved._inflected("example disease"))
    words = german.decisions
    assert bool(words.mentions.search(sentence)) or not claims
    assert approved_means_approved._claims_decision(sentence, names, "approval", words) is claims


def test_a_german_name_is_known_in_every_case(german: LanguageRules) -> None:
    pattern = approved_means_approved._inflected("ankylosierende Spondylitis")
    for said in ("ankylosierende Spondylitis", "der ankylosierenden Spondylitis"):
        assert re.search(rf"(?<!\w)(?:{pattern})(?!\w)", said)
    assert not re.search(rf"(?<!\w)(?:{pattern})(?!\w)", "Spondylitis")
    language.use("en")
    assert approved_means_approved._inflected("example disease") == r"example\ disease"


@pytest.mark.parametrize(
    "words, found",
    [
        ("Das ist ein Durchbruch in der Behandlung.", True),
        ("Ein Durchbruch im Darm ist ein Notfall.", False),
        ("Ein vielversprechendes Mittel.", True),
        ("Es war gut verträglich.", True),
        ("Es gibt Ihnen Kraft.", False),
    ],
)
def test_german_praise(german: LanguageRules, words: str, found: bool) -> None:
    assert bool(german.promotion.pattern.search(words)) is found


@pytest.mark.parametrize(
    "words",
    [
        "Häufige Nebenwirkungen sind Kopfschmerzen.",
        "Das ist sehr selten.",
        "Die Hazard Ratio war klein.",
        "Das relative Risiko sinkt.",
        "Das kommt doppelt so oft vor.",
        "Das Risiko verdoppelt sich.",
        "1 von {n} bekommt das.",
        "Einer von zehn Menschen bekommt das.",
        "Jede zehnte Person bekommt das.",
        "Die NNT ist {n}.",
        "Fälle in {n} Patientenjahren.",
    ],
)
def test_german_numbers_that_patients_are_not_shown(german: LanguageRules, words: str) -> None:
    assert any(barred.pattern.search(words) for barred in german.plain_numbers.barred)


@pytest.mark.parametrize(
    "words",
    [
        "Von {n} Menschen bekommen das {m}.",
        "Nehmen Sie zweimal täglich eine Tablette.",
        "Das sind häufig gestellte Fragen.",
        "Der Vierfachimpfstoff schützt.",
    ],
)
def test_german_numbers_that_patients_are_shown(german: LanguageRules, words: str) -> None:
    assert not any(barred.pattern.search(words) for barred in german.plain_numbers.barred)


@pytest.mark.parametrize(
    "said", ["10 %", "10 Prozent", "1 von 10", "100 von 1.000", "1.000 von 10.000"]
)
def test_a_german_share_is_compared_as_a_number(german: LanguageRules, said: str) -> None:
    assert bands_have_numbers.share(said) * 10_000 == german.bands.bands[1].limit


def test_german_bands_stand_beside_their_number(german: LanguageRules) -> None:
    found = german.bands.pattern.search("häufig (bis zu {often})")
    assert (found["band"], found["direction"], found["value"]) == ("häufig", "bis zu", "often")
    assert german.bands.pattern.search("Sehr seltene Fälle")["band"] == "Sehr selten"
    assert not german.bands.pattern.search("eine häufige Ursache")


@pytest.mark.parametrize(
    "words, found",
    [
        ("Die Packungsbeilage nennt keine Dosis für Kinder.", True),
        ("In der Fachinformation steht nichts über Alkohol.", True),
        ("Kein Text legt eine Dosis fest.", True),
        ("Die Packungsbeilage nennt eine Dosis.", False),
        ("Essen hat keine Wirkung auf das Mittel.", False),
    ],
)
def test_german_sentences_about_what_a_document_lacks(
    german: LanguageRules, words: str, found: bool
) -> None:
    assert bool(german.absence.pattern.search(words)) is found


def test_german_accounts_of_reading_and_advice_to_read(german: LanguageRules) -> None:
    told, advice = german.reading.told, german.reading.advice
    assert told.search("Die Fachinformation wurde nicht gelesen.")
    assert not advice.search("Die Fachinformation wurde nicht gelesen.")
    assert not told.search("Lesen Sie die Packungsbeilage.")
    assert advice.search("Haben Sie die Packungsbeilage gelesen?")


@pytest.mark.parametrize("word", ["nicht", "keine", "niemals", "ohne", "ob"])
def test_german_words_that_deny(german: LanguageRules, word: str) -> None:
    assert german.negation.search(f"Das ist {word} so.")


def test_german_sentences_end_where_they_end(german: LanguageRules) -> None:
    said = (
        "Das gilt z. B. Für alle, d. h. Sie auch. Am 14. Dezember 2021 kam Dr. Meier. Über 5"
        " Personen. Ähnlich ist es. „Das stimmt.“ Mehr nicht."
    )
    assert [text for text, _ in prose.sentences_of(said)] == [
        "Das gilt z. B. Für alle, d. h. Sie auch.",
        "Am 14. Dezember 2021 kam Dr. Meier.",
        "Über 5 Personen.",
        "Ähnlich ist es.",
        "„Das stimmt.“",
        "Mehr nicht.",
    ]


EASY = (
    "Sie nehmen die Tablette zweimal am Tag mit Wasser ein.",
    "Das Mittel bremst Ihre Abwehr.",
    "Rufen Sie Ihr Team an, wenn Sie Fieber haben.",
    "Von 100 Menschen hatten 12 nach einem Jahr Kopfschmerzen.",
)
HARD = (
    "Die Inzidenz schwerwiegender unerwünschter Arzneimittelwirkungen unterschied sich zwischen"
    " den Behandlungsgruppen nicht statistisch signifikant.",
)


def test_german_is_measured_as_textstat_measures_it(german: LanguageRules, tmp_path: Path) -> None:
    import textstat

    library = load(make_project(tmp_path / "tiny", ROOT / "tests" / "tiny" / "content"))
    language.use("de")
    limits = german.readability.limits
    for text, passes in ((EASY, True), (HARD, False)):
        level = grading.Grader(library, tmp_path).level(text)
        textstat.set_lang("de_DE")
        assert level.grade == pytest.approx(textstat.wiener_sachtextformel(" ".join(text), 4))
        assert (level.grade <= limits.grade) is passes and level.fog is None
    grading.word_memory(tmp_path).save()
    assert [path.name for path in (tmp_path / "build").iterdir()] == ["words-de.json"]


def test_a_german_date_may_stand_free(german: LanguageRules) -> None:
    free = ["Geprüft am 14. Dezember 2021", "Es sind 4 mg"]
    assert html_checks.free_numbers(free, re.compile("(?!)")) == ["4"]


def test_german_words_are_searched_whole_and_without_marks(german: LanguageRules) -> None:
    assert tokens.tokens("Führt IL-17A-Übung: groß") == ["fuhrt", "il17a", "ubung", "gross"]
    assert tokens.tokens("Nebenwirkungen Impfungen") == ["nebenwirkungen", "impfungen"]
    assert {"fur", "nicht"} <= tokens.stop_words() and "the" not in tokens.stop_words()


def test_browser_and_builder_cut_german_words_the_same_way(browser, german: LanguageRules) -> None:
    script = (ROOT / "docs" / "assets" / "search" / "00-words.js").read_text(encoding="utf-8")
    words = "Führt IL-17A-Übung: groß, JAK 1, ½ Tablette, العَرَبية, Ångström’s"
    tab = browser.new_page()
    tab.evaluate(f"() => {{ window.guide = {{}}; {script}; guide.search.isEnglish = false; }}")
    assert tab.evaluate("words => guide.search.tokens(words)", words) == tokens.tokens(words)
    tab.close()
