"""Style, scripts and pictures."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Sequence
from pathlib import Path

from guide.base.layers import DOCS, layered_files
from guide.content.models import COLOUR
from guide.outputs.script_words import with_words

STYLE = "assets/guide.css"
BUNDLES = {
    "assets/css": STYLE,
    "assets/js": "assets/guide.js",
    "assets/search": "assets/search.js",
}
# What the guide uses of the theme's style; scripts/theme_style.py writes it.
THEME = Path(__file__).with_name("theme.css")


def theme_templates() -> Path:
    """The folder of the theme's templates. Raises ModuleNotFoundError where it is not installed."""
    spec = importlib.util.find_spec("material")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("the theme 'material' is not installed")
    return Path(spec.origin).parent / "templates"


def theme_sheets() -> tuple[Path, ...]:
    """The theme's own style sheets, in the order in which its pages have them."""
    folder = theme_templates() / "assets" / "stylesheets"
    return tuple(next(folder.glob(f"{name}.*.min.css")) for name in ("main", "palette"))


def assets(root: Path, colour: str = COLOUR, theme: Sequence[Path] = ()) -> dict[str, bytes]:
    """The files of docs/ that are not pages. The parts in `assets/css/` and `assets/js/` become one
    file each: what is read together is fetched together. Scripts carry the words of the current
    language. `colour` is the guide's own for the bar of light pages.

    The style begins with the theme's: with `THEME`, or with the sheets `theme` for a guide that may
    use all of it.
    """
    files: dict[str, bytes] = {}
    parts: dict[str, list[bytes]] = {STYLE: [path.read_bytes() for path in theme or (THEME,)]}
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
        parts[STYLE].append(own.encode())
    files |= {name: as_sent(name, b"\n".join(contents)) for name, contents in parts.items()}
    return {
        name: with_words(content) if name.endswith(".js") else content
        for name, content in files.items()
    }


# A comment of a script that has its lines to itself. Inside a line, `//` may be an address.
_SCRIPT_COMMENT = re.compile(rb"(?m)^[ \t]*(?://[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)[ \t]*\n")
# The space that begins a line of a script, and empty lines. It says nothing inside a template
# literal either, as a test sees to: those that go over lines are HTML, each line begins with a tag.
_SCRIPT_SPACE = re.compile(rb"(?m)^\s+")
# A comment of a style sheet but for one that says whose work it is, and the space that begins its
# lines. Our sheets have neither inside a text; a test compares what a browser reads.
_STYLE_SPACE = re.compile(rb"/\*(?!! ?From )(?:[^*]|\*(?!/))*\*/\s*|(?<=\n)\s+")


# The space of a sheet's layout that a browser does not ask for: our sheets have a declaration a
# line. Spaces within a selector mean something and stay.
_STYLE_LAYOUT = (
    (re.compile(rb"(?m)^([\w-]+): "), rb"\1:"),
    (re.compile(rb"(?m) ?\{$\n"), b"{"),
    (re.compile(rb"(?m)(?<=[;,}])\n+"), b""),
)


def as_sent(name: str, content: bytes) -> bytes:
    """A bundle as it is sent: a third of our scripts, compressed, is comments
    and the space that begins lines. No more is taken out of a script without a parser.
    """
    if name.endswith(".js"):
        return _SCRIPT_SPACE.sub(b"", _SCRIPT_COMMENT.sub(b"", content))
    content = _STYLE_SPACE.sub(b"", content)
    for space, kept in _STYLE_LAYOUT:
        content = space.sub(kept, content)
    return content
