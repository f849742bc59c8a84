"""The pages of a build as they were made: their files, and what is known of each."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from guide.base.file_store import FileStore, StoredFile
from guide.base.html import PageHtml, scan
from guide.base.json_codec import codec_of
from guide.checks import site as site_check
from guide.mkdocs_plugin.engine import Message
from guide.outputs.old_addresses import places as places_of
from guide.outputs.permalinks import Places


@dataclass(frozen=True)
class PageDetails:
    """What is known of a finished page: as `checks.site.Facts`, its ids in hexadecimal digits, and
    what it offers to link to, where it is finished.
    """

    problems: tuple[tuple[str, str], ...]
    ids: str
    links: tuple[str, ...]
    places: Places | None

    @classmethod
    def of(cls, facts: site_check.Facts, places: Places | None = None) -> PageDetails:
        """The details with these facts."""
        return cls(facts.problems, facts.ids.hex(), facts.links, places)

    @property
    def facts(self) -> site_check.Facts:
        """What the check of the site wants to know."""
        return site_check.Facts(self.problems, bytes.fromhex(self.ids), self.links)


@dataclass(frozen=True)
class HtmlPage:
    """A page as the engine makes it: the file of its HTML, finished where the site is published;
    the file of its details as JSON; and what the engine warned of.
    """

    file: StoredFile
    details: StoredFile
    said: tuple[Message, ...]


DETAILS = codec_of(PageDetails)
# The details of how many pages are held in memory: each is asked for three times.
_HELD = 1000


class MadePages:
    """The pages by their path in the site, and answers about those in the folder that
    `folder` names: for most pages, they are known without a look.

    `changed` gives the details of a page that was changed after it was made, by its name and bytes.
    """

    def __init__(
        self,
        files: FileStore,
        folder: Callable[[], str],
        changed: Callable[[str, bytes], PageDetails],
    ):
        self._files, self._folder, self._changed = files, folder, changed
        self._made: Mapping[str, HtmlPage] = {}
        self._details_of: dict[str, PageDetails] = {}
        self._changed_facts: dict[tuple[str, int, int], site_check.Facts] = {}

    def add(self, made: Mapping[str, HtmlPage]) -> None:
        """Takes in the pages of the build."""
        self._made = made

    def paths(self) -> dict[str, str]:
        """The files of the pages by their path in the site."""
        return {name: str(self._files.path(page.file)) for name, page in self._made.items()}

    def facts(self, name: str) -> site_check.Facts:
        """What the check wants to know of a page of the site: as noted when it was made, or of the
        same bytes before.
        """
        if self._is_untouched(name):
            return self._details(name).facts
        # The check of the site asks twice.
        page = Path(self._folder(), name)
        status = page.stat()
        version = (name, status.st_size, status.st_mtime_ns)
        if version not in self._changed_facts:
            if len(self._changed_facts) >= _HELD:
                self._changed_facts.clear()
            self._changed_facts[version] = self._changed(name, page.read_bytes()).facts
        return self._changed_facts[version]

    def places(self, name: str) -> Callable[[], Places] | None:
        """What looks up what a finished page offers to link to, by its path in the site; None for a
        page that is not finished.
        """
        return (lambda: self._places(name)) if self._is_untouched(name) else None

    def _places(self, name: str) -> Places:
        return self._details(name).places or places_of(
            scan(PageHtml(self._files.read(self._made[name].file)))
        )

    def digest(self, name: str) -> bytes | None:
        """That of a page's content, if the page is still the file it was."""
        return self._made[name].file.digest if self._is_untouched(name) else None

    def _details(self, name: str) -> PageDetails:
        """Those of all pages at once would be the most of a large build's memory."""
        details = self._details_of.get(name)
        if details is None:
            details = DETAILS.decode(self._files.read(self._made[name].details))
            if len(self._details_of) < _HELD:
                self._details_of[name] = details
        return details

    def _is_untouched(self, name: str) -> bool:
        """Whether nobody has changed the page of the site since it was put there."""
        if name not in self._made:
            return False
        file, status = self._made[name].file, os.stat(f"{self._folder()}/{name}")
        return (status.st_size, status.st_mtime_ns) == (file.size, file.written)
