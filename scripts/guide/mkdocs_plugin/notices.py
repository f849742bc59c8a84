"""What `serve` says on top of the pages: problems of the content, and mistakes in our own code.

This module, `early` and `base.saves` import nothing else of the project but `base.faults`: they
must be there when the rest cannot be imported.
"""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from pathlib import Path

from markupsafe import escape
from mkdocs.config.defaults import MkDocsConfig

LEADS = {
    "content_errors": (
        "<strong>The content has problems.</strong> This page shows the last good state."
    ),
    "content_warnings": (
        "<strong>This is what the edit looks like.</strong> It cannot be published until these are"
        " mended."
    ),
}
# The notice goes in front of this.
_HEADER = b'<header class="md-header">'


def clear(config: MkDocsConfig) -> None:
    """Takes back what an earlier build said in the settings."""
    for kind in LEADS:
        config.extra.pop(kind, None)


def notice(kind: str, problems: Sequence[str]) -> bytes:
    """The notice as HTML; `kind` is one of `LEADS`."""
    listed = "".join(f"<li>{escape(problem)}</li>" for problem in problems)
    return (
        f'<div class="content-errors" role="alert"><p>{LEADS[kind]}</p><ul>{listed}</ul></div>'
    ).encode()


def with_notice(page: bytes, said: bytes) -> bytes:
    """A page as it is sent, with the notice on top of it."""
    return page.replace(_HEADER, said + _HEADER, 1) if said else page


def our_mistake(error: Exception, root: Path) -> str:
    """A mistake in the project's code as one line: the file and line of it that is nearest to the
    mistake.
    """
    if isinstance(error, SyntaxError) and error.filename:
        path, line = Path(error.filename), error.lineno
    else:
        frames = [
            frame
            for frame in traceback.extract_tb(error.__traceback__)
            if Path(frame.filename).is_relative_to(root)
        ]
        path, line = Path(frames[-1].filename), frames[-1].lineno
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path
    return (
        f"{name}:{line}: {type(error).__name__}: {getattr(error, 'msg', error)} (in the project's"
        " own code, not in the content)"
    )
