"""The files of `content/` that a publication writes, and nobody else: each has one form."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from guide.base.problem import ContentErrors, Problem
from guide.content.key_path import dotted

T = TypeVar("T")


def read_written(root: Path, name: str, form: TypeAdapter[T]) -> T | None:
    """What a file of content/ holds; None where there is none yet. Raises ContentErrors for one
    that is not as a publication writes it.
    """
    path = root / "content" / name
    if not path.is_file():
        return None
    try:
        return form.validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = f"{dotted(first['loc'])}: " if first["loc"] else ""
        message = (
            f"{place}{first['msg']}: the publication writes this file, take it back as it was"
            f" (git checkout content/{name})"
        )
        raise ContentErrors([Problem(f"content/{name}", 0, message)]) from None
