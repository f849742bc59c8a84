"""The language that readers are spoken to in: the engine's words, dates, numbers and lists.

The code holds the English words, and marks them: `gettext("Side effects")` in Python, `_('Side
effects')` in a template. `languages/<code>/messages.po` beside this package holds what another
language says instead; what it lacks stays English. Messages for maintainers are English only.

A process speaks one language at a time: that of the library it read last, see
`guide.content.loading`.
"""

from __future__ import annotations

import datetime
import functools
import gettext as catalogues
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from guide.base.problem import ContentErrors, Problem
from guide.base.text_file import NotText, text_of, unseen

if TYPE_CHECKING:
    from jinja2 import Environment

LANGUAGES = Path(__file__).resolve().parent.parent / "languages"
ENGLISH = "en"
_LEFT_TO_RIGHT = "\u200e"
# Where languages are written differently in several countries, the one whose forms are meant.
_LOCALES = {ENGLISH: "en_GB", "de": "de_DE"}


@functools.cache
def _folder(languages: Path, code: str) -> Path:
    # Asked 75,000 times in a build: to make a path takes longer than to look it up.
    return languages / code


@dataclass(frozen=True)
class Language:
    """One language: `code` as in HTML, `locale` as Unicode's data calls it."""

    code: str
    locale: str
    catalogue: catalogues.NullTranslations

    @property
    def folder(self) -> Path:
        """Where its words, its rules and its own default pages lie; there for every language."""
        return _folder(LANGUAGES, self.code)

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """The way it is written."""
        return "rtl" if _locale(self.locale).text_direction == "rtl" else "ltr"

    @property
    def name(self) -> str:
        """What its speakers call it: `Deutsch`."""
        own = _locale(self.locale)
        return str(own.languages.get(self.code) or own.language_name or self.code)

    def date(self, day: datetime.date) -> str:
        """`14 December 2021`."""
        return _date(day, self.locale)

    def month(self, day: datetime.date) -> str:
        """`December 2021`, for the month of a day."""
        from babel.dates import format_skeleton

        return str(format_skeleton("yMMMM", day, locale=self.locale))

    @functools.cached_property
    def dates(self) -> re.Pattern[str]:
        """Finds what `date` has shown in a text; see `date_in` for what it says."""
        return re.compile("|".join(rf"(?<!\d){pattern}(?!\d)" for _, pattern in self._date_forms()))

    def date_in(self, text: str) -> datetime.date | None:
        """The first day that a text says as `date` does; None for a text without one."""
        found = self.dates.search(text)
        if found is None:
            return None
        for month, pattern in self._date_forms():
            if same := re.fullmatch(pattern, found[0]):
                named = same.groupdict()
                return datetime.date(int(named[f"y{month}"]), month, int(named[f"d{month}"]))
        return None

    def _date_forms(self) -> Iterator[tuple[int, str]]:
        """Each month's number with the pattern of its days; a pattern's groups have names of their
        own.
        """
        # No other part of a date holds these numbers.
        day, year = 27, 2003
        for month in range(1, 13):
            pattern = re.escape(self.date(datetime.date(year, month, day)))
            pattern = pattern.replace(str(year), rf"(?P<y{month}>\d{{4}})")
            yield month, pattern.replace(str(day), rf"(?P<d{month}>\d{{1,2}})")

    @functools.cached_property
    def months(self) -> tuple[str, ...]:
        """The names of the twelve months, as they stand in a date."""
        names = _locale(self.locale).months["format"]["wide"]
        return tuple(names[number] for number in range(1, 13))

    def number(self, number: int | Decimal) -> str:
        """`14,744`, `0.5`; minus is a real minus sign. All digits that a Decimal has are shown, and
        a zero has no sign, also where a number was rounded to it.
        """
        # Without the 'f' a Decimal such as 0.0000001 would be shown as 1E-7.
        text = f"{number:,f}" if isinstance(number, Decimal) else f"{number:,}"
        text = text if number else text.removeprefix("-")
        # Between words from right to left the mark keeps the sign on the left of its number.
        mark = _LEFT_TO_RIGHT if text.startswith("-") and self.direction == "rtl" else ""
        return mark + text.translate(self._signs)

    def signed(self, number: int | Decimal) -> str:
        """`+26.1`, `−3.0`; zero has no sign."""
        if number <= 0:
            return self.number(number)
        mark = _LEFT_TO_RIGHT if self.direction == "rtl" else ""
        return f"{mark}+{self.number(number)}"

    @functools.cached_property
    def _signs(self) -> dict[int, str]:
        from babel.numbers import get_decimal_symbol, get_group_symbol

        return str.maketrans(
            {
                ",": get_group_symbol(self.locale),
                ".": get_decimal_symbol(self.locale),
                "-": "\u2212",
            }
        )

    def plain(self, number: str) -> str:
        """A number that `number` has shown as Python reads it: `1.234,5` in German as `1234.5`."""
        return number.removeprefix(_LEFT_TO_RIGHT).translate(self._digits)

    @functools.cached_property
    def _digits(self) -> dict[int, str]:
        meant = {",": "", ".": ".", "-": "-"}
        return {ord(shown): meant[chr(sign)] for sign, shown in self._signs.items()}

    def percent(self, number: int | Decimal) -> str:
        """`44.5%`, with the space before the sign that some languages have."""
        return f"{self.number(number)}{_locale(self.locale).percent_formats[None].suffix[0]}"

    def joined(self, parts: Iterable[str], style: Literal["standard", "or"] = "standard") -> str:
        """`a, b and c`, or with style `or` `a, b or c`; "" for no parts."""
        return _list(tuple(parts), style, self.locale)


# A build says the same few hundred days and lists thousands of times.
@functools.lru_cache(maxsize=4096)
def _date(day: datetime.date, locale: str) -> str:
    from babel.dates import format_date

    return str(format_date(day, "long", locale))


@functools.lru_cache(maxsize=4096)
def _list(parts: tuple[str, ...], style: Literal["standard", "or"], locale: str) -> str:
    from babel.lists import format_list

    return str(format_list(parts, style, locale))


def _locale(name: str):  # type: ignore[no-untyped-def]  # Babel is imported where it is needed.
    from babel.core import Locale

    return Locale.parse(name)


def known_languages() -> tuple[str, ...]:
    """The codes of the languages that the engine speaks."""
    return tuple(sorted(folder.name for folder in LANGUAGES.iterdir() if folder.is_dir()))


@functools.cache
def language(code: str) -> Language:
    """The language of a code. Raises KeyError for one that the engine does not speak."""
    if code not in known_languages():
        raise KeyError(code)
    return Language(code, _LOCALES.get(code, code), catalogue_of(LANGUAGES / code / "messages.po"))


def catalogue_of(path: Path) -> catalogues.NullTranslations:
    """The words of a `.po` file; none where there is no such file. Raises ContentErrors for one
    that is not such a file.
    """
    if not path.is_file():
        return catalogues.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    compiled = io.BytesIO()
    try:
        text = text_of(path.read_bytes())
        for line, message in unseen(text):
            raise NotText(line, message)
        write_mo(compiled, read_po(io.StringIO(text), abort_invalid=True))
    except NotText as error:
        raise ContentErrors([Problem(_name(path), error.line, error.message)]) from None
    except PoFileError as error:
        message = f"this is no catalogue of messages: {error}"
        raise ContentErrors([Problem(_name(path), (error.lineno or 0) + 1, message)]) from None
    compiled.seek(0)
    return catalogues.GNUTranslations(compiled)


def _name(path: Path) -> str:
    return f"languages/{path.parent.name}/{path.name}"


_current = language(ENGLISH)


def current() -> Language:
    """The language that this process speaks."""
    return _current


def use(code: str) -> Language:
    """Speaks another language from now on. Raises KeyError for one the engine does not speak."""
    global _current
    _current = language(code)
    return _current


def gettext(message: str) -> str:
    """The message in the current language; in English itself."""
    return _current.catalogue.gettext(message)


def pgettext(context: str, message: str) -> str:
    """The message in the current language, in the sense that `context` names."""
    return _current.catalogue.pgettext(context, message)


def ngettext(one: str, many: str, number: int) -> str:
    """The form of the message that goes with a number."""
    return _current.catalogue.ngettext(one, many, number)


def gettext_noop(message: str) -> str:
    """Marks a message that a constant holds; `gettext` says it later."""
    return message


def install(templates: Environment) -> None:
    """Gives the templates of an environment `_`, `ngettext`, `pgettext` and `{% trans %}`. In such
    a message a per cent sign is written twice.
    """
    templates.install_gettext_callables(  # type: ignore[attr-defined]  # Of the extension i18n.
        gettext, ngettext, newstyle=True, pgettext=pgettext
    )
