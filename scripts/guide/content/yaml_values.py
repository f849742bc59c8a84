"""What YAML takes for another type than its author meant."""

from __future__ import annotations

import re

from guide.base.normalise import named
from guide.content.yaml_diagnosis import short
from guide.content.yaml_text import CURLY, OPENS

INTEGER = re.compile(r"-?(0|[1-9][0-9]*)$")


DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+$")


DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}$")


# More digits would end in a calculation that no number of the machine holds.
MOST_DIGITS = 15


# A year outside them is a slip of the keyboard, and sums of days would leave the calendar.
YEARS = range(1500, 2500)


# Nearly a number, a date or true: what stands there is text, and the message would be about its
# type.
_DECIMAL_COMMA = re.compile(r"-?[0-9]+(\.[0-9]{3})*,[0-9]+$")


_THOUSANDS = re.compile(r"-?[1-9][0-9]{0,2}(,[0-9]{3})+$")


_COMMA_BEHIND = re.compile(r"(-?[0-9]+(\.[0-9]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2}|true|false),$")


def wrong_quotes(text: str) -> str:
    """What is wrong with a text that a word processor put in curly quotes; empty text where nothing
    is.
    """
    first, inner, last = text[:1], text[1:-1], text[-1:]
    if not first or first not in OPENS:
        return ""
    whole = (
        len(text) > 1
        and (last in CURLY or last in "'\"")
        and not any(letter in OPENS for letter in inner)
    )
    # `[“one, two”]` is cut at its comma: the quote opens in one text and closes in another.
    open_end = first in "“„«" and not any(letter in CURLY for letter in text[1:])
    return (
        f'{first} is no quote for YAML, but a letter of the text: type the plain quote (") at both'
        " ends, or take the quotes away"
        if whole or open_end
        else ""
    )


def looks_like_another_type(word: str, letter: str) -> str:
    """What is wrong with a word that only looks as if it were of Latin letters."""
    name = named(letter)
    meant = (
        "; where the Greek letter is meant, put a hyphen beside it" if "Greek small" in name else ""
    )
    return (
        f"in '{short(word)}' the letter {letter} is {name}, which only looks like another one: type"
        f" the word anew{meant}"
    )


def wrong_number(text: str) -> str:
    """What is wrong with a plain text that was meant as a number, a day, true or false; empty text
    where nothing is.
    """
    if _DECIMAL_COMMA.match(text) or _THOUSANDS.match(text):
        return decimal_point(text)
    behind = _COMMA_BEHIND.match(text)
    return f"a comma stands behind {behind[1]}: delete it" if behind else ""


def decimal_point(text: str) -> str:
    """How a number with a comma is written."""
    whole, point = text.replace(",", ""), text.replace(".", "").replace(",", ".")
    if not _THOUSANDS.match(text):
        meant = point
    else:
        meant = f"{whole} or {point}, whichever is meant" if text.count(",") == 1 else whole
    return (
        f"'{text}' is no number, because of its comma: write {meant}; if it is text, put it in"
        " quotes"
    )
