"""The files of `content/`, read and validated."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from guide.base import language
from guide.base.problem import ContentErrors, Problem
from guide.content import models as m
from guide.content.entry import Entry
from guide.content.format import format_problem
from guide.content.gather import ContentFile, gather
from guide.content.index import fill_indexes
from guide.content.input_files import inputs_of, is_readable, wrong_inputs
from guide.content.key_path import KeyPath, Lines
from guide.content.layout import LAYOUT, LEDGER, LINKS, SOURCE_TEXTS, VERSIONS, model_for
from guide.content.library import Library
from guide.content.messages import explain_errors, to_do_places, to_do_problem
from guide.content.sound_part import SoundPart, Span, entries_around, names_in, sound_part
from guide.content.written_files import read_written
from guide.content.yaml_reader import read_in_part

# The files that name most of what the others refer to.
SITE_FILE, SOURCES_FILE = "site.yml", "sources.yml"


@dataclass(frozen=True)
class SourceFile:
    """A file of `content/` before it is read.

    `relative` is its path from there, `name` that from the project. `digest` stands for its bytes,
    16 bytes long.
    """

    path: Path
    relative: Path
    name: str
    model: type[BaseModel]
    digest: bytes


@dataclass(frozen=True)
class FileValues:
    """What a file says: its values as JSON that `decoded` reads, or what is wrong with them.

    `lines` has the lines of its records, and `digests`, in hexadecimal digits, what stands for each
    of them, both by key path; `()` is the file itself. Beside problems, all are of the part that is
    sound; `values` is empty where none is.
    """

    values: str
    lines: tuple[tuple[KeyPath, int], ...]
    digests: tuple[tuple[KeyPath, str], ...]
    problems: tuple[Problem, ...]
    whole: bool = True
    doubtful: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Loaded:
    """What could be loaded: the library of all that is sound, None where not even the site is; what
    is wrong with the rest; the files of which a part is missing; and the ids that only these give.

    `doubtful` has the lines of the entries with something wrong that are there all the same, by
    their file; `doubtful_ids` are the ids in them.
    """

    library: Library | None
    problems: tuple[Problem, ...]
    files: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()
    doubtful: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    doubtful_ids: frozenset[str] = frozenset()


ReadFiles = Callable[[Sequence[SourceFile]], Mapping[str, FileValues]]


def read_files(files: Sequence[SourceFile]) -> dict[str, FileValues]:
    """What each file says, by its name."""
    return {file.name: read_file(file) for file in files}


def load(root: Path, read: ReadFiles = read_files) -> Library:
    """The library in `root`/content, as `load_sound` loads it. Raises ContentErrors with every
    problem of form, type and identity in all files at once.
    """
    loaded = load_sound(root, read)
    if loaded.problems or loaded.library is None:
        raise ContentErrors(loaded.problems)
    return loaded.library


def load_sound(root: Path, read: ReadFiles = read_files) -> Loaded:
    """All that is sound in `root`/content, and what is wrong with the rest. `read` reads the files.
    From then on this process, and every process that it forks, speaks the language of the library.

    Raises ContentErrors where there is no content, or content of another format: its files are not
    looked at.
    """
    content = root / "content"
    problems: list[Problem] = []
    if not content.is_dir():
        raise ContentErrors(
            [Problem("content", 0, "there is no content folder: run this in the project")]
        )
    inputs, wrong_kind = inputs_of(root, "content"), wrong_inputs(root)
    if SITE_FILE in inputs.files and (other_format := format_problem(root)):
        raise ContentErrors([other_format])
    files = [
        _source_file(root, content / relative, relative, model)
        for relative, model in _content_files(inputs.files, problems)
    ]
    values = read(files)
    if wrong_kind or inputs.problems:
        # What is no plain file must not be opened, by a rule as little as by a page.
        problems += [problem for file in files for problem in values[file.name].problems]
        raise ContentErrors([*problems, *inputs.problems, *wrong_kind])
    entries: list[ContentFile] = []
    for file in files:
        problems.extend(values[file.name].problems)
        if values[file.name].values:
            entry = _entry(file, values[file.name])
            entries.append(ContentFile(file.relative, file.name, entry))
    library, id_problems = gather(root, entries)
    problems.extend(id_problems)
    if library is not None:
        fill_indexes(library)
        problems.extend(_read_versions(root, library))
        language.use(library.site.language)
    wrong = [file for file in files if not values[file.name].whole]
    return Loaded(
        library,
        tuple(problems),
        frozenset(file.name for file in wrong),
        _lost(wrong, library) if library is not None else frozenset(),
        {file.name: spans for file in files if (spans := values[file.name].doubtful)},
        frozenset(key for file in files for key in _ids_in(file, values[file.name].doubtful)),
    )


def _ids_in(file: SourceFile, spans: Sequence[Span]) -> set[str]:
    """The ids that stand in some lines of a file."""
    lines = _text(file.path).split("\n") if spans else []
    return {
        key for first, last in spans for key in names_in("\n".join(lines[max(first - 1, 0) : last]))
    }


def _lost(wrong: Sequence[SourceFile], library: Library) -> frozenset[str]:
    """The ids that the files with problems give and the library does not have."""
    known = {*library.records, *library.sources, *library.units, *library.glossary}
    known.update(library.medicines, library.conditions, library.topics, library.trials)
    lost = {file.path.parent.name for file in wrong}
    for file in wrong:
        lost.update((file.path.stem, *names_in(file.path.read_text("utf-8", "replace"))))
    return frozenset(lost - known)


def _source_file(root: Path, path: Path, relative: Path, model: type[BaseModel]) -> SourceFile:
    digest = hashlib.blake2b(path.read_bytes(), digest_size=16).digest()
    return SourceFile(path, relative, path.relative_to(root).as_posix(), model, digest)


def _content_files(
    names: Iterable[str], problems: list[Problem]
) -> Iterator[tuple[Path, type[BaseModel]]]:
    """Every file of `content/` with the model it follows, by its path from there.

    Adds a problem for each file that has no place there.
    """
    for relative in map(Path, names):
        if _is_no_content(relative):
            continue
        name = f"content/{relative.as_posix()}"
        model = model_for(relative)
        if relative.suffix != ".yml":
            problems.append(
                Problem(
                    name, 0, "only .yml files belong in content/: rename it, or move it to docs/"
                )
            )
        elif model is None:
            places = ", ".join(pattern for pattern, _ in LAYOUT)
            problems.append(
                Problem(name, 0, f"no kind of file stands here; the places are {places}")
            )
        else:
            yield relative, model


def _is_no_content(relative: Path) -> bool:
    """Whether a file is an editor's own, or one that a program writes."""
    return (
        any(part.startswith(".") for part in relative.parts)
        or relative.name.endswith("~")
        or relative.parts[0] == "schemas"
        or relative.as_posix() in (LEDGER, LINKS, SOURCE_TEXTS, VERSIONS)
    )


def _read_versions(root: Path, library: Library) -> list[Problem]:
    """Reads the printed versions of the handouts into the library; returns what is wrong."""
    try:
        versions = read_written(root, VERSIONS, TypeAdapter(m.VersionFile))
    except ContentErrors as errors:
        return errors.problems
    if versions:
        library.versions.update(versions.root)
    return []


def read_file(file: SourceFile) -> FileValues:
    """What a file says now, or why it is wrong or not filled in yet."""
    value, lines, problems = read_in_part(file.path, file.name)
    if value is None:
        return _wrong(problems, file, lines)
    # What is no YAML is said once.
    known = {problem.line for problem in problems}
    to_do = dict(to_do_places(value))
    problems += [to_do_problem(keys, file.name, lines, file.model, value) for keys in to_do]
    try:
        record = file.model.model_validate(value)
    except ValidationError as error:
        explained = explain_errors(error, file.name, lines, file.model)
        # What is still to do is not also wrong.
        problems += [
            problem
            for keys, problem in explained
            if problem.line not in known and not any(keys[: len(one)] == one for one in to_do)
        ]
        part = sound_part(value, lines, file.model, to_do, _known_ids(file))
        return _wrong(problems, file, lines, part)
    if to_do:
        part = sound_part(value, lines, file.model, to_do, {})
        if part is None and file.model is m.Site:
            # Nothing else could be read without it: what is to be named is called by the mark.
            part = SoundPart(value, record, lines, False)
        return _wrong(problems, file, lines, part)
    return _values(file, SoundPart(value, record, lines), lines, problems)


def _known_ids(file: SourceFile) -> dict[str, str]:
    """An id that exists, by what refers to it: for what stands in a record with something wrong."""
    content = file.path.parents[len(file.relative.parts) - 1]
    site, names = content / SITE_FILE, content / SOURCES_FILE
    given = read_in_part(site, SITE_FILE)[0] if is_readable(site) else {}
    given = given if isinstance(given, dict) else {}
    codes = {
        "jurisdiction": [code for code in given.get("jurisdictions") or () if code != "any"],
        "population": [*(given.get("populations") or ())],
        "source": sorted(names_in(_text(names) if is_readable(names) else "")),
    }
    for target, folder in (("medicine", "medicines"), ("condition", "conditions")):
        codes[target] = sorted(path.name for path in (content / folder).glob("*/"))
    return {target: str(ids[0]) for target, ids in codes.items() if ids}


def _text(path: Path) -> str:
    return path.read_text("utf-8", "replace")


def _values(
    file: SourceFile, part: SoundPart, lines: Lines, problems: Sequence[Problem]
) -> FileValues:
    digests = _digests(part.record, file.name, file.digest)
    left = part.lines.items()
    return FileValues(
        encoded(part.value),
        tuple((keys, line) for keys, line in left if keys in digests or keys == ("id",)),
        tuple(digests.items()),
        tuple(problems),
        part.whole,
        entries_around(lines, {problem.line for problem in problems}) if problems else (),
    )


def _wrong(
    problems: Sequence[Problem], file: SourceFile, lines: Lines, part: SoundPart | None = None
) -> FileValues:
    if part is None:
        return FileValues("", (), (), tuple(problems), False)
    return _values(file, part, lines, problems)


def _digests(record: BaseModel, name: str, digest: bytes) -> dict[KeyPath, str]:
    """What stands for the file and for each record in its lists, by key path."""
    digests: dict[KeyPath, str] = {(): _digest(name.encode() + digest)}
    for name_of_list in type(record).model_fields:
        items = getattr(record, name_of_list)
        if isinstance(items, list) and items and isinstance(items[0], BaseModel):
            for index, item in enumerate(items):
                digests[name_of_list, index] = _digest(f"{name}\0{item!r}".encode())
    return digests


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _entry(file: SourceFile, values: FileValues) -> Entry:
    return Entry(
        file.model.model_validate(decoded(values.values)),
        dict(values.lines),
        {keys: bytes.fromhex(digest) for keys, digest in values.digests},
    )


_DATE, _DECIMAL = "$date", "$decimal"


def encoded(value: Any) -> str:
    """Values of YAML as JSON: days and decimals, which JSON does not know, are named."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_named)


def _named(value: object) -> dict[str, str]:
    if isinstance(value, datetime.date):
        return {_DATE: value.isoformat()}
    if isinstance(value, Decimal):
        return {_DECIMAL: str(value)}
    raise TypeError(f"YAML gives no {type(value).__name__}")


def decoded(text: str) -> Any:
    """What `encoded` has written. Raises ValueError for other text."""
    return json.loads(text, object_hook=_value)


def _value(mapping: dict[str, Any]) -> Any:
    if _DATE in mapping:
        return datetime.date.fromisoformat(mapping[_DATE])
    return Decimal(mapping[_DECIMAL]) if _DECIMAL in mapping else mapping
