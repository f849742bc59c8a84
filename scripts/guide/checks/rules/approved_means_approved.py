"""The word "approved" about a medicine and a condition agrees with the approval matrix, in every
wording and on every page. So do "recommended", "offered" and "available" about a therapy, a test or
a programme.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.checks.wordings import wordings
from guide.content import models as m
from guide.content.language_rules import DecisionClaims, language_rules
from guide.content.library import Library, by_value
from guide.pages.page import Page

NEEDS = "decisions"


def check(guide: Guide) -> Iterator[Problem]:
    """Wordings that call a medicine approved where the matrix does not."""
    words = language_rules().decisions
    for label, _, key_path, text, _ in wordings(guide.library):
        for _, medicine, condition, decision in (
            _claims(guide.library, re.split(r"(?<=[.!?])\s+", text))
            if words and words.may_find(text)
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
    words = language_rules().decisions
    for sentence in (" ".join(written.split()) for written in sentences) if words else ():
        if words and words.mentions.search(sentence):
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
                if _claims_decision(sentence, names, decision, words):
                    yield sentence, medicine, condition, decision


def _claims_decision(
    sentence: str, names: tuple[str, str], decision: m.Decision, words: DecisionClaims
) -> bool:
    medicine, condition = names
    if re.search(r"[?؟](?:\s*\{[^}]*\})?\s*$", sentence):  # a question claims nothing
        return False
    for form in words.forms(decision):
        pattern = form.replace("<medicine>", medicine).replace("<condition>", condition)
        claim = re.search(pattern, sentence)
        if (
            claim is not None
            and not words.denials.search(claim[0])
            and not words.open.search(sentence[: claim.start()])
        ):
            return True
    return False


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
                    _inflected(condition.name),
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


def _inflected(name: str) -> str:
    """A pattern of a name whose words may have any ending that the language gives them."""
    words = language_rules().decisions
    endings = sorted(words.endings if words else (), key=len, reverse=True)
    if not endings:
        return re.escape(name)
    any_ending = f"(?:{'|'.join(map(re.escape, endings))})?"

    def stem(word: str) -> str:
        # What is left of a short word says too little.
        return next(
            (word.removesuffix(end) for end in endings if word.endswith(end) and len(word) > 5),
            word,
        )

    return r"\s+".join(re.escape(stem(word)) + any_ending for word in name.split())


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
