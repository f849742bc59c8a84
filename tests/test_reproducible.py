"""Same commit, same bytes: two builds on two days, in two clones, with another hash seed, time zone
and language.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT, make_current, make_project
from test_bad_content import said
from test_verbs import git

pytestmark = pytest.mark.site

# The day and the hour as a later build would find them, for every module of the process.
LATER = """
import datetime, time
_real, _ahead = time.time, 150 * 86400 + 12345
time.time = lambda: _real() + _ahead
_date = datetime.date
class _IsDate(type):
    # A day that was made before the clock was shifted is a date, too.
    def __instancecheck__(cls, value):
        return isinstance(value, _date) if cls is _Date else type.__instancecheck__(cls, value)
class _Date(datetime.date, metaclass=_IsDate):
    @classmethod
    def today(cls):
        return cls.fromtimestamp(time.time())
class _Datetime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(time.time(), tz)
    @classmethod
    def utcnow(cls):
        return cls.fromtimestamp(time.time(), datetime.UTC).replace(tzinfo=None)
datetime.date, datetime.datetime = _Date, _Datetime
"""


def build(clone: Path, **environment: str) -> dict[str, str]:
    """Builds a clone in its own process; the digest of every file by path."""
    run = {
        **{name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"},
        "NO_MKDOCS_2_WARNING": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        **environment,
    }
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "-q", "build", "--strict"],
        cwd=clone,
        env=run,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, said(done)
    return {
        path.relative_to(clone / "site").as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((clone / "site").rglob("*"))
        if path.is_file()
    }


@pytest.mark.night
def test_two_days_two_clones_one_site(tmp_path):
    origin = make_project(tmp_path / "origin", ROOT / "tests" / "tiny" / "content")
    # In date on both days: whether a review is overdue, a build is asked by the real day.
    make_current(origin)
    (origin / ".gitignore").write_text("/site/\n/build/\n__pycache__/\n")
    git(origin, "init", "-q", "-b", "main")
    git(origin, "add", "-A")
    subprocess.run(
        [
            "git",
            "-c",
            "user.name=Test",
            "-c",
            "user.email=test@example.org",
            "commit",
            "-q",
            "-m",
            "The guide",
        ],
        cwd=origin,
        check=True,
        env={
            **os.environ,
            "GIT_COMMITTER_DATE": "2026-06-01T23:30:00+00:00",
            "GIT_AUTHOR_DATE": "2026-06-01T23:30:00+00:00",
        },
    )
    clones = [tmp_path / "a", tmp_path / "deeper" / "in another place" / "b"]
    for clone in clones:
        git(tmp_path, "clone", "-q", str(origin), str(clone))
    later = tmp_path / "later"
    later.mkdir()
    (later / "sitecustomize.py").write_text(LATER)
    first = build(
        clones[0], PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C", SITE_URL="https://example.org/guide/"
    )
    second = build(
        clones[1],
        PYTHONHASHSEED="4711",
        TZ="Pacific/Auckland",
        LC_ALL="C.UTF-8",
        LANG="de_DE.UTF-8",
        SITE_URL="https://example.org/guide/",
        PYTHONPATH=str(later),
    )
    assert {name for name in {*first, *second} if first.get(name) != second.get(name)} == set()
    assert {
        "sitemap.xml",
        "sitemap.xml.gz",
        "guide.zip",
        "sw.js",
        "feed.xml",
        "assets/search.js",
        "index.html",
    } <= first.keys()
    # No day is the builder's: a page changed when the change log says so, and the site is of the
    # commit's day, in the time of the world.
    assert set(
        re.findall(r"<lastmod>(.*?)</lastmod>", (clones[1] / "site" / "sitemap.xml").read_text())
    ) == {"2026-01-02"}
    # The later clock was really in force.
    said = subprocess.run(
        [sys.executable, "-c", "import datetime; print(datetime.date.today())"],
        env={**os.environ, "PYTHONPATH": str(later)},
        capture_output=True,
        text=True,
        check=True,
    )
    ahead = datetime.date.fromisoformat(said.stdout.strip()) - datetime.date.today()
    assert abs(ahead - datetime.timedelta(days=150)) <= datetime.timedelta(days=1)


def test_on_another_day_the_same_content_is_the_same_site(tiny):
    """Pages bear the day of their own content: a publication changes only pages that changed."""
    one = build(tiny, SOURCE_DATE_EPOCH="1780000000")
    page = (tiny / "site" / "examplinib-ed/patients/index.html").read_text()
    assert '<meta name="guide-date" content="2026-01-02">' in page
    other = build(tiny, SOURCE_DATE_EPOCH="1780100000")
    # The packed sitemap has the second of the commit in its head.
    assert one.keys() == other.keys()
    assert {name for name in one if one[name] != other[name]} <= {"sitemap.xml.gz"}
