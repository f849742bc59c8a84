"""The engine's own pages and templates, and a guide's in front of them.

A guide that is made with the installed engine may hold `docs/` and `overrides/` of its own. A file
there stands in the place of the engine's file of the same path; all others are the engine's.

Between the two stand the pages that the engine has for the guide's language, in
`languages/<code>/docs/` beside this package. Templates have one form for all languages: their words
come from the catalogues.
"""

from __future__ import annotations

from pathlib import Path

from guide.base import language

# Where the pages lie, and the components.
DOCS = "docs"
MACROS = "overrides/macros"
_PACKAGE = Path(__file__).resolve().parent.parent
# The wheel brings the engine's folders along inside the package. In a checkout of the engine they
# lie at its top.
ENGINE = _PACKAGE / "engine" if (_PACKAGE / "engine").is_dir() else _PACKAGE.parent.parent


def layers(root: Path, name: str) -> list[Path]:
    """The folders called `name` that count for a guide in the current language, its own first;
    empty where none exists.

    A folder that is itself a checkout of the engine needs no other, and its pages are the engine's.
    """
    is_engine = (root / "scripts" / "guide").is_dir() or root == ENGINE
    own, engine = ([], root) if is_engine else ([root], ENGINE)
    spoken = [language.current().folder] if name == DOCS else []
    return [folder for one in (*own, *spoken, engine) if (folder := one / name).is_dir()]


def layered_files(root: Path, name: str, pattern: str = "**/*") -> dict[str, Path]:
    """The files that count, by their path below the folder called `name`, in the order of paths."""
    files: dict[str, Path] = {}
    for folder in reversed(layers(root, name)):
        files |= {
            path.relative_to(folder).as_posix(): path
            for path in folder.glob(pattern)
            if path.is_file()
        }
    return dict(sorted(files.items(), key=lambda item: item[0].split("/")))
