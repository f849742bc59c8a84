"""Style, scripts and pictures."""

from __future__ import annotations

import re
from pathlib import Path

from guide.base.layers import DOCS, layered_files
from guide.content.models import COLOUR
from guide.outputs.script_words import with_words

BUNDLES = {
    "assets/css": "assets/guide.css",
    "assets/js": "assets/guide.js",
    "assets/search": "assets/search.js",
}


def assets(root: Path, colour: str = COLOUR) -> dict[str, bytes]:
    """The files of docs/ that are not pages. The parts in `assets/css/` and `assets/js/` become one
    file each: what is read together is fetched together. Scripts carry the words of the current
    language. `colour` is the guide's own for the bar of light pages.
    """
    files: dict[str, bytes] = {}
    parts: dict[str, list[bytes]] = {}
    for name, path in layered_files(root, DOCS).items():
        if path.suffix == ".md":
            continue
        bundle = BUNDLES.get(name.rpartition("/")[0])
        if bundle:
            parts.setdefault(bundle, []).append(path.read_bytes())
        else:
            files[name] = path.read_bytes()
    if colour != COLOUR:
        own = f':root:has([data-md-color-scheme="default"]) {{ --colour-patients: {colour}; }}\n'
        parts.setdefault("assets/guide.css", []).append(own.encode())
    files |= {
        name: _without_comments(name, b"\n".join(contents)) for name, contents in parts.items()
    }
    return {
        name: with_words(content) if name.endswith(".js") else content
        for name, content in files.items()
    }


# A comment that has its lines to itself.
_COMMENT = re.compile(rb"(?m)^[ \t]*(?://[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)[ \t]*\n")


def _without_comments(name: str, content: bytes) -> bytes:
    """A bundle as it is sent: a third of our scripts, compressed, is comments. No more is taken
    out: without a parser, a space inside a template literal looks like any other.
    """
    return _COMMENT.sub(b"", content) if name.endswith(".js") else content
