"""Validation errors in words that say what to write instead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from guide.base.problem import TO_FILL_IN, Problem, nearest
from guide.content import models as m
from guide.content.fields import allowed, field_at, keys_at
from guide.content.key_path import KeyPath, Lines, dotted
from guide.content.layout import TO_DO


def to_do_places(value: object, keys: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """The key paths of a file that still hold the skeleton's mark, each with the text there."""
    if isinstance(value, str) and value.startswith(TO_DO):
        yield keys, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from to_do_places(item, (*keys, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from to_do_places(item, (*keys, index))


def to_do_problem(
    keys: KeyPath, name: str, lines: Lines, model: type[BaseModel], value: object
) -> Problem:
    """What to write at a key path that holds the skeleton's mark: description and words. `value` is
    what the file says: the statuses of an intervention are those of its kind.
    """
    field = field_at(model, keys)
    description = field.description if field and field.description else "write it"
    words = allowed(field.annotation) if field else []
    kind = value.get("kind", "medicine") if isinstance(value, dict) else None
    if words == list(get_args(m.Status)) and kind in m.DECISIONS:
        words = [str(status) for status in m.statuses_of(m.DECISIONS[kind])]
    message = f"to do: {dotted(keys)}: {description}"
    if words:
        message += f" One of: {', '.join(words)}."
    return Problem(name, lines.get(keys, 0), message, TO_FILL_IN)


def explain_errors(
    error: ValidationError, name: str, lines: Lines, model: type[BaseModel]
) -> list[tuple[KeyPath, Problem]]:
    """Pydantic's errors in words for maintainers, each with its key path in the file."""
    problems: dict[tuple[int, str], tuple[KeyPath, Problem]] = {}
    # What each form of a union lacks: one problem together.
    unions: dict[KeyPath, list[str]] = {}

    def add(keys: KeyPath, message: str) -> None:
        line, place = lines.get(keys, 0), dotted(keys)
        text = f"{place}: {message}" if place else message
        problems.setdefault((line, text), (keys, Problem(name, line, text)))

    for item in error.errors(include_url=False):
        keys = item["loc"]
        # A union adds the name of each of its forms to the path: keep the part that is in the file.
        written = keys
        while written and written not in lines:
            written = written[:-1]
        message = _message(item, keys, model)
        if item["type"] == "extra_forbidden":
            in_union = False
        elif item["type"] == "missing":
            in_union = keys[:-1] != written
        else:
            in_union = keys != written
        if in_union:
            unions.setdefault(written, []).append(message)
        else:
            add(written, message)
    for written, messages in unions.items():
        add(written, "fits no allowed form: " + "; or ".join(dict.fromkeys(messages)))
    return list(problems.values())


def _message(item: ErrorDetails, keys: KeyPath, model: type[BaseModel]) -> str:
    """One error of pydantic in words for maintainers."""
    kind, context, given = item["type"], item.get("ctx", {}), item.get("input")
    match kind:
        case "extra_forbidden":
            return _unknown_key(keys, model)
        case "missing":
            return f"'{keys[-1]}' is missing"
        case "literal_error" | "enum":
            expected = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")
            return f"'{given}' is not one of: {expected}{nearest(str(given), expected.split(', '))}"
        case "value_error":
            return str(context.get("error", item["msg"]))
        case "string_pattern_mismatch":
            form = _pattern_in_words(str(context.get("pattern")))
            return f"'{given}' has the wrong form: {form}"
        case "string_too_short":
            return "the text is too short: write it out"
        case "string_too_long":
            return f"{len(str(given))} characters: at most {context.get('max_length')} fit here"
        case "too_short":
            least = context.get("min_length")
            return f"at least {least} {'entry is' if least == 1 else 'entries are'} needed"
        case "too_long":
            most = context.get("max_length")
            return f"{context.get('actual_length')} entries: at most {most} are allowed"
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            limit = item["msg"].lower().replace("input should be", "it must be")
            return f"{given} is out of range: {limit}"
    return f"{_shown(given)} is the wrong type: {_type_in_words(item['msg'])}"


def _unknown_key(keys: KeyPath, model: type[BaseModel]) -> str:
    words = keys_at(model, keys[:-1])
    remedy = nearest(str(keys[-1]), words) or f"; allowed: {', '.join(sorted(words))}"
    return f"unknown key '{keys[-1]}'" + (remedy if words else "")


def _shown(value: object) -> str:
    """A value as a message shows it, at most 60 characters."""
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
        r"^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$|^any$": (
            "a jurisdiction is two capitals such as US, a region GB-WLS, or 'any' for science"
        ),
        r"^[A-Za-z][A-Za-z0-9-]*$": "a population is a short code of content/site.yml, such as ED",
        r"^[A-Z][A-Za-z0-9-]{1,19}$": "an agency is its initials or short name",
        "^[a-z][a-z0-9_]*$": "the name of a value is small letters, digits and _",
        m.NAME: (
            "a name begins with a letter; in it '#' is any number and '*' any letters and digits"
        ),
        m.WORD: "a word is plain text; a '*' at its end is any ending",
        m.MONTH: "a month is '2021-12', quoted; a day is 2021-12-14",
        m.ADDRESS: (
            "an address is page/, page/#id or #id, from the site's root: 'about/sources/',"
            " 'about/#limits'"
        ),
    }
    return words.get(pattern, f"it must match {pattern}")
