"""The files of `content/`, read and validated."""

from __future__ import annotations

import hashlib
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from guide.base.problem import ContentErrors, Problem
from guide.content import models as m
from guide.content.entry import Entry
from guide.content.gather import gather
from guide.content.index import fill_indexes
from guide.content.layout import LAYOUT, LEDGER, LINKS, VERSIONS, model_for
from guide.content.library import Library
from guide.content.messages import explain_errors, to_do_places, to_do_problem
from guide.content.yaml_reader import dotted, read_yaml


def load(root: Path, kept: MutableMapping[str, tuple[bytes, Entry]] | None = None) -> Library:
    """The library in `root`/content.

    `kept` holds what an earlier run read, by file name, with the digest of the bytes it was read
    from: a file that is still the same is not read again, and what is read now is put there. Raises
    ContentErrors with every problem of form, type and identity in all files at once.
    """
    content = root / "content"
    problems: list[Problem] = []
    read: list[tuple[Path, str, Entry]] = []
    kept = {} if kept is None else kept
    if not content.is_dir():
        raise ContentErrors(
            [Problem("content", 0, "there is no content folder: run this in the project")]
        )
    for path in sorted(content.rglob("*")):
        relative = path.relative_to(content)
        own = any(part.startswith(".") for part in relative.parts) or path.name.endswith(
            "~"
        )  # an editor's own files
        if (
            path.is_dir()
            or own
            or relative.parts[0] == "schemas"
            or relative.as_posix() in (LEDGER, LINKS, VERSIONS)
        ):
            continue
        name = path.relative_to(root).as_posix()
        if path.suffix != ".yml":
            problems.append(
                Problem(
                    name, 0, "only .yml files belong in content/: rename it, or move it to docs/"
                )
            )
            continue
        model = model_for(relative)
        if model is None:
            places = ", ".join(pattern for pattern, _ in LAYOUT)
            problems.append(
                Problem(name, 0, f"no kind of file stands here; the places are {places}")
            )
            continue
        digest = hashlib.blake2b(path.read_bytes(), digest_size=16).digest()
        found = kept.get(name)
        if found is None or found[0] != digest:
            entry = _entry(path, name, digest, model, problems)
            if entry is None:
                continue
            found = kept[name] = (digest, entry)
        read.append((relative, name, found[1]))
    library, more = gather(root, read)
    problems.extend(more)
    if library is not None:
        fill_indexes(library)
    if library is not None and (content / VERSIONS).is_file():
        try:
            library.versions.update(
                m.VersionFile.model_validate_json((content / VERSIONS).read_bytes()).root
            )
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            problems.append(
                Problem(
                    f"content/{VERSIONS}",
                    0,
                    f"{dotted(first['loc'])}: {first['msg']}: the publication writes this file,"
                    f" take it back as it was (git checkout content/{VERSIONS})",
                )
            )
    if problems or library is None:
        raise ContentErrors(problems)
    return library


def _entry(
    path: Path, name: str, digest: bytes, model: type[BaseModel], problems: list[Problem]
) -> Entry | None:
    """A content file as it is now; None, with the reasons in `problems`, for one that does not hold
    or is not filled in yet.
    """
    value, lines, found = read_yaml(path, name)
    problems.extend(found)
    if found:
        return None
    to_do = dict(to_do_places(value))
    problems.extend(to_do_problem(where, name, lines, model) for where in to_do)
    try:
        made = model.model_validate(value)
    except ValidationError as error:
        problems.extend(
            problem
            for where, problem in explain_errors(error, name, lines, model)
            if not any(where[: len(path)] == path for path in to_do)
        )
        return None
    if to_do:
        return None
    digests = {(): hashlib.blake2b(name.encode() + digest, digest_size=16).digest()}
    for field_name in type(made).model_fields:
        items = getattr(made, field_name)
        if isinstance(items, list) and items and isinstance(items[0], BaseModel):
            digests |= {
                (field_name, index): (
                    hashlib.blake2b(f"{name}\0{item!r}".encode(), digest_size=16).digest()
                )
                for index, item in enumerate(items)
            }
    return Entry(
        made,
        {where: line for where, line in lines.items() if where in digests or where == ("id",)},
        digests,
    )
