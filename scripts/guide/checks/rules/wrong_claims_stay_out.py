"""What the source article got wrong stands on its corrections page and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.content.library import Library
from guide.pages.page import Page

# Each pattern is a false statement of the source article in any wording it could slip back in.
FALSE = (
    (
        r"SELECT-AXIS[^.;]{0,60}\b(?:tested|of|with|gave|on|compared)\b[^.;]{0,25}\bbaricitinib\b",
        "SELECT-AXIS tested upadacitinib",
    ),
    (
        r"\bbaricitinib\b[^.;]{0,40}\b(?:approved|licensed)\b[^.;]{0,20}\bfor\b[^.;]{0,10}(?:ankylosing|AS\b)",
        "baricitinib is not approved for AS",
    ),
    (
        r"\bFDA\b[^.;]{0,30}\bapproved\b[^.;]{0,15}\bbaricitinib\b[^.;]{0,30}(?:ankylosing|AS\b)",
        "the FDA has not approved baricitinib for AS",
    ),
    (
        r"\b2\s?mg\b[^.;]{0,60}\b(?:eGFR|clearance)\b[^.;]{0,20}(?:<|below|under)\s?30",
        "below 30 it is not recommended at all",
    ),
    (
        r"\bcontraception\b[^.;]{0,60}\bat least (?:one|1) month\b",
        "the EU text says at least one week for baricitinib",
    ),
    (
        r"\bplatelets?\b[^.;]{0,30}(?:<|below|under)\s?100\b[^.;]{0,40}\b(?:reduc|paus|stop|interrupt)",
        "no label read has a platelet rule",
    ),
    (
        r"Medicare Safety Net[^.;]{0,30}\bcaps?\b[^.;]{0,30}\b(?:cost|expense)",
        "the Medicare Safety Net is for services, not medicines",
    ),
    (
        r"\bbaricitinib\b[^.;]{0,50}\bcomparable (?:to|with) biologics",
        "no head-to-head trial exists",
    ),
    (
        (
            r"\bbaricitinib\b[^.;]{0,60}\bbisphosphonates?\b[^.;]{0,40}\b(?:under way|ongoing|being"
            r" tested)"
        ),
        "no such study was found",
    ),
)


# A word that every pattern above needs; most sentences hold none and are passed over at once.
_MENTIONS = re.compile(
    r"SELECT|approv|licen[cs]|mg\b|contracept|platelet|Medicare|comparable|bisphosphonate", re.I
)


_NEGATED = re.compile(
    r"\b(?:not|no|never|nobody|neither|nor|none|without|cannot|whether|wrong)\b", re.I
)


def check_page(guide: Guide, page: Page, text: str) -> Iterator[Problem]:
    """Sentences of a page that repeat a claim found to be wrong."""
    if "/corrections/" in page.path:
        return
    verbatim = guide.library.compute_once(_verbatim)
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"&#?\w+;", " ", text)))
    for sentence in re.split(r"(?<=[.!?])\s+", words):
        verdict = verbatim.verdict(sentence)
        if verdict:
            yield Problem(page.place, 0, verdict)


class _Verbatim:
    """Every wrong claim in the ledger's own words: barred too, not only the patterns above."""

    def __init__(self, library: Library):
        self.claims = {
            _letters(claim.claim): claim.id
            for file in library.claims.values()
            for claim in file.claims
            if claim.verdict in ("contradicted", "misattributed", "unsupported")
        }
        self._verdicts: dict[str, str] = {}  # topics share sentences: each is read once

    def verdict(self, sentence: str) -> str:
        verdict = self._verdicts.get(sentence)
        if verdict is None:
            if len(self._verdicts) > 50_000:
                self._verdicts.clear()
            verdict = self._verdicts[sentence] = _verdict(sentence, self.claims)
        return verdict


def _verbatim(library: Library) -> _Verbatim:
    return _Verbatim(library)


def _verdict(sentence: str, verbatim: dict[str, str]) -> str:
    """What is wrong with the sentence, or an empty string."""
    if sentence.endswith("?"):  # a question claims nothing
        return ""
    claim = verbatim.get(_letters(sentence))
    if claim:
        return (
            f"'{sentence[:90]}' is the wrong claim '{claim}' of the source article: it stands on"
            " its corrections page only"
        )
    if not _MENTIONS.search(sentence):
        return ""
    for pattern, truth in FALSE:
        match = re.search(pattern, sentence, re.I)
        if match and not _NEGATED.search(sentence):
            return f"'{match[0][:90]}' is a false claim of the source article: {truth}"
    return ""


def _letters(sentence: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", sentence.lower()).strip()
