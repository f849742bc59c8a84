"""Registries of studies: what their numbers look like, and where each shows a record.

This is the one list of them. A registry whose own pages have addresses that cannot be made from the
number is shown by the search portal of the World Health Organization (WHO).
"""

from __future__ import annotations

import re
from typing import NamedTuple

_WHO = "https://trialsearch.who.int/Trial2.aspx?TrialID="


class Registry(NamedTuple):
    """A registry of studies.

    `forms` are what its numbers look like: '#' alone is any number, '##' two digits, and so on; '*'
    is any letters and digits. `address` is that of a record, but for its number.
    """

    name: str
    forms: tuple[str, ...]
    address: str


REGISTRIES: tuple[Registry, ...] = (
    Registry("ClinicalTrials.gov", ("NCT########",), "https://clinicaltrials.gov/study/"),
    Registry("ISRCTN", ("ISRCTN########",), "https://www.isrctn.com/"),
    Registry(
        "EudraCT",
        ("####-######-##",),
        "https://www.clinicaltrialsregister.eu/ctr-search/search?query=",
    ),
    Registry("EU CTIS", ("####-######-##-##",), "https://euclinicaltrials.eu/ctis-public/view/"),
    Registry("ChiCTR", ("ChiCTR##########", "ChiCTR-*-########"), _WHO),
    Registry("JapicCTI", ("JapicCTI-######",), f"{_WHO}JPRN-"),
    Registry(
        "jRCT",
        ("jRCT##########", "jRCTs#########", "jRCTa#########", "jRCTb#########", "jRCTc#########"),
        "https://jrct.mhlw.go.jp/en-latest-detail/",
    ),
    Registry("UMIN", ("UMIN#########",), f"{_WHO}JPRN-"),
    Registry("ANZCTR", ("ACTRN##############",), _WHO),
    Registry("DRKS", ("DRKS########",), "https://drks.de/search/en/trial/"),
    Registry("CTRI", ("CTRI/####/##/######", "CTRI/####/###/######"), _WHO),
    Registry("PACTR", ("PACTR###############",), _WHO),
    Registry("IRCT", ("IRCT*N#",), _WHO),
    Registry("CRIS", ("KCT#######",), _WHO),
    Registry("ReBec", ("RBR-*",), "https://ensaiosclinicos.gov.br/rg/"),
    Registry("RPCEC", ("RPCEC########",), _WHO),
    Registry("SLCTR", ("SLCTR/####/###",), _WHO),
    Registry("TCTR", ("TCTR###########",), _WHO),
    Registry("LBCTR", ("LBCTR##########",), _WHO),
    Registry("ITMCTR", ("ITMCTR##########",), _WHO),
    Registry("REPEC", ("PER-###-##",), _WHO),
    Registry("Dutch registers", ("NTR####", "NL-OMON#####"), _WHO),
)
# Every form, in the order of the list.
FORMS = tuple(form for registry in REGISTRIES for form in registry.forms)


def _written(form: str) -> str:
    """A form as a regular expression."""
    parts = re.split(r"(#+|\*)", form)
    return "".join(
        r"[A-Za-z0-9]+" if part == "*" else _digits(part) if "#" in part else re.escape(part)
        for part in parts
    )


def _digits(signs: str) -> str:
    return r"\d+" if signs == "#" else rf"\d{{{len(signs)}}}"


# What every number matches, for the schemas of editors.
PATTERN = "^(?:" + "|".join(_written(form) for form in FORMS) + ")$"
_BY_NAME = [(re.compile("|".join(_written(form) for form in one.forms)), one) for one in REGISTRIES]


def registry_of(number: str) -> Registry | None:
    """The registry that gives out numbers of this form; None where no known one does."""
    return next((one for pattern, one in _BY_NAME if pattern.fullmatch(number)), None)


def record_address(number: str) -> str:
    """Where a registered study is shown. Raises ValueError for a number of no known form."""
    registry = registry_of(number)
    if registry is None:
        raise ValueError(unknown_form(number))
    return registry.address + number


def unknown_form(number: str) -> str:
    """What a maintainer is told of a number of no known form."""
    letters = _letters(number)
    forms = [form for form in FORMS if letters and _letters(form) == letters]
    if forms:
        digits = sum(sign.isdigit() for sign in number)
        return (
            f"'{number}' has {digits} digit{'' if digits == 1 else 's'} and is no number of this"
            f" registry: write it as {' or '.join(forms)}; '#' is a digit, '*' any letters and"
            " digits"
        )
    return (
        f"'{number}' is not the number of a registry that is known here; '#' is a digit, '*' any"
        f" letters and digits: {', '.join(FORMS)}. Write the number as the registry does, or leave"
        " it out"
    )


def _letters(number: str) -> str:
    """The letters that a number begins with, by which its registry is known."""
    return re.sub(r"[\W_]", "", re.split(r"[0-9#*]", number, maxsplit=1)[0]).upper()


NCT_PATTERN = "^NCT[0-9]{8}$"


def checked_nct(number: object) -> object:
    """The number of ClinicalTrials.gov as it is. Raises ValueError for another form, with what is
    wrong, and for the number of another registry.
    """
    if not isinstance(number, str) or re.fullmatch(NCT_PATTERN, number):
        return number
    other = registry_of(number)
    if other is not None:
        raise ValueError(f"'{number}' is a number of {other.name}: write 'registration: {number}'")
    digits = re.sub(r"[^0-9]", "", number)
    right = f": write 'NCT{digits}'" if len(digits) == 8 else ""
    raise ValueError(
        f"'{number}' has the wrong form: NCT and eight digits, and here are {len(digits)}{right}"
    )
