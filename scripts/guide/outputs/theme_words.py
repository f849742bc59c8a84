"""The words that stand in the theme's templates and settings, in the guide's language."""

from __future__ import annotations

import re
from typing import Any

from guide.base.language import gettext as _
from guide.base.language import gettext_noop

# What mkdocs.yml, of the engine and of a new guide, calls a page's contents and the links there.
CONTENTS = (gettext_noop("On this page"), gettext_noop("Link to this section"))
# Marked words in a template: `{{ _('Search') }}`, `{{ _('Ask %(team)s.', team=team) }}`.
_MARKED = re.compile(
    r"\{\{(-?)\s*_\(\s*('[^']*'(?:\s*'[^']*')*)((?:,\s*\w+=[^,()]+)*)\)\s*(-?)\}\}"
)
_VALUE = re.compile(r"(\w+)=([^,()]+)")


def name_contents(settings: dict[str, Any]) -> None:
    """Translates what these settings of Markdown's `toc` call a page's contents. Other words than
    `CONTENTS` are the guide's own, and stay.
    """
    for key in ("title", "permalink_title"):
        if key in settings:
            settings[key] = _(settings[key])


def said(template: str) -> str:
    """A template of the theme with the words themselves in place of what is marked: other engines
    know no `_`.
    """

    def words(marked: re.Match[str]) -> str:
        before, message, values, behind = marked.groups()
        shown = {name: f"{{{{ {value.strip()} }}}}" for name, value in _VALUE.findall(values)}
        text = _("".join(re.findall(r"'([^']*)'", message))) % shown
        return ("{{- '' }}" if before else "") + text + ("{{ '' -}}" if behind else "")

    return _MARKED.sub(words, template)
