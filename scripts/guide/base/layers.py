"""The engine's own pages and templates, and a guide's in front of them.

A guide that is made with the installed engine may hold `docs/` and `overrides/` of its own. A file
there stands in the place of the engine's file of the same path; all others are the engine's.
"""

from __future__ import annotations

from pathlib import Path

# Where the components lie.
MACROS = "overrides/macros"
_PACKAGE = Path(__file__).resolve().parent.parent
# The wheel brings the engine's folders along inside the package. In a checkout of the engine they
# lie at its top.
ENGINE = _PACKAGE / "engine" if (_PACKAGE / "engine").is_dir() else _PACKAGE.parent.parent


def layers(root: Path, name: str) -> list[Path]:
    """The folders called `name` that count for a guide, its own first; empty where none exists.

    A folder that is itself a checkout of the engine needs no other.
    """
    roots = [root] if (root / "scripts" / "guide").is_dir() or root == ENGINE else [root, ENGINE]
    return [folder for one in roots if (folder := one / name).is_dir()]


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
