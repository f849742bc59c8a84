"""What belongs to the field of one guide is data of that guide: no word of it stands in the engine,
and other guides bring their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from conftest import ROOT, TODAY
from guide.build import prepare
from guide.checks import registry
from guide.checks.html import free_numbers
from guide.content import models as m
from guide.content.library import Library
from guide.content.loading import load
from guide.content.names import pattern, pattern_of_word
from guide.content.wording import free_digits
from test_bad_content import DOSING, TRIAL, answer, mend

VOCABULARY = "content/vocabulary.yml"
CONDITION = "content/conditions/example-disease/condition.yml"
EVIDENCE = "content/topics/examplinib-ed/evidence.yml"
GLOSSARY = "content/glossary.yml"
FIRST_LINE = "# yaml-language-server: $schema=schemas/vocabulary.json\n"

# Populations that every guide has; the engine knows them by these codes.
EVERY_GUIDES = {"all", "preclinical"}
# Everyday words among those by which sentences name a disease: the engine means something else.
EVERYDAY = {"child*", "hair*", "teenage*", "young*"}
# What stands in one file in another sense, and which.
ELSEWHERE = {
    ("AA", "docs/about/accessibility.md"): "a level of the accessibility guidelines",
    ("AS", "scripts/guide/outputs/fonts/OFL.txt"): "capitals of the fonts' licence",
    **{
        (
            disease,
            "scripts/guide/languages/en/rules.yml",
        ): "one of 200 diseases that people ask about"
        for disease in ("alopecia", "dermatitis", "eczema", "rheumatoid")
    },
}


def own_words(library: Library) -> set[str]:
    """The words of a guide's own field: from its records, and from content/vocabulary.yml."""
    words = set(_names(library))
    for medicine in library.medicines.values():
        # Of "EX inhibitors" the engine may say "inhibitors".
        words |= {part for part in re.findall(r"[\w-]+", medicine.name) if part.lower() != part}
    for condition in library.conditions.values():
        words |= {part for part in condition.name.split() if len(part) > 3}
    vocabulary, codes = library.vocabulary, library.site.jurisdictions
    words |= {re.split(r"[#*]", name)[0].rstrip(" -") for name in vocabulary.names}
    # Agencies and programmes; a country itself is no word of the field.
    for listed in vocabulary.countries.values():
        words |= {word for word in listed if word.isalpha() and word.isupper()} - codes.keys()
    for listed in vocabulary.diseases.values():
        words |= {word.rstrip("*") for word in listed if word not in EVERYDAY}
    return words - EVERY_GUIDES


def _names(library: Library) -> Iterator[str]:
    site = library.site
    for code, name in site.populations.items():
        if code not in EVERY_GUIDES:
            yield from (code, name)
    for condition in library.conditions.values():
        yield from filter(None, (condition.name, condition.abbreviation, condition.team))
    for medicine in library.medicines.values():
        yield from (medicine.name, *medicine.brands)
        if medicine.acts_on:
            yield from (*medicine.acts_on.messengers, *medicine.acts_on.inside)
    for trial in library.trials.values():
        name = trial.name.split(" (")[0]
        yield from (name, name.rstrip(" 0123456789").rstrip("-"))
        yield from (result.endpoint for result in trial.results)


def word_pattern(words: set[str]) -> re.Pattern[str]:
    """Finds the words, whole. A name in capitals is met in capitals alone: AS and MEASURE are
    names, 'as' and 'measure' English.
    """
    written = [
        re.escape(word) if word.upper() == word else f"(?i:{re.escape(word)})"
        for word in sorted(words, key=lambda word: (-len(word), word))
    ]
    return re.compile(f"(?<!\\w)(?:{'|'.join(written)})(?!\\w)")


def engine_files() -> Iterator[Path]:
    """The text files of the engine and of the pages that come with it. What the engine said while
    content had format 1 is left out: `guide upgrade` hands it on to guides that met it.
    """
    for folder in ("scripts", "overrides", "docs"):
        for path in sorted((ROOT / folder).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.is_file() and not re.search(
                r"/pictures/|__pycache__|\.(png|ttf)$|/vocabulary_of_format_1\.py$", name
            ):
                yield path


def test_no_word_of_this_guides_field_stands_in_the_engine():
    finds, found = word_pattern(own_words(load(ROOT))), []
    for path in engine_files():
        name = path.relative_to(ROOT).as_posix()
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            found += [
                f"{name}:{number}: {match[0]}"
                for match in finds.finditer(line)
                if (match[0], name) not in ELSEWHERE
            ]
    assert found == []


def test_the_words_that_are_looked_for_are_the_guides_own(tiny):
    write(tiny, "names: ['EX-#']\ncountries: {EU: ['Europe*', EMA, EU]}\ndiseases: {ED: [odd]}\n")
    words = own_words(load(tiny))
    assert {"examplinib", "example disease", "ED", "OTHER TRIAL", "EX", "EMA", "odd"} <= words
    assert not words & {"EU", "Europe", "all", "preclinical"}
    finds = word_pattern(words | {"MEASURE"})
    assert finds.findall("Examplinib, ED; EX-7. MEASURE 1") == ["Examplinib", "ED", "EX", "MEASURE"]
    assert not finds.search("examplinibs, measured; measure, ed, examined")


def write(project: Path, text: str) -> None:
    """Gives the made-up guide a vocabulary."""
    (project / VOCABULARY).write_text(FIRST_LINE + text, encoding="utf-8")


# Names with digits


@pytest.mark.parametrize(
    "name, met, other",
    [
        ("EX#", ["EX1", "EX12"], ["EX", "AEX1", "EX1a"]),
        ("EX-#A", ["EX-17A"], ["EX-17", "EX-17AB"]),
        ("EX ##", ["EX 20"], ["EX 2", "EX 200"]),
        ("EX*", ["EX", "EX3A4"], ["EX-3", "FEX1"]),
        ("EX 5/6", ["EX 5/6", "EX\u00a05/6"], ["EX 5/7"]),
        ("E.X.", ["E.X."], ["EAXB"]),
    ],
)
def test_a_name_is_plain_text_with_a_sign_for_what_differs(name, met, other):
    written = re.compile(pattern_of_word(name))
    assert [text for text in (*met, *other) if written.fullmatch(text)] == met


def test_names_of_records_may_hold_digits_by_themselves(tiny):
    mend(tiny, CONDITION, "name: example disease", "name: type 2 diabetes")
    mend(tiny, TRIAL, "endpoint: response", "endpoint: HbA1c below the goal")
    mend(tiny, "content/medicines/example-class/medicine.yml", "name: ", "name: GLP-1 ")
    mend(tiny, GLOSSARY, "term: placebo", "term: CHA2DS2-VASc")
    names = pattern(load(tiny))
    text = "Type 2 diabetes and type\u00a02 diabetes: HbA1c, GLP-1, CHA2DS2-VASc and NCT01234567."
    assert free_digits(text, names) == () and free_numbers([text], names) == []
    assert list(free_digits("type 3 diabetes, HbA1d, 2 diabetes, NCT1", names)) == [
        "3",
        "HbA1d",
        "2",
        "NCT1",
    ]


def test_a_guide_about_type_2_diabetes_is_good(tiny):
    for path in sorted((tiny / "content").rglob("*.yml")):
        text = path.read_text(encoding="utf-8")
        path.write_text(
            text.replace("example disease", "type 2 diabetes").replace(
                "endpoint: response", "endpoint: HbA1c"
            ),
            encoding="utf-8",
        )
    assert any("HbA1c" in page.text for page in prepare(tiny, TODAY).pages)


def test_a_name_of_the_vocabulary_may_stand_in_a_wording(tiny):
    mend(tiny, DOSING, "is {dose} once a day.", "is {dose} once a day with factor B7.")
    assert answer(tiny)[0] == "[numbers-are-values]"
    write(tiny, "names: ['factor B#']\n")
    prepare(tiny, TODAY)


# Claims, countries, exceptions

FALSE_CLAIM = """false_claims:
  - pattern: '\\bexamplinib\\b[^.;]{0,20}\\bcures\\b'
    why: it was never tested
"""


def test_a_false_claim_is_found_where_it_is_written(tiny):
    write(tiny, FALSE_CLAIM)
    mend(tiny, EVIDENCE, "No trial of examplinib", "Examplinib soon cures it. No trial of it")
    found = f"{EVIDENCE}:7: 'Examplinib soon cures' is a false claim of the source article: it was"
    assert any(line.startswith(found) for line in answer(tiny))


def test_a_denied_claim_and_a_question_are_none(tiny):
    write(tiny, FALSE_CLAIM)
    mend(
        tiny, EVIDENCE, "No trial of examplinib", "Nobody knows that examplinib cures. No trial of"
    )
    assert "wrong-claims-stay-out" not in "\n".join(_said(tiny))


def _said(project: Path) -> list[str]:
    try:
        prepare(project, TODAY)
    except Exception as error:
        return str(error).split("\n")
    return []


def test_words_of_a_country_and_of_a_disease_are_the_guides_own(tiny):
    mend(
        tiny,
        DOSING,
        "In the United States the dose for other disease is",
        "In the Utopian labels the dose for oddness is",
    )
    assert not [line for line in _said(tiny) if "the wording names" in line]
    write(tiny, "countries: {US: [United States], EU: ['Utopia*']}\ndiseases: {ED: ['odd*']}\n")
    assert [line for line in _said(tiny) if "the wording names" in line] == [
        f"{DOSING}:8: patient: the wording names {named}: one of the two is wrong"
        for named in ("ED, but 'population' is OD", "EU, but 'jurisdiction' is US")
    ]


def test_an_exception_that_is_not_needed_is_named_where_it_stands(tiny):
    write(
        tiny,
        "exceptions:\n"
        "  - {rule: absence-is-proved, record: examplinib-no-trial, why: It was needed once.}\n"
        "  - rule: wording-names-its-country-and-disease\n"
        "    record: examplinib-no-trail\n"
        "    why: Misspelt.\n",
    )
    remedy = "delete this entry of 'exceptions', or correct its 'record'"
    assert answer(tiny) == [
        "[absence-is-proved]",
        f"{VOCABULARY}:3: 'examplinib-no-trial' needs no exception: {remedy}",
        "",
        "[wording-names-its-country-and-disease]",
        f"{VOCABULARY}:4: 'examplinib-no-trail' needs no exception: there is no such record"
        f" (nearest: 'examplinib-no-trial'): {remedy}",
    ]


def test_an_exception_lets_its_record_through(tiny):
    mend(tiny, DOSING, "is {dose} once a day.", "is {dose} once a day. The label names no limit.")
    record = re.search(r"id: (\S+)", (tiny / DOSING).read_text(encoding="utf-8"))
    assert record and any("looked" in line for line in _said(tiny))
    write(tiny, f"exceptions: [{{rule: absence-is-proved, record: {record[1]}, why: Made up.}}]\n")
    assert not any("looked" in line for line in _said(tiny))


def test_the_rules_with_exceptions_are_those_that_the_vocabulary_knows():
    folder = ROOT / "scripts" / "guide" / "checks" / "rules"
    asked = {
        name
        for path in folder.glob("*.py")
        for name in re.findall(r'except_for\(\s*"(.*?)"', path.read_text(encoding="utf-8"))
    }
    assert asked == set(get_args(m.RuleWithExceptions))
    assert asked <= {rule.name for rule in registry.all_rules()}


@pytest.mark.parametrize(
    "text, line, message",
    [
        ("false_claims:\n  - {pattern: '(open', why: Made up.}\n", 3, "is no regular expression"),
        ("names: ['#']\n", 2, "a name begins with a letter"),
        ("countries:\n  ZZ: [Zed]\n", 3, "there is no jurisdiction in content/site.yml 'ZZ'"),
        ("diseases:\n  ED: ['*']\n", 3, "a word is plain text"),
        ("exceptions:\n  - {rule: no-rule, record: x, why: y}\n", 3, "is not one of: absence-is-"),
    ],
)
def test_a_mistake_in_the_vocabulary_is_named_with_its_line(tiny, text, line, message):
    write(tiny, text)
    found = [one for one in _said(tiny) if one.startswith(VOCABULARY)]
    assert found and found[0].startswith(f"{VOCABULARY}:{line}: ") and message in found[0], found
