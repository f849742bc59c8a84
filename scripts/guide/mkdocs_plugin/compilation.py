"""The content, compiled for MkDocs."""

from __future__ import annotations

import dataclasses
import datetime
import os
from collections.abc import Mapping
from pathlib import Path

from guide.base import clock, language
from guide.base.parallel import run_in_child
from guide.build import Compiled, compile_tree, compiled
from guide.cache.folder import Cache
from guide.mkdocs_plugin.session import Session


def compile_content(
    session: Session, tree: Path, edit_base: str, theme: tuple[Path, ...] = ()
) -> Compiled:
    """Writes the compiled pages to `tree`; returns what the engine's steps need to know of them.

    `theme` are the theme's style sheets that the site needs whole.

    Raises ContentErrors, and what a mistake in our own code raises.
    """
    today = clock.today()
    page_date = today if session.serving else clock.page_date(session.root)
    session.close_cache()
    cache = session.cache = Cache(session.root, session.recent if session.serving else None)
    later = None
    if session.live and session.compiled:
        later = {
            name: path for name, path in session.compiled.later.items() if os.path.exists(path)
        }

    def compiling() -> Compiled:
        return _compiled(session, tree, cache, today, page_date, edit_base, theme, later)

    # In a process of its own: the library and what is worked out of it are the most of what would
    # be held. (`serve` wants to know where in our own code a mistake is.)
    made = compiling() if session.serving else run_in_child(compiling)()
    # This process writes words into the finished pages.
    language.use(made.language)
    return made


def _compiled(
    session: Session,
    tree: Path,
    cache: Cache,
    today: datetime.date,
    page_date: datetime.date,
    edit_base: str,
    theme: tuple[Path, ...],
    later: Mapping[str, str] | None,
) -> Compiled:
    try:
        built = compile_tree(
            session.root,
            tree,
            today,
            release=not session.serving,
            page_date=page_date,
            rebuild=clock.is_rebuild(),
            edit_base=edit_base,
            cache=cache,
            theme=theme,
            later=later,
        )
        made = compiled(built, session.root)
        if later is None:
            return made
        session.built = built
        return dataclasses.replace(made, later=later)
    finally:
        # For this process to find it, where it was another that compiled. Also with problems: the
        # next build makes only what is mended.
        cache.flush()
