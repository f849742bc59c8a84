"""What stands on a handout: chosen in `handout.yml`, or from the records where nothing was chosen.

A topic needs no `handout.yml`: its takeaways, certainty, trial results, urgent signs and schedule
make a sheet by themselves. A maintainer writes one to choose better.
"""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup

from guide.base.text import first_words, relative, sentence, text, words_join
from guide.content import models as m
from guide.content import wording
from guide.content.names import TRACKS
from guide.content.printed_versions import Changed, address_of, changes_between
from guide.view.badges import badges_of
from guide.view.context import TopicContext
from guide.view.gaps import gap_shown, gaps_shown, no_fact
from guide.view.handout_parts import KIND_OF, SOURCES, qr_path, sheet, source_line
from guide.view.references import references as page_references
from guide.view.results import denominator_for, result_shown
from guide.view.schedule import schedule_line
from guide.view.shown import listed
from guide.view.statements import statement_shown
from guide.view.takeaways import takeaway_shown
from guide.view.versions import current, published_versions


class HandoutView:
    """A handout's parts as plain values for its components, on one page.

    Facts on a sheet stand there in short and in full elsewhere: none gets an anchor here.
    """

    def __init__(self, page: TopicContext):
        self.page = page
        self.sheet = sheet(page)

    def part(self, name: str) -> dict[str, Any]:
        """One part: its lines, the table of its results, and what is said to be unknown."""
        page, lines, results = self.page, [], []
        for item in self.sheet.parts[name]:
            if isinstance(item, m.Result):
                results.append(item)
            elif isinstance(item, m.Takeaway):
                said = takeaway_shown(page, item)
                lead, items = listed(said.text)
                lines.append(
                    {
                        "name": "",
                        "text": lead,
                        "items": items,
                        "rests_on": " ".join(said.records),
                        "badges": (),
                        "cites": said.cites,
                    }
                )
            elif isinstance(item, m.Term):
                lines.append(self._explained(item))
            elif shown := statement_shown(page, item.id):
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
            gap = next(iter(gaps_shown(page, KIND_OF[name])), no_fact(page))
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
        denominator = denominator_for(page, results)
        rows = [
            shown
            for result in results
            if (shown := result_shown(page, result.id, denominator=denominator))
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
                    carried.append(badges_of(page, record))
            cites += page.cites(*row.action) if row.say else ()
            rows.append(
                {
                    "say": schedule_line(page, row),
                    "gap": gap_shown(page, row.gap) if row.gap else None,
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
            "gap": None if rows else next(iter(gaps_shown(page, KIND_OF["tests"])), no_fact(page)),
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
        page = self.page
        now = current(page.library, page.topic.id, page.track)
        address = address_of(page.address, page.topic.id, now.code)
        references = {entry.id: entry for entry in page_references(page).references}
        wanted = (
            self.sheet.sources
            if self.sheet.sources is not None
            else [key for key in references if page.library.sources[key].primary][:SOURCES]
        )
        return {
            "code": now.code,
            "date": wording.shown_date(now.date),
            "address": text(re.sub(r"^https?://", "", address)),
            "public": bool(page.address),
            "href": relative(page.url, f"{page.topic.id}/check/#{now.code}"),
            "qr": relative(page.url, qr_path(now.code)) if page.address else "",
            "sources": [
                {**vars(references[key]), "line": source_line(page.library.sources[key])}
                for key in wanted
                if key in references
            ],
            "count": len(references),
        }

    def prints(self) -> list[dict[str, Any]]:
        """Every version of the topic's handouts that somebody may hold, with what has changed
        since.
        """
        page, found = self.page, []
        for track in TRACKS:
            versions = published_versions(page.library, page.topic.id, track)
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
                                for changed in changes_between(
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
