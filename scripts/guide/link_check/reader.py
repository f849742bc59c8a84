"""Reads the texts behind the sources while their addresses are asked, and keeps what they said."""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from guide.base.fingerprint import fingerprint
from guide.base.identifiers import pmc_address, pubmed_address
from guide.base.registries import record_address
from guide.content import models as m
from guide.content.library import Library
from guide.content.source_texts import SourceText, read_source_texts, write_source_texts
from guide.link_check.client import LARGEST, LONGEST, Answer, Body, LinkClient
from guide.link_check.compare import Compared, Outcome, compared, proofs_of

# What was seen in earlier runs, and what asks a host for a text only if it changed. Not committed.
SEEN = "source-texts.json"

# What a person does about each outcome, the most urgent first.
TEXT_REMEDIES: dict[Outcome, str] = {
    "lost": (
        "read the source again, mend the facts, and set its 'accessed'; './scripts/due' lists them"
    ),
    "changed": "read what changed in the source, then set its 'accessed'",
    "wall": "nothing is known of the text: open it in a browser",
    "unread": "compare it by eye",
    "first": "read for the first time, or again: commit content/source-texts.json",
}


_TOO_MUCH = "more than {:,} bytes, or longer than {:.0f} seconds: not read whole"


@dataclass(frozen=True)
class Seen:
    """What was seen of a source's text when it was last asked.

    `basis` is a digest of all that it was compared with: only then may the host say "unchanged".
    """

    outcome: Outcome
    seen: str
    basis: str
    at: str = ""
    etag: str = ""
    modified: str = ""


class TextReader:
    """Asks addresses, and reads those behind which a source's own text stands.

    What the texts said is kept in `content/` of `root`, and what a run saw beside `report`.
    Raises ContentErrors where the kept file cannot be read.
    """

    def __init__(self, root: Path, library: Library, client: LinkClient, report: Path):
        self.library, self.client = library, client
        self._root, self._file = root, report.with_name(SEEN)
        self.texts = read_source_texts(root)
        self.seen = _read_seen(self._file)
        self._sources: dict[str, list[m.Source]] = {}
        for source in library.sources.values():
            address = text_address(source)
            if address:
                self._sources.setdefault(address, []).append(source)

    @property
    def unread(self) -> Collection[str]:
        """The addresses with a text that was never read, or not as it is written now."""
        return {
            address
            for address, sources in self._sources.items()
            if any(
                source.id not in self.seen
                or self.seen[source.id].basis != self._basis(source, address)
                for source in sources
            )
        }

    def ask(self, address: str) -> Answer:
        """The answer of the address. Where a text stands there, it is read and compared."""
        sources = self._sources.get(address)
        if not sources:
            return self.client.ask(address)
        answer, body = self.client.read(address, self._known(address, sources))
        for source in sources:
            before = self.seen.get(source.id)
            if body is None or not body.whole:
                said = _TOO_MUCH.format(LARGEST, LONGEST) if body else ""
                self.seen[source.id] = Seen("unread", said, self._basis(source, address))
            elif not body.unchanged:
                self._compare(source, address, body)
            elif before and before.outcome == "first":
                self.seen[source.id] = replace(before, outcome="same", seen="")
        self._write()
        return answer

    def _compare(self, source: m.Source, address: str, body: Body) -> None:
        proofs = proofs_of(self.library, source.id)
        before = self.texts.get(source.id)
        result = compared(source, proofs, before, address, body, datetime.date.today())
        if result.text is not None:
            self.texts[source.id] = result.text
        self.seen[source.id] = self._seen(source, address, body, result)

    def _seen(self, source: m.Source, address: str, body: Body, result: Compared) -> Seen:
        seen = Seen(result.outcome, result.seen, self._basis(source, address))
        # A wall is asked for again: what stood behind it is not known.
        if result.outcome == "wall":
            return seen
        return replace(seen, at=body.at, etag=body.etag, modified=body.modified)

    def _known(self, address: str, sources: list[m.Source]) -> Body | None:
        """What asks the host for the text only if it changed; None where it must be read."""
        seen = [self.seen.get(source.id) for source in sources]
        first = seen[0]
        if first is None or not (first.etag or first.modified):
            return None
        for source, one in zip(sources, seen, strict=True):
            if one is None or one.basis != self._basis(source, address) or one.at != first.at:
                return None
        return Body(first.at, etag=first.etag, modified=first.modified)

    def _basis(self, source: m.Source, address: str) -> str:
        """A digest of what the text of a source is compared with."""
        proofs = json.dumps(proofs_of(self.library, source.id), sort_keys=True)
        kept = repr(self.texts.get(source.id))
        return fingerprint(address, str(source.accessed), proofs, kept).hex()[:16]

    def _write(self) -> None:
        present = {key: text for key, text in self.texts.items() if key in self.library.sources}
        if present != read_source_texts(self._root):
            write_source_texts(self._root, present)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        new = self._file.with_name(f"{self._file.name}.new")
        seen = {key: asdict(one) for key, one in sorted(self.seen.items())}
        new.write_text(json.dumps(seen, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        new.replace(self._file)


def text_address(source: m.Source) -> str | None:
    """Where the text of a source is read: its own address, else the full text, else the abstract.

    The page behind a DOI comes last: most publishers let no program read it.
    """
    if source.url:
        return source.url
    if source.registered and source.type == "registry":
        return record_address(source.registered)
    if source.pmcid:
        return pmc_address(source.pmcid)
    return pubmed_address(source.pmid) if source.pmid else source.doi_address


def texts_text(reader: TextReader, sources: Collection[str]) -> str:
    """What was seen of the texts of these sources: what needs a person first, each with where it
    is written and the facts whose proof is lost. Empty where no text was read.
    """
    lines: list[str] = []
    seen = {key: one for key, one in sorted(reader.seen.items()) if key in sources}
    for outcome, remedy in TEXT_REMEDIES.items():
        listed = [key for key, one in seen.items() if one.outcome == outcome and one.seen]
        if not listed:
            continue
        lines.append(f"text {_NAMES[outcome]}: {len(listed)} ({remedy})")
        for key in listed:
            place = reader.library.place[f"source:{key}"]
            lines.append(f"  {place.path}:{place.line}: {key}: {seen[key].seen}")
            lines += _lost(reader, reader.texts.get(key))
        lines.append("")
    if any(one.seen or one.outcome != "unread" for one in seen.values()):
        outcomes = [one.outcome for one in seen.values()]
        counts = ", ".join(f"{outcomes.count(one)} {_NAMES[one]}" for one in _NAMES)
        lines.append(f"{len(seen)} text{'' if len(seen) == 1 else 's'}: {counts}.")
    return "\n".join(lines)


_NAMES: dict[Outcome, str] = {
    "lost": "without a quoted phrase",
    "changed": "changed",
    "wall": "behind another page",
    "first": "new",
    "same": "as it was",
    "unread": "not read",
}


def _lost(reader: TextReader, text: SourceText | None) -> list[str]:
    lost = text.lost if text else ()
    return [
        f"    {reader.library.place[key].path}:{reader.library.place[key].line}: {key}:"
        f" '{_short(str(reader.library.records[key].proof))}' is not found there any more"
        for key in lost
        if key in reader.library.records
    ]


def _short(proof: str) -> str:
    return proof if len(proof) <= 80 else f"{proof[:80].rsplit(' ', 1)[0]} …"


def _read_seen(path: Path) -> dict[str, Seen]:
    """What earlier runs saw; nothing where there is no file that can be read."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        return {key: Seen(**entry) for key, entry in entries.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
