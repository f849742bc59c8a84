"""The source article's claims with our verdicts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.language import gettext_noop
from guide.base.problem import CallError
from guide.base.text import slug, text
from guide.content import models as m
from guide.content import wording
from guide.view.context import TopicContext
from guide.view.shown import Separated

VERDICTS = {
    "supported": gettext_noop("Supported"),
    "partly-supported": gettext_noop("Partly right"),
    "unsupported": gettext_noop("Unsupported"),
    "contradicted": gettext_noop("Wrong"),
    "misattributed": gettext_noop("Belongs to another medicine"),
}


@dataclass(frozen=True)
class Article:
    """The source article, and how many of its claims have each verdict; why it is checked, and what
    else to know of it, each "" where nobody wrote it.
    """

    title: Markup
    author: Markup
    date: str
    claims: int
    supported: int = 0
    partly_supported: int = 0
    unsupported: int = 0
    contradicted: int = 0
    misattributed: int = 0
    why: Markup = Markup("")
    note: Markup = Markup("")


@dataclass(frozen=True)
class ClaimFact:
    """A fact that shows what is right, by its id and where it stands."""

    id: str
    href: Markup


@dataclass(frozen=True)
class ClaimShown:
    """A claim with our verdict: `verdict` decides the look, `mark` is the verdict in words."""

    id: str
    claim: Markup
    verdict: str
    mark: str
    why: Markup
    safety_critical: bool = False
    href: str = ""
    facts: tuple[Separated[ClaimFact], ...] = ()
    cites: tuple[str, ...] = ()
    edit: str = ""


@dataclass(frozen=True)
class Claims:
    """The claims of one section of the article."""

    article: Article
    claims: tuple[ClaimShown, ...]


@dataclass(frozen=True)
class ClaimSection:
    """A section of the article with how many claims it makes, and how many are not supported as
    written.
    """

    name: Markup
    href: str
    claims: int
    wrong: int


@dataclass(frozen=True)
class ClaimsIndex:
    """All claims in short; those that matter for safety first."""

    article: Article
    sections: tuple[ClaimSection, ...]
    safety: tuple[ClaimShown, ...]
    others: tuple[ClaimShown, ...]


def claims(page: TopicContext) -> Claims:
    """The claims of the page's section, each with our verdict, why, and the facts that show it."""
    file = _file(page)
    return Claims(
        _article(file),
        tuple(_claim(page, claim) for claim in file.claims if claim.section == page.part),
    )


def claims_index(page: TopicContext) -> ClaimsIndex:
    """The sections of the article, then every claim with our verdict and the way to the reasons."""
    file = _file(page)
    shown = [_claim(page, claim) for claim in file.claims]
    total = Counter(claim.section for claim in file.claims)
    supported = Counter(claim.section for claim in file.claims if claim.verdict == "supported")
    return ClaimsIndex(
        _article(file),
        tuple(
            ClaimSection(text(name), f"{slug(name)}/", count, count - supported[name])
            for name, count in total.items()
        ),
        tuple(claim for claim in shown if claim.safety_critical),
        tuple(claim for claim in shown if not claim.safety_critical),
    )


def _file(page: TopicContext) -> m.ClaimFile:
    file = page.library.claims.get(page.topic.id)
    if file is None:
        raise CallError(f"'{page.topic.id}' has no claims.yml: leave this component out")
    return file


def _article(file: m.ClaimFile) -> Article:
    count = Counter(claim.verdict for claim in file.claims)
    return Article(
        text(file.article.title),
        text(file.article.author),
        wording.shown_date(file.article.date),
        claims=len(file.claims),
        supported=count["supported"],
        partly_supported=count["partly-supported"],
        unsupported=count["unsupported"],
        contradicted=count["contradicted"],
        misattributed=count["misattributed"],
        why=text(file.article.why or ""),
        note=text(file.article.note or ""),
    )


def _claim(page: TopicContext, claim: m.Claim) -> ClaimShown:
    return ClaimShown(
        id=claim.id,
        claim=text(claim.claim),
        verdict=claim.verdict,
        mark=_(VERDICTS[claim.verdict]),
        why=text(claim.why),
        safety_critical=claim.safety_critical,
        href=f"{slug(claim.section)}/#{claim.id}",
        facts=_comma_separated([ClaimFact(key, page.link_to(key)) for key in claim.facts]),
        cites=page.cites(*claim.facts),
        edit=f"claim:{page.topic.id}/{claim.id}",
    )


def _comma_separated(facts: list[ClaimFact]) -> tuple[Separated[ClaimFact], ...]:
    return tuple(
        Separated(fact, "" if place == len(facts) else ", ") for place, fact in enumerate(facts, 1)
    )
