"""Sheets as tagged PDF (PDF/UA-1): Typst sets them, and the rows of their tables get their names.

The same sheet gives the same bytes: the fonts are our own, and dates and identifiers come from the
content.
"""

from __future__ import annotations

import datetime
import functools
import io
import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from guide.outputs.paper import MOST_PAGES, Paper, UnprintableError
from guide.outputs.row_heads import name_rows
from guide.outputs.sheet import Sheet

if TYPE_CHECKING:
    import pikepdf
    import typst

FOLDER = Path(__file__).resolve().parent
FONTS = FOLDER / "fonts"
TEMPLATE = FOLDER / "sheet.typ"


def to_pdf(sheet: Sheet, paper: Paper, site: Path) -> tuple[bytes, int]:
    """A sheet as PDF, and its number of pages. Pictures are files of the `site`, or SVG.

    Uses our own fonts only and fetches nothing. Raises UnprintableError for letters that the fonts
    lack, and for what is no picture.
    """
    # Most builds make no PDF, and the import takes long.
    import pikepdf

    written = io.BytesIO()
    with _whole_or_broken(sheet, paper, site) as pdf:
        name_rows(pdf, sheet)
        pdf.save(
            written,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
        return written.getvalue(), len(pdf.pages)


def _whole_or_broken(sheet: Sheet, paper: Paper, site: Path) -> pikepdf.Pdf:
    """The sheet with its tables whole; with broken ones where it is else too long."""
    import pikepdf

    pdf = pikepdf.open(io.BytesIO(_set(sheet, paper, site, whole=True)))
    if len(pdf.pages) <= MOST_PAGES:
        return pdf
    return pikepdf.open(io.BytesIO(_set(sheet, paper, site, whole=False)))


def _set(sheet: Sheet, paper: Paper, site: Path, *, whole: bool) -> bytes:
    """What Typst makes of a sheet; `whole` keeps tables whole where they fit a page.

    Raises UnprintableError with all letters that the fonts lack.
    """
    import typst

    compiler = _compiler(site, os.getpid())
    day = datetime.datetime.fromisoformat(sheet.day).replace(tzinfo=datetime.UTC)
    inputs = {"sheet": _json(sheet), "paper": _json(paper), "whole": _json(whole)}
    lacking = []
    while True:
        try:
            made = compiler.compile(
                TEMPLATE.read_bytes(),
                format="pdf",
                sys_inputs=inputs,
                pdf_standards="ua-1",
                timestamp=day,
            )
        except typst.TypstError as error:
            found = _LACKING.search(error.message)
            if found is None or found[1] not in inputs["sheet"]:
                raise UnprintableError(
                    f"cannot be a PDF: {error.message}. Change what this names"
                ) from error
            # Typst names one at a time: without it, it names the next.
            lacking.append(found[1])
            inputs["sheet"] = inputs["sheet"].replace(found[1], "?")
            continue
        if lacking:
            raise UnprintableError(_said_of(lacking))
        assert isinstance(made, bytes), "a PDF without a path comes back"
        return made


# What Typst says of the first letters that no font has, between the marks of code and quotes.
_LACKING = re.compile(r'the text `"(.+?)"` could not be displayed')


def _said_of(lacking: Sequence[str]) -> str:
    named = ", ".join(
        f"'{letters}' ({' '.join(f'U+{ord(letter):04X}' for letter in letters)})"
        for letters in lacking
    )
    return (
        f"has {named}, which the font of the PDFs lacks: write it with other letters, or choose"
        " other lines"
    )


def _json(value: object) -> str:
    return json.dumps(value, default=vars, ensure_ascii=False)


@functools.lru_cache(maxsize=1)
def _compiler(site: Path, process: int) -> typst.Compiler:
    """What makes PDFs, with the fonts read once.

    Raises RuntimeError in a fork of a process that has made one: the threads that Typst began stay
    behind, and it would wait for them for ever.
    """
    import typst

    if _began and process not in _began:
        raise RuntimeError("this process is a fork of one that has made PDFs")
    _began.add(process)
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )
    return typst.Compiler(font_paths=fonts, root=str(site))


# The process that has made PDFs.
_began: set[int] = set()


def may_fork() -> bool:
    """Whether PDFs can be made in forks of this process."""
    return not _began
