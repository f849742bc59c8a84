"""What size costs: our build beside stock MkDocs and Zensical on the same pages, in one run.

For each size a guide is made of copies of the real one (`synthesis.py`), exported, and built: by us
cold, by us again with nothing changed, by us after one edit, by MkDocs with Material and by
Zensical from the exported Markdown. Then the edit loop of `serve`. Every step is kept in
`results.json` of the working folder as soon as it is done, so a run that was cut short goes on
where it stopped. The report is written into SCALE.md between two marks, from those results alone.
Ours makes all that it publishes, the PDFs too, which the others do not: their time is told apart.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import os
import platform
import re
import resource
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import synthesis

ROOT = Path(__file__).resolve().parent.parent
MARKS = ("<!-- bench: written by ./scripts/bench -->", "<!-- bench: end -->")
ENGINES = ("ours", "mkdocs", "zensical")
# The edit loop is measured up to this many topics: its first build is one more.
SERVED = 100
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
OFF = {
    "NO_MKDOCS_2_WARNING": "1",
    "DISABLE_MKDOCS_2_WARNING": "true",
    "PYTHONDONTWRITEBYTECODE": "1",
}


def say(words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)


# -- measuring -----------------------------------------------------------------------------


class _Memory(threading.Thread):
    """The most memory that a process and all below it held at one time, in MiB; what they share is
    counted once.
    """

    def __init__(self, pid: int):
        super().__init__(daemon=True)
        self.pid, self.most, self.going = pid, 0.0, True

    def run(self) -> None:
        while self.going:
            self.most = max(self.most, sum(map(_share, _family(self.pid))) / 1024)
            time.sleep(0.3)


def _family(pid: int) -> list[int]:
    found, at = [pid], 0
    while at < len(found):
        try:
            found += [
                int(child)
                for child in (
                    Path(f"/proc/{found[at]}/task/{found[at]}/children").read_text().split()
                )
            ]
        except (OSError, ValueError):
            pass
        at += 1
    return found


def _share(pid: int) -> int:
    try:
        return int(
            re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)[1]
        )
    except (OSError, TypeError):
        return 0


def measured(
    command: list[str], folder: Path, timeout: float, **environment: str
) -> dict[str, Any]:
    """Wall and processor seconds and peak memory (MiB) of a command. Raises RuntimeError with its
    last words if it fails.
    """
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with (folder / "bench.log").open("w") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdout=log,
            stderr=log,
            env={**os.environ, **OFF, **environment},
            start_new_session=True,
        )
        memory = _Memory(process.pid)
        memory.start()
        try:
            status = process.wait(timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()
            status = -1
        memory.going = False
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if status:
        words = (folder / "bench.log").read_text(errors="replace")[-1500:]
        raise RuntimeError(
            f"{' '.join(command[-4:])}:"
            f" {'stopped after ' + str(timeout) + ' s' if status == -1 else 'failed'}\n{words}"
        )
    return {
        "wall": wall,
        "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "memory": memory.most,
    }


def size_of(folder: Path, pattern: str = "*") -> float:
    """Megabytes below a folder."""
    return sum(path.stat().st_size for path in folder.rglob(pattern) if path.is_file()) / 1e6


def compressed(path: Path) -> float | None:
    """Kilobytes of a file as a host sends it (gzip); None where there is none."""
    return len(gzip.compress(path.read_bytes(), 6)) / 1000 if path.is_file() else None


# -- the edit ------------------------------------------------------------------------------


def edit(project: Path, word: str) -> tuple[Path, str]:
    """Changes one value of one YAML file: the clinicians' wording of a topic's first takeaway.
    Returns the page of the site that shows it and what the page must hold then.
    """
    path = sorted((project / "content" / "topics").glob("*/takeaways.yml"))[0]
    text = path.read_text(encoding="utf-8")
    changed = re.sub(
        r"^(    clinician: (?:\"?))(?:Now \w+: )?",
        lambda found: f"{found[1]}Now {word}: ",
        text,
        count=1,
        flags=re.M,
    )
    assert changed != text, path
    path.write_text(changed, encoding="utf-8")
    return project / "site" / path.parent.name / "clinicians" / "index.html", f"Now {word}: "


def served(project: Path, timeout: float) -> dict[str, float]:
    """Seconds from saving one changed value to the server showing it, the second of two edits: the
    first finds nothing kept.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (project / "bench.log").open("w") as log:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "mkdocs",
                "serve",
                "--livereload",
                "--dev-addr",
                f"127.0.0.1:{port}",
            ],
            cwd=project,
            stdout=log,
            stderr=log,
            env={**os.environ, **OFF, "PYTHONUNBUFFERED": "1"},
        )
        try:
            _until(
                lambda: "Serving on" in (project / "bench.log").read_text(errors="replace"),
                timeout,
                process,
            )
            times = []
            for word in ("one", "two"):
                page, holds = edit(project, word)
                start = time.monotonic()
                address = f"http://127.0.0.1:{port}/{page.parent.relative_to(project / 'site').as_posix()}/"
                _until(
                    lambda address=address, holds=holds: holds in _fetched(address),
                    timeout,
                    process,
                )
                times.append(time.monotonic() - start)
            return {"served": times[-1]}
        finally:
            process.terminate()
            process.wait(30)


def _until(true: Callable[[], bool], timeout: float, process: subprocess.Popen[Any]) -> None:
    start = time.monotonic()
    while not true():
        if process.poll() is not None or time.monotonic() - start > timeout:
            raise RuntimeError("the server ended, or did not show the edit in time")
        time.sleep(0.05)


def _fetched(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=600) as answer:
            return answer.read().decode()
    except (OSError, urllib.error.URLError):
        return ""


# -- the run -------------------------------------------------------------------------------


class Run:
    """The results so far, and the steps still to do."""

    def __init__(self, work: Path, engines: Path, timeout: float):
        self.work, self.engines, self.timeout = work, engines, timeout
        self.path = work / "results.json"
        work.mkdir(parents=True, exist_ok=True)
        self.results: dict[str, Any] = (
            json.loads(self.path.read_text()) if self.path.is_file() else {}
        )
        self.results["machine"] = machine()

    def step(self, size: str, name: str, do: Callable[[], dict[str, Any]]) -> None:
        known = self.results.setdefault(size, {})
        if name in known:
            return
        say(f"{size} topics: {name} …")
        try:
            known[name] = do()
            say(
                f"{size} topics: {name}: "
                + ", ".join(
                    f"{key} {value:.2f}" if isinstance(value, float) else f"{key} {value}"
                    for key, value in known[name].items()
                )
            )
        except (RuntimeError, OSError, AssertionError) as error:
            known[name] = {"failed": str(error)[:600]}
            say(f"{size} topics: {name} failed: {error}")
        self.path.write_text(json.dumps(self.results, indent=1))

    def size(self, topics: int, engines: list[str]) -> None:
        size = str(-(-topics // 3) * 3)
        project, source = self.work / f"guide-{size}", self.work / f"source-{size}"

        def synthesise() -> dict[str, Any]:
            shutil.rmtree(project, ignore_errors=True)
            return {
                "topics": synthesis.write(ROOT, project, topics),
                "content": size_of(project / "content"),
            }

        self.step(size, "synthesis", synthesise)
        if not project.is_dir():
            return
        build = [sys.executable, "-m", "mkdocs", "-q", "build", "--strict"]

        def ours() -> dict[str, Any]:
            """One build by us, with the seconds of its phases (scripts/hooks.py)."""
            times = project / "times.json"
            times.unlink(missing_ok=True)
            found = measured(
                build,
                project,
                self.timeout,
                GUIDE_TIMES=str(times),
                GUIDE_PDFS=str(project / "build" / "pdf"),
            )
            phases = json.loads(times.read_text())
            return found | phases | {"engine": found["wall"] - sum(phases.values())}

        def whole() -> dict[str, Any]:
            for name in ("build", "site"):
                shutil.rmtree(project / name, ignore_errors=True)
            found = ours()
            parts = [
                compressed(path) for path in (project / "site" / "assets" / "search").glob("*.json")
            ]
            return found | {
                "pages": len(list((project / "site").rglob("index.html"))),
                "output": size_of(project / "site"),
                "index_first": compressed(project / "site" / "assets" / "search.json"),
                "index_part": max(parts, default=None),
            }

        def after_edit() -> dict[str, Any]:
            page, holds = edit(project, "again")
            found = ours()
            assert holds in page.read_text(encoding="utf-8"), "the edit is not in the page"
            return found

        if "ours" in engines:
            self.step(size, "ours, cold", whole)
            self.step(size, "ours, unchanged", ours)
            self.step(size, "ours, one edit", after_edit)

        def export() -> dict[str, Any]:
            shutil.rmtree(source, ignore_errors=True)
            found = measured(
                [sys.executable, "-m", "guide", "export", str(source)],
                project,
                self.timeout,
                PYTHONPATH="scripts",
            )
            return found | {"markdown": size_of(source / "docs", "*.md")}

        self.step(size, "export", export)
        python = self.engines / "bin" / "python"

        def other(command: list[str], index: str) -> Callable[[], dict[str, Any]]:
            def do() -> dict[str, Any]:
                for name in ("site", ".cache"):
                    shutil.rmtree(source / name, ignore_errors=True)
                found = measured(command, source, self.timeout)
                path = source / "site" / index
                return found | {
                    "pages": len(list((source / "site").rglob("index.html"))),
                    "output": size_of(source / "site"),
                    "index": compressed(path),
                }

            return do

        if "mkdocs" in engines:
            self.step(
                size,
                "mkdocs",
                other([str(python), "-m", "mkdocs", "-q", "build"], "search/search_index.json"),
            )
        if "zensical" in engines:
            self.step(
                size,
                "zensical",
                other(
                    [
                        str(self.engines / "bin" / "zensical"),
                        "build",
                        "--clean",
                        "-f",
                        "zensical.yml",
                    ],
                    "search.json",
                ),
            )
        if "ours" in engines and topics <= SERVED:
            self.step(size, "serve, one edit", lambda: served(project, self.timeout))


def machine() -> dict[str, Any]:
    memory = (
        int(re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())[1]) / 1024 / 1024
    )
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory": round(memory),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


# -- the report ----------------------------------------------------------------------------

ROWS = (
    ("ours, cold", "ours, cold"),
    ("ours, unchanged", "ours, nothing changed"),
    ("ours, one edit", "ours, one value edited"),
    ("mkdocs", "MkDocs 1.6.1 + Material 9.8.1, same Markdown"),
    ("zensical", "Zensical 0.0.73 --clean, same Markdown"),
)
RATIOS = (
    ("ours cold : MkDocs", "ours, cold", "mkdocs", "≤ 0.5"),
    ("ours cold : Zensical", "ours, cold", "zensical", "< 1"),
    ("one edit : ours cold", "ours, one edit", "ours, cold", "≤ 0.08"),
)


def report(results: dict[str, Any]) -> str:
    """The results as Markdown."""
    machine_, sizes = (
        results["machine"],
        sorted((size for size in results if size.isdigit()), key=int),
    )

    def get(size: str, step: str, value: str) -> Any:
        return results[size].get(step, {}).get(value)

    def table(*rows: tuple[str, Callable[[str], str]]) -> list[str]:
        return [f"| {label} | {' | '.join(cell(size) for size in sizes)} |" for label, cell in rows]

    def head(first: str, name: Callable[[str], str]) -> list[str]:
        return [
            "",
            f"| {first} | {' | '.join(name(size) for size in sizes)} |",
            "|" + "---|" * (len(sizes) + 1),
        ]

    def build(key: str) -> Callable[[str], str]:
        def cell(size: str) -> str:
            found = results[size].get(key)
            if not found or "failed" in found:
                return f"failed: {found['failed'].splitlines()[0][:80]}" if found else "–"
            return f"{found['wall']:.1f} s, {found['cpu']:.1f} s, {found['memory']:.0f} MiB" + (
                f", {found['output']:.0f} MB" if "output" in found else ""
            )

        return cell

    def phases(key: str) -> Callable[[str], str]:
        return lambda size: (
            ", ".join(
                f"{phase} {get(size, key, phase):.1f} s"
                for phase in PHASES
                if get(size, key, phase) is not None
            )
            or "–"
        )

    def ratio(above: str, below: str) -> Callable[[str], str]:
        return lambda size: _shown(
            _divided(get(size, above, "wall"), get(size, below, "wall")), "{:.3f}"
        )

    lines = [
        f"Measured by `./scripts/bench` on {machine_['cores']} cores, {machine_['memory']} GiB,"
        f" {machine_['system']}, Python {machine_['python']}. Wall and processor seconds, peak"
        " memory in MiB (what processes share counted once), site in MB."
    ]
    lines += head(
        "build",
        lambda size: (
            f"{size} topics"
            f" ({get(size, 'ours, cold', 'pages') or get(size, 'mkdocs', 'pages') or '–'} pages)"
        ),
    )
    lines += table(
        *((label, build(key)) for key, label in ROWS),
        (
            "`serve`: one value edited, until it shows",
            lambda size: _shown(get(size, "serve, one edit", "served"), "{:.1f} s"),
        ),
        ("phases of ours, cold", phases("ours, cold")),
        ("phases of ours, one value edited", phases("ours, one edit")),
        (
            "search, compressed: first file; largest part of one condition",
            lambda size: (
                f"{_shown(get(size, 'ours, cold', 'index_first'), '{:.0f} kB')};"
                f" {_shown(get(size, 'ours, cold', 'index_part'), '{:.0f} kB')}"
            ),
        ),
        (
            "search index of MkDocs + Material; of Zensical, compressed",
            lambda size: (
                f"{_shown(get(size, 'mkdocs', 'index'), '{:.0f} kB')};"
                f" {_shown(get(size, 'zensical', 'index'), '{:.0f} kB')}"
            ),
        ),
    )
    lines += head("ratio of wall times (goal)", lambda size: f"{size} topics")
    lines += table(
        *((f"{label} ({goal})", ratio(above, below)) for label, above, below, goal in RATIOS),
        (
            "ours cold without PDFs : MkDocs, which makes none",
            lambda size: _shown(
                _divided(
                    (get(size, "ours, cold", "wall") or 0) - (get(size, "ours, cold", "PDFs") or 0),
                    get(size, "mkdocs", "wall"),
                ),
                "{:.3f}",
            ),
        ),
        (
            "own part (load, check, view, render) : ours cold (≤ 0.2)",
            lambda size: _shown(
                _divided(get(size, "ours, cold", "own part"), get(size, "ours, cold", "wall")),
                "{:.3f}",
            ),
        ),
    )
    if len(sizes) > 1:
        grown = [
            (
                label,
                *(
                    _growth(
                        [
                            (get(size, key, value), get(size, "ours, cold", "pages"))
                            for size in sizes
                        ]
                    )
                    for value in ("wall", "memory")
                ),
            )
            for key, label in ROWS
        ]
        lines += [
            "",
            "Growth from the smallest to the largest size, as the exponent of wall time by the"
            " number of pages, and of memory (goal for ours, cold: ≤ 1.05 in time): "
            + "; ".join(f"{label}: {wall}, {memory}" for label, wall, memory in grown)
            + ".",
        ]
    return "\n".join(lines)


def _shown(value: float | None, form: str) -> str:
    return "–" if value is None else form.format(value)


def _divided(above: float | None, below: float | None) -> float | None:
    return above / below if above and below else None


def _growth(measured_: list[tuple[float | None, float | None]]) -> str:
    """The exponent between the first and the last size for which both values are there."""
    known = [(value, pages) for value, pages in measured_ if value and pages]
    return (
        f"{math.log(known[-1][0] / known[0][0]) / math.log(known[-1][1] / known[0][1]):.2f}"
        if len(known) > 1
        else "–"
    )


def write_report(results: dict[str, Any], path: Path) -> None:
    """Puts the report between the marks of a Markdown file."""
    text = path.read_text(encoding="utf-8")
    start, end = text.index(MARKS[0]) + len(MARKS[0]), text.index(MARKS[1])
    path.write_text(f"{text[:start]}\n{report(results)}\n{text[end:]}", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Returns 0 when every step was measured, 1 when one failed."""
    parser = argparse.ArgumentParser(
        prog="bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "topics",
        nargs="*",
        type=int,
        default=[9, 99, 501],
        help="sizes, rounded up to whole copies of the guide (default: 9 99 501)",
    )
    parser.add_argument(
        "--engines",
        default=",".join(ENGINES),
        help="which to measure (default: ours,mkdocs,zensical)",
    )
    parser.add_argument(
        "--work",
        type=Path,
        default=ROOT / "build" / "bench",
        help="working folder; results.json in it is taken up again",
    )
    parser.add_argument(
        "--venv",
        type=Path,
        default=ROOT / ".venv-engines",
        help="environment with MkDocs, Material and Zensical",
    )
    parser.add_argument("--timeout", type=float, default=3600, help="seconds for one step")
    parser.add_argument("--again", action="store_true", help="forget the results of an earlier run")
    parser.add_argument(
        "--report", action="store_true", help="only write SCALE.md from the results"
    )
    options = parser.parse_args(arguments)
    if options.again:
        shutil.rmtree(options.work, ignore_errors=True)
    run = Run(options.work.resolve(), options.venv, options.timeout)
    if not options.report:
        for topics in options.topics:
            run.size(topics, options.engines.split(","))
    write_report(run.results, ROOT / "SCALE.md")
    failed = [
        f"{size} topics: {step}"
        for size, steps in run.results.items()
        if size.isdigit()
        for step, found in steps.items()
        if "failed" in found
    ]
    say(
        "SCALE.md holds the results."
        f" {'Failed: ' + '; '.join(failed) if failed else 'Every step was measured.'}"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
