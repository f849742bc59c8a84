"""Format 2: what the engine knew of one guide's field stands in the guide's own files.

Before, the engine's code held names with digits, false claims, words for countries and diseases,
exceptions to rules and background words of the search. What a guide meets of them goes to
content/vocabulary.yml. A guide that has this file has left the engine's lists behind already.
The picture of the pathway had the same words for every disease; they go to condition.yml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from typing import Any

from guide.content.migrations import vocabulary_of_format_1 as old
from guide.content.migrations.edits import parsed, quoted, quoted_list, with_last_key

VOCABULARY = "content/vocabulary.yml"

_SITE = "content/site.yml"


# Files and keys that hold words of sources, in which any number may stand, and of those who search.
_QUOTING_FILES = ("content/sources.yml", "content/sources/*", "content/source-words/*")


_QUOTING_KEYS = frozenset({"proof", "locator", "doi", "url", "typed"})


# Calls of values and components, and ids: no reader sees them as they are written.
_CALL = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{[A-Za-z0-9_.-]+\}|^[a-z0-9]+(?:-[a-z0-9]+)*$", re.S)


_DIGIT = re.compile(r"[0-9]")


# What `Vocabulary.names` takes.
_NAME = re.compile(r"[^\W\d_][\w #*/.,&'+()-]*")


# Fields of records that give names: where the file stands, and the keys that lead to them.
_NAME_FIELDS = (
    (_SITE, ("name",)),
    (_SITE, ("tagline",)),
    (_SITE, ("populations",)),
    (_SITE, ("jurisdictions",)),
    ("content/conditions/*/condition.yml", ("name",)),
    ("content/conditions/*/condition.yml", ("abbreviation",)),
    ("content/medicines/*/medicine.yml", ("name",)),
    ("content/medicines/*/medicine.yml", ("brands",)),
    ("content/trials/*.yml", ("name",)),
    ("content/trials/*.yml", ("results", "endpoint")),
    ("content/glossary*.yml", ("terms", "term")),
    ("content/glossary*.yml", ("terms", "shown_as")),
    ("content/glossary*.yml", ("terms", "also")),
    ("content/guidelines/*.yml", ("name",)),
    ("content/guidelines/*.yml", ("body",)),
)


def step(files: Mapping[str, str]) -> dict[str, str]:
    """The files of a guide that differ in format 2, by path.

    Raises ContentErrors for files that are not YAML, and for a condition.yml that takes no key.
    """
    values = parsed({name: text for name, text in files.items() if _is_yaml(name)})
    changed = {}
    if VOCABULARY not in files:
        pages = [text for name, text in files.items() if name.endswith(".md")]
        sections = list(_vocabulary(values, pages))
        if sections:
            changed[VOCABULARY] = f"{old.HEAD}{''.join(sections)}"
    for name in _conditions_with_pathway(values):
        words = {"title": old.PATHWAY_TITLE, "caption": old.PATHWAY_CAPTION}
        lines = ["pathway:", *(f"  {key}: {text}" for key, text in words.items())]
        changed[name] = with_last_key(name, files[name], "pathway", words, lines)
    return changed


def _is_yaml(name: str) -> bool:
    return name.startswith("content/") and name.endswith(".yml")


def _vocabulary(values: Mapping[str, Any], pages: list[str]) -> Iterator[str]:
    """The sections of content/vocabulary.yml that the guide needs, as YAML."""
    names = _names(values, pages)
    if names:
        yield "names:\n" + "".join(f"  - {quoted(name)}\n" for name in names)
    claims = [claim for claim in old.FALSE_CLAIMS if all(file in values for file in claim.needs)]
    if claims:
        yield "false_claims:\n" + "".join(
            f"  - pattern: {quoted(claim.pattern)}\n    why: {quoted(claim.why)}\n"
            for claim in claims
        )
    site = values.get(_SITE) or {}
    countries = [code for code in site.get("jurisdictions") or {} if code in old.COUNTRIES]
    if countries:
        yield "countries:\n" + "".join(
            f"  {code}: {quoted_list(old.COUNTRIES[code])}\n" for code in countries
        )
    diseases = [
        code
        for code, name in (site.get("populations") or {}).items()
        if code in old.DISEASES and _names_the_disease(code, str(name))
    ]
    if diseases:
        yield "diseases:\n" + "".join(
            f"  {code}: {quoted_list(old.DISEASES[code])}\n" for code in diseases
        )
    records = {item.get("id") for item in _mappings(values)}
    exceptions = [one for one in old.EXCEPTIONS if one.record in records]
    if exceptions:
        yield "exceptions:\n" + "".join(
            f"  - rule: {one.rule}\n    record: {one.record}\n    why: {quoted(one.why)}\n"
            for one in exceptions
        )
    said = " ".join([*(text for _, text in _shown(values)), *pages]).lower()
    background = [word for word in old.BACKGROUND if word in said]
    if background:
        yield f"background: {quoted_list(background)}\n"


def _names_the_disease(code: str, name: str) -> bool:
    """Whether the guide means the same disease by a code as the engine did: codes are short."""
    words = (word.rstrip("*").lower() for word in old.DISEASES[code])
    return any(word in name.lower() for word in words)


def _names(values: Mapping[str, Any], pages: list[str]) -> list[str]:
    """The names with digits that the guide's texts hold, and that no record gives as it is typed.

    The old engine took the names of records in any capitals; now they are met as they are written.
    """
    given = set(_given_names(values))
    digits = sorted((name for name in given if _DIGIT.search(name)), key=len, reverse=True)
    records = "|".join(map(re.escape, digits))
    pattern = re.compile(
        rf"(?<![\w-])(?:{records})(?!\w)|{old.NAMES}" if records else old.NAMES, re.I
    )
    known = given | {word for name in digits for word in re.findall(r"[^\s,;:()'\"]+", name)}
    found = {
        match[0]
        for text in (*(text for _, text in _shown(values)), *pages)
        for match in pattern.finditer(_CALL.sub(" ", text))
        if _DIGIT.search(match[0])
    }
    return sorted(
        (name for name in found if not _is_known(name, known) and _NAME.fullmatch(name)),
        key=lambda name: (name.lower(), name),
    )


def _is_known(name: str, known: set[str]) -> bool:
    """Whether the engine takes a name for one without an entry: a record gives it, or a registry of
    trials does.
    """
    begins_small = name[0].lower() + name[1:]
    return name in known or begins_small in known or bool(re.fullmatch(r"NCT[0-9]{8}", name))


def _given_names(values: Mapping[str, Any]) -> Iterator[str]:
    for place, keys in _NAME_FIELDS:
        for name, value in values.items():
            if fnmatch(name, place):
                yield from _at(value, keys)
    for name, value in values.items():
        if isinstance(value, dict) and not fnmatch(name, "content/topics/*"):
            yield from (value[key] for key in ("id",) if isinstance(value.get(key), str))


def _at(value: Any, keys: tuple[str, ...]) -> Iterator[str]:
    """The texts that keys lead to, through all items of lists and all values at the end."""
    if isinstance(value, list):
        for item in value:
            yield from _at(item, keys)
    elif keys:
        if isinstance(value, dict):
            yield from _at(value.get(keys[0]), keys[1:])
    elif isinstance(value, dict):
        for item in value.values():
            yield from _at(item, ())
    elif isinstance(value, str):
        yield value


def _shown(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text that a reader may see, with its file: no quotation of a source."""
    for name, value in values.items():
        if not any(fnmatch(name, pattern) for pattern in _QUOTING_FILES):
            yield from ((name, text) for text in _texts(value))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in _QUOTING_KEYS:
                yield from _texts(item)


def _mappings(value: Any) -> Iterator[dict[str, Any]]:
    """Every mapping at any depth."""
    if isinstance(value, dict):
        yield value
    items = value.values() if isinstance(value, Mapping) else value
    if isinstance(items, str) or not hasattr(items, "__iter__"):
        return
    for item in items:
        yield from _mappings(item)


def _conditions_with_pathway(values: Mapping[str, Any]) -> Iterator[str]:
    """The files of conditions whose pages show the picture and do not say yet what it shows."""
    medicines = _mappings_of(values, "content/medicines/*/medicine.yml").values()
    if not any(medicine.get("acts_on") for medicine in medicines):
        return
    topics = _mappings_of(values, "content/topics/*/topic.yml").values()
    with_topics = {topic.get("condition") for topic in topics}
    for name, condition in _mappings_of(values, "content/conditions/*/condition.yml").items():
        if condition.get("id") in with_topics and "pathway" not in condition:
            yield name


def _mappings_of(values: Mapping[str, Any], place: str) -> dict[str, dict[str, Any]]:
    return {
        name: value
        for name, value in values.items()
        if fnmatch(name, place) and isinstance(value, dict)
    }
