"""A build and `serve` that are killed (kill -9 of all their processes) between two of their file
operations: the site is the old one or the new one, and the next build makes what it makes
without a kill, byte for byte.
"""

from __future__ import annotations

import random
import signal
from pathlib import Path

import pytest

from conftest import ROOT, TODAY, make_project
from test_bad_content import mend
from test_publish import bytes_of_site, run_to_event

BUILD = ("mkdocs", "-q", "build", "--strict")
SERVE = ("mkdocs", "-q", "serve", "--dev-addr", "127.0.0.1:0")
FAQ = "content/topics/examplinib-ed/faq.yml"
WORDS = ("No trial was found.", "No trial of it was found.")


class Killed:
    """A guide whose builds are killed, on the way from one of its two wordings to the other: the
    site of each, and how many file operations a build has.
    """

    def __init__(self, project: Path):
        self.project, self.statuses = project, list[int]()
        self._words = WORDS
        self.before = self._built()
        self._reword()
        self.after = self._built()
        assert self.before != self.after
        # Counted with both wordings in the cache, as in the builds that are killed.
        self.events = min(self._counted(self.before), self._counted(self.after))
        self._turn()

    def _built(self) -> dict[Path, bytes]:
        assert run_to_event(self.project, *BUILD)[0] == 0
        return bytes_of_site(self.project)

    def _reword(self) -> None:
        mend(self.project, FAQ, *self._words)
        self._words = self._words[::-1]

    def _counted(self, site: dict[Path, bytes]) -> int:
        self._reword()
        status, events = run_to_event(self.project, *BUILD)
        assert status == 0 and bytes_of_site(self.project) == site
        return events

    def _turn(self) -> None:
        self.before, self.after = self.after, self.before

    def kill(self, at: int, *command: str) -> None:
        """Kills the build of the other wording, and builds it. The next kill is on the way back."""
        self._reword()
        self.statuses.append(run_to_event(self.project, *command, at=at)[0])
        site = bytes_of_site(self.project)
        assert site == self.before or (site == self.after and command != SERVE), at
        assert self._built() == self.after, at
        self._turn()
        left = [path.name for path in self.project.iterdir()]
        assert not {"site.old", "site-new"} & set(left), at
        assert not list((self.project / "build").glob("**/*.new")), at


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Killed:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GUIDE_TODAY", TODAY.isoformat())
        patch.setenv("SOURCE_DATE_EPOCH", "1780272000")
        patch.setenv("GUIDE_PDFS", str(ROOT / "build" / "pdf"))
        project = make_project(
            tmp_path_factory.mktemp("kills") / "guide", ROOT / "tests" / "tiny" / "content"
        )
        yield Killed(project)


@pytest.mark.site
def test_killed_at_a_few_operations(killed):
    """The first, one in the middle, and the last, at which the folders were exchanged already."""
    for at in (1, killed.events // 2, killed.events):
        killed.kill(at, *BUILD)
    assert set(killed.statuses) == {-signal.SIGKILL}


@pytest.mark.night
def test_killed_at_sixty_operations_of_a_build(killed):
    """At every tenth part of its operations and at random ones, and at each of the last twenty,
    where the site is finished and exchanged.
    """
    rng, events = random.Random(5), killed.events
    points = {
        *(events * part // 10 or 1 for part in range(10)),
        *range(events - 19, events + 1),
        *(rng.randrange(1, events) for _ in range(40)),
    }
    assert len(points) >= 60
    for at in sorted(points):
        killed.kill(at, *BUILD)
    assert set(killed.statuses) == {-signal.SIGKILL}


@pytest.mark.night
def test_serve_that_is_killed_leaves_the_site_alone(killed):
    rng = random.Random(6)
    for at in sorted({1, 2, 3, *(rng.randrange(4, killed.events // 2) for _ in range(12))}):
        killed.kill(at, *SERVE)
    assert set(killed.statuses) == {-signal.SIGKILL}
