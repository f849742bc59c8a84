"""The words of the scripts in another language than English.

A script marks its English words as all code does: `_("Close")`, `ngettext("{count} section found",
"{count} sections found", count)`. In English it is sent as it is. In another language it begins
with what the catalogue says instead: no page grows, and a browser keeps the words with the script.
"""

from __future__ import annotations

import gettext as catalogues
import io
import json
from collections.abc import Iterator

from guide.base import language

# Enough numbers to meet every form that a language has for whole ones.
_COUNTS = (*range(200), 1_000_000)


def with_words(script: bytes) -> bytes:
    """A script with the words of the current language in front of it, as `guideWords`: each by its
    English message; one that goes with a number as an object of its forms, by the category of
    `Intl.PluralRules`.
    """
    # What is no more than this has no words of its own: English.
    if type(language.current().catalogue) is catalogues.NullTranslations:
        return script
    words = dict(_words(script))
    if not words:
        return script
    said = json.dumps(words, ensure_ascii=False, separators=(",", ":"))
    return f"Object.assign((self.guideWords ??= {{}}), {said});\n".encode() + script


def _words(script: bytes) -> Iterator[tuple[str, str | dict[str, str]]]:
    """The messages of a script that the catalogue translates."""
    from babel.messages.extract import extract

    keywords = {"_": None, "ngettext": (1, 2)}
    for _line, message, _comments, _context in extract(
        "javascript", io.BytesIO(script), keywords=keywords
    ):
        if isinstance(message, tuple):
            one, many = message
            forms = _forms(one, many)
            if not set(forms.values()) <= {one, many}:
                yield one, forms
        else:
            said = language.gettext(message)
            if said != message:
                yield message, said


def _forms(one: str, many: str) -> dict[str, str]:
    from babel.core import Locale

    category = Locale.parse(language.current().locale).plural_form
    forms: dict[str, str] = {}
    for count in _COUNTS:
        forms.setdefault(category(count), language.ngettext(one, many, count))
    return forms
