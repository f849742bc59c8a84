"""What stands on a handout: chosen in `handout.yml`, or from the records where nothing was chosen.

A topic needs no `handout.yml`: its takeaways, certainty, trial results, urgent signs and schedule
make a sheet by themselves. A maintainer writes one to choose better.
"""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from . import models as m
from . import wording
from .library import Library
from .view import TRACKS, PageView, first_words, listed, relative, sentence, text, words_join

if TYPE_CHECKING:
    from .version import Changed

PARTS = ("remember", "signs", "about", "evidence", "risks")
# What a part is made of when handout.yml does not say: kinds of statements, and how many of the
# nearest.
_NEAREST = {
    "about": (("definition", 1), ("mechanism", 1)),
    "dose": (("dosing", 2),),
    "evidence": (("certainty", 2),),
    "risks": (("warning", 2),),
    "signs": (("urgent-signs", 3),),
}
_TAKEAWAYS, _RESULTS, _SOURCES = 3, 4, 4
# The kind of statement that a part is about: what is not known about it is said there.
KIND_OF = {
    "about": "definition",
    "evidence": "certainty",
    "risks": "warning",
    "signs": "urgent-signs",
    "tests": "monitoring",
    "remember": "approval",
}

Item = m.Takeaway | m.Statement | m.Result | m.Term


@dataclass(frozen=True)
class Sheet:
    """The records of one handout, by part, in print order."""

    parts: dict[str, tuple[Item, ...]]
    tests: tuple[m.MonitoringRow, ...]
    ask: tuple[str, ...]
    sources: tuple[str, ...] | None


def sheet(page: PageView) -> Sheet:
    """The sheet of the page's topic and track. Ids that do not exist are left to the rule
    `names-exist`.
    """
    library, topic = page.library, page.topic
    own, house = (_sheet_of(library, key, page.patient) for key in (topic.id, ""))
    parts = {}
    for part in PARTS:
        chosen = getattr(own, part)
        parts[part] = (
            tuple(_named(library, topic.id, chosen))
            if chosen is not None
            else tuple(_nearest(page, part))
        )
    schedule = library.schedules.get(topic.medicine)
    rows = schedule.rows if schedule else []
    # What belongs to the safety set stands on every sheet, whatever was chosen.
    always = {item.id for item in library.site.safety_set}
    chosen = (
        set(own.tests)
        if own.tests is not None
        else {row.id for row in rows if row.before or row.during}
    )
    tests = tuple(row for row in rows if row.id in always or row.id in chosen)
    ask = own.ask if own.ask is not None else house.ask or ()
    return Sheet(parts, tests, tuple(ask), tuple(own.sources) if own.sources is not None else None)


def records_of(page: PageView) -> tuple[str, ...]:
    """Every fact whose values the printed sheet carries, by id, the verdict and the emergency line
    included.
    """
    library, chosen = page.library, sheet(page)
    found: dict[str, None] = {}

    def add(keys: Iterable[str]) -> None:
        found.update((key, None) for key in keys if key in library.records)

    def add_called(words: str | None) -> None:
        add(owner for owner, _ in wording.calls(words or "") if owner)

    add(approval.id for approval in page.approvals(page.topic.medicine))
    add(
        approval.id
        for other in page.alternatives()
        for approval in page.approvals(other.id)
        if approval.status == "approved"
    )
    if page.patient:
        add(page.emergency_signs()["rests_on"].split())
    for item in (item for part in PARTS for item in chosen.parts[part]):
        if isinstance(item, m.Takeaway):
            add([*item.statements, *item.results])
            add_called(item.patient if page.patient else item.clinician)
        elif isinstance(item, m.Result):
            if not (page.patient and item.clinician_only):
                add([item.id])
        elif isinstance(item, m.Statement) and page.wording_of(item) is not None:
            add([item.id])
            add_called(page.wording_of(item))
    for row in chosen.tests:
        add([*row.before, *row.during, *row.action])
        if row.say:
            add_called(row.say.patient if page.patient else row.say.clinician)
    return tuple(found)


def _sheet_of(library: Library, key: str, patient: bool) -> m.HandoutSheet:
    handout = library.handouts.get(key, m.Handout())
    return handout.patients if patient else handout.clinicians


def _named(library: Library, topic: str, ids: Iterable[str]) -> Iterable[Item]:
    takeaways = {takeaway.id: takeaway for takeaway in library.takeaways.get(topic, ())}
    for key in ids:
        item = takeaways.get(key) or library.records.get(key) or library.glossary.get(key)
        if isinstance(item, Item):
            yield item


def _nearest(page: PageView, part: str) -> Iterable[Item]:
    if part == "remember":
        yield from page.library.takeaways.get(page.topic.id, ())[:_TAKEAWAYS]
        return
    # For clinicians the part about the medicine is "Medicine and dose".
    for kind, count in _NEAREST[
        (
            "dose"
            if part == "about" and not page.patient and page.pick("dosing", scope="medicine")
            else part
        )
    ]:
        scope = "topic" if kind == "definition" else "medicine"
        yield from [record for record in page.pick(kind, scope=scope) if page.wording_of(record)][
            :count
        ]
    if part == "evidence":
        results = [
            result
            for trial in page.trials("direct")
            for result in trial.results
            if result.population in page.condition.populations
            and not (page.patient and result.clinician_only)
        ]
        yield from sorted(
            results, key=lambda result: (result.outcome == "bad", result.certainty is None)
        )[:_RESULTS]


class HandoutView:
    """A handout's parts as plain values for its components, on one page.

    Facts on a sheet stand there in short and in full elsewhere: none gets an anchor here.
    """

    def __init__(self, page: PageView):
        self.page = page
        self.sheet = sheet(page)

    def part(self, name: str) -> dict[str, Any]:
        """One part: its lines, the table of its results, and what is said to be unknown."""
        page, lines, results = self.page, [], []
        for item in self.sheet.parts[name]:
            if isinstance(item, m.Result):
                results.append(item)
            elif isinstance(item, m.Takeaway):
                said = page.takeaway(item)
                lead, items = listed(said["text"])
                lines.append({"name": "", **said, "text": lead, "items": items, "badges": ()})
            elif isinstance(item, m.Term):
                lines.append(self._explained(item))
            elif shown := page.statement(item.id):
                lines.append(
                    {
                        "name": "",
                        "text": shown.lead or shown.text,
                        "items": shown.items,
                        "rests_on": shown.id,
                        "badges": shown.badges,
                        "cites": shown.cites,
                    }
                )
        # A badge that every line carries is said once, below them; one line keeps its own beside
        # it.
        shared = (
            [
                badge
                for badge in lines[0]["badges"]
                if all(badge in line["badges"] for line in lines)
            ]
            if len(lines) > 1
            else []
        )
        for line in lines:
            line["badges"] = [badge for badge in line["badges"] if badge not in shared]
        table = self._table(results)
        gap = None
        if not lines and not table:
            gap = next(iter(page.gaps(KIND_OF[name])), page.no_fact())
        return {"lines": lines, "table": table, "gap": gap, "badges": shared}

    def _explained(self, term: m.Term) -> dict[str, Any]:
        """A word of the glossary; the word for the medicine's own class says that the medicine is
        one.
        """
        page = self.page
        klass = page.library.medicines.get(page.medicine.class_ or "")
        words, name = term.patient if page.patient else term.clinician, sentence(term.term)
        if klass and klass.name.lower() == f"{term.term.lower()}s":
            name = (
                f"{sentence(page.medicine.name)} is {'an' if term.term[0] in 'AEIOUaeiou' else 'a'}"
                f" {term.term}"
            )
        return {
            "name": text(name),
            "text": text(words),
            "items": (),
            "rests_on": f"term-{term.id}",
            "badges": (),
            "cites": (),
        }

    def _table(self, results: list[m.Result]) -> dict[str, Any] | None:
        """Results side by side: one denominator, each with its own comparison group."""
        page = self.page
        denominator = page._denominator(results)
        rows = [
            shown
            for result in results
            if (shown := page.result(result.id, denominator=denominator))
        ]
        if not rows:
            return None

        def shared(name: str) -> str:
            """What all rows have in common is said once, in the caption."""
            values = {str(getattr(row, name)) for row in rows}
            return Markup(values.pop()) if len(values) == 1 else ""

        at_home = all(result.population in page.condition.populations for result in results)
        return {
            "rows": rows,
            "week": shared("week"),
            "trial": shared("trial"),
            "studied": page.names["condition"] if at_home else "",
            "denominator": rows[0].denominator,
            "medicine": page.names["medicine"],
            "comparators": words_join(dict.fromkeys(str(row.arms[-1].name) for row in rows)),
            "rounded": any(row.contrasts[0].out_of.startswith("about") for row in rows),
            "harms": any(row.outcome_is == "bad" for row in rows),
        }

    def tick_sheet(self) -> dict[str, Any]:
        """The tests as rows to tick: which countries' labels ask for each, before starting and
        during treatment.
        """
        page, rows, carried = self.page, [], []
        cites: list[str] = []
        for row in self.sheet.tests:
            asked = {}
            for time in ("before", "during"):
                statements = [
                    record
                    for key in getattr(row, time)
                    if isinstance(record := page.library.records[key], m.Statement)
                ]
                asked[time] = ", ".join(
                    dict.fromkeys(
                        code
                        for record in statements
                        for code in record.jurisdictions
                        if code != "any"
                    )
                )
                for record in statements:
                    cites += page.cites(record.id)
                    carried.append(page.badges(record))
            cites += page.cites(*row.action) if row.say else ()
            rows.append(
                {
                    "say": page.said(row),
                    "gap": page.gap(row.gap) if row.gap else None,
                    "id": row.id,
                    "test": text(row.patient if page.patient else row.test),
                    "rests_on": " ".join(
                        dict.fromkeys([*row.before, *row.during, *(row.action if row.say else ())])
                    ),
                    "before": text(asked["before"]),
                    "during": text(asked["during"]),
                }
            )
        every = dict.fromkeys(badge for badges in carried for badge in badges)
        return {
            "rows": rows,
            "badges": [badge for badge in every if all(badge in badges for badges in carried)],
            "some": [badge for badge in every if not all(badge in badges for badges in carried)],
            "cites": tuple(dict.fromkeys(cites)),
            "gap": None if rows else next(iter(page.gaps(KIND_OF["tests"])), page.no_fact()),
        }

    def ask(self) -> list[Markup]:
        """The questions, with the names of the medicine and the disease filled in."""
        return [
            Markup(
                str(text(question))
                .replace("&#123;", "{")
                .replace("&#125;", "}")
                .format_map(self.page.names)
            )
            for question in self.sheet.ask
        ]

    def mark(self) -> dict[str, Any]:
        """What makes the sheet checkable: code and date of its content, and the address that tells
        whether it still holds.
        """
        from . import version

        page = self.page
        now = version.current(page.library, page.topic.id, page.track)
        address = version.address_of(page.address, page.topic.id, now.code)
        references = {entry["id"]: entry for entry in page.references()}
        wanted = (
            self.sheet.sources
            if self.sheet.sources is not None
            else [key for key in references if page.library.sources[key].primary][:_SOURCES]
        )
        return {
            "code": now.code,
            "date": wording.shown_date(now.date),
            "address": text(re.sub(r"^https?://", "", address)),
            "public": bool(page.address),
            "href": relative(page.url, f"{page.topic.id}/check/#{now.code}"),
            "qr": relative(page.url, qr_path(now.code)) if page.address else "",
            "sources": [
                {**references[key], "line": source_line(page.library.sources[key])}
                for key in wanted
                if key in references
            ],
            "count": len(references),
        }

    def prints(self) -> list[dict[str, Any]]:
        """Every version of the topic's handouts that somebody may hold, with what has changed
        since.
        """
        from . import version

        page, found = self.page, []
        for track in TRACKS:
            versions = version.published(page.library, page.topic.id, track)
            found.append(
                {
                    "track": track,
                    "handout": relative(page.url, f"{page.topic.id}/{track}/handout/"),
                    "versions": [
                        {
                            "code": one.code,
                            "date": wording.shown_date(one.date),
                            "current": one is versions[0],
                            "changes": [
                                self._changed(changed, track)
                                for changed in version.changes_between(
                                    one, versions[0], page.library.changes
                                )
                            ],
                        }
                        for one in versions
                    ],
                }
            )
        return found

    def _changed(self, changed: Changed, track: str) -> dict[str, Any]:
        library = self.page.library
        record = library.records.get(changed.record)
        words = (
            (record.patient if track == "patients" else record.clinician)
            if isinstance(record, m.Statement)
            else ""
        )
        field = re.sub(r"^values\.|\[\d+\]", "", changed.field).replace("_", " ").replace(".", ", ")
        return {
            "record": changed.record,
            "how": changed.how,
            "field": text(field),
            "old": text(changed.old),
            "new": text(changed.new),
            "words": first_words(self.page.fill(words, record)) if words else text(changed.record),
            "href": (
                self.page.link_to(changed.record)
                if changed.record in self.page.library.records
                else ""
            ),
            "log": [
                {
                    "date": wording.shown_date(entry.date),
                    "what": text(entry.what),
                    "reason": text(entry.reason),
                    "old": text(entry.old or ""),
                    "new": text(entry.new or ""),
                }
                for entry in changed.log
            ],
        }


def source_line(source: m.Source) -> Markup:
    """A source in one short line for paper: who or what, where, when, and its number."""
    paper = source.type in ("article", "review")
    who = (
        source.authors[0].split(",")[0]
        if source.authors and paper
        else textwrap.shorten(source.title, 66, placeholder=" …", break_on_hyphens=False)
    )
    where = " ".join(
        str(part) for part in (source.container if paper else "", source.year or "") if part
    )
    number = (
        f"doi {source.doi}"
        if source.doi
        else source.nct or (f"PMID {source.pmid}" if source.pmid else "")
    )
    return text(", ".join(part for part in (who, where, number) if part))


def qr_path(code: str) -> str:
    """Where a code's picture stands on the site."""
    return f"assets/qr/{code}.svg"


def qr_codes(library: Library, address: str) -> dict[str, bytes]:
    """The picture of every handout's address, by path; none without a public address, for half an
    address leads nowhere.
    """
    if not address:
        return {}
    import segno

    from . import version

    found = {}
    for topic, track in version.handouts(library):
        code = version.current(library, topic, track).code
        picture = io.BytesIO()
        segno.make(version.address_of(address, topic, code), error="m", micro=False).save(
            picture,
            kind="svg",
            xmldecl=False,
            border=4,
            scale=8,
            dark="#000",
            light="#fff",
            omitsize=True,
        )
        found[qr_path(code)] = picture.getvalue()
    return found
