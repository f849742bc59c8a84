"""Two days: the real one, by which the guide is judged, and the one that is written into pages.

The same commit gives the same bytes on any day and any machine: what pages say of "today" (only
whether a review is overdue, and what falls due) is computed for the day of the commit. A page that
outlives its review turns by itself, by a script in the page, and for readers without scripts by the
weekly rebuild, which sets GUIDE_TODAY. That rebuild shows readers what they are shown already, now
with the banner; it is not a publication, so an overdue review does not stop it. Whoever publishes
is judged by the real day, whatever the environment says.
"""

from __future__ import annotations

import datetime
import os
from pathlib import Path

from guide.base.git import GitError, Repository, last_words
from guide.base.problem import ContentErrors, Problem

REBUILD, EPOCH = "GUIDE_TODAY", "SOURCE_DATE_EPOCH"


def today() -> datetime.date:
    """The real day: for checks, for publishing, and for somebody who edits and looks."""
    return datetime.date.today()


def page_date(root: Path) -> datetime.date:
    """The day written into pages: GUIDE_TODAY (a rebuild), else SOURCE_DATE_EPOCH, else the day
    (UTC) of the last commit, else, outside git, the real day. Raises ContentErrors for a
    GUIDE_TODAY that is no day, and as `epoch` does.
    """
    # Asked in any case: other parts of a build need it, and here a refusal is said in words.
    committed = commit_date(root)
    given = os.environ.get(REBUILD)
    if given:
        try:
            return datetime.date.fromisoformat(given)
        except ValueError:
            raise ContentErrors(
                [
                    Problem(
                        f"the environment, {REBUILD}",
                        0,
                        f"'{given}' is not a day of the calendar: write it as YYYY-MM-DD",
                    )
                ]
            ) from None
    return committed


def commit_date(root: Path) -> datetime.date:
    """The day of the last commit (SOURCE_DATE_EPOCH wins), whatever a rebuild is made for; outside
    git the real day.
    """
    seconds = epoch(root)
    return (
        today()
        if seconds is None
        else datetime.datetime.fromtimestamp(seconds, datetime.UTC).date()
    )


def epoch(root: Path) -> int | None:
    """The second since 1970 that stamps files (the sitemap): SOURCE_DATE_EPOCH, else that of the
    last commit of the repository at `root`; None outside git. Raises ContentErrors for an epoch
    that is no number, and for a repository that git does not read.
    """
    given = os.environ.get(EPOCH)
    if given:
        if not given.isdecimal():
            raise ContentErrors(
                [
                    Problem(
                        f"the environment, {EPOCH}",
                        0,
                        f"'{given}' is not a whole number of seconds: unset it, or write one",
                    )
                ]
            )
        return int(given)
    try:
        return _last_commit(Repository(root))
    except GitError as error:
        message = f"the day of the last commit is not known, and pages carry it: {error}"
        raise ContentErrors([Problem("git", 0, message)]) from None


def _last_commit(repository: Repository) -> int | None:
    """The second of the last commit. Raises GitError."""
    # Inside another project's repository its commits say nothing about this guide.
    if repository.prefix() != "":
        return None
    done = repository.run("log", "-1", "--format=%ct")
    if done.returncode == 0:
        return int(done.stdout)
    words = last_words(done)
    if "does not have any commits" in words:
        return None
    raise GitError(words)


def is_rebuild() -> bool:
    """Whether this is the scheduled rebuild of what readers are shown already."""
    return bool(os.environ.get(REBUILD))
