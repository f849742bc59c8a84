"""Which pages a guide and its topics leave out, as site.yml and topic.yml say under `without`."""

from __future__ import annotations

from collections.abc import Iterable

from guide.content.library import Library

# The site's own parts, and every page of a topic, lead to these.
ALWAYS = frozenset(
    {
        *("index", "section", "safety", "approval", "approvals", "options", "check"),
        *("changes", "checks", "glossary", "sources"),
    }
)
# Parts of one page, such as the questions, lie in a folder of its name.
_FOLDERS = ("patients", "clinicians")


def name_of(path: str) -> str:
    """The name of a page by which it is left out, from its path below docs/: `questions` for
    topic/patients/questions/section.md.
    """
    below = [part for part in path.split("/")[1:] if part not in _FOLDERS]
    return below[0].removesuffix(".md") if below else ""


def optional_names(paths: Iterable[str], owner: str) -> list[str]:
    """The pages that can be left out, of these below docs/: those of topics for the file of a
    topic, all for `owner` "".
    """
    folders = ("topic/",) if owner else ("topic/", "condition/", "about/")
    return sorted({name_of(path) for path in paths if path.startswith(folders)} - ALWAYS)


def left_out(library: Library, topic: str = "") -> frozenset[str]:
    """The names of pages that the guide leaves out, and of a topic's own."""
    own = library.topics[topic].without if topic in library.topics else ()
    return frozenset((*library.site.without, *own))
