"""Lines of a reference list."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from guide.base.identifiers import doi_address, pmc_address, pubmed_address
from guide.base.language import gettext as _
from guide.base.language import gettext_noop, ngettext
from guide.base.problem import require_one_of
from guide.base.registries import record_address
from guide.base.text import relative, text
from guide.content import models as m
from guide.content import wording
from guide.content.citations import items, lines, names
from guide.content.library import Library
from guide.pages.page import SOURCES, TEXTS
from guide.view.context import Context
from guide.view.shown import facts_counted, sources_counted

# What each type of source is called.
TYPES: dict[m.SourceType, str] = {
    "article": gettext_noop("Article"),
    "review": gettext_noop("Review"),
    "guideline": gettext_noop("Guideline"),
    "registry": gettext_noop("Registry"),
    "label": gettext_noop("Label"),
    "leaflet": gettext_noop("Leaflet"),
    "safety-communication": gettext_noop("Safety communication"),
    "government": gettext_noop("Government"),
    "press-release": gettext_noop("Press release"),
    "news": gettext_noop("News"),
    "website": gettext_noop("Website"),
}


# What agencies, governments and health services write or approve.
OFFICIAL: frozenset[m.SourceType] = frozenset(
    {"label", "leaflet", "safety-communication", "government"}
)


# The lists of all sources: of studies and what is drawn from them, and of all other texts.
SourceList = Literal["", "texts"]
STUDIES: frozenset[m.SourceType] = frozenset({"article", "review", "guideline", "registry"})


def is_official(source: m.Source) -> bool:
    """Whether a text is a label, a leaflet, or by an agency or a government."""
    return source.type in OFFICIAL


def has_label(sources: Iterable[m.Source]) -> bool:
    """Whether one of these texts is a medicine's label or leaflet."""
    return any(source.type in ("label", "leaflet") for source in sources)


def short_name(source: m.Source) -> str:
    """How a running text names a source: its journal, paper or body."""
    return source.container or names.first_author(source.authors) or source.title


@dataclass(frozen=True)
class SourceLink:
    """A link to where a source can be read."""

    label: Markup
    href: Markup


@dataclass(frozen=True)
class Reference:
    """One line of a reference list: the reference after the ICMJE, the links a reader may follow,
    and how it was read. `number` is 0 in a list without numbers. `best` is the link that lasts
    longest, if there is any. A `lasting` source stays what it was on the day it was read: it has a
    DOI or is in PubMed.
    """

    id: str
    line: Markup
    kind: str
    accessed: str
    number: int = 0
    described: bool = False
    primary: bool = True
    read_in_copy: bool = False
    lasting: bool = False
    links: tuple[SourceLink, ...] = ()
    best: tuple[SourceLink, ...] = ()
    unlinked: Markup = Markup("")


@dataclass(frozen=True)
class References:
    """The sources of a page in the order of first use, a sentence that counts what they stand
    behind, "" where the page shows no fact, and the address of the folder where they are files.
    """

    references: tuple[Reference, ...]
    count: str = ""
    folder: str = ""


@dataclass(frozen=True)
class ConditionList:
    """A list of some of the sources, such as those of one condition: where it is and how much it
    holds, such as "12 sources".
    """

    name: Markup
    href: str
    count: str


@dataclass(frozen=True)
class Sources:
    """All sources of the guide, or of one condition, whose name is `whose`; `by_condition` where
    each condition has a list of its own. `other` is the second list of two. `folder` is where the
    files for a reference manager are.
    """

    references: tuple[Reference, ...]
    whose: Markup = Markup("")
    by_condition: tuple[ConditionList, ...] = ()
    other: ConditionList | None = None
    folder: str = ""


def reference_lines(library: Library) -> dict[str, Reference]:
    """The lines of reference lists made so far, by source: every page would make the same again."""
    return {}


def identifier_links(source: m.Source) -> Iterator[tuple[str, str]]:
    """Each identifier of a source as a reader sees it, with its address, the most lasting first."""
    if source.doi:
        yield "DOI", doi_address(source.doi)
    if source.pmid:
        yield "PubMed", pubmed_address(source.pmid)
    if source.pmcid:
        yield _("full text"), pmc_address(source.pmcid)
    for number in filter(None, (source.nct, source.registration)):
        yield number, record_address(number)


def reference(source: m.Source) -> Reference:
    """The line of a source in a reference list."""
    links = [*identifier_links(source)]
    if source.url and not any(href.rstrip("/") == source.url.rstrip("/") for _, href in links):
        links.insert(0, (_("open"), source.url))
    shown = tuple(
        SourceLink(text(label), Markup(href.replace("&", "&amp;"))) for label, href in links
    )
    lasting = (items.lasting_address(source) or "").rstrip("/")
    at = next((at for at, (_, href) in enumerate(links) if href.rstrip("/") == lasting), 0)
    return Reference(
        id=source.id,
        line=Markup(lines.reference_line(items.listed_item(source), text, ("<cite>", "</cite>"))),
        kind=_(TYPES[source.type]),
        accessed=wording.shown_date(source.accessed),
        described=source.title_is == "descriptive",
        primary=source.primary,
        read_in_copy=source.read_in == "copy",
        lasting=bool(source.doi or source.pmid),
        links=shown,
        best=shown[at : at + 1],
        unlinked=text(source.unlinked or ""),
    )


def references(page: Context) -> References:
    """The sources that the page has cited so far, in the order of first use."""
    known = page.library.compute_once(reference_lines)
    listed = []
    for source, number in page.printed.sources.items():
        if source not in known:
            known[source] = reference(page.library.sources[source])
        listed.append(dataclasses.replace(known[source], number=number))
    # Where each condition has a list of its own, that is the shorter one.
    lists = [address for owner in page.owners if (address := f"{SOURCES}{owner}/") in page.pages]
    return References(
        tuple(listed),
        _count(len(page.printed.records), len(listed)),
        relative(page.url, lists[-1] if lists else SOURCES),
    )


def _count(facts: int, sources: int) -> str:
    if not facts:
        return ""
    # Two numbers in one sentence: `shown` is said by the first, the sentence by the second.
    if facts == 1:
        said = ngettext(
            "This page shows {facts}; {sources} source stands behind it.",
            "This page shows {facts}; {sources} sources stand behind it.",
            sources,
        )
    else:
        said = ngettext(
            "This page shows {facts}; {sources} source stands behind them.",
            "This page shows {facts}; {sources} sources stand behind them.",
            sources,
        )
    return said.format(facts=facts_counted(facts), sources=sources)


def list_with(page: Context, source: str) -> str:
    """The address of the list that a source stands on: a condition's where each has its own."""
    if page.share:
        return f"{SOURCES}{page.part}/"
    is_study = page.library.sources[source].type in STUDIES
    return TEXTS if TEXTS in page.pages and not is_study else SOURCES


def sources(page: Context, which: str = "") -> Sources:
    """The sources of the list by id: all of the guide, those of one condition, or those that
    stand on the list of none. Where there is a list of "texts", it has all that are no studies.
    """
    require_one_of(which, SourceList, "a list of sources")
    share = page.share
    elsewhere = (
        set() if share else {source for other in page.shares.values() for source in other.sources}
    )
    keys = (
        share.sources
        if share
        else sorted(key for key in page.library.sources if key not in elsewhere)
    )
    studies = {key for key in keys if page.library.sources[key].type in STUDIES}
    other = None
    if which == "texts" or (TEXTS in page.pages and not share):
        shown = studies if which == "" else set(keys) - studies
        other = ConditionList(
            text(page.pages[TEXTS if which == "" else SOURCES]),
            relative(page.url, TEXTS if which == "" else SOURCES),
            sources_counted(len(keys) - len(shown)),
        )
        keys = [key for key in keys if key in shown]
    return Sources(
        tuple(reference(page.library.sources[key]) for key in keys),
        page.whose,
        tuple(
            ConditionList(
                entry["name"],
                entry["href"],
                sources_counted(len(page.shares[entry["id"]].sources)),
            )
            for entry in page.by_condition()
        ),
        other,
        str(relative(page.url, SOURCES)) if which else "",
    )
