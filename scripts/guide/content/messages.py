"""Validation errors in words that say what to write instead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError

from guide.base.problem import Problem, nearest
from guide.content import models as m
from guide.content.fields import allowed, field_at, keys_at
from guide.content.layout import TO_DO
from guide.content.yaml_reader import Lines, dotted


def to_do_places(value: Any, where: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], str]]:
    """The places of a file that still hold the skeleton's mark."""
    if isinstance(value, str) and value.startswith(TO_DO):
        yield where, value
    for key, item in (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    ):
        yield from to_do_places(item, (*where, key))


def to_do_problem(
    where: tuple[Any, ...], name: str, lines: Lines, model: type[BaseModel]
) -> Problem:
    """What to write at a place that holds the skeleton's mark: the field's own description and
    words.
    """
    field = field_at(model, where)
    said = field.description if field and field.description else "write it"
    words = allowed(field.annotation) if field else []
    return Problem(
        name,
        lines.get(where, 0),
        f"to do: {dotted(where)}: {said}" + (f" One of: {', '.join(words)}." if words else ""),
        "to-do",
    )


def explain_errors(
    error: ValidationError, name: str, lines: Lines, model: type[BaseModel]
) -> list[tuple[tuple[Any, ...], Problem]]:
    """Pydantic's errors in the maintainer's words, each with its place in the file."""
    problems: dict[tuple[int, str], tuple[tuple[Any, ...], Problem]] = {}
    unions: dict[tuple[Any, ...], list[str]] = {}
    for item in error.errors(include_url=False):
        where = tuple(part for part in item["loc"])
        # A union adds the name of each of its forms to the path: keep the part that is in the file.
        known = where
        while known and known not in lines:
            known = known[:-1]
        line = lines.get(known, 0)
        kind, context, given = item["type"], item.get("ctx", {}), item.get("input")
        place = dotted(known)
        if kind == "extra_forbidden":
            allowed = keys_at(model, where[:-1])
            message = f"unknown key '{where[-1]}'" + (
                nearest(str(where[-1]), allowed) or f"; allowed: {', '.join(sorted(allowed))}"
                if allowed
                else ""
            )
        elif kind == "missing":
            message = f"'{where[-1]}' is missing"
            if not (len(where) and where[:-1] == known):
                unions.setdefault(known, []).append(message)
                continue
        elif kind in ("literal_error", "enum"):
            expected = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")
            message = (
                f"'{given}' is not one of: {expected}{nearest(str(given), expected.split(', '))}"
            )
        elif kind == "value_error":
            message = str(context.get("error", item["msg"]))
        elif kind == "string_pattern_mismatch":
            message = (
                f"'{given}' has the wrong form: {_pattern_in_words(str(context.get('pattern')))}"
            )
        elif kind == "string_too_short":
            message = "the text is too short: write it out"
        elif kind == "string_too_long":
            message = f"{len(str(given))} characters: at most {context.get('max_length')} fit here"
        elif kind == "too_short":
            message = f"at least {context.get('min_length')} entry is needed"
        elif kind == "too_long":
            message = (
                f"{context.get('actual_length')} entries: at most {context.get('max_length')} are"
                " allowed"
            )
        elif kind in ("greater_than", "greater_than_equal", "less_than", "less_than_equal"):
            message = (
                f"{given} is out of range:"
                f" {item['msg'].lower().replace('input should be', 'it must be')}"
            )
        else:
            message = f"{_shown(given)} is the wrong type: {_type_in_words(item['msg'])}"
        if len(known) < len(where) and kind not in ("missing", "extra_forbidden"):
            unions.setdefault(known, []).append(message)
            continue
        text = f"{place}: {message}" if place else message
        problems.setdefault((line, text), (known, Problem(name, line, text)))
    for known, messages in unions.items():
        line, place = lines.get(known, 0), dotted(known)
        text = f"{place}: fits no allowed form: " + "; or ".join(dict.fromkeys(messages))
        problems.setdefault((line, text), (known, Problem(name, line, text)))
    return list(problems.values())


def _shown(value: Any) -> str:
    text = (
        "a group of keys"
        if isinstance(value, dict)
        else "a list"
        if isinstance(value, list)
        else f"'{value}'"
    )
    return text if len(text) <= 60 else f"{text[:57]}…'"


def _type_in_words(message: str) -> str:
    words = {
        "valid string": "write text (quote it if it looks like a number, a date or true/false)",
        "valid integer": "write a whole number",
        "valid boolean": "write true or false",
        "valid list": "write a list, one '- ' a line",
        "valid tuple": "write a list, one '- ' a line",
        "valid dictionary": "write keys and values, indented below",
        "valid date": "write a day as YYYY-MM-DD, unquoted",
        "instance of Decimal": "write a number",
    }
    return next(
        (say for part, say in words.items() if part in message), message[0].lower() + message[1:]
    )


def _pattern_in_words(pattern: str) -> str:
    words = {
        "^[a-z0-9]+(-[a-z0-9]+)*$": "an id is small letters, digits and single hyphens",
        r"^[A-Z]{2}$|^any$": "a jurisdiction is two capitals such as US, or 'any' for science",
        r"^[A-Za-z][A-Za-z0-9-]*$": "a population is a short code of content/site.yml, such as AS",
        r"^[A-Z]{2,8}$": "an agency is its initials, such as FDA",
        "^[a-z][a-z0-9_]*$": "the name of a value is small letters, digits and _",
        r"^NCT\d{8}$": "NCT and eight digits",
        r"^\d{4}-\d{2}$": "a month is '2021-12', quoted; a day is 2021-12-14",
        m.ADDRESS: (
            "an address is page/, page/#id or #id, from the site's root: 'about/sources/',"
            " 'about/#limits'"
        ),
        r"^10\.\d{4,9}/\S+$": "a DOI starts with 10. and has no https://doi.org/ in front",
    }
    return words.get(pattern, f"it must match {pattern}")
