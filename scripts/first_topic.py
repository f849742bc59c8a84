"""The topic that measurements and pictures visit: the first that the guide lists."""

from __future__ import annotations

from pathlib import Path

import yaml


def first_topic(root: Path) -> tuple[str, str]:
    """The ids of the first topic in content/site.yml and of its condition: their addresses.

    Raises OSError or KeyError where the content of `root` does not say so.
    """
    content = root / "content"
    site = yaml.safe_load((content / "site.yml").read_text(encoding="utf-8"))
    topic = site["topics"][0]
    text = (content / "topics" / topic / "topic.yml").read_text(encoding="utf-8")
    return topic, yaml.safe_load(text)["condition"]
