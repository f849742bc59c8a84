"""Links to the line of a fact in the project's repository."""

from __future__ import annotations

import re

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.problem import ContentErrors, Problem
from guide.content.library import Library


class EditLinks:
    """Links to the lines that facts are written in, for a site whose files can be edited on the
    web.

    `base` is the address of the project's files there, such as a repository's blob address;
    with an empty one every link is empty text and the pages are what they are without.
    Raises ContentErrors for an address that is none.
    """

    def __init__(self, library: Library, base: str):
        if base and not re.fullmatch(r"https?://[^\s<>\"'`]+", base):
            raise ContentErrors(
                [
                    Problem(
                        "mkdocs.yml",
                        0,
                        f"extra.edit_base: '{base}' is no web address: write the address of the"
                        " project's files, such as https://example.org/guide/blob/main, or leave"
                        " it empty",
                    )
                ]
            )
        self.library, self.base = library, base.rstrip("/")

    def to(self, label: str) -> Markup:
        """The link of a record, or of another id as `<kind>:<id>`."""
        place = self.library.place.get(label) if self.base else None
        return self._link(place.path, place.line) if place else Markup("")

    def to_page(self, path: str) -> str:
        """The line of a page that links to its own text in docs/."""
        return (
            '<p class="edit-page" data-reading="skip" data-search="skip">'
            f"{self._link(f'docs/{path}', 0)}</p>"
            if self.base
            else ""
        )

    def _link(self, path: str, line: int) -> Markup:
        """The link to a line of a file; without a line, to the text of a page."""
        words = _("Edit") if line else _("Edit the text of this page")
        label = (
            _("Edit: {path}, line {line}").format(path=path, line=line)
            if line
            else _("Edit the text of this page: {path}").format(path=path)
        )
        return Markup(
            '<a class="edit" data-reading="skip" data-search="skip" href="{}/{}{}"'
            ' rel="noopener" aria-label="{}">{}</a>'
        ).format(self.base, path, f"#L{line}" if line else "", label, words)
