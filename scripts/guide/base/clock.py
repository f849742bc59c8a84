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

from guide.base.git import Repository
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
    that is no number, and where git refuses to look: the real day would be another one.
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
    repository = Repository(root)
    refusal = repository.refusal()
    if refusal:
        raise ContentErrors(
            [
                Problem(
                    "git",
                    0,
                    f"the day of the last commit is not known, because git refuses: {refusal}",
                )
            ]
        )
    # Inside another project's repository its commits say nothing about this guide.
    if repository.maybe("rev-parse", "--show-prefix") != "":
        return None
    stamp = repository.maybe("log", "-1", "--format=%ct")
    return int(stamp) if stamp else None


def is_rebuild() -> bool:
    """Whether this is the scheduled rebuild of what readers are shown already."""
    return bool(os.environ.get(REBUILD))
