"""The id of a new topic: the beginning of all its addresses, which are never given again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from guide.base.problem import ContentErrors, Problem
from guide.base.text import slug
from guide.content.layout import LINKS, TO_DO
from guide.content.topic_files import Subject
from guide.content.written_files import read_written
from guide.content.yaml_reader import read_yaml

_FORM = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

# Folders of the finished site that are no topic's.
_OF_THE_SITE = {"about", "api", "assets", "guides", "search"}


def topic_id(root: Path, medicine: Subject, condition: Subject, given: str = "") -> str:
    """The topic's folder: the one that is about these two already, else `given`, else one made
    from their names.

    Raises ContentErrors where `given` has the wrong form, or belongs to something else.
    """
    content = root / "content"
    topics = _topics(content)
    about = medicine.id, condition.id
    known = next((key for key, subjects in topics.items() if subjects == about), "")
    if not given:
        return known or _made_from_names(medicine, condition)
    problem = _refusal(root, given, known, topics, about)
    if problem:
        raise ContentErrors([Problem("content/topics", 0, f"{problem}; nothing was written")])
    return given


def _topics(content: Path) -> dict[str, tuple[str, str]]:
    """Medicine and condition of each topic that can be read."""
    topics = {}
    for path in sorted(content.glob("topics/*/topic.yml")):
        value, _, problems = read_yaml(path, path.name)
        if not problems and isinstance(value, dict):
            topics[path.parent.name] = str(value.get("medicine")), str(value.get("condition"))
    return topics


def _made_from_names(medicine: Subject, condition: Subject) -> str:
    has_short = condition.abbreviation and not condition.abbreviation.startswith(TO_DO)
    return f"{medicine.id}-{slug(condition.abbreviation if has_short else condition.id)}"


def _refusal(
    root: Path,
    given: str,
    known: str,
    topics: dict[str, tuple[str, str]],
    about: tuple[str, str],
) -> str:
    """Why a topic about these two cannot have this id, and what to do; "" where it can."""
    content = root / "content"
    if not _FORM.fullmatch(given):
        return (
            f"--id: '{given}' has the wrong form: small letters, digits and single hyphens, such as"
            f" '{slug(given) or 'madeupumab-fd'}'"
        )
    if known and known != given:
        return (
            f"--id: the topic about these two is '{known}' already: leave --id out, or rename its"
            " folder (CONTRIBUTING.md, 'Rename a topic')"
        )
    if given in topics and topics[given] != about:
        return (
            f"--id: '{given}' is the topic of '{topics[given][0]}' in '{topics[given][1]}': choose"
            " another"
        )
    if given == about[1] or (content / "conditions" / given).is_dir():
        return f"--id: '{given}' is a condition, whose pages have that address: choose another"
    if given in _OF_THE_SITE or (root / "docs" / given).is_dir():
        return f"--id: '{given}' is a folder of the site: choose another"
    if not known:
        pages = read_written(root, LINKS, TypeAdapter(dict[str, Any])) or {}
        if any(page.startswith(f"{given}/") for page in pages):
            return (
                f"--id: '{given}' was the address of a published topic, and people hold its links:"
                " choose another"
            )
    return ""
