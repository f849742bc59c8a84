"""Style, scripts and pictures."""

from __future__ import annotations

from pathlib import Path

BUNDLES = {"assets/css": "assets/guide.css", "assets/js": "assets/guide.js"}


def assets(root: Path) -> dict[str, bytes]:
    """The files of docs/ that are not pages. The parts in `assets/css/` and `assets/js/` become one
    file each: what is read together is fetched together.
    """
    docs, files = root / "docs", {}
    parts: dict[str, list[bytes]] = {}
    for path in sorted(docs.rglob("*")):
        if not path.is_file() or path.suffix == ".md":
            continue
        name = path.relative_to(docs).as_posix()
        bundle = BUNDLES.get(path.parent.relative_to(docs).as_posix())
        if bundle:
            parts.setdefault(bundle, []).append(path.read_bytes())
        else:
            files[name] = path.read_bytes()
    return files | {name: b"\n".join(contents) for name, contents in parts.items()}
