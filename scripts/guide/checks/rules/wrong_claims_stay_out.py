"""What the source article got wrong stands on its corrections page and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.checks.wordings import Wording, wordings
from guide.content.language_rules import language_rules
from guide.content.library import Library
from guide.content.wording import CALL, shown
from guide.pages.page import Page

NEEDS = "negation"
# The claims in their own words are known in every language.
PARTLY = True


def check_page(guide: Guide, page: Page, text: str) -> Iterator[Problem]:
    """Sentences of a page that repeat a claim found to be wrong."""
    if "/corrections/" in page.path:
        return
    wrong = guide.library.compute_once(_wrong_claims)
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"&#?\w+;", " ", text)))
    for sentence in re.split(r"(?<=[.!?])\s+", words):
        if verdict := wrong.verdict(sentence):
            yield Problem(*_place(guide, page, verdict.pattern), verdict.message)


def _place(guide: Guide, page: Page, pattern: re.Pattern[str] | None) -> tuple[str, int]:
    """File and line of the wording that a pattern finds the claim in; else the page itself."""
    for wording in wordings(guide.library) if pattern else ():
        if pattern and pattern.search(_said(wording)):
            problem = guide.problem(wording.label, "", *wording.path)
            return problem.path, problem.line
    return page.place, 0


def _said(wording: Wording) -> str:
    """A wording with its own values in it."""

    def value(call: re.Match[str]) -> str:
        found = wording.values.get(call[1])
        return call[0] if found is None else shown(found)

    return CALL.sub(value, wording.text)


class _Verdict(NamedTuple):
    """What is wrong with a sentence, and what found it where a pattern did."""

    message: str
    pattern: re.Pattern[str] | None = None


class _WrongClaims:
    """Every wrong claim of the source articles: in their own words, and in any other wording that
    `false_claims` of content/vocabulary.yml describes.
    """

    def __init__(self, library: Library):
        self.claims = {
            _letters(claim.claim): claim.id
            for file in library.claims.values()
            for claim in file.claims
            if claim.verdict in ("contradicted", "misattributed", "unsupported")
        }
        self.false = [
            (re.compile(claim.pattern, re.I), claim.why)
            for claim in library.vocabulary.false_claims
        ]
        self._verdicts: dict[str, _Verdict | None] = {}  # topics share sentences: each is read once

    def verdict(self, sentence: str) -> _Verdict | None:
        """What is wrong with the sentence, if anything."""
        if sentence not in self._verdicts:
            if len(self._verdicts) > 50_000:
                self._verdicts.clear()
            self._verdicts[sentence] = self._read(sentence)
        return self._verdicts[sentence]

    def _read(self, sentence: str) -> _Verdict | None:
        if sentence.endswith("?"):  # a question claims nothing
            return None
        claim = self.claims.get(_letters(sentence))
        if claim:
            return _Verdict(
                f"'{sentence[:90]}' is the wrong claim '{claim}' of the source article: it stands"
                " on its corrections page only"
            )
        negated = language_rules().negation
        for pattern, truth in self.false if negated else ():
            match = pattern.search(sentence)
            if match and negated and not negated.search(sentence):
                message = f"'{match[0][:90]}' is a false claim of the source article: {truth}"
                return _Verdict(message, pattern)
        return None


def _wrong_claims(library: Library) -> _WrongClaims:
    return _WrongClaims(library)


_WORD = re.compile(r"[^\W_]+")


def _letters(sentence: str) -> str:
    return " ".join(_WORD.findall(sentence.lower()))
