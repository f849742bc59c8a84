"""Measures what size costs: our build beside stock MkDocs and Zensical on the same pages.

For each size a guide is made of copies of the real one, built by us, exported, and built by the
other engines from the export. Three topics are the real guide, the dearest by the page. We build
cold, unchanged and after one edit; then `serve` shows an edit. Every step is kept in `results.json`
of the working folder when it is done, so that an interrupted run goes on where it stopped. The
report in SCALE.md is written from those results alone. Our build also makes PDFs, which the others
do not: their time has a column of its own.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from benchmark.report import write_report
from benchmark.run import ENGINES, ROOT, Run, say


def main(arguments: list[str] | None = None) -> int:
    """Runs the benchmark. Returns 0 when every step was measured, 1 when one failed."""
    options = _parser().parse_args(arguments)
    if options.again:
        shutil.rmtree(options.work, ignore_errors=True)
    run = Run(options.work.resolve(), options.venv, options.timeout)
    if not options.report:
        for topics in options.topics:
            run.size(topics, options.engines.split(","))
    write_report(run.results, ROOT / "SCALE.md")
    failures = run.failures()
    say(
        "SCALE.md holds the results."
        f" {'Failed: ' + '; '.join(failures) if failures else 'Every step was measured.'}"
    )
    return 1 if failures else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "topics",
        nargs="*",
        type=int,
        default=[3, 27, 99, 501],
        help="sizes, rounded up to whole copies of the guide (default: 3 27 99 501)",
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
    return parser


if __name__ == "__main__":
    sys.exit(main())
