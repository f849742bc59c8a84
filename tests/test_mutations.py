"""Plausible wrong edits of the real content: at least 95 in 100 must be stopped, each with file and
line.

Every mutant changes one value as a tired maintainer might. The rules compare with what
readers were last shown (the ledger), as a release does.
"""

from __future__ import annotations

import functools
import random
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import CONTENT_DAY, ROOT
from guide.base.problem import ContentErrors, Problem
from guide.checks import registry
from guide.checks.rule import Guide
from guide.content import loading, yaml_reader
from guide.content.ledger import write_ledger
from guide.content.loading import load

PER_KIND = 30
NUMBER = re.compile(r"(?<![\w.\-])\d+(?:\.\d+)?(?![\w\-])")

Mutant = tuple[str, Path, int, str, str]


def _lines(
    content: Path, pattern: str, folder: str = "**/*.yml"
) -> Iterator[tuple[Path, int, str]]:
    for path in sorted(content.glob(folder)):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n")):
            if re.search(pattern, line):
                yield path, number, line


def _records(content: Path) -> Iterator[Mutant]:
    """Of the values in wordings, and of the country and the disease of a record."""
    for path in sorted(content.glob("**/*.yml")):
        inside = False
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n")):
            if re.match(r"\s+values:\s*$", line):
                inside = True
                continue
            if inside and not re.match(r"\s{6,}\S", line):
                inside = False
            if inside and NUMBER.search(line):
                bumped = NUMBER.sub(
                    lambda match: (
                        str(int(match[0]) + 1) if "." not in match[0] else match[0].replace(".", "")
                    ),
                    line,
                    count=1,
                )
                yield "dose" if "unit: mg" in line else "value", path, number, line, bumped
    for path, number, line in _lines(content, r"^\s+jurisdiction: (US|EU|UK|AU)$"):
        if "AU" in line:
            elsewhere = line.replace("AU", "UK")
        else:
            elsewhere = line.replace("US", "#").replace("EU", "US").replace("#", "EU")
            elsewhere = elsewhere.replace("UK", "AU")
        yield "country", path, number, line, elsewhere
    for path, number, line in _lines(content, r"^\s+population: (RA|all|JIA)$"):
        yield "disease", path, number, line, re.sub(r"(RA|all|JIA)$", "AS", line)


def _trials(content: Path) -> Iterator[Mutant]:
    for path, number, line in _lines(content, r"^\s+(responders|n): \d+$", "trials/*.yml"):
        more = NUMBER.sub(lambda match: str(int(match[0]) + 3), line)
        yield "count", path, number, line, more
    for path, number, line in _lines(content, r"^\s+percent: ", "trials/*.yml"):
        more = NUMBER.sub(lambda match: str(round(float(match[0]) + 2, 1)), line)
        yield "percent", path, number, line, more
    for path, number, line in _lines(content, r"^\s+week: \d+$", "trials/*.yml"):
        yield "week", path, number, line, NUMBER.sub("12", line)
    for path, number, line in _lines(content, r"^medicine: ", "trials/*.yml"):
        yield "trial moved to baricitinib", path, number, line, "medicine: baricitinib"
    for path in sorted(content.glob("trials/*.yml")):
        text = path.read_text(encoding="utf-8")
        for match in re.finditer(r"responders: (\d+)\n(?:.*\n){0,8}?.*responders: (\d+)\n", text):
            number = text[: match.start()].count("\n")
            line = text.split("\n")[number]
            yield "arms swapped", path, number, line, line.replace(match[1], match[2])


def _approvals(content: Path) -> Iterator[Mutant]:
    medicines = "medicines/*/medicine.yml"
    status = r"^\s+status: (approved|not approved|not known)$"
    for path, number, line in _lines(content, status, medicines):
        flipped = (
            line.replace("not approved", "#")
            .replace("not known", "#")
            .replace("approved", "not approved")
            .replace("#", "approved")
        )
        yield "approval flipped", path, number, line, flipped
    for path, number, line in _lines(content, r"^\s+(date|checked): .?20\d\d", medicines):
        later = re.sub(r"20(\d)(\d)", lambda match: f"20{(int(match[1]) + 1) % 10}{match[2]}", line)
        yield "date of an approval", path, number, line, later


def _sources(content: Path) -> Iterator[Mutant]:
    for path, number, line in _lines(content, r"^\s+sources: \["):
        # Which of its sources a sheet prints is a choice of space: the citations on it are the
        # records' own.
        if path.name == "handout.yml":
            continue
        names = re.search(r"\[(.*)\]", line)[1].split(", ")
        fewer = line.replace(f"[{', '.join(names)}]", f"[{', '.join(names[1:])}]")
        yield "source deleted", path, number, line, fewer
        other = "bmj-best-practice-as" if names[0] != "bmj-best-practice-as" else "spinelli-2021"
        yield "source swapped", path, number, line, line.replace(names[0], other, 1)


def _topics(content: Path) -> Iterator[Mutant]:
    for date in (r"^\s+(published|evidence_searched_to): ", r"^\s+next_review: "):
        for path, number, line in _lines(content, date, "topics/*/topic.yml"):
            future = re.sub(r"20\d\d", "2031", line)
            yield "review date in the future", path, number, line, future
    for path, number, line in _lines(content, r"^\s+verdict: ", "topics/*/claims.yml"):
        refuted = "unsupported" in line or "contradicted" in line
        verdict = re.sub(r": .*", ": supported" if refuted else ": contradicted", line)
        yield "verdict", path, number, line, verdict


def mutants(content: Path) -> dict[str, list[Mutant]]:
    """Every mutant by kind: (kind, file, line index, old line, new line)."""
    found: dict[str, list[Mutant]] = {}
    for mutants_of in (_records, _trials, _approvals, _sources, _topics):
        for mutant in mutants_of(content):
            kind, _, _, old, new = mutant
            if old != new:
                found.setdefault(kind, []).append(mutant)
    picker = random.Random(20261124)
    return {
        kind: picker.sample(group, min(PER_KIND, len(group)))
        for kind, group in sorted(found.items())
    }


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("mutants") / "guide"
    shutil.copytree(ROOT / "content", target / "content")
    shutil.copytree(ROOT / "docs", target / "docs")
    write_ledger(target, load(target))
    assert list(problems_of(target)) == []
    return target


@functools.cache
def _read(text_path: str, stamp: tuple[int, int], name: str):
    return yaml_reader.read_in_part(Path(text_path), name)


@pytest.fixture(scope="module", autouse=True)
def cached_reading():
    """Only the mutated file is read again; the rest comes from memory."""
    original = loading.read_in_part
    loading.read_in_part = lambda path, name: _read(
        str(path), (path.stat().st_mtime_ns, path.stat().st_size), name
    )
    yield
    loading.read_in_part = original


RULES = [rule for rule in registry.all_rules() if rule.check]


def problems_of(project: Path) -> Iterator[Problem]:
    """What is wrong with the content, as it is found. The rule that found something last is asked
    first: an edit that one rule stops is stopped.
    """
    try:
        guide = Guide(load(project), project, [], CONTENT_DAY)
    except ContentErrors as errors:
        yield from errors.problems
        return
    for rule in list(RULES):
        found = list(rule.check(guide))
        if found:
            RULES.remove(rule)
            RULES.insert(0, rule)
        yield from found


@pytest.mark.parametrize("kind", sorted(mutants(ROOT / "content")))
def test_at_least_95_in_100_wrong_edits_are_stopped(project, kind):
    group = mutants(project / "content")[kind]
    survivors, unplaced = [], []
    for _, path, number, old, new in group:
        text = path.read_text(encoding="utf-8")
        lines = text.split("\n")
        assert lines[number] == old
        lines[number] = new
        path.write_text("\n".join(lines), encoding="utf-8")
        name = path.relative_to(project).as_posix()
        elsewhere: list[Problem] = []
        for problem in problems_of(project):
            if problem.path == name and problem.line:
                break
            elsewhere.append(problem)
        else:
            if elsewhere:
                unplaced.append((name, number + 1, str(elsewhere[0])))
            else:
                survivors.append(f"{name}:{number + 1}: {old.strip()} -> {new.strip()}")
        path.write_text(text, encoding="utf-8")
    assert unplaced == []
    assert len(survivors) <= len(group) * 0.05, survivors
