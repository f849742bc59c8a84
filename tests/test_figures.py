"""The pictures: what is drawn is what is printed, every one has its words, and each can stand alone
on paper.
"""

from __future__ import annotations

import datetime
import gzip
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from urllib.parse import unquote, urljoin

import pytest
from bs4 import BeautifulSoup
from statsmodels.stats.proportion import confint_proportions_2indep

from conftest import ROOT, TODAY, cited_in
from guide.base.problem import ContentErrors
from guide.build import prepare
from guide.content import wording
from guide.content.loading import load
from guide.content.values import out_of
from guide.view.context import TopicContext
from guide.view.figures import forest, timeline
from guide.view.figures.calendar import figure_calendar
from guide.view.figures.pathway import figure_pathway
from guide.view.figures.people import figure_people
from guide.view.results import trial_of
from guide.view.svg import (
    calendar_chart,
    forest_plot,
    pathway_diagram,
    people_chart,
    shapes,
    timeline_chart,
)
from guide.view.trials import people_table

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script> & \"quoted\" 'x' *b* | `c` ]]>"


@pytest.fixture(scope="session")
def library():
    return load(ROOT)


def view(library, topic="baricitinib-as", track="patients") -> TopicContext:
    record = library.topics[topic]
    condition = library.conditions[record.condition]
    return TopicContext(library, track, "page", TODAY, topic=record, condition=condition)


def words(element) -> str:
    return re.sub(r"\s+", " ", element.get_text(" ")).strip()


def problems_of(project) -> list:
    """What the content check says of a project."""
    with pytest.raises(ContentErrors) as raised:
        prepare(project, TODAY)
    return raised.value.problems


def parse(svg: str) -> ET.Element:
    return ET.fromstring(
        svg
        if "xmlns=" in svg
        else svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    )


def persons(group: ET.Element, defined: dict[str, ET.Element]) -> list[tuple[float, float]]:
    """Where each person of a group stands, every <use> followed to the path it repeats."""
    found = []
    for use in group.iter(f"{SVG}use"):
        x, y, target = float(use.get("x", 0)), float(use.get("y", 0)), defined[use.get("href")[1:]]
        found += (
            [(x, y)]
            if target.tag == f"{SVG}path"
            else [(x + dx, y + dy) for dx, dy in persons(target, defined)]
        )
    return found


def drawn_people(parts) -> list[tuple[int, int]]:
    """(filled, outlined) of each array; every cell of ten by ten is taken once."""
    roots = [parse(str(part)) for part in parts]
    defined = {
        element.get("id"): element for root in roots for element in root.iter() if element.get("id")
    }
    counts = []
    for root in roots:
        yes, no = (
            next(group for group in root.findall(f"{SVG}g") if group.get("class") == kind)
            for kind in ("yes", "no")
        )
        filled, hollow = persons(yes, defined), persons(no, defined)
        assert sorted(filled + hollow) == sorted(
            (x * 12, y * 15) for x in range(10) for y in range(10)
        )
        assert (
            max(filled, key=lambda cell: cell[::-1], default=(-1, -1))[::-1]
            < min(hollow, key=lambda cell: cell[::-1], default=(999, 999))[::-1]
        )
        counts.append((len(filled), len(hollow)))
    return counts


# -- people -------------------------------------------------------------------------------


def results(library):
    return [result for result in library.results() if not result.clinician_only]


def test_every_result_of_the_library_is_drawn_as_its_table_prints_it(library):
    arrays = bars = 0
    for result in results(library):
        page = view(library)
        table = people_table(page, trial_of(page, result), [result])
        printed = table.results[0]
        drawn = figure_people(page, result.id)
        drawing = people_chart.draw_people(drawn.picture)
        assert drawn.denominator == table.denominator
        assert [arm.count for arm in drawn.arms] == [arm.count for arm in printed.arms]
        numbers = [int(arm.count.replace(",", "")) for arm in printed.arms]
        if table.denominator == "100":
            assert drawn_people(drawing.parts) == [(number, 100 - number) for number in numbers]
            arrays += 1
        else:
            for part, number in zip(drawing.parts, numbers, strict=True):
                wide = [
                    rect.get("width")
                    for rect in parse(str(part)).iter(f"{SVG}rect")
                    if rect.get("class") == "yes"
                ]
                assert float(wide[0].rstrip("%")) == pytest.approx(number / 10, abs=0.005)
            bars += 1
        for arm in drawn.arms:
            assert f"{arm.count} out of {drawn.denominator}" in drawing.alt
    assert arrays > 15 and bars > 5


def one_group(count: int) -> people_chart.PeopleChart:
    share = people_chart.Share("with x", count)
    return people_chart.PeopleChart("k", (share,), 100, "got better", "A trial")


@pytest.mark.parametrize("count", range(101))
def test_any_count_fills_its_cells(count):
    drawing = people_chart.draw_people(one_group(count))
    assert drawn_people(drawing.parts) == [(count, 100 - count)]


@pytest.mark.parametrize("count", [-1, 101])
def test_a_count_that_is_no_share_is_refused(count):
    with pytest.raises(ValueError, match=f"{count} out of 100 cannot be drawn"):
        people_chart.draw_people(one_group(count))


def test_only_a_result_can_be_drawn_as_people(library):
    with pytest.raises(KeyError, match="mech-jak-il6"):
        figure_people(view(library), "mech-jak-il6")


def test_an_array_pair_is_small(library):
    figure = figure_people(view(library), "select-axis-1-asas40")
    part = "".join(str(part) for part in people_chart.draw_people(figure.picture).parts)
    assert len(gzip.compress(part.encode(), 9)) < 1500


def test_one_picture_a_trial_and_none_for_the_comparators(soups, library):
    shown = 0
    for topic in library.topics.values():
        soup = soups[f"{topic.id}/patients/trials/"]
        medicine = library.medicines[topic.medicine]
        for section in soup.select("section.trial"):
            pictures = section.select("figure.people")
            assert len(pictures) <= 1
            for picture in pictures:
                result = library.records[picture["data-record"]]
                trial = library.trials[library.subject[result.id]]
                assert (
                    result.outcome == "good"
                    and result.population in library.conditions[topic.condition].populations
                )
                assert library.medicines[trial.medicine].class_ == medicine.class_
                row = section.find("tr", attrs={"data-record": result.id})
                printed = re.findall(r"[\d,]+ out of 1,?00+", words(row))
                for arm in picture.select(".people__arms p"):
                    assert re.match(r"[\d,]+ out of 1,?00+", words(arm))[0] in printed
                # The same badges as the row: another medicine's figures are never the page's own.
                assert [words(badge) for badge in picture.select(".badge")] == [
                    words(badge) for badge in row.select(".badge")
                ]
                shown += 1
    assert shown == 4


# -- the forest plot ----------------------------------------------------------------------


def points(text: str) -> list[float]:
    return [
        float(number.replace("\u2212", "-")) for number in re.findall(r"[+\u2212]\d+\.\d", text)
    ]


def values_along(ticks: dict[float, float]) -> Callable[[str], float]:
    """What a place on the axis stands for, from the ticks' values and their places in percent."""
    (one, at_one), (other, at_other) = sorted(ticks.items())[:1] + sorted(ticks.items())[-1:]

    def value(percent: str) -> float:
        return one + (float(percent.rstrip("%")) - at_one) * (other - one) / (at_other - at_one)

    return value


def test_every_forest_row_is_the_interval_of_an_independent_library(soups, library):
    checked = 0
    for topic in library.topics:
        figure = soups[f"{topic}/clinicians/trials/"].select_one("figure.forest")
        for plot in figure.select("table"):
            ticks = {
                float(text.get_text().replace("\u2212", "-")): float(text["x"].rstrip("%"))
                for text in plot.select(".axis text")
            }
            value = values_along(ticks)
            for row in plot.select("tbody tr[data-record]"):
                medicine, placebo, difference = (words(cell) for cell in row.find_all("td")[:3])
                assert library.records[row["data-record"]].endpoint == words(plot.caption)
                (a, n), (b, k) = (
                    map(int, re.match(r"(\d+)/(\d+) \(", cell).groups())
                    for cell in (medicine, placebo)
                )
                record = library.records[row["data-record"]]
                assert (b, k) == (record.arms[-1].responders, record.arms[-1].n) and (a, n) in [
                    (arm.responders, arm.n) for arm in record.arms[:-1]
                ]
                low, high = confint_proportions_2indep(a, n, b, k, method="newcomb", compare="diff")
                assert points(difference) == [
                    round((a / n - b / k) * 100 + 1e-9, 1),
                    round(low * 100 + 1e-9, 1),
                    round(high * 100 + 1e-9, 1),
                ]
                assert f"({b / k * 100:.1f}%)" in placebo
                line, dot = row.select_one(".interval"), row.circle
                assert value(line["x1"]) == pytest.approx(low * 100, abs=0.05) and value(
                    line["x2"]
                ) == pytest.approx(high * 100, abs=0.05)
                assert value(dot["cx"]) == pytest.approx((a / n - b / k) * 100, abs=0.05)
                checked += 1
        assert "nothing is pooled" in words(figure.figcaption) and "Do not rank" in words(
            figure.figcaption
        )
        # The outcome that most trials report with their counts stands first.
        rows = {
            words(plot.caption): len(plot.select("tbody tr[data-record]"))
            for plot in figure.select("table")
        }
        assert list(rows) == sorted(("ASAS20", "ASAS40"), key=lambda endpoint: -rows[endpoint])
    assert checked == 3 * 36


def test_every_finding_is_the_interval_of_an_independent_library(soups, library):
    """The summary of findings of the condition: each arm of each trial in one row, with its own
    placebo group, and a mark where the counts are known.
    """
    table = soups["ankylosing-spondylitis/clinicians/trials/"].select_one("table.findings")
    value = values_along(
        {
            float(text.get_text().replace("\u2212", "-")): float(text["x"].rstrip("%"))
            for text in table.select(".axis text")
        }
    )
    rows = table.select("tbody tr[data-record]")
    marked = 0
    for row in rows:
        record = library.records[row["data-record"]]
        assert words(table.caption).startswith(f"{record.endpoint},")
        cells = {cell.get("data-label"): words(cell) for cell in row.select("td")}
        if row.select_one(".interval") is None:
            assert "(" not in cells["Difference, points"] and cells["NNT"] == "not given"
            continue
        (a, n), (b, k) = (
            map(int, re.match(r"(\d+)/(\d+) \(", cells[arm]).groups())
            for arm in ("Medicine", "Placebo")
        )
        assert (b, k) == (record.arms[-1].responders, record.arms[-1].n)
        assert (a, n) in [(arm.responders, arm.n) for arm in record.arms[:-1]]
        low, high = confint_proportions_2indep(a, n, b, k, method="newcomb", compare="diff")
        ends = [(a / n - b / k) * 100, low * 100, high * 100]
        assert points(cells["Difference, points"]) == [round(end + 1e-9, 1) for end in ends]
        line = row.select_one(".interval")
        drawn = [value(place) for place in (row.circle["cx"], line["x1"], line["x2"])]
        assert drawn == pytest.approx(ends, abs=0.06)
        marked += 1
    arms = {row["data-record"]: len(library.records[row["data-record"]].arms) - 1 for row in rows}
    assert len(rows) == sum(arms.values()) and marked > 15


def test_a_trial_without_counts_is_named_and_has_no_interval(soups, library):
    url = "baricitinib-as/clinicians/trials/"
    figure = soups[url].select_one("figure.forest")
    rows = {row["data-record"] for row in figure.select("tbody tr[data-record]")}
    named = {link["data-record"]: link["href"] for link in figure.select("p a[data-record]")}
    family = {"AS", "axSpA", "nr-axSpA"}
    for result in library.results():
        # One row a trial and endpoint: of two results the earlier one.
        if (
            result.endpoint not in ("ASAS40", "ASAS20")
            or result.who
            or result.population not in family
            or result.id == "etanercept-davis-2003-24w"
        ):
            assert result.id not in rows and result.id not in named
        elif (
            all(arm.responders is None for arm in result.arms[:-1])
            or result.arms[-1].responders is None
        ):
            # On the page itself, or on the condition's.
            path, _, anchor = urljoin(url, named[result.id]).partition("#")
            assert path in (url, "ankylosing-spondylitis/clinicians/trials/"), result.id
            assert anchor == result.id and result.id not in rows
            assert soups[path].find(id=result.id), result.id
        else:
            assert result.id in rows and result.id not in named
    assert "interval not computed, because the counts are not known" in words(figure)


# -- the timeline -------------------------------------------------------------------------


def test_the_timeline_says_and_draws_every_recorded_date(soups, library):
    approvals = {
        approval.id: approval
        for medicine in library.medicines.values()
        for approval in medicine.approvals
        if approval.condition == "ankylosing-spondylitis" and approval.status == "approved"
    }
    for topic in library.topics:
        for track in ("patients", "clinicians"):
            figure = soups[f"{topic}/{track}/approval/"].select_one("figure.timeline")
            rows = {row["data-record"]: row for row in figure.select("tbody tr[data-record]")}
            assert set(rows) == {key for key, approval in approvals.items() if approval.date}
            years = {
                int(text.get_text()): float(text["x"].rstrip("%"))
                for text in figure.select(".axis text")
            }
            a_year = (years[2020] - years[2010]) / 10
            for key, row in rows.items():
                approval = approvals[key]
                announced = approval.date_is == "announcement"
                assert words(row.td) == wording.shown_date(approval.date) + (
                    ", announced" if announced else ""
                )
                assert library.subject[key].replace("-", " ") in words(row.th)
                country = next(
                    agency.country
                    for agency in library.site.agencies
                    if agency.id == approval.agency
                )
                assert country in words(row) and (
                    track == "patients" or approval.agency in re.findall(r"\w+", words(row))
                )
                assert (row.circle.get("class") == ["ring"]) == announced
                date = (
                    approval.date
                    if isinstance(approval.date, datetime.date)
                    else datetime.date(*map(int, f"{approval.date}-15".split("-")))
                )
                place = 2020 + (float(row.circle["cx"].rstrip("%")) - years[2020]) / a_year
                assert place == pytest.approx(
                    date.year + (date.timetuple().tm_yday - 1) / 365.25, abs=0.02
                ), key
            undated = {item["data-record"] for item in figure.select("ul > li")}
            assert undated == {key for key, approval in approvals.items() if not approval.date}
    own = words(soups["baricitinib-as/patients/approval/"].select_one("figure.timeline"))
    assert (
        "Baricitinib: not approved in the United States, the European Union, the United Kingdom,"
        " Australia and Japan" in own
    )


# -- the calendar and the pathway ---------------------------------------------------------


def test_the_calendar_has_only_times_that_stand_in_values(soups, library):
    times = 0
    for topic in library.topics.values():
        schedule = library.schedules[topic.medicine]
        due = {
            wording.shown(library.records[call.partition(".")[0]].values[call.partition(".")[2]])
            for row in schedule.rows
            for call in (*row.due, *row.every)
        }
        for track in ("patients", "clinicians"):
            soup = soups[f"{topic.id}/{track}/monitoring/"]
            figure = soup.select_one("figure.calendar")
            moments = figure.select("ol > li")
            fixed = [
                words(moment.p.strong) for moment in moments if "calendar__time" in moment["class"]
            ]
            assert {re.sub(r"^Then every | after the start$", "", when) for when in fixed} == {
                value.replace("\u00a0", " ") for value in due
            }
            times += len(fixed)
            for moment in moments:
                assert moment.select(".cites a")
                # A ring, and only there, where no text sets a time.
                assert (moment.circle.get("class") == ["ring"]) == (
                    "calendar__open" in moment["class"]
                )
                told = moment["data-record"].split()
                for test in moment.select("ul a"):
                    row = next(row for row in schedule.rows if f"#test-{row.id}" == test["href"])
                    assert soup.find(id=f"test-{row.id}")
                    countries = {
                        code
                        for key in told
                        if key in (*row.before, *row.during)
                        for code in library.records[key].jurisdictions
                    }
                    assert set(words(test.find_next_sibling("span")).split(", ")) <= countries
            shown = {test["href"].removeprefix("#test-") for test in figure.select("ul a")}
            assert shown == {row.id for row in schedule.rows if row.before or row.during}
    assert times == 2 * (1 + 3 + 5)


def test_the_pathway_shows_the_classes_of_the_condition_and_cites_each(soups, library):
    """For clinicians in the figure; for patients below it, where each fact stands in full."""
    for topic in library.topics:
        for track in ("patients", "clinicians"):
            soup = soups[f"{topic}/{track}/mechanism/"]
            figure = soup.select_one("figure.pathways")
            drawn = words(figure.svg)
            for key in ("tnf-inhibitors", "il-17-inhibitors", "jak-inhibitors"):
                target = library.medicines[key].acts_on
                assert library.medicines[key].name in drawn
                assert all(name in drawn for name in (*target.messengers, *target.inside))
                item = next(
                    item
                    for item in figure.select("li")
                    if words(item).startswith(library.medicines[key].name)
                )
                assert set(item["data-record"].split()) == set(target.statements)
                facts = [soup.find(id=statement) for statement in target.statements]
                for fact, statement in zip(facts, target.statements, strict=True):
                    assert cited_in(fact) == set(library.records[statement].sources)
                if track == "patients":
                    assert not figure.select(".cites")
                else:
                    assert cited_in(item) == set.union(*map(cited_in, facts))
            assert "IL-23 inhibitors" not in drawn


def test_a_pathway_without_a_lane_is_refused():
    with pytest.raises(ValueError, match="a pathway needs a lane"):
        pathway_diagram.draw_pathway(pathway_diagram.Pathway("k", (), "t", "a"))


def write_schedule(tiny, due: str) -> None:
    (tiny / "content/medicines/examplinib/schedule.yml").write_text(
        "rows:\n  - id: eyes\n    test: Eye test\n    patient: Eyes\n    during:"
        f" [examplinib-dose-us]\n    due: [{due}]\n"
    )


@pytest.mark.parametrize(
    "due, message",
    [
        ("examplinib-dose-us.dose", "due: 'examplinib-dose-us' has no time 'dose'; it has none"),
        (
            "examplinib-dose-uk.dose",
            (
                "due: 'examplinib-dose-uk' is not in 'during' (nearest: 'examplinib-dose-us'): a"
                " time belongs to a statement of the row"
            ),
        ),
    ],
)
def test_a_time_of_the_calendar_is_a_value_of_the_row(tiny, due, message):
    write_schedule(tiny, due)
    found = [problem for problem in problems_of(tiny) if problem.rule == "names-exist"]
    assert [(problem.path, problem.line, problem.message) for problem in found] == [
        ("content/medicines/examplinib/schedule.yml", 6, message)
    ]


def test_a_target_rests_on_statements_that_exist(tiny):
    path = tiny / "content/medicines/example-class/medicine.yml"
    path.write_text(
        path.read_text() + "acts_on:\n  messengers: [messenger]\n  statements: [ed-definitoin]\n"
    )
    found = [problem for problem in problems_of(tiny) if problem.rule == "names-exist"]
    assert [(problem.line, problem.message) for problem in found] == [
        (7, "there is no statement 'ed-definitoin' (nearest: 'ed-definition')")
    ]


# -- every figure of the finished pages ---------------------------------------------------


def test_every_figure_has_a_caption_a_name_and_no_mute_picture(soups, library):
    kinds: dict[str, int] = {}
    for url, soup in soups.items():
        ids = [element["id"] for element in soup.find_all(id=True)]
        for figure in soup.select("figure.figure"):
            kind = next(name for name in figure["class"] if name not in ("figure", "figure--wide"))
            kinds[kind] = kinds.get(kind, 0) + 1
            assert len(words(figure.figcaption)) > 60, url
            label = soup.find(id=figure["aria-labelledby"])
            assert label is figure.figcaption, url
            # A patient reads the sources with the facts below the pathways.
            assert figure.select(".cites a") or (kind == "pathways" and "/patients/" in url), url
            for svg in figure.select("svg"):
                if svg.get("aria-hidden") == "true":
                    # A mark in a row: the row says it in words.
                    assert svg.get("role") is None and (svg.find_parent(["tr", "li"]) is not None)
                    continue
                assert svg["role"] == "img", url
                for name in svg["aria-labelledby"].split():
                    assert ids.count(name) == 1 and words(soup.find(id=name)), (url, name)
            for title in figure.select("[title]"):
                raise AssertionError(f"{url}: a tooltip is no text: {title}")
            for use in figure.select("use"):
                assert ids.count(use["href"][1:]) == 1, (url, use["href"])
            for node in figure.find_all(string=re.compile(r"\d")):
                bound = any(
                    "data-record" in parent.attrs or "cites" in parent.get("class", ())
                    for parent in node.parents
                )
                assert bound or re.search(r"95% intervals", node), (url, str(node))
    # Those of trials, and one with each answer that has one.
    answered = sum(
        words is not None
        for answers in library.answers.values()
        for answer in answers
        if answer.picture
        for words in (answer.patient, answer.clinician)
    )
    assert answered and kinds == {
        "people": 4 + answered,
        "forest": 3,
        "timeline": 6,
        "pathways": 6,
        "calendar": 6,
    }


@pytest.mark.parametrize("track", ["patients", "clinicians"])
def test_the_pictures_of_the_options_have_names_and_the_numbers_of_their_results(
    soups, library, track
):
    soup = soups[f"ankylosing-spondylitis/{track}/options/"]
    drawn = 0
    for picture in soup.select("td.option .option__picture"):
        result = library.records[picture["data-record"]]
        cell = picture.find_parent("td")
        assert result.id in cell["data-record"].split()
        svgs = picture.select("svg")
        assert len(svgs) == len(result.arms)
        for svg, arm in zip(svgs, result.arms, strict=True):
            assert svg["role"] == "img"
            (name,) = soup.select(f"[id='{svg['aria-labelledby']}']")
            count = out_of(arm, 100)
            assert words(name).startswith(f"{count} out of 100 with ")
            assert arm.arm in words(name)
            # Whole rows are used as one person of ten.
            filled = svg.select_one(".yes").select("use")
            assert sum(10 if use["href"].endswith("-r") else 1 for use in filled) == count
        for use in picture.select("use"):
            assert len(soup.select(f"[id='{use['href'][1:]}']")) == 1
        drawn += 1
    assert drawn == sum(
        cell.picture is not None
        for row in library.comparisons["ankylosing-spondylitis"].rows
        for cell in row.cells
    )


# -- alone on paper -----------------------------------------------------------------------


def drawings(library, topic, track):
    page = view(library, topic, track)
    for name, result in (
        ("people", "select-axis-1-asas40"),
        ("bars", "tofa-ph3-asas20"),
        ("three arms", "go-raise-asas40"),
    ):
        yield name, people_chart.draw_people(figure_people(page, result).picture)
    for plot in forest.figure_forest(page).plots:
        yield "forest", forest_plot.draw_forest(forest.picture_of(plot))
    years = timeline.picture_of(timeline.figure_timeline(page))
    yield "timeline", timeline_chart.draw_timeline(years)
    yield "pathway", pathway_diagram.draw_pathway(figure_pathway(page).picture)
    yield "calendar", calendar_chart.draw_calendar(figure_calendar(page).picture)


@pytest.mark.parametrize("track", ["patients", "clinicians"])
def test_each_picture_stands_alone_with_its_alt(library, track):
    seen = set()
    for topic in library.topics:
        for name, drawing in drawings(library, topic, track):
            root = ET.fromstring(drawing.alone)
            assert (
                root.tag == f"{SVG}svg"
                and float(root.get("width")) > 0
                and float(root.get("height")) > 0
            )
            paper = root.find(f"{SVG}rect")
            assert (
                paper.get("fill") == "#ffffff"
                and paper.get("width") == root.get("width")
                and paper.get("height") == root.get("height")
            )
            # Its own colours; only the pathway has a style sheet, its own.
            assert "var(" not in drawing.alone and (
                "<style>" in drawing.alone or "class=" not in drawing.alone
            )
            assert len(drawing.alt) > 60 and drawing.alt.endswith(".")
            assert unquote(
                drawing.src.removeprefix("data:image/svg+xml,")
            ) == drawing.alone and not set('<>"#&\n') & set(drawing.src)
            texts = [element for element in root.iter(f"{SVG}text")]
            assert texts
            for element in texts:
                # Nothing runs out of the sheet.
                assert 0 <= float(element.get("x")) <= float(root.get("width")) and 0 < float(
                    element.get("y")
                ) <= float(root.get("height"))
            seen.add(name)
    assert seen == {"people", "bars", "three arms", "forest", "timeline", "pathway", "calendar"}


def test_the_numbers_of_a_picture_stand_in_its_alt(library):
    for name, drawing in drawings(library, "tofacitinib-as", "clinicians"):
        if name == "pathway":
            continue
        said = " ".join(
            element.text or "" for element in ET.fromstring(drawing.alone).iter(f"{SVG}text")
        )
        axis = (
            {"2005", "2010", "2015", "2020", "2025", "0", "+20", "+40"}
            if name in ("forest", "timeline")
            else set()
        )
        for number in set(re.findall(r"[+\u2212]?[\d,./]*\d%?", said)) - axis:
            assert number in drawing.alt or number == "100", (name, number)


@pytest.mark.parametrize(
    "draw, picture",
    [
        (
            people_chart.draw_people,
            people_chart.PeopleChart("k", (people_chart.Share(HOSTILE, 3),), 100, HOSTILE, HOSTILE),
        ),
        (
            people_chart.draw_people,
            people_chart.PeopleChart(
                "k", (people_chart.Share(HOSTILE, 3),), 1000, HOSTILE, HOSTILE
            ),
        ),
        (
            forest_plot.draw_forest,
            forest_plot.ForestPlot(
                shapes.Axis("k", shapes.Scale(-8, 10, (0.0,)), (HOSTILE,)),
                (forest_plot.Interval(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, 1.0, 0.5, 2.0),),
                HOSTILE,
            ),
        ),
        (
            timeline_chart.draw_timeline,
            timeline_chart.Timeline(
                shapes.Axis("k", shapes.Scale(2018, 2022, (2020.0,)), (HOSTILE,)),
                (timeline_chart.Dated(HOSTILE, 2020.0, HOSTILE, HOSTILE, True),),
                HOSTILE,
            ),
        ),
        (
            pathway_diagram.draw_pathway,
            pathway_diagram.Pathway(
                "k",
                (
                    pathway_diagram.Lane((HOSTILE,), HOSTILE),
                    pathway_diagram.Lane((HOSTILE,), HOSTILE, (HOSTILE, HOSTILE)),
                ),
                HOSTILE,
                HOSTILE,
            ),
        ),
        (
            calendar_chart.draw_calendar,
            calendar_chart.Calendar(
                (calendar_chart.Moment(HOSTILE, True, ((HOSTILE, HOSTILE),)),), HOSTILE
            ),
        ),
    ],
)
def test_hostile_text_is_only_ever_text(draw, picture):
    drawing = draw(picture)
    root = ET.fromstring(drawing.alone)
    assert not list(root.iter(f"{SVG}script"))
    assert "alert(1)" in "".join(root.itertext()).replace(" ", "")
    for part in drawing.parts:
        soup = BeautifulSoup(str(part), "html5lib")
        assert not soup.find("script") and "*b*" not in str(part)
    assert not set('<>"#&') & set(drawing.src)
    assert "<script>" in drawing.alt  # Plain words: the component that prints it escapes.


def test_axis_labels_are_escaped():
    axis = shapes.Axis("k", shapes.Scale(0, 10, (5.0,)), ("<b>",))
    assert "<b>" not in str(shapes.draw_axis(axis))


def test_a_scale_holds_its_values_and_keeps_its_numbers_from_the_ends():
    scale = shapes.scale_of([0, 46.9], 20, 8)
    assert scale.ticks == (0, 20, 40) and scale.low == -8 and scale.high == pytest.approx(54.9)
    assert shapes.scale_of([-30, 10], 20, 8).ticks == (-20, 0)
    assert scale.at(-8) == "0%" and scale.at(54.9) == "100%"


# -- in the browser -----------------------------------------------------------------------

PICTURES = {
    "baricitinib-as/patients/trials/": "figure.people",
    "baricitinib-as/clinicians/trials/": "figure.forest",
    "baricitinib-as/patients/approval/": "figure.timeline",
    "baricitinib-as/patients/mechanism/": "figure.pathways",
    "tofacitinib-as/patients/monitoring/": "figure.calendar",
    "tofacitinib-as/patients/trials/": "figure.people",
}
LUMINANCE = """([a, b]) => {
  const l = c => {
    const v = c.match(/[\\d.]+/g).slice(0, 3).map(x => {
      x /= 255;
      return x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2];
  };
  const [x, y] = [l(a), l(b)].sort((p, q) => q - p);
  return (x + 0.05) / (y + 0.05);
}"""
# What tells one mark from another or from the page, and the colour property that draws it.
MARKS = {
    "figure.people .yes": "fill",
    "figure.people .no": "stroke",
    ".interval": "stroke",
    "figure circle:not(.ring)": "fill",
    "figure .ring": "stroke",
    ".zero": "stroke",
    ".pathway .stop rect": "fill",
    ".pathway .cut": "stroke",
    ".pathway .box": "stroke",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_fit_a_narrow_phone_and_have_contrast(browser, address, scheme):
    context = browser.new_context(
        viewport={"width": 320, "height": 800}, color_scheme=scheme, base_url=address
    )
    page, seen = context.new_page(), set()
    for url, selector in PICTURES.items():
        page.goto(url)
        for figure in page.locator(selector).all():
            box = figure.bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= 320.5, (url, box)
            for size in figure.evaluate(
                "f => [...f.querySelectorAll('text, p, li, td, th')].filter(e =>"
                " e.textContent.trim() && e.getBoundingClientRect().width > 1).map(e =>"
                " parseFloat(getComputedStyle(e).fontSize) * (e.ownerSVGElement &&"
                " e.ownerSVGElement.getAttribute('viewBox') ? e.ownerSVGElement.clientWidth /"
                " e.ownerSVGElement.viewBox.baseVal.width : 1))"
            ):
                assert size >= 10.9, (url, size)
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        for mark, property_ in MARKS.items():
            for colour in page.locator(mark).evaluate_all(
                f"all => [...new Set(all.map(e => getComputedStyle(e).{property_}))]"
            ):
                assert page.evaluate(LUMINANCE, [colour, background]) >= 3, (url, mark, colour)
                seen.add(mark)
    context.close()
    assert seen == set(MARKS)


def test_the_standalone_form_loads_as_an_image(page, library):
    page.goto("")
    for name, drawing in drawings(library, "upadacitinib-as", "patients"):
        size = page.evaluate(
            "async src => { const i = new Image(); i.src = src; await i.decode(); return"
            " [i.naturalWidth, i.naturalHeight] }",
            str(drawing.src),
        )
        assert min(size) > 50, name


def test_a_dark_screen_prints_dark_ink_on_white(browser, address):
    context = browser.new_context(color_scheme="dark", base_url=address)
    page = context.new_page()
    page.goto("upadacitinib-as/patients/trials/")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    for selector, property_ in (
        ("figure.people .yes", "fill"),
        ("figure.people .no", "stroke"),
        ("figure.people strong", "color"),
        ("article p", "color"),
    ):
        colour = page.locator(selector).first.evaluate(f"e => getComputedStyle(e).{property_}")
        assert page.evaluate(LUMINANCE, [colour, "rgb(255, 255, 255)"]) >= 4.5, (selector, colour)
    context.close()
