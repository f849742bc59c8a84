"""The answers of the sources' addresses: stored, asked for again when old, and told to people."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import asdict
from html import unescape
from pathlib import Path
from typing import Protocol

from guide.content.library import Library
from guide.link_check.client import Answer, State, spread_by_host
from guide.view.references import reference


class Asks(Protocol):
    """Whoever asks an address: a client, or a reader of texts with one."""

    def ask(self, address: str) -> Answer:
        """The answer of the address."""


# What a person does about each state, the most urgent first.
REMEDIES: dict[State, str] = {
    "gone": (
        "the host says that there is nothing: find the new address, or say in 'unlinked' why there"
        " is none"
    ),
    "moved": "moved for good: put the new address into content/sources.yml",
    "not reached": "no answer this time: try again another day",
    "blocked": "the host does not let a program look: open it in a browser",
}

# After so many days an answer is asked for again.
FRESH = 7

REPORT = Path("build") / "links.json"


def addresses_of_sources(library: Library) -> dict[str, list[str]]:
    """Every address that a reader is offered for a source, with the ids of the sources that offer
    it.
    """
    sources: dict[str, list[str]] = {}
    for source in library.sources.values():
        for link in reference(source).links:
            sources.setdefault(unescape(str(link.href)), []).append(source.id)
    return sources


def read_report(path: Path) -> dict[str, Answer]:
    """The answers of earlier runs by address; none where there is no report that can be read."""
    try:
        return {
            entry["address"]: Answer(**entry)
            for entry in json.loads(path.read_text(encoding="utf-8"))["answers"]
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def write_report(path: Path, answers: dict[str, Answer]) -> None:
    """Writes the answers so that a stop at any moment leaves the last whole report."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    entries = [asdict(answer) for _, answer in sorted(answers.items())]
    new.write_text(
        json.dumps({"answers": entries}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    new.replace(path)


def check_links(
    addresses: Iterable[str],
    report: Path,
    client: Asks,
    again: bool = False,
    say: Callable[[str], None] = lambda _: None,
    unread: Container[str] = (),
) -> dict[str, Answer]:
    """Asks every address that was not asked in the last days (`again`: every address), and those
    whose text is `unread`; returns the answers by address.
    """
    ordered = spread_by_host(addresses)
    limit = (datetime.date.today() - datetime.timedelta(days=FRESH)).isoformat()
    wanted = {address for address in ordered if address not in unread}
    answers = {
        address: answer
        for address, answer in read_report(report).items()
        if address in wanted and answer.asked > limit and not again
    }
    left = [address for address in ordered if address not in answers]
    for number, address in enumerate(left, 1):
        answers[address] = client.ask(address)
        write_report(report, answers)
        say(f"{number}/{len(left)} {answers[address].state}: {address}")
    return answers


def report_text(answers: dict[str, Answer], sources: dict[str, list[str]], library: Library) -> str:
    """The report: what needs a person first, each with where it is written and how many facts rest
    on the source.
    """
    lines: list[str] = []
    for state, remedy in REMEDIES.items():
        listed = sorted(address for address, answer in answers.items() if answer.state == state)
        if not listed:
            continue
        lines.append(f"{state}: {len(listed)} ({remedy})")
        for address in listed:
            answer = answers[address]
            lines.append(
                f"  {address} ({answer.detail})" + (f" -> {answer.to}" if answer.to else "")
            )
            lines += _places(sources[address], library)
        lines.append("")
    states = [answer.state for answer in answers.values()]
    counts = ", ".join(f"{states.count(state)} {state}" for state in (*REMEDIES, "ok"))
    lines.append(f"{len(answers)} address{'' if len(answers) == 1 else 'es'}: {counts}.")
    return "\n".join(lines)


def _places(sources: list[str], library: Library) -> Iterator[str]:
    for source in sources:
        place = library.place[f"source:{source}"]
        facts = sum(source in record.sources for record in library.records.values())
        yield f"    {place.path}:{place.line}: {source}, {facts} fact{'' if facts == 1 else 's'}"
