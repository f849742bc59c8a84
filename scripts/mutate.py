"""How many wrong numbers and units the check names in facts that nobody has published yet.

Each mutant is a fact of the real content, copied under a new id into its own file, with one number
(times ten, plus one, digits swapped) or one unit (mg to µg, weeks to months, % to out of 1,000
people …) changed. The ledger of what was published knows nothing of a new id, so only the fact's
own proof can tell. A mutant is named when a rule finds a problem in the copy's own lines that the
unchanged copy does not have.
"""

from __future__ import annotations

import datetime
import random
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from guide.base.problem import ContentErrors, Problem
from guide.checks.rule import Guide
from guide.checks.rules import (
    bands_have_numbers,
    counts_agree,
    numbers_are_values,
    plain_numbers_for_patients,
    proof_holds_the_number,
)
from guide.content.library import Library
from guide.content.loading import FileValues, SourceFile, load, read_file
from guide.content.proof import values_of

ROOT = Path(__file__).resolve().parent.parent
# The rules that can know something of a new fact's numbers; the day plays no part in them, so it is
# a fixed one.
RULES: tuple[ModuleType, ...] = (
    proof_holds_the_number,
    counts_agree,
    bands_have_numbers,
    numbers_are_values,
    plain_numbers_for_patients,
)
DAY = datetime.date(2026, 11, 29)
UNITS = {
    "mg": "µg",
    "µg": "mg",
    "g": "mg",
    "weeks": "months",
    "months": "weeks",
    "days": "weeks",
    "hours": "days",
    "years": "months",
    "%": "out of 1,000 people",
    "out of 100 people": "out of 1,000 people",
    "out of 1,000 people": "out of 100 people",
    "g/dL": "g/L",
    "cells/mm³": "×10⁹/L",
    "×10⁹/L": "cells/mm³",
    "cells/µL": "×10⁹/L",
    "mL/min": "mL/min/1.73 m²",
    "mL/min/1.73 m²": "mL/min",
    "per 100 patient-years": "%",
    "points": "%",
    "mg/kg": "mg",
    "nM": "µmol/L",
    "cm": "mm",
    "mm": "cm",
    "people": "%",
}
_NUMBER = re.compile(r"(?<![\w.\-])\d+(?:\.\d+)?(?![\w.\-])")


@dataclass(frozen=True)
class Mutant:
    """A line of a record to change: the file, the lines of the record (counted from 0, `end` behind
    the last), and what stands in the line then.
    """

    kind: str
    record: str
    path: str
    start: int
    end: int
    line: int
    text: str


def _numbers(line: str) -> Iterator[tuple[str, str]]:
    """The line with its numbers changed, by kind of change."""
    for match in _NUMBER.finditer(line):
        if line[: match.start()].count('"') % 2:
            continue
        old = match[0]
        changed = {
            "plus one": (
                str(int(old) + 1)
                if "." not in old
                else f"{float(old) + 1:.{len(old.split('.')[1])}f}"
            ),
            "times ten": (
                str(int(old) * 10)
                if "." not in old
                else str(round(float(old) * 10, 6)).rstrip("0").rstrip(".")
            ),
        }
        digits = [
            place
            for place in range(len(old) - 1)
            if old[place].isdigit()
            and old[place + 1].isdigit()
            and old[place] != old[place + 1]
            and not (place == 0 and old[1] == "0")
        ]
        if digits:
            changed["digits swapped"] = (
                old[: digits[0]] + old[digits[0] + 1] + old[digits[0]] + old[digits[0] + 2 :]
            )
        for kind, new in changed.items():
            if new != old:
                yield kind, line[: match.start()] + new + line[match.end() :]


def _units(line: str) -> Iterator[tuple[str, str]]:
    match = re.search(r'\bunit: "?([^,}"]+)"?', line)
    if match and match[1].strip() in UNITS:
        yield (
            "unit",
            line[: match.start(1)].rstrip('"')
            + f'"{UNITS[match[1].strip()]}"'
            + line[match.end(1) :].lstrip('"'),
        )


def mutants(library: Library, root: Path) -> list[Mutant]:
    """Every mutant of every number and unit that a source must hold, in the order of the files."""
    all_mutants = []
    for record in library.records.values():
        place = library.place[record.id]
        lines = (root / place.path).read_text(encoding="utf-8").split("\n")
        start = place.line - 1
        indent = len(lines[start]) - len(lines[start].lstrip())
        end = next(
            (
                number
                for number in range(start + 1, len(lines))
                if lines[number].strip()
                and len(lines[number]) - len(lines[number].lstrip()) <= indent
            ),
            len(lines),
        )
        base = next(
            path
            for path, line in library.lines[place.path].items()
            if line == place.line and path and isinstance(path[-1], int)
        )
        line_numbers = {
            library.lines[place.path].get((*base, *key_path), 0) - 1
            for key_path, _ in values_of(record)
        }
        for number in sorted(line_numbers - {-1}):
            block = range(number, end) if lines[number].rstrip().endswith(":") else (number,)
            inner = len(lines[number]) - len(lines[number].lstrip())
            for at in block:
                if at > number and len(lines[at]) - len(lines[at].lstrip()) <= inner:
                    break
                if re.match(r"\s*(printed|unproved):", lines[at]):
                    continue
                key, mark, value = lines[at].partition(": ")
                for kind, text in (*_numbers(value), *_units(lines[at])):
                    all_mutants.append(
                        Mutant(
                            kind,
                            record.id,
                            place.path,
                            start,
                            end,
                            at,
                            text if kind == "unit" else key + mark + text,
                        )
                    )
    return all_mutants


class Trial:
    """A copy of the content in which one fact after another is written a second time."""

    def __init__(self, root: Path, folder: Path):
        self.root = folder / "guide"
        shutil.copytree(root / "content", self.root / "content")
        self._known: dict[tuple[str, bytes], FileValues] = {}
        load(self.root, self._read)
        self._unchanged: dict[str, set[str]] = {}

    def _read(self, files: Sequence[SourceFile]) -> dict[str, FileValues]:
        """What the files say; only one that has changed is read again."""
        for file in files:
            if (file.name, file.digest) not in self._known:
                self._known[file.name, file.digest] = read_file(file)
        return {file.name: self._known[file.name, file.digest] for file in files}

    def named(self, mutant: Mutant) -> bool:
        """Whether a problem names the mutant, in its own file and lines."""
        if mutant.record not in self._unchanged:
            self._unchanged[mutant.record] = self._problems(mutant, None)
        return bool(self._problems(mutant, mutant.text) - self._unchanged[mutant.record])

    def _problems(self, mutant: Mutant, text: str | None) -> set[str]:
        path = self.root / mutant.path
        before = path.read_text(encoding="utf-8")
        lines = before.rstrip("\n").split("\n")
        copy = [
            text if text is not None and at == mutant.line else lines[at]
            for at in range(mutant.start, min(mutant.end, len(lines)))
        ]
        copy[0] = copy[0].replace(f"id: {mutant.record}", f"id: {mutant.record}-copy", 1)
        # Behind the original, so that the copy stands in the same list.
        path.write_text(
            "\n".join([*lines[: mutant.end], *copy, *lines[mutant.end :]]) + "\n", encoding="utf-8"
        )
        first, last = min(mutant.end, len(lines)) + 1, min(mutant.end, len(lines)) + len(copy)
        try:
            return {
                problem.message
                for problem in self._asked()
                if problem.path == mutant.path and first <= problem.line <= last
            }
        finally:
            path.write_text(before, encoding="utf-8")

    def _asked(self) -> Iterator[Problem]:
        try:
            guide = Guide(load(self.root, self._read), self.root, [], DAY)
        except ContentErrors as errors:
            yield from errors.problems
            return
        for rule in RULES:
            yield from rule.check(guide)


def tried(root: Path, seed: int, many: int) -> tuple[int, list[Mutant]]:
    """How many mutants of a random sample were tried, and those that nothing named."""
    every = mutants(load(root), root)
    chosen = random.Random(seed).sample(every, min(many, len(every)))
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(root, Path(folder))
        return len(chosen), [mutant for mutant in chosen if not trial.named(mutant)]


def main(arguments: list[str]) -> int:
    """Prints which of a sample of wrong edits no rule names; the arguments are seed and number."""
    seed, many = (
        (int(arguments[0]) if arguments else 20261129),
        (int(arguments[1]) if len(arguments) > 1 else 400),
    )
    count, survivors = tried(ROOT, seed, many)
    for mutant in survivors:
        print(
            f"not named: {mutant.path}:{mutant.line + 1}: {mutant.record}, {mutant.kind}:"
            f" {mutant.text.strip()}"
        )
    print(
        f"{count - len(survivors)} of {count} wrong numbers and units are named with file and line"
        f" ({100 * (count - len(survivors)) / max(count, 1):.1f}%), without the ledger; seed"
        f" {seed}."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
