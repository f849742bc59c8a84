"""Where a sentence that a patient sees is written."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

from guide.checks.rule import Guide
from guide.checks.wordings import wordings
from guide.content.library import Library
from guide.content.models.facts import Statement
from guide.content.wording import CALL, ITEM
from guide.reading.prose import Sentence, sentences_of


class SentencePlaces:
    """Where a sentence is written: a wording of the YAML, a page in docs/, or a component. Looked
    for at a problem only.
    """

    def __init__(self, guide: Guide):
        self._guide = guide

    def of(self, sentence: Sentence, topic: str, path: str) -> tuple[str, int]:
        """File and line; the page itself where nothing else is found."""
        library, records = (
            self._guide.library,
            [record for record in sentence.records if record in self._guide.library.records],
        )
        # The same words may stand in several records: the one that the element names, else the
        # topic's own.
        for label, key_path in sorted(
            library.compute_once(_wordings).get(sentence.template, ()),
            key=lambda entry: (entry[0] not in records, topic not in entry[0]),
        ):
            if label == _SITE:
                return _SITE, library.line(_SITE, *key_path)
            return self._line(label, key_path)
        made = [record for record in records if not isinstance(library.records[record], Statement)]
        if made:  # a sentence made from the fields of an approval or a result
            return self._line(made[0], ("patient",))
        # Read once for a library: the next build has another, and may find other pages.
        if _typed not in library.computed:
            library.computed[_typed] = _typed(self._guide.root)
        for text, file, line in library.computed[_typed]:
            if text in sentence.text:
                return file, line
        return self._line(records[0], ("patient",)) if records else (path, 0)

    def others(self, sentence: Sentence, first: tuple[str, int]) -> str:
        """Where else the content holds the same sentence, for a message that names `first`."""
        library = self._guide.library
        every = {
            (_SITE, library.line(_SITE, *key_path))
            if label == _SITE
            else self._line(label, key_path)
            for label, key_path in library.compute_once(_wordings).get(sentence.template, ())
        }
        return "".join(
            f"{'; it also stands in' if not at else ','} {path}:{line}"
            for at, (path, line) in enumerate(sorted(every - {first}))
        )

    def _line(self, label: str, key_path: tuple[Any, ...]) -> tuple[str, int]:
        problem = self._guide.problem(label, "", *key_path)
        return problem.path, problem.line


def _wordings(library: Library) -> dict[str, list[tuple[str, tuple[Any, ...]]]]:
    """The places of all wordings that patients see, by each sentence's template."""
    places: dict[str, list[tuple[str, tuple[Any, ...]]]] = {}
    texts = [
        (label, key_path, text)
        for label, track, key_path, text, _ in wordings(library)
        if track != "clinicians"
    ]
    texts += [
        (_SITE, ("emergency",), library.site.emergency),
        *(
            (_SITE, ("crisis", index, "patient"), one.patient)
            for index, one in enumerate(library.site.crisis)
        ),
    ]
    for label, key_path, text in texts:
        for part in text.split(ITEM):
            for _, template in sentences_of(html.escape(CALL.sub("\ue000\ue001", part))):
                places.setdefault(template, []).append((label, key_path))
    return places


def _typed(root: Path) -> list[tuple[str, str, int]]:
    """What stands in pages and components, with file and line, the longest first."""
    texts = []
    for path in (*sorted(root.glob("docs/**/*.md")), *sorted(root.glob("overrides/macros/*.html"))):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            for piece in _PIECES.split(line):
                # A line of a page may hold several sentences; its components' pieces are parts of
                # one.
                for part in re.split(r"(?<=[.!?]) ", piece.strip()):
                    if len(part) > 8:
                        texts.append((part, path.relative_to(root).as_posix(), number))
    return sorted(texts, key=lambda one: -len(one[0]))


_SITE = "content/site.yml"


_PIECES = re.compile(r"\{\{|\}\}|'|\{%.*?%\}|\{#.*?#\}|<[^>]*>|\*\*|\]\([^)]*\)|\[")
