"""One run of the benchmark: makes guides of several sizes, builds them and keeps the results."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import synthesis
from benchmark.editing import edit, served
from benchmark.measuring import Values, compressed, machine, measured, size_of

ROOT = Path(__file__).resolve().parent.parent.parent
ENGINES = ("ours", "mkdocs", "zensical")
# `serve` is measured up to this many topics, because it starts with one more whole build.
MOST_SERVED = 100

# What results.json holds: the machine, and by size and step the values or why the step failed.
Results = dict[str, dict[str, Any]]


def say(words: str) -> None:
    """Prints a line of progress with the time of day."""
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)


class Run:
    """The results so far, in `results.json` of the working folder `work`.

    `engines` is the environment with the other engines, `timeout` the seconds for one step.
    """

    def __init__(self, work: Path, engines: Path, timeout: float):
        self.work, self.engines, self.timeout = work, engines, timeout
        self.path = work / "results.json"
        work.mkdir(parents=True, exist_ok=True)
        self.results: Results = json.loads(self.path.read_text()) if self.path.is_file() else {}
        self.results["machine"] = machine()

    def step(self, size: str, name: str, measure: Callable[[], Values]) -> None:
        """Measures one step, unless an earlier run has; a failure is a result too."""
        done = self.results.setdefault(size, {})
        if name in done:
            return
        say(f"{size} topics: {name} …")
        try:
            values = done[name] = measure()
            shown = (
                f"{key} {value:.2f}" if isinstance(value, float) else f"{key} {value}"
                for key, value in values.items()
            )
            say(f"{size} topics: {name}: {', '.join(shown)}")
        except (RuntimeError, OSError) as error:
            done[name] = {"failed": str(error)[:600]}
            say(f"{size} topics: {name} failed: {error}")
        self.path.write_text(json.dumps(self.results, indent=1))

    def size(self, topics: int, engines: list[str]) -> None:
        """Measures all steps of one size; `topics` is rounded up to whole copies of the guide."""
        size = str(-(-topics // 3) * 3)
        guide = _Guide(
            topics,
            self.work / f"guide-{size}",
            self.work / f"source-{size}",
            self.engines / "bin",
            self.timeout,
        )
        self.step(size, "synthesis", guide.synthesise)
        if guide.project.is_dir():
            for name, measure in guide.steps(engines):
                self.step(size, name, measure)

    def failures(self) -> list[str]:
        """The steps that failed, as `9 topics: export`."""
        return [
            f"{size} topics: {step}"
            for size, steps in self.results.items()
            if size.isdigit()
            for step, values in steps.items()
            if "failed" in values
        ]


@dataclass(frozen=True)
class _Guide:
    """A guide of one size: its project, its exported source, and the steps to measure.

    Each step returns its values, and raises RuntimeError or OSError when it fails.
    """

    topics: int
    project: Path
    source: Path
    programs: Path
    timeout: float

    def steps(self, engines: list[str]) -> Iterator[tuple[str, Callable[[], Values]]]:
        """The steps after `synthesise`, with their names in the results."""
        if "ours" in engines:
            yield "ours, cold", self.build_cold
            yield "ours, unchanged", self.build
            yield "ours, one edit", self.build_after_edit
        yield "export", self.export
        if "mkdocs" in engines:
            yield "mkdocs", self.build_with_mkdocs
        if "zensical" in engines:
            yield "zensical", self.build_with_zensical
        if "ours" in engines and self.topics <= MOST_SERVED:
            yield "serve, one edit", lambda: served(self.project, self.timeout)

    def synthesise(self) -> Values:
        """Makes the project out of copies of the real guide."""
        shutil.rmtree(self.project, ignore_errors=True)
        return {
            "topics": synthesis.write(ROOT, self.project, self.topics),
            "content": size_of(self.project / "content"),
        }

    def build(self) -> Values:
        """Builds the project, with the seconds of its phases as scripts/hooks.py notes them."""
        times = self.project / "times.json"
        times.unlink(missing_ok=True)
        values = measured(
            [sys.executable, "-m", "mkdocs", "-q", "build", "--strict"],
            self.project,
            self.timeout,
            GUIDE_TIMES=str(times),
            GUIDE_PDFS=str(self.project / "build" / "pdf"),
        )
        phases: dict[str, float] = json.loads(times.read_text())
        return values | phases | {"engine": (values["wall"] or 0.0) - sum(phases.values())}

    def build_cold(self) -> Values:
        """Builds with nothing cached, and measures the site."""
        for name in ("build", "site"):
            shutil.rmtree(self.project / name, ignore_errors=True)
        values, site = self.build(), self.project / "site"
        parts = [compressed(path) for path in (site / "assets" / "search").glob("*.json")]
        return values | {
            "pages": len(list(site.rglob("index.html"))),
            "output": size_of(site),
            "index_first": compressed(site / "assets" / "search.json"),
            "index_part": max((part for part in parts if part is not None), default=None),
        }

    def build_after_edit(self) -> Values:
        """Builds after one value was edited."""
        page, expected = edit(self.project, "again")
        values = self.build()
        if expected not in page.read_text(encoding="utf-8"):
            raise RuntimeError("the edit is not in the page")
        return values

    def export(self) -> Values:
        """Exports the source for the other engines."""
        shutil.rmtree(self.source, ignore_errors=True)
        values = measured(
            [sys.executable, "-m", "guide", "export", str(self.source)],
            self.project,
            self.timeout,
            PYTHONPATH="scripts",
        )
        return values | {"markdown": size_of(self.source / "docs", "*.md")}

    def build_with_mkdocs(self) -> Values:
        """Builds the exported source with stock MkDocs and Material."""
        command = [str(self.programs / "python"), "-m", "mkdocs", "-q", "build"]
        return self._build_source(command, "search/search_index.json")

    def build_with_zensical(self) -> Values:
        """Builds the exported source with Zensical."""
        command = [str(self.programs / "zensical"), "build", "--clean", "-f", "zensical.yml"]
        return self._build_source(command, "search.json")

    def _build_source(self, command: list[str], index: str) -> Values:
        """Builds the exported source anew; `index` is the engine's search index in the site."""
        for name in ("site", ".cache"):
            shutil.rmtree(self.source / name, ignore_errors=True)
        values, site = measured(command, self.source, self.timeout), self.source / "site"
        return values | {
            "pages": len(list(site.rglob("index.html"))),
            "output": size_of(site),
            "index": compressed(site / index),
        }
