"""Which records a page's pictures show, as the plain values that `figures` draws and a component
prints.

Each function takes the page, notes the records it shows there, and gives what one component of
`overrides/macros/figure_*.html` needs; None or nothing where there is nothing to draw. The
functions are the second half of `PageView`, kept apart for their size, and use its own parts.
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Any

from . import figures, statistics, wording
from . import models as m
from .view import (
    Badge,
    PageView,
    arm_percent,
    out_of,
    sentence,
    shown_time,
    signed,
    text,
    words_join,
)


def _badges_of(page: PageView, records: list[m.Statement | m.Result]) -> list[Badge]:
    return list(dict.fromkeys(badge for record in records for badge in page.badges(record)))


# -- people out of a number ---------------------------------------------------------------


def pictured_result(page: PageView, trial_id: str) -> str:
    """The one result of a trial that its patients' table shows as a picture, too; "" for none.

    The trial's primary benefit, else its first, among people with the topic's disease, of the
    topic's medicine or an approved one of its class. The comparators' trials get none: arrays of
    many trials in a column would be read as a ranking, which the page warns against.
    """
    trial = page.library.trials[trial_id]
    own = trial.medicine == page.topic.medicine
    relative = page._same_class(page.library.medicines[trial.medicine]) and page._licensed(
        trial.medicine
    )
    if not (own or relative):
        return ""
    fit = [
        result
        for result in trial.results
        if result.outcome == "good"
        and not result.clinician_only
        and not result.who
        and result.population in page.condition.populations
    ]
    return next(
        (result.id for result in sorted(fit, key=lambda result: result.primary is not True)), ""
    )


def people(page: PageView, result_id: str, denominator: int | None = None) -> dict[str, Any]:
    """A result as people out of a number: each arm's count as the table prints it, its drawing, and
    the words around it.

    `denominator` is that of the trial's own table unless another table is shown. Out of 100 every
    person is drawn; out of 1,000 a figure a person would be dust on a phone, and 100 figures would
    not be the printed number, so each arm is a bar of the exact length instead.
    Raises KeyError for an id that is no result's.
    """
    result = page.library.records[result_id]
    if not isinstance(result, m.Result):
        raise KeyError(result_id)
    trial = page.library.trials[page.library.subject[result_id]]
    whole = denominator or page._denominator(trial.results)
    when = shown_time(result.week, patient=True)
    who = page.site.populations[result.population] + (f", {result.who}" if result.who else "")
    outcome = result.patient if page.patient else f"reached {result.endpoint}"
    licensed = page._licensed(trial.medicine)
    arms = []
    for arm in result.arms:
        named = (
            f"{arm.arm} {arm.dose}"
            if arm.dose and len(result.arms) > 2 and (licensed or not page.patient)
            else arm.arm
        )
        arms.append(figures.Share(f"with {named}", out_of(arm, whole)))
    drawing = figures.people(
        f"people-{result.id}", arms, whole, outcome, f"{trial.name}, {when}, people with {who}"
    )
    return {
        "key": f"people-{result.id}",
        "attributes": page._attributes(result),
        "cites": page.cites(result.id),
        "badges": page.badges(result),
        "trial": text(trial.name),
        "when": when,
        "who": text(who),
        "outcome": text(outcome),
        "denominator": wording.shown_number(whole),
        "each": whole == 100,
        "arms": [
            {"group": text(share.group), "count": wording.shown_number(share.count), "svg": part}
            for share, part in zip(arms, drawing.parts, strict=True)
        ],
        "drawing": drawing,
    }


# -- the forest plot ------------------------------------------------------------------------


def forest(page: PageView) -> dict[str, Any] | None:
    """The differences of all trials in the topic's disease, endpoint by endpoint, one row an active
    arm.

    An endpoint is shown when at least three trials report it and one of them has counts. Of a trial
    with several results the primary one stands, else the earliest; subgroups do not. Only trials
    against placebo; where a count was not seen, no interval is computed and the trial is named. All
    endpoints stand on one scale of percentage points.
    """
    family = {*page.condition.populations, *page.condition.related_populations}
    by_endpoint: dict[str, list[tuple[m.Trial, m.Result]]] = {}
    for trial in page.trials_named(
        {key for people in family for key in page.library.studied.get(people, ())}
    ):
        best: dict[str, m.Result] = {}
        for result in trial.results:
            if (
                result.outcome == "good"
                and not result.who
                and result.population in family
                and result.arms[-1].arm == "placebo"
            ):
                rank = (
                    result.primary is not True,
                    result.week if isinstance(result.week, int) else 1000,
                )
                kept = best.get(result.endpoint)
                if kept is None or rank < (
                    kept.primary is not True,
                    kept.week if isinstance(kept.week, int) else 1000,
                ):
                    best[result.endpoint] = result
        for result in best.values():
            by_endpoint.setdefault(result.endpoint, []).append((trial, result))
    plots = []
    for endpoint, found in by_endpoint.items():
        found.sort(
            key=lambda pair: (_class_rank(page, pair[0].medicine), pair[0].medicine, pair[0].name)
        )
        rows = [
            row
            for trial, result in found
            for arm in result.arms[:-1]
            if (row := _forest_row(page, trial, result, arm))
        ]
        if rows and len(found) > 2:
            plots.append((endpoint, found, rows))
    if not plots:
        return None
    plots.sort(key=lambda plot: -len(plot[2]))
    ends = [
        end for _, _, rows in plots for row in rows for end in (row["drawn"].low, row["drawn"].high)
    ]
    scale = figures.scale_of([0, *ends], step=20, margin=8)
    shown = []
    for place, (endpoint, found, rows) in enumerate(plots):
        key = f"forest-{place + 1}"
        title = (
            f"{endpoint}, difference from placebo in percentage points with its 95% interval, trial"
            " by trial; not a ranking"
        )
        drawing = figures.forest(key, [row["drawn"] for row in rows], scale, title)
        for row, part in zip(rows, drawing.parts, strict=True):
            row["svg"] = part
        counted = {row["id"] for row in rows}
        # A trial's results stand on this page or on another one, where its badges and percentages
        # are.
        rest = [
            {
                "id": result.id,
                "href": f"#{result.id}" if result.id in page.stated else page.link_to(result.id),
                "trial": text(trial.name),
                "medicine": text(page.library.medicines[trial.medicine].name),
            }
            for trial, result in found
            if result.id not in counted
        ]
        shown.append(
            {
                "endpoint": text(endpoint),
                "axis": figures.axis(
                    key, scale, [signed(Decimal(int(tick))) for tick in scale.ticks]
                ),
                "groups": _grouped(rows),
                "rest": rest,
                "drawing": drawing,
            }
        )
    return {"plots": shown, "records": " ".join(row["id"] for _, _, rows in plots for row in rows)}


def _class_rank(page: PageView, medicine: str) -> tuple[bool, str]:
    """The topic's own class first, the others by name."""
    klass = page.library.medicines[medicine].class_
    return klass != page.medicine.class_, klass or ""


def _forest_row(
    page: PageView, trial: m.Trial, result: m.Result, arm: m.Arm
) -> dict[str, Any] | None:
    placebo = result.arms[-1]
    if None in (arm.responders, placebo.responders):
        return None
    low, high = statistics.newcombe(arm.responders, arm.n, placebo.responders, placebo.n)
    difference = statistics.rate(arm.responders, arm.n) - statistics.rate(
        placebo.responders, placebo.n
    )
    week = shown_time(result.week, patient=False)
    group = page.library.medicines.get(
        page.library.medicines[arm.medicine or trial.medicine].class_ or ""
    )
    counts = [
        f"{one.responders}/{one.n} ({statistics.rounded(arm_percent(one), 1)}%)"
        for one in (arm, placebo)
    ]
    interval = f"{signed(statistics.rounded(low, 1))} to {signed(statistics.rounded(high, 1))}"
    points = signed(statistics.rounded(difference, 1))
    # The first arm of a result keeps the address that readers were given.
    place = result.arms.index(arm)
    return {
        "id": result.id,
        "anchor": f"forest-{result.id}{f'-{place + 1}' if place else ''}",
        "cites": page.cites(result.id),
        "badges": page.badges(result),
        "trial": text(trial.name),
        "medicine": text(arm.arm),
        "dose": text(arm.dose or ""),
        "week": week,
        "group": text(group.name if group else ""),
        "counts": counts[0],
        "placebo": counts[1],
        "derived": arm.responders_derived or placebo.responders_derived,
        "difference": points,
        "interval": interval,
        "drawn": figures.Interval(
            f"{trial.name}, {week}",
            group.name if group else "",
            f"{arm.arm} {counts[0]}",
            f"placebo {counts[1]}",
            f"{points} points ({interval})",
            float(difference),
            float(low),
            float(high),
        ),
    }


def _grouped(rows: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["group"], []).append(row)
    return list(groups.items())


# -- the timeline ---------------------------------------------------------------------------


def timeline(page: PageView) -> dict[str, Any] | None:
    """Every dated approval for the topic's condition, class by class, oldest first; in words what
    has no date.
    """
    agencies = {agency.id: agency for agency in page.site.agencies}
    dated: list[tuple[m.Approval, m.Medicine]] = []
    undated: list[tuple[m.Approval, m.Medicine]] = []
    for medicine in (
        page.library.medicines[key] for key in page.library.rows.get(page.topic.condition, ())
    ):
        for approval in page.approvals(medicine.id):
            if approval.status == "approved":
                (dated if approval.date else undated).append((approval, medicine))
    if not dated:
        return None
    first: dict[str, float] = {}
    for approval, medicine in sorted(dated, key=lambda pair: _years(pair[0].date)):
        first.setdefault(medicine.class_ or "", _years(approval.date))
    dated.sort(key=lambda pair: (first[pair[1].class_ or ""], _years(pair[0].date), pair[1].name))
    rows = [
        figures.Dated(
            wording.shown_date(approval.date),
            _years(approval.date),
            medicine.name,
            f"{agencies[approval.agency].country} ({approval.agency})",
            approval.date_is == "announcement",
        )
        for approval, medicine in dated
    ]
    scale = figures.scale_of([row.year for row in rows], step=5, margin=1.5)
    drawing = figures.timeline("years", rows, scale, f"Approvals for {page.condition.name}")
    shown = [
        {
            **_approval(page, approval, medicine, agencies),
            "when": row.when.replace(" ", "\u00a0"),
            "announced": row.announced,
            "svg": part,
        }
        for (approval, medicine), row, part in zip(dated, rows, drawing.parts, strict=True)
    ]
    return {
        "groups": _grouped(shown),
        "axis": figures.axis("years", scale, [str(int(tick)) for tick in scale.ticks]),
        "drawing": drawing,
        "undated": [
            _approval(page, approval, medicine, agencies) for approval, medicine in undated
        ],
        "own": _own_status(page, agencies),
        "records": " ".join(approval.id for approval, _ in dated),
    }


def _years(date: datetime.date | str) -> float:
    """A day, or the middle of a month, in years: 2013-10 is 2013.79."""
    if isinstance(date, datetime.date):
        return date.year + (date.timetuple().tm_yday - 1) / 365.25
    year, month = date.split("-")
    return int(year) + (int(month) - 0.5) / 12


def _approval(
    page: PageView, approval: m.Approval, medicine: m.Medicine, agencies: dict[str, m.AgencyRecord]
) -> dict[str, Any]:
    klass = page.library.medicines.get(medicine.class_ or "")
    return {
        "id": approval.id,
        "cites": page.cites(approval.id),
        "medicine": text(medicine.name),
        "group": text(sentence(klass.name) if klass else ""),
        "country": text(agencies[approval.agency].country),
        "agency": approval.agency,
        "own": medicine.id == page.topic.medicine,
        "secondary": approval.confidence == "secondary",
    }


def _own_status(page: PageView, agencies: dict[str, m.AgencyRecord]) -> list[dict[str, Any]]:
    """Where the topic's own medicine is not approved, or not known to be: words for what the line
    cannot show.
    """
    found = []
    for status in ("not approved", "withdrawn", "not known"):
        cells = [
            approval
            for approval in page.approvals(page.topic.medicine)
            if approval.status == status
        ]
        if cells:
            found.append(
                {
                    "status": status,
                    "countries": words_join(text(agencies[cell.agency].place) for cell in cells),
                    "records": " ".join(cell.id for cell in cells),
                    "cites": page.cites(*[cell.id for cell in cells]),
                }
            )
    return found


# -- the pathway ----------------------------------------------------------------------------


def pathway(page: PageView) -> dict[str, Any] | None:
    """The classes with a medicine approved for the condition, and the topic's own, each with what
    it blocks.

    In the order of the comparison; None where no class says what it acts on.
    """
    lanes, shown = [], []
    order = [option.id for option in page.library.comparisons[page.topic.condition].options]
    cells = page.library.rows.get(page.topic.condition, ())
    named = {
        *cells,
        *(klass for key in cells for klass in page.library.classes.get(key, ())),
        *([page.medicine.class_] if page.medicine.class_ else []),
    }
    for key in sorted(
        named, key=lambda key: (order.index(key) if key in order else len(order), key)
    ):
        klass = page.library.medicines[key]
        if klass.acts_on is None or not (key == page.medicine.class_ or page._licensed(key)):
            continue
        target = klass.acts_on
        lanes.append(figures.Lane(tuple(target.messengers), klass.name, tuple(target.inside)))
        shown.append(
            {
                "name": text(klass.name),
                "messengers": text(words_join(target.messengers)),
                "many": len(target.messengers) > 1,
                "inside": [text(protein) for protein in target.inside],
                "records": " ".join(target.statements),
                "cites": page.cites(*target.statements),
            }
        )
    if not lanes:
        return None
    title = "Where medicines block the signals of inflammation"
    said = [
        (
            f"{lane.blocker} act inside the cell, on {lane.inside[0]}, which passes on the signals"
            f" of {words_join(lane.messengers)}."
            if lane.inside
            else f"{lane.blocker} catch {words_join(lane.messengers)} outside the cell."
        )
        for lane in lanes
    ]
    return {
        "lanes": shown,
        "drawing": figures.pathway("pathway", lanes, title, " ".join(said)),
        "records": " ".join(dict.fromkeys(" ".join(lane["records"] for lane in shown).split())),
    }


# -- the calendar ---------------------------------------------------------------------------

_DAYS = {"days": 1, "weeks": 7, "months": 30, "years": 365}


def calendar(page: PageView) -> dict[str, Any] | None:
    """The schedule turned round: when first, then which tests, with the countries whose texts say
    so.

    Times are the values that a row names in `due` and `every`; what is asked for during treatment
    without one stands under a time of its own, as the team decides.
    """
    schedule = page.library.schedules.get(page.topic.medicine)
    if schedule is None:
        return None
    times: dict[tuple[int, int | Decimal, str], dict[str, Any]] = {}

    def note(
        rank: int,
        days: int | Decimal,
        when: str,
        fixed: bool,
        row: m.MonitoringRow,
        keys: list[str],
        kind: str,
    ) -> None:
        told = [page.library.records[key] for key in keys]
        told = [
            record for record in told if isinstance(record, m.Statement) and page.wording_of(record)
        ]
        if not told:
            return
        moment = times.setdefault(
            (rank, days, when),
            {"when": when, "fixed": fixed, "kind": kind, "records": {}, "tests": {}},
        )
        moment["records"].update(dict.fromkeys(record.id for record in told))
        countries = moment["tests"].setdefault(
            row.id,
            {"name": _short(row, page.patient), "id": row.id, "countries": {}, "records": {}},
        )
        countries["countries"].update(
            dict.fromkeys(code for record in told for code in record.jurisdictions)
        )
        countries["records"].update(dict.fromkeys(record.id for record in told))

    for row in schedule.rows:
        note(0, 0, "Before the first dose", True, row, row.before, "before")
        timed = set()
        for rank, field, words in (
            (1, row.due, "{} after the start"),
            (2, row.every, "Then every {}"),
        ):
            for call in field:
                owner, _, name = call.partition(".")
                value = page.library.records[owner].values[name]
                first = value.value if value.value is not None else value.low
                note(
                    rank,
                    first * _DAYS[value.unit],
                    words.format(wording.shown(value)),
                    True,
                    row,
                    [owner],
                    "time",
                )
                timed.add(owner)
        note(
            3,
            0,
            "During treatment, at no set time",
            False,
            row,
            [key for key in row.during if key not in timed],
            "open",
        )
    moments = [times[key] for key in sorted(times, key=lambda key: (key[0], key[1], key[2]))]
    order = list(page.site.jurisdictions)
    for moment in moments:
        for test in moment["tests"].values():
            test["where"] = ", ".join(sorted(test["countries"], key=order.index))
    medicine = page.names["medicine"]
    drawing = figures.calendar(
        [
            figures.Moment(
                moment["when"],
                moment["fixed"],
                tuple((test["name"], test["where"]) for test in moment["tests"].values()),
            )
            for moment in moments
        ],
        f"Tests and checks with {page.medicine.name}",
    )
    told = [page.library.records[key] for moment in moments for key in moment["records"]]
    shown = []
    for moment, part in zip(moments, drawing.parts, strict=True):
        shown.append(
            {
                "when": text(moment["when"]),
                "fixed": moment["fixed"],
                "kind": moment["kind"],
                "svg": part,
                "records": " ".join(moment["records"]),
                "cites": page.cites(*moment["records"]),
                "tests": [
                    {
                        "id": test["id"],
                        "name": text(sentence(test["name"])),
                        "where": text(test["where"]),
                        "records": " ".join(test["records"]),
                    }
                    for test in moment["tests"].values()
                ],
            }
        )
    return {
        "moments": shown,
        "medicine": medicine,
        "drawing": drawing,
        "badges": [badge for badge in _badges_of(page, told) if badge.kind.startswith("other")],
    }


def _short(row: m.MonitoringRow, patient: bool) -> str:
    """A test's name without its explanation: for patients what stands before a colon or semicolon,
    else before a comma; for clinicians what stands before a bracket.
    """
    if not patient:
        return row.test.partition(" (")[0]
    return re.split(r"[:;]" if re.search(r"[:;]", row.patient) else ",", row.patient)[0]
