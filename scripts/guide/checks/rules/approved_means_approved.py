"""The word "approved" about a medicine and a condition agrees with the approval matrix, in every
wording and on every page. So do "recommended", "offered" and "available" about a therapy, a test or
a programme.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide, holds_one
from guide.checks.wordings import wordings
from guide.content import models as m
from guide.content.library import Library, by_value
from guide.pages.page import Page

# The words that say yes to each decision.
_WORDS: dict[m.Decision, tuple[str, ...]] = {
    "approval": ("approved", "licensed", "authorised", "registered"),
    "recommendation": ("recommended",),
    "offer": ("offered",),
    "availability": ("available",),
}


_SIGNS = tuple(word for words in _WORDS.values() for word in words)


# What every claim of the kind holds; most sentences do not, and are passed over at once.
_MENTIONS = re.compile(rf"\b(?:{'|'.join(_SIGNS)})\b[^.;]{{0,40}}\bfor\b", re.I)


_NO = re.compile(
    r"\b(?:not|never|no|nor|neither|without|isn't|nobody|cannot|un(?:approved|licensed)|only"
    r" if|whether|if)\b",
    re.I,
)


def check(guide: Guide) -> Iterator[Problem]:
    """Wordings that call a medicine approved where the matrix does not."""
    for label, _, key_path, text, _ in wordings(guide.library):
        for _, medicine, condition, decision in (
            _claims(guide.library, re.split(r"(?<=[.!?])\s+", text))
            if holds_one(text, _SIGNS)
            else ()
        ):
            yield guide.problem(
                label,
                f"{key_path[-1]}: this says that {medicine} is {m.YES[decision]} for {condition},"
                f" but its matrix row in content/medicines/{medicine}/medicine.yml has no"
                f" {decision}: mend the wording or the cell",
                *key_path,
            )


def check_page(guide: Guide, page: Page, text: str) -> Iterator[Problem]:
    """Sentences of a page that do."""
    # The front matter repeats the topic's summary, which is looked at above.
    body = text.partition("\n---\n")[2]
    prose = re.sub(
        r"<[^>]+>", " ", "\n".join(line for line in body.split("\n") if not line.startswith("<"))
    )
    for sentence, medicine, condition, decision in _claims(
        guide.library, re.split(r"(?<=[.!?])\s+|\n", prose)
    ):
        yield Problem(
            f"docs/topic/{page.path.split('/', 1)[-1]}",
            0,
            f"'{sentence.strip()[:80]}' says that {medicine} is {m.YES[decision]} for {condition};"
            f" its matrix row has no {decision}",
        )


def _claims(library: Library, sentences: list[str]) -> Iterator[tuple[str, str, str, m.Decision]]:
    """The sentences that call a medicine approved, or another option offered and the like, where
    its matrix row has no such cell: with the medicine, the condition and the decision.
    """
    for sentence in (" ".join(written.split()) for written in sentences):
        if _MENTIONS.search(sentence):
            begins = library.compute_once(_by_first_word)
            numbers = sorted(
                {
                    number
                    for word in {"", *re.findall(r"\w+", sentence.lower())}
                    for number in begins.get(word, ())
                }
            )
            for medicine, condition, names, _, decision in (
                library.compute_once(_unapproved)[number] for number in numbers
            ):
                if _claims_approval(sentence, names, _WORDS[decision]):
                    yield sentence, medicine, condition, decision


def _claims_approval(sentence: str, names: tuple[str, str], words: tuple[str, ...]) -> bool:
    medicine, condition = names
    said = (
        r"\b(?:is|are|was|were|has been|have been|been)?\s*(?:now\s+|also\s+)?"
        rf"(?:{'|'.join(words)})\b"
    )
    if re.search(r"\?(?:\s*\{[^}]*\})?\s*$", sentence):  # a question claims nothing
        return False
    pattern = (
        rf"(?<!\w)(?:{medicine})\W+(?:\w+\W+){{0,4}}?{said}[^.;]{{0,40}}\bfor\b"
        rf"[^.;]{{0,40}}(?<!\w)(?:{condition})(?!\w)"
    )
    claim = re.search(pattern, sentence, re.I)
    # "Whether it is approved is not known" claims nothing; "if you smoke, it is approved" would.
    return (
        claim is not None
        and not _NO.search(claim[0])
        and not re.search(r"\bwhether\b[^,;]*$", sentence[: claim.start()], re.I)
    )


@by_value
def _unapproved(
    library: Library,
) -> list[tuple[str, str, tuple[str, str], tuple[str, ...], m.Decision]]:
    """Medicine and condition pairs with cells but no approval, with the words for each, the
    medicine's names in small letters, and the decision: of other options also those that nobody
    recommends, offers or has available.
    """
    decides = {agency.id: agency.decides for agency in library.site.agencies}
    unapproved = []
    for medicine in library.medicines.values():
        cells: dict[tuple[str, m.Decision], set[m.Standing]] = {}
        for approval in medicine.approvals:
            decision = decides.get(approval.agency, "approval")
            cells.setdefault((approval.condition, decision), set()).add(approval.standing)
            # Nobody approves a test: whoever says so is wrong whatever its cells say.
            cells.setdefault((approval.condition, "approval"), set())
        for condition, decision in (
            (library.conditions[key], decision)
            for (key, decision), standings in cells.items()
            if "yes" not in standings
        ):
            medicine_words = "|".join(re.escape(name) for name in [medicine.name, *medicine.brands])
            # An abbreviation as it is written: "IT" is neither "it" nor the end of "bit".
            condition_words = "|".join(
                [
                    re.escape(condition.name),
                    *(
                        [f"(?-i:{re.escape(condition.abbreviation)})"]
                        if condition.abbreviation
                        else []
                    ),
                ]
            )
            unapproved.append(
                (
                    medicine.id,
                    condition.id,
                    (medicine_words, condition_words),
                    tuple(name.lower() for name in (medicine.name, *medicine.brands)),
                    decision,
                )
            )
    return unapproved


@by_value
def _by_first_word(library: Library) -> dict[str, tuple[int, ...]]:
    """The places in `_unapproved` by the first word of each of the medicine's names; "" for a name
    that begins with none: a sentence is looked at for the medicines it may name, however many there
    are.
    """
    numbers_by_word: dict[str, list[int]] = {}
    for number, (_, _, _, names, _) in enumerate(_unapproved(library)):
        for name in names:
            first = re.match(r"\w+", name)
            numbers_by_word.setdefault(first[0] if first else "", []).append(number)
    return {word: tuple(dict.fromkeys(numbers)) for word, numbers in numbers_by_word.items()}
