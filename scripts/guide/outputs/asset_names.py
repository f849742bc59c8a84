"""The names of styles, scripts and search files as a site has them: `guide.css` becomes
`guide.0123456789.css`, with a digest of its bytes.

Under such a name there is never anything else, so a browser may keep the file for good. Whoever
asks for a file is told its name when the site is made: pages by the settings of the engine, scripts
by what stands in front of them. `search.js` keeps its plain name. It names the search index, which
changes with every fact; with a digest its own name would change in `guide.js`, and so in all pages.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatch
from pathlib import Path

from guide.base.files import names_of
from guide.outputs.assets import STYLE
from guide.search.index import INDEXES

SCRIPT, SEARCH, MANIFEST = "assets/guide.js", "assets/search.js", "manifest.webmanifest"
MOVED = "assets/moved.js"
# The files that scripts ask for when they are wanted.
_FETCHED = ("assets/share.js", "assets/lean-qr.js")
_ICONS = re.compile(r"assets/icons/[^/]+")
# A name with a digest: what stands before it, and the file's suffix.
DIGEST = re.compile(r"(?P<stem>.+)\.[0-9a-f]{10}(?P<suffix>\.\w+)")

File = bytes | Path | str


def with_digests(files: Mapping[str, File]) -> dict[str, File]:
    """The files of a site with digests in the names of assets. Others keep their names: a page, or
    another site, asks for them by it.
    """
    made = dict(files)
    names = {
        name: _named(made, name)
        for name in files
        if name in (*_FETCHED, MOVED) or _ICONS.fullmatch(name) or fnmatch(name, INDEXES)
    }
    _tell(made, SEARCH, {name: new for name, new in names.items() if fnmatch(name, INDEXES)})
    _tell(made, SCRIPT, {name: new for name, new in names.items() if name in _FETCHED})
    if MANIFEST in made:
        manifest = json.loads(_bytes(made[MANIFEST]))
        for icon in manifest["icons"]:
            icon["src"] = names.get(icon["src"], icon["src"])
        made[MANIFEST] = json.dumps(manifest, ensure_ascii=False, indent=1).encode() + b"\n"
    for name in (STYLE, SCRIPT):
        if name in made:
            _named(made, name)
    return made


def _named(files: dict[str, File], name: str) -> str:
    """Gives a file the name with its digest, and returns it."""
    data = _bytes(files.pop(name))
    stem, dot, suffix = name.rpartition(".")
    new = f"{stem}.{hashlib.sha256(data).hexdigest()[:10]}{dot}{suffix}"
    files[new] = data
    return new


def _tell(files: dict[str, File], script: str, names: Mapping[str, str]) -> None:
    """Has a script know the names of files that it asks for."""
    if script in files and names:
        below = {name.removeprefix("assets/"): new for name, new in sorted(names.items())}
        said = json.dumps(
            {name: new.removeprefix("assets/") for name, new in below.items()},
            separators=(",", ":"),
        )
        told = f"Object.assign((self.guideFiles ??= {{}}), {said});\n".encode()
        files[script] = told + _bytes(files[script])


def _bytes(data: File) -> bytes:
    return data if isinstance(data, bytes) else Path(data).read_bytes()


def by_plain_name(names: Iterable[str]) -> dict[str, str]:
    """The names with a digest by those without."""
    matches = ((name, DIGEST.fullmatch(name)) for name in names)
    return {f"{match['stem']}{match['suffix']}": name for name, match in matches if match}


def assets_in(folder: Path) -> dict[str, str]:
    """The assets of a site or a compiled tree that have a digest in their name, by the name without
    it.
    """
    return by_plain_name(f"assets/{name}" for name in names_of(folder / "assets"))
