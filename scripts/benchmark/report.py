"""The results of the benchmark as tables in SCALE.md."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

from benchmark.run import Results

MARKS = ("<!-- bench: written by ./scripts/bench -->", "<!-- bench: end -->")
PHASES = (
    "own part",
    "engine",
    "assembly",
    "PDFs",
    "copies",
    "addresses",
    "check of the site",
    "exchange",
)
# Steps of the results, and their names in the table.
BUILDS = (
    ("ours, cold", "ours, cold"),
    ("ours, unchanged", "ours, nothing changed"),
    ("ours, one edit", "ours, one value edited"),
    ("mkdocs", "MkDocs 1.6.1 + Material 9.8.1, same Markdown"),
    ("zensical", "Zensical 0.0.73 --clean, same Markdown"),
)
# Ratios: name, the value, the two steps, and the goal. Processor time comes first: a busy machine
# and the number of processors change it least.
RATIOS = (
    (
        "processor time, ours cold : MkDocs",
        "cpu",
        "ours, cold",
        "mkdocs",
        "≤ 1.0 at 3 topics, ≤ 0.7 at 27",
    ),
    ("processor time, ours cold : Zensical", "cpu", "ours, cold", "zensical", "< 1"),
    ("wall time, ours cold : MkDocs", "wall", "ours, cold", "mkdocs", "≤ 0.5"),
    ("wall time, ours cold : Zensical", "wall", "ours, cold", "zensical", "< 1"),
    ("wall time, one edit : ours cold", "wall", "ours, one edit", "ours, cold", "≤ 0.08"),
)

# The text of a table's cell for a size.
Cell = Callable[[str], str]


def write_report(results: Results, path: Path) -> None:
    """Puts the report between the marks of a Markdown file. Raises ValueError without the marks."""
    text = path.read_text(encoding="utf-8")
    start, end = text.index(MARKS[0]) + len(MARKS[0]), text.index(MARKS[1])
    path.write_text(f"{text[:start]}\n{report(results)}\n{text[end:]}", encoding="utf-8")


def report(results: Results) -> str:
    """The results as Markdown."""
    return _Report(results).text()


class _Report:
    """The tables of one run; their columns are its sizes, smallest first."""

    def __init__(self, results: Results):
        self.results = results
        self.sizes = sorted((size for size in results if size.isdigit()), key=int)

    def text(self) -> str:
        """The whole report."""
        machine = self.results["machine"]
        lines = [
            f"Measured by `./scripts/bench` on {machine['cores']} cores, {machine['memory']} GiB,"
            f" {machine['system']}, Python {machine['python']}. Seconds by the clock and of"
            " processors, peak memory in MiB (what processes share counted once), site in MB.",
            *self.head("build", self.size_and_pages),
            *(self.row(name, self.build(step)) for step, name in BUILDS),
            *self.details(),
            *self.head("ratio (goal)", lambda size: f"{size} topics"),
            *self.ratios(),
        ]
        if len(self.sizes) > 1:
            lines += ["", self.growth()]
        return "\n".join(lines)

    def value(self, size: str, step: str, name: str) -> float | None:
        """One measured value, None where it was not measured."""
        value: float | None = self.results[size].get(step, {}).get(name)
        return value

    def head(self, first: str, name: Cell) -> list[str]:
        """The first lines of a table, with an empty line before."""
        columns = " | ".join(name(size) for size in self.sizes)
        return ["", f"| {first} | {columns} |", "|" + "---|" * (len(self.sizes) + 1)]

    def row(self, name: str, cell: Cell) -> str:
        """One line of a table."""
        return f"| {name} | {' | '.join(cell(size) for size in self.sizes)} |"

    def size_and_pages(self, size: str) -> str:
        """The name of a column."""
        pages = self.value(size, "ours, cold", "pages") or self.value(size, "mkdocs", "pages")
        return f"{size} topics ({pages or '–'} pages)"

    def build(self, step: str) -> Cell:
        """What one build took, or why it failed."""

        def cell(size: str) -> str:
            values = self.results[size].get(step)
            if not values:
                return "–"
            if "failed" in values:
                return f"failed: {values['failed'].splitlines()[0][:80]}"
            output = f", {values['output']:.0f} MB" if "output" in values else ""
            return (
                f"{values['wall']:.1f} s wall, {values['cpu']:.1f} s CPU,"
                f" {values['memory']:.0f} MiB{output}"
            )

        return cell

    def details(self) -> list[str]:
        """The lines on `serve`, on phases and on search indexes."""

        def shown(step: str, name: str, form: str) -> Cell:
            return lambda size: _shown(self.value(size, step, name), form)

        def both(first: Cell, second: Cell) -> Cell:
            return lambda size: f"{first(size)}; {second(size)}"

        return [
            self.row(
                "`serve`: one value edited, until it shows",
                shown("serve, one edit", "served", "{:.1f} s"),
            ),
            self.row("phases of ours, cold", self.phases("ours, cold")),
            self.row("phases of ours, one value edited", self.phases("ours, one edit")),
            self.row(
                "search, compressed: first file; largest part of one condition",
                both(
                    shown("ours, cold", "index_first", "{:.0f} kB"),
                    shown("ours, cold", "index_part", "{:.0f} kB"),
                ),
            ),
            self.row(
                "search index of MkDocs + Material; of Zensical, compressed",
                both(
                    shown("mkdocs", "index", "{:.0f} kB"),
                    shown("zensical", "index", "{:.0f} kB"),
                ),
            ),
        ]

    def phases(self, step: str) -> Cell:
        """The seconds of each phase of our build."""

        def cell(size: str) -> str:
            seconds = ((phase, self.value(size, step, phase)) for phase in PHASES)
            return (
                ", ".join(f"{phase} {value:.1f} s" for phase, value in seconds if value is not None)
                or "–"
            )

        return cell

    def ratios(self) -> list[str]:
        """The lines that compare times."""

        def taken(step: str, name: str) -> Callable[[str], float | None]:
            return lambda size: self.value(size, step, name)

        def without_pdfs(size: str) -> float | None:
            pdfs = self.value(size, "ours, cold", "PDFs") or 0
            return (self.value(size, "ours, cold", "wall") or 0) - pdfs

        def ratio(
            above: Callable[[str], float | None], below: Callable[[str], float | None]
        ) -> Cell:
            return lambda size: _shown(_divided(above(size), below(size)), "{:.3f}")

        return [
            *(
                self.row(f"{name} ({goal})", ratio(taken(above, kind), taken(below, kind)))
                for name, kind, above, below, goal in RATIOS
            ),
            self.row(
                "wall time, ours cold without PDFs : MkDocs, which makes none",
                ratio(without_pdfs, taken("mkdocs", "wall")),
            ),
            self.row(
                "wall time, own part (load, check, view, render) : ours cold (≤ 0.2)",
                ratio(taken("ours, cold", "own part"), taken("ours, cold", "wall")),
            ),
        ]

    def growth(self) -> str:
        """How wall time and memory grow with the number of pages, a sentence for all builds."""

        def exponent(step: str, name: str) -> str:
            return _growth(
                [
                    (self.value(size, step, name), self.value(size, "ours, cold", "pages"))
                    for size in self.sizes
                ]
            )

        return (
            "Growth from the smallest to the largest size, as the exponent of wall time by the"
            " number of pages, and of memory (goal for ours, cold: ≤ 1.05 in time): "
            + "; ".join(
                f"{name}: {exponent(step, 'wall')}, {exponent(step, 'memory')}"
                for step, name in BUILDS
            )
            + "."
        )


def _shown(value: float | None, form: str) -> str:
    return "–" if value is None else form.format(value)


def _divided(above: float | None, below: float | None) -> float | None:
    return above / below if above and below else None


def _growth(measurements: list[tuple[float | None, float | None]]) -> str:
    """The exponent between the first and the last size that have both value and pages."""
    known = [(value, pages) for value, pages in measurements if value and pages]
    if len(known) < 2:
        return "–"
    (first, first_pages), (last, last_pages) = known[0], known[-1]
    return f"{math.log(last / first) / math.log(last_pages / first_pages):.2f}"
