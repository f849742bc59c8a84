"""What a page has printed: citations, anchors and records."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser

from guide.base.language import gettext as _
from guide.base.text import text
from guide.content.library import Library

# Stand around the sources of a mark in what a component prints, until the mark gets its numbers.
MARK, MARK_END = "\ue010", "\ue011"


_MARK = re.compile(f"{MARK}([^{MARK_END}]*){MARK_END}")


@dataclass(frozen=True)
class Said:
    """What a piece of HTML says, as data: its ids in order, the records that its elements name, the
    sources that it lists, and those that its marks cite.

    An entry of the list of sources shows no record, although a source may be named like one.
    """

    ids: tuple[str, ...]
    records: tuple[str, ...]
    listed: tuple[str, ...]
    cited: tuple[str, ...]


_ENTRY = "source-"


# The same component says the same on many pages of a topic.
@functools.lru_cache(maxsize=128)
def said(html: str) -> Said:
    """What the HTML of a component says, read once."""
    ids: dict[str, None] = {}
    records: dict[str, None] = {}
    listed: dict[str, None] = {}
    for node in LexborHTMLParser(html, is_fragment=True).css(":is([id], [data-record])"):
        values = node.attributes
        anchor = values.get("id") or ""
        if anchor:
            ids[anchor] = None
        if node.tag == "li" and anchor.startswith(_ENTRY):
            listed[anchor.removeprefix(_ENTRY)] = None
        elif "data-source" not in values:
            records.update(dict.fromkeys((values.get("data-record") or "").split()))
    cited = dict.fromkeys(source for mark in _MARK.findall(html) for source in mark.split())
    return Said(tuple(ids), tuple(records), tuple(listed), tuple(cited))


@dataclass
class Printed:
    """What a page has really printed: its citations, numbered by first use, its ids, the records it
    shows and the sources it lists. `anchors` are the ids of records and trials.
    """

    sources: dict[str, int] = field(default_factory=dict)
    ids: dict[str, None] = field(default_factory=dict)
    anchors: set[str] = field(default_factory=set)
    records: dict[str, None] = field(default_factory=dict)
    listed: dict[str, None] = field(default_factory=dict)

    def note(self, html: str, library: Library) -> str:
        """A component's HTML with its citations numbered. An anchor that the page has already is
        taken out.

        Called once for each component, in the order of the page: nothing that was only asked for,
        and not printed, is noted.
        """
        content = said(html)
        for anchor in content.ids:
            if anchor in self.anchors:
                html = html.replace(f' id="{anchor}"', "")
            elif anchor in library.records or anchor.removeprefix("trial-") in library.trials:
                html = _once(html, f' id="{anchor}"')
                self.anchors.add(anchor)
        self.ids.update(dict.fromkeys(content.ids))
        self.listed.update(dict.fromkeys(content.listed))
        self.records.update((key, None) for key in content.records if key in library.records)
        for source in content.cited:
            if source in library.sources:
                self.sources.setdefault(source, len(self.sources) + 1)
        return _MARK.sub(self._numbered, html)

    def _numbered(self, mark: re.Match[str]) -> str:
        sources = (source for source in mark[1].split() if source in self.sources)
        return marks(sorted({(self.sources[source], source) for source in sources}))


def _once(html: str, attribute: str) -> str:
    """The HTML with this attribute where it stands first only."""
    before, first, after = html.partition(attribute)
    return f"{before}{first}{after.replace(attribute, '')}"


def marks(numbered: list[tuple[int, str]]) -> str:
    """Citations as a reader prints them, `1–6, 8`: (number, source) in order, three or more in a
    row by the first and the last. `base.html.cited_by` reads them.
    """
    runs: list[list[tuple[int, str]]] = []
    for number, source in numbered:
        if runs and number == runs[-1][-1][0] + 1:
            runs[-1].append((number, source))
        else:
            runs.append([(number, source)])

    def link(number: int, source: str) -> str:
        label = text(_("Source {number}").format(number=number))
        return f'<a href="#source-{source}" aria-label="{label}">{number}</a>'

    def between(source: str) -> str:
        """The mark of a source inside a run: not shown and not in the way of the keyboard, but
        there, so that each source of the list has its mark.
        """
        return f'<span data-cite="{source}" hidden></span>'

    parts = []
    for run in runs:
        if len(run) > 2:
            inside = "".join(between(source) for _, source in run[1:-1])
            parts.append(f"{link(*run[0])}{inside}–{link(*run[-1])}")
        else:
            parts += [link(*one) for one in run]
    return f'<sup class="cites" data-search="skip">{", ".join(parts)}</sup>' if parts else ""
