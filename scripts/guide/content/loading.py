"""The files of `content/`, read and validated."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, MutableMapping
from pathlib import Path

from pydantic import BaseModel, ValidationError

from guide.base.problem import ContentErrors, Problem
from guide.content import models as m
from guide.content.entry import Entry
from guide.content.gather import ContentFile, gather
from guide.content.index import fill_indexes
from guide.content.key_path import KeyPath, dotted
from guide.content.layout import LAYOUT, LEDGER, LINKS, VERSIONS, model_for
from guide.content.library import Library
from guide.content.messages import explain_errors, to_do_places, to_do_problem
from guide.content.yaml_reader import read_yaml


def load(root: Path, kept: MutableMapping[str, tuple[bytes, Entry]] | None = None) -> Library:
    """The library in `root`/content.

    `kept` holds what an earlier run read, by file name, with the digest of the bytes it was read
    from: a file that is still the same is not read again, and what is read now is put there. Raises
    ContentErrors with every problem of form, type and identity in all files at once.
    """
    content = root / "content"
    problems: list[Problem] = []
    files: list[ContentFile] = []
    kept = {} if kept is None else kept
    if not content.is_dir():
        raise ContentErrors(
            [Problem("content", 0, "there is no content folder: run this in the project")]
        )
    for relative, model in _content_files(content, problems):
        path = content / relative
        name = path.relative_to(root).as_posix()
        digest = hashlib.blake2b(path.read_bytes(), digest_size=16).digest()
        known = kept.get(name)
        if known is None or known[0] != digest:
            entry = _entry(path, name, digest, model, problems)
            if entry is None:
                continue
            known = kept[name] = (digest, entry)
        files.append(ContentFile(relative, name, known[1]))
    library, id_problems = gather(root, files)
    problems.extend(id_problems)
    if library is not None:
        fill_indexes(library)
        problems.extend(_read_versions(content, library))
    if problems or library is None:
        raise ContentErrors(problems)
    return library


def _content_files(
    content: Path, problems: list[Problem]
) -> Iterator[tuple[Path, type[BaseModel]]]:
    """Every file of `content/` with the model it follows, by its path from there.

    Adds a problem for each file that has no place there.
    """
    for path in sorted(content.rglob("*")):
        relative = path.relative_to(content)
        if path.is_dir() or _is_no_content(relative):
            continue
        name = f"content/{relative.as_posix()}"
        model = model_for(relative)
        if path.suffix != ".yml":
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
        or relative.as_posix() in (LEDGER, LINKS, VERSIONS)
    )


def _read_versions(content: Path, library: Library) -> list[Problem]:
    """Reads the printed versions of the handouts into the library; returns what is wrong."""
    path = content / VERSIONS
    if not path.is_file():
        return []
    try:
        library.versions.update(m.VersionFile.model_validate_json(path.read_bytes()).root)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        message = (
            f"{dotted(first['loc'])}: {first['msg']}: the publication writes this file, take it"
            f" back as it was (git checkout content/{VERSIONS})"
        )
        return [Problem(f"content/{VERSIONS}", 0, message)]
    return []


def _entry(
    path: Path, name: str, digest: bytes, model: type[BaseModel], problems: list[Problem]
) -> Entry | None:
    """A content file as it is now.

    None, with the reasons added to `problems`, for one that is wrong or not filled in yet.
    """
    value, lines, form_problems = read_yaml(path, name)
    problems.extend(form_problems)
    if form_problems:
        return None
    to_do = dict(to_do_places(value))
    problems.extend(to_do_problem(keys, name, lines, model) for keys in to_do)
    try:
        record = model.model_validate(value)
    except ValidationError as error:
        # What is still to do is not also wrong.
        problems.extend(
            problem
            for keys, problem in explain_errors(error, name, lines, model)
            if not any(keys[: len(open_)] == open_ for open_ in to_do)
        )
        return None
    if to_do:
        return None
    digests = _digests(record, name, digest)
    return Entry(
        record,
        {keys: line for keys, line in lines.items() if keys in digests or keys == ("id",)},
        digests,
    )


def _digests(record: BaseModel, name: str, digest: bytes) -> dict[KeyPath, bytes]:
    """16 bytes for the file and for each record in its lists, by key path."""
    digests: dict[KeyPath, bytes] = {
        (): hashlib.blake2b(name.encode() + digest, digest_size=16).digest()
    }
    for field in type(record).model_fields:
        items = getattr(record, field)
        if isinstance(items, list) and items and isinstance(items[0], BaseModel):
            for index, item in enumerate(items):
                digests[field, index] = hashlib.blake2b(
                    f"{name}\0{item!r}".encode(), digest_size=16
                ).digest()
    return digests
