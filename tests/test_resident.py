"""A server that stays does again only what an edit has changed: counted, not timed.

The program is MkDocs' own loop in a process of its own: one build for each line that it reads, and
one line of counts for each build.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from watchdog.events import FileSystemEventHandler
from watchdog.observers.polling import PollingObserver

from conftest import ROOT, make_project
from guide.base import saves
from guide.base.saves import Saves, has_events
from guide.cache.cached import Step, Task, cached
from guide.cache.folder import Cache
from guide.cache.recent import RecentResults
from guide.outputs.offline import make_offline
from test_bad_content import DOSING, mend

SERVER = """
import json, os, sys, tempfile, threading
from mkdocs.commands.build import build
from mkdocs.config import load_config

threading.Thread(target=threading.Event().wait, daemon=True).start()  # as beside a server
site, address, first = tempfile.mkdtemp(), "http://127.0.0.1:8000/", True

def files():
    return {
        os.path.relpath(os.path.join(folder, name), site): (status.st_ino, status.st_mtime_ns)
        for folder, _, names in os.walk(site) for name in names
        for status in (os.stat(os.path.join(folder, name)),)
    }

def modules():
    return {name: id(one) for name, one in sys.modules.items() if name.startswith("guide.")}

def changed(before, after):
    return sorted(name for name in before.keys() | after.keys()
                  if before.get(name) != after.get(name))

for asked in sys.stdin:
    config = load_config("mkdocs.yml", site_dir=site)
    config.site_url = address
    if first:
        config.plugins.on_startup(command="serve", dirty=False)
        plugin = next(iter(config.hooks.values()))._plugin
    made, code, held = [], modules(), files()
    build(config, serve_url=address)
    if first:
        plugin.events.go_live()
        from guide.mkdocs_plugin.engine import PageMaker
    shown = files()
    plugin.events.after_shown(lambda: True)
    with open("/proc/self/status") as status:
        memory = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
    print("COUNTS " + json.dumps({
        "imported": changed(code, modules()) if not first else [],
        "shown": changed(held, shown),
        "later": changed(shown, files()),
        "memory": memory,
        "site": site,
    }), flush=True)
    first = False
"""


class Server:
    """One project that is built again and again."""

    def __init__(self, project: Path):
        self.project = project
        self._process = subprocess.Popen(
            [sys.executable, "-B", "-c", SERVER],
            cwd=project,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "GUIDE_CACHE": "on"},
        )

    def build(self) -> dict[str, Any]:
        """Builds, and gives the counts of this build."""
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        for line in self._process.stdout:
            if line.startswith("COUNTS "):
                return json.loads(line.removeprefix("COUNTS "))
        raise AssertionError("the server ended")

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(120)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("GUIDE_TODAY", "2026-06-01")
    running = Server(make_project(tmp_path / "tiny", ROOT / "tests" / "tiny" / "content"))
    yield running
    running.close()


# What says when the site was built.
DATED = {"sitemap.xml", "sitemap.xml.gz"}


@pytest.mark.site
def test_an_edit_costs_what_it_changes(server):
    first = server.build()
    everything = len(first["shown"])
    assert everything > 100
    # Nothing is changed: nothing is imported, copied, drawn or made.
    idle = server.build()
    assert (idle["imported"], set(idle["shown"]) - DATED, idle["later"]) == ([], set(), [])
    # A wording of one record.
    site = Path(first["site"])
    before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    mend(server.project, DOSING, "once a day", "once a day, as ever")
    edit = server.build()
    different = {
        path.relative_to(site).as_posix()
        for path in site.rglob("*")
        if path.is_file() and before.get(path) != path.read_bytes()
    }
    assert edit["imported"] == []
    # What was written is what has become another: pages, and what says the guide's version.
    assert set(edit["shown"]) - DATED == different - DATED - set(edit["later"])
    assert 2 <= sum(name.endswith("index.html") for name in edit["shown"]) <= 12
    # Search and data follow, and no zip is made.
    later = set(edit["later"])
    assert "assets/search/patients.json" in later and "api/v1/statements.json" in later
    assert all(name.startswith(("assets/search/", "api/")) for name in later)
    assert not (site / "guide.zip").exists()
    assert "as ever" in (site / "api/v1/statements.json").read_text()
    # What is fetched is what the compiled tree holds.
    tree = server.project / "build/docs"
    assert all((tree / name).read_bytes() == (site / name).read_bytes() for name in later)


@pytest.mark.site
def test_other_edits_are_noticed_too(server):
    server.build()
    # Our own code: it is imported anew, once.
    module = "scripts/guide/view/shown.py"
    with (server.project / module).open("a") as file:
        file.write("\n# An edit.\n")
    assert "guide.view.shown" in server.build()["imported"]
    assert server.build()["imported"] == []
    # The same number of bytes at the same time, as no editor leaves it.
    path = server.project / module
    status = path.stat()
    mend(server.project, module, "# An edit.", "# An Edit.")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert "guide.view.shown" in server.build()["imported"]
    # A file that is no page comes, changes and goes.
    picture = server.project / "docs/assets/icons/new.svg"
    for text in ("<svg/>", "<svg></svg>"):
        picture.write_text(text)
        edit = server.build()
        assert "assets/icons/new.svg" in edit["shown"]
        assert (Path(edit["site"]) / "assets/icons/new.svg").read_text() == text
    picture.unlink()
    assert not (Path(server.build()["site"]) / "assets/icons/new.svg").exists()
    # A component, of which the pages alone are another.
    macro = "overrides/macros/statements_by_country.html"
    mend(server.project, macro, "{% if v.countries %}", "{% if v.countries %}<p>New.</p>")
    edit = server.build()
    assert edit["imported"] == [] and any(name.endswith("index.html") for name in edit["shown"])
    # A template of the theme: the page for addresses that do not exist is drawn again.
    mend(server.project, "overrides/main.html", "{% block announce %}", "{% block announce %}\n")
    assert "404.html" in server.build()["shown"]


@dataclass(frozen=True)
class _Inputs:
    values: Mapping[str, str]


def test_a_result_in_memory_is_used_while_what_it_was_made_of_is_the_same(tmp_path, monkeypatch):
    monkeypatch.setenv("GUIDE_CACHE", "on")
    monkeypatch.setenv("GUIDE_PROCESSES", "1")
    recent, made = RecentResults(), list[str]()

    def run(name: str, inputs: _Inputs) -> str:
        made.append(name)
        return f"{name} is {inputs.values.get(name)}"

    def build(**values: str) -> dict[str, str]:
        made.clear()
        for file in tmp_path.glob("build/cache/results.sqlite*"):
            file.unlink()  # what is found now, memory alone has kept
        tasks = [Task(name, b"", name) for name in ("a", "b", "c")]
        with Cache(tmp_path, recent) as cache:
            return cached(cache, Step("test", str, run), tasks, _Inputs(values))

    build(a="1", b="1")
    assert made == ["a", "b", "c"]
    assert build(a="1", b="1", d="1")["b"] == "b is 1" and made == []
    assert build(a="1", b="2")["b"] == "b is 2" and made == ["b"]
    # What was not there is an input too, and an old value is another again.
    assert build(a="1", b="1", c="1")["c"] == "c is 1" and made == ["b", "c"]
    # Other code.
    recent.begin("other")
    build(a="1", b="1", c="1")
    assert made == ["a", "b", "c"]


def growth(server: Server, edits: int, warm_up: int = 4) -> float:
    """By how many MB an edit the memory grows, once everything has been met."""
    server.build()
    held = []
    for number in range(warm_up + edits):
        old = "once a day" if number == 0 else f"once a day {'x' * number}"
        mend(server.project, DOSING, old, f"once a day {'x' * (number + 1)}")
        held.append(server.build()["memory"] / 1024)
    return (held[-1] - held[warm_up - 1]) / edits


@pytest.mark.site
def test_memory_stays_flat_over_a_few_edits(server):
    assert growth(server, 8) <= 1


@pytest.mark.night
def test_memory_stays_flat_over_a_hundred_edits(server):
    assert growth(server, 100) <= 0.2


def test_the_zip_is_made_again_only_when_a_file_in_it_has_changed(tmp_path):
    for name, text in (("index.html", "<p>1</p>"), ("assets/a.css", "a{}"), ("sw.js", "//")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    zips: dict[bytes, bytes] = {}

    def kept(made_of: bytes, make: Callable[[], bytes]) -> bytes:
        if made_of not in zips:
            zips[made_of] = make()
        return zips[made_of]

    make_offline(tmp_path, kept=kept)
    make_offline(tmp_path, kept=kept)
    # What a copy on a disk has no use for, the worker and the file itself, is not part of it.
    (tmp_path / "sw.js").write_text("// another")
    make_offline(tmp_path, kept=kept)
    assert len(zips) == 1 and (tmp_path / "guide.zip").read_bytes() == next(iter(zips.values()))
    (tmp_path / "index.html").write_text("<p>2</p>")
    make_offline(tmp_path, kept=kept)
    (tmp_path / "assets/a.css").rename(tmp_path / "assets/b.css")
    make_offline(tmp_path, kept=kept)
    assert len(zips) == 3
    # The digest of a page may be known without a look at it.
    make_offline(tmp_path, lambda name: b"0" * 16 if name == "index.html" else None, kept)
    assert len(zips) == 4


# -- saves -----------------------------------------------------------------------------------------


class _Heard(FileSystemEventHandler):
    def __init__(self) -> None:
        self.something = threading.Event()

    def on_any_event(self, event: object) -> None:
        self.something.set()


def hears(heard: _Heard, seconds: float = 10) -> bool:
    found = heard.something.wait(seconds)
    time.sleep(0.2)  # the rest of the same save
    heard.something.clear()
    return found


def without_events() -> object:
    """An observer of a system that has no events left to give."""

    class Exhausted(PollingObserver):
        def start(self) -> None:
            raise OSError("inotify watch limit reached")

    return Exhausted()


@pytest.mark.parametrize("way", ["events", "no events left", "looking"])
def test_saves_of_folders_and_of_single_files_are_told(tmp_path, monkeypatch, way):
    if way == "no events left":
        monkeypatch.setattr(saves, "Observer", without_events)
    if way == "looking":
        monkeypatch.setattr(saves, "has_events", lambda root: False)
    (tmp_path / "content/deep").mkdir(parents=True)
    (tmp_path / "mkdocs.yml").write_text("site_name: x\n")
    folder, file, observer = _Heard(), _Heard(), Saves(tmp_path)
    observer.schedule(folder, str(tmp_path / "content"), recursive=True)
    observer.schedule(file, str(tmp_path / "mkdocs.yml"), recursive=True)
    observer.start()
    try:
        time.sleep(0.7)
        (tmp_path / "content/deep/a.yml").write_text("a: 1\n")
        assert hears(folder)
        # An editor puts a new file in the old one's place.
        for text in ("site_name: y\n", "site_name: zz\n"):
            (tmp_path / "other").write_text(text)
            os.replace(tmp_path / "other", tmp_path / "mkdocs.yml")
            assert hears(file)
        (tmp_path / "content/deep/a.yml").unlink()
        assert hears(folder)
        # To read is not to save; nor are an editor's own files, Python's, and others beside a file.
        (tmp_path / "mkdocs.yml").read_text()
        (tmp_path / "content/.a.yml.swp").write_text("")
        (tmp_path / "content/__pycache__").mkdir()
        (tmp_path / "content/__pycache__/a.pyc").write_text("")
        (tmp_path / "beside.yml").write_text("")
        assert not hears(folder, 0.9) and not hears(file, 0.2)
    finally:
        observer.stop()
        observer.join()


def test_where_others_may_write_the_system_is_not_believed(tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(
        f"/dev/sda1 / ext4 rw 0 0\nserver:/home {tmp_path} nfs4 rw 0 0\n"
        f"/dev/sdb1 {tmp_path}/my\\040disk xfs rw 0 0\n"
    )
    (tmp_path / "my disk").mkdir()
    assert not has_events(tmp_path / "guide", mounts)
    assert has_events(tmp_path / "my disk" / "guide", mounts)
    assert has_events(Path("/nowhere"), mounts) and has_events(tmp_path, tmp_path / "no such file")
