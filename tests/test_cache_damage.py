"""A cache that cannot be read is an empty cache: whatever lies in `build/cache`, a run says nothing
of it, and what it makes is what it makes without one.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import shutil
import sqlite3
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import ROOT as PROJECT
from conftest import TODAY, make_project, mkdocs
from guide.artefacts import SIDECARS
from guide.base.file_store import FileStore
from guide.base.fingerprint import digest_of, fingerprint
from guide.build import compile_tree, prepared
from guide.cache import code
from guide.cache import results as cache_results
from guide.cache.cached import NoInputs, Step, Task, cached
from guide.cache.folder import Cache
from guide.outputs import pdf

pytestmark = pytest.mark.site

FILE = "results.sqlite"


def compiled(project: Path) -> dict[str, str]:
    """The digest of every file that a compilation makes, by its path."""
    made = {}
    with Cache(project) as cache:
        built = compile_tree(project, project / "build" / "docs", TODAY, cache=cache)
        for sidecars in SIDECARS:
            for name, path in sidecars(built, project).items():
                made[name] = Path(path).read_bytes()
    for path in sorted((project / "build" / "docs").rglob("*")):
        if path.is_file():
            made[path.relative_to(project).as_posix()] = path.read_bytes()
    return {name: hashlib.sha256(data).hexdigest() for name, data in made.items()}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A project that was compiled, and what came out."""
    project = make_project(
        tmp_path_factory.mktemp("damage") / "guide", PROJECT / "tests" / "tiny" / "content"
    )
    return project, compiled(project)


@pytest.fixture
def project(good: tuple[Path, dict[str, str]], tmp_path: Path) -> Path:
    """A copy of it with a cache that is whole: its files are as old as they were."""
    target = tmp_path / "guide"
    shutil.copytree(good[0], target, symlinks=True)
    return target


# -- ways of damage ------------------------------------------------------------------------------


def flipped(path: Path, choose: random.Random, bits: int) -> None:
    """Flips bits of a file in place."""
    data = bytearray(path.read_bytes())
    for _ in range(bits):
        data[choose.randrange(len(data))] ^= 1 << choose.randrange(8)
    path.write_bytes(data)


def flip_database(seed: int, bits: int) -> Callable[[Path], None]:
    return lambda cache: flipped(cache / FILE, random.Random(seed), bits)


def flip_texts(cache: Path) -> None:
    choose = random.Random(1)
    for path in sorted((cache / "files").rglob("*.*")):
        flipped(path, choose, 1)


def cut(part: float) -> Callable[[Path], None]:
    def damage(cache: Path) -> None:
        data = (cache / FILE).read_bytes()
        (cache / FILE).write_bytes(data[: int(len(data) * part)])

    return damage


def cut_texts(cache: Path) -> None:
    for path in sorted((cache / "files").rglob("*.*")):
        path.write_bytes(path.read_bytes()[:-7])


def sql(*statements: str) -> Callable[[Path], None]:
    """Changes the file of results as SQLite would."""

    def damage(cache: Path) -> None:
        base = sqlite3.connect(cache / FILE)
        for statement in statements:
            base.execute(statement)
        base.commit()
        base.close()

    return damage


def replaced(data: bytes) -> Callable[[Path], None]:
    return lambda cache: (cache / FILE).write_bytes(data) and None


def another_program(cache: Path) -> None:
    (cache / FILE).unlink()
    sql("create table bookmarks (url text)", "insert into bookmarks values ('x')")(cache)


def same_tables_of_another_program(cache: Path) -> None:
    (cache / FILE).unlink()
    sql("create table results (url text)", "create table about (code int)")(cache)


def folder_for_file(cache: Path) -> None:
    (cache / FILE).unlink()
    (cache / FILE).mkdir()
    (cache / FILE / "something").write_text("else")


def file_for_folder(cache: Path) -> None:
    shutil.rmtree(cache / "files")
    (cache / "files").write_text("no folder")


def file_for_cache(cache: Path) -> None:
    shutil.rmtree(cache)
    cache.write_text("no folder")


def unwritable(cache: Path) -> None:
    """A folder in which nobody can write, not even root."""
    shutil.rmtree(cache)
    cache.symlink_to("/proc/self/fdinfo")


def lock_is_a_folder(cache: Path) -> None:
    (cache / "lock").unlink()
    (cache / "lock").mkdir()


def dangling(cache: Path) -> None:
    shutil.rmtree(cache)
    cache.symlink_to(cache.parent / "gone" / "away")


def in_its_place(make: Callable[[Path], object], name: str = FILE) -> Callable[[Path], None]:
    """Puts something that is no file in the place of one."""

    def damage(cache: Path) -> None:
        (cache / name).unlink(missing_ok=True)
        make(cache / name)

    return damage


def each_text(make: Callable[[Path], object]) -> Callable[[Path], None]:
    """Puts something else in the place of every text."""

    def damage(cache: Path) -> None:
        for path in sorted((cache / "files").rglob("*.*")):
            path.unlink()
            make(path)

    return damage


def texts_swapped(cache: Path) -> None:
    """Each text lies under the name of another, and is as old and as long as that was."""
    paths = sorted((cache / "files").rglob("*.*"))
    known = [(path.stat(), path.read_bytes()) for path in paths]
    for path, (status, _), (_, data) in zip(paths, known, known[1:] + known[:1], strict=True):
        if len(data) >= status.st_size:
            continue
        path.write_bytes(data)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def links_to_somebody_elses(cache: Path) -> None:
    """Folders of the cache lead to a folder with files of others, which stay."""
    theirs = cache.parent / "theirs"
    (theirs / "ab").mkdir(parents=True)
    for name in ("letter.txt", f"{'0' * 30}.md"):
        (theirs / "ab" / name).write_text("keep me")
    shutil.rmtree(cache / "files")
    (cache / "files").symlink_to(theirs)


def read_only(cache: Path) -> None:
    for path in (cache, *cache.rglob("*")):
        path.chmod(0o500 if path.is_dir() else 0o400)


def resigned(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """Puts other results into the rows, each with a digest that fits: as if we had written them."""

    def damage(cache: Path) -> None:
        base = sqlite3.connect(cache / FILE)
        names = dict(base.execute("select number, name from inputs"))
        rows = base.execute(
            "select step, name, key, inputs, hash, files, result, digest from results"
        )
        for step, name, *rest in rows.fetchall():
            row = cache_results.Row(*rest)
            data = row.result[1:]
            data = zlib.decompress(data) if row.result[:1] == b"\1" else data
            row = row._replace(result=b"\0" + change(data))
            dependencies = [names[number] for number in memoryview(row.inputs).cast("I")]
            digest = cache_results._digest(step, name, row, dependencies)
            base.execute(
                "update results set result = ?, digest = ? where step = ? and name = ?",
                (row.result, digest, step, name),
            )
        base.commit()
        base.close()

    return damage


def wrong_kinds(cache: Path) -> None:
    """Every value of every row is of another type."""
    sql("update results set key = 1, inputs = 'x', hash = null, files = 2, result = 3.5")(cache)


WAYS: dict[str, Callable[[Path], None]] = {
    **{f"one bit of the results, {seed}": flip_database(seed, 1) for seed in range(4)},
    **{f"many bits of the results, {seed}": flip_database(seed, 5000) for seed in range(2)},
    "a bit of each text": flip_texts,
    "the results cut in half": cut(0.5),
    "the results cut at the end": cut(0.98),
    "only the first bytes of the results": cut(0.001),
    "each text cut": cut_texts,
    "an empty file": replaced(b""),
    "a file of zeros": replaced(bytes(1 << 16)),
    "text in the place of the results": replaced(b"Lorem ipsum. " * 999),
    "a pickle in the place of the results": replaced(b"\x80\x05cos\nsystem\n\x85R."),
    "the database of another program": another_program,
    "tables with our names and other columns": same_tables_of_another_program,
    "a folder in the place of the results": folder_for_file,
    "a file in the place of the texts": file_for_folder,
    "a file in the place of the cache": file_for_cache,
    "a cache in which nobody can write": unwritable,
    "a folder in the place of the lock": lock_is_a_folder,
    "a link to nowhere": dangling,
    "results of older code": sql("update about set code = 'older'"),
    "a format with columns less": sql("alter table results drop column digest"),
    "a table less": sql("drop table inputs"),
    "results that are no JSON": sql("update results set result = x'007b7b'"),
    "results of one page under another's name": sql(
        "update results set result = (select result from results where step = 'body' limit 1)"
        " where step = 'body'"
    ),
    "names of inputs that are others": sql(
        "update inputs set name = 'derived' || char(0) || 'os:getcwd'"
    ),
    "numbers of inputs that nothing has": sql("delete from inputs"),
    "values of other types": wrong_kinds,
    "no JSON, well signed": resigned(lambda data: b"{"),
    "JSON of another shape, well signed": resigned(lambda data: b'{"file": [1], "shown": 7}'),
    "JSON null, well signed": resigned(lambda data: b"null"),
    "texts gone": lambda cache: shutil.rmtree(cache / "files"),
    "a pipe in the place of the results": in_its_place(os.mkfifo),
    "a pipe in the place of the lock": in_its_place(os.mkfifo, "lock"),
    "a link to nowhere in the place of the results": in_its_place(
        lambda path: path.symlink_to("gone/away")
    ),
    "a link to a file of the machine in the place of the results": in_its_place(
        lambda path: path.symlink_to("/etc/hostname")
    ),
    "a link to itself in the place of the lock": in_its_place(
        lambda path: path.symlink_to(path.name), "lock"
    ),
    "the log of the results damaged": in_its_place(
        lambda path: path.write_bytes(b"\x37\x7f\x06\x82" + bytes(4096)), f"{FILE}-wal"
    ),
    "each text empty": each_text(lambda path: path.write_bytes(b"")),
    "a folder in the place of each text": each_text(lambda path: path.mkdir()),
    "a pipe in the place of each text": each_text(os.mkfifo),
    "a link in the place of each text": each_text(lambda path: path.symlink_to("/etc/hostname")),
    "texts under the names of others": texts_swapped,
    "folders that lead to somebody else's": links_to_somebody_elses,
    "a cache that may only be read": read_only,
    "rows of other keys swapped": sql(
        "update results set key = (select other.key from results other where"
        " other.step = results.step and other.name > results.name limit 1) where exists (select 1"
        " from results other where other.step = results.step and other.name > results.name)"
    ),
    "rows of other steps swapped": sql(
        "update results set result = (select other.result from results other where"
        " other.step != results.step limit 1)"
    ),
    "files of other results": sql(
        "update results set files = (select other.files from results other where other.step ="
        " results.step and other.name > results.name limit 1) where files != ''"
    ),
    "no rows": sql("delete from results"),
    "a schema of a later release": sql("alter table results add column more text"),
    "all but the texts gone": lambda cache: (cache / FILE).unlink(),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_damaged_cache_is_an_empty_cache(project, good, capfd, way):
    cache = project / "build" / "cache"
    WAYS[way](cache)
    assert compiled(project) == good[1]
    # The run after it finds a cache that is whole, or again none.
    assert compiled(project) == good[1]
    said = capfd.readouterr()
    assert (said.out, said.err) == ("", "")
    if way == "folders that lead to somebody else's":
        theirs = cache.parent / "theirs" / "ab"
        assert [path.read_text() for path in theirs.iterdir() if path.stat().st_size < 10] == [
            "keep me",
            "keep me",
        ]


def test_there_are_ways_enough():
    assert len(WAYS) >= 50


@pytest.mark.parametrize("seed", range(3))
def test_damage_anywhere_changes_no_page_of_the_site(tmp_path, monkeypatch, seed):
    """A whole build by MkDocs, with a bit flipped in every file of the cache."""
    monkeypatch.setenv("GUIDE_TODAY", TODAY.isoformat())
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1780272000")
    project = make_project(tmp_path / "guide", PROJECT / "tests" / "tiny" / "content")

    def shown() -> dict[str, bytes]:
        return {
            path.relative_to(project).as_posix(): path.read_bytes()
            for path in (project / "site").rglob("*")
            if path.is_file()
        }

    def built() -> dict[str, bytes]:
        done = mkdocs(project, "build", "--strict")
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
        return shown()

    first = built()
    choose = random.Random(seed)
    for path in sorted((project / "build" / "cache").rglob("*")):
        if path.is_file() and path.stat().st_size and choose.random() < (1, 0.5, 0.1)[seed]:
            flipped(path, choose, 1)
    # The last good site shares no file with the cache.
    assert shown() == first
    assert built() == first
    assert built() == first


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: flipped(path, random.Random(1), 1),
        lambda path: path.write_bytes(path.read_bytes()[:-9]),
        lambda path: path.write_bytes(b""),
        lambda path: (path.unlink(), path.mkdir()),
        lambda path: (path.unlink(), os.mkfifo(path)),
        lambda path: (path.unlink(), path.symlink_to("gone/away")),
        lambda path: path.unlink(),
    ],
)
def test_a_damaged_pdf_is_made_again(tmp_path, damage):
    """PDFs lie in a folder of their own, and are as good as their digest says."""
    key, data = "0" * 32, b"%PDF-1.7 and more of it"
    path = tmp_path / f"{key}-2-{digest_of(data).hex()}.pdf"
    path.write_bytes(data)
    assert pdf._cached(tmp_path, {key}) == {key: path}
    damage(path)
    assert pdf._cached(tmp_path, {key}) == {}
    # Those of an earlier release have no digest.
    (tmp_path / f"{key}-2.pdf").write_bytes(data)
    assert pdf._cached(tmp_path, {key}) == {}


# -- the disk is full ----------------------------------------------------------------------------


class FullDisk:
    """A disk below `build/cache` on which a write fails after the first few."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path, writes: int):
        self.left, self.failed = writes, 0
        self._open, self._folder = open, os.fspath(folder)
        monkeypatch.setattr("builtins.open", self._opened)
        monkeypatch.setattr(cache_results, "_opened", self._connected)

    def _spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            self.failed += 1
            raise OSError(28, "No space left on device")

    def _opened(self, file, mode="r", *more, **named):
        if "w" in mode and os.fspath(file).startswith(self._folder):
            self._spend()
        return self._open(file, mode, *more, **named)

    def _connected(self, path: Path) -> sqlite3.Connection:
        disk = self

        class Connection(sqlite3.Connection):
            def execute(self, statement, *more):
                if statement.startswith("insert"):
                    disk.left -= 1
                    if disk.left < 0:
                        disk.failed += 1
                        raise sqlite3.OperationalError("database or disk is full")
                return super().execute(statement, *more)

        return sqlite3.connect(path, factory=Connection)


@pytest.mark.parametrize("writes", [0, 1, 30, 400])
def test_a_full_disk_costs_the_cache_and_nothing_else(project, good, monkeypatch, capfd, writes):
    monkeypatch.setenv("GUIDE_PROCESSES", "1")
    cache = project / "build" / "cache"
    shutil.rmtree(cache)
    cache.mkdir()
    with monkeypatch.context() as patch:
        disk = FullDisk(patch, cache, writes)
        assert compiled(project) == good[1]
        assert disk.failed
    assert compiled(project) == good[1]
    assert capfd.readouterr().err == ""


def test_what_does_not_fit_goes_to_the_spare_folder_and_with_the_cache(tmp_path):
    (tmp_path / "folder").write_text("no folder")
    files = FileStore(tmp_path / "folder", tmp_path / "spare")
    stored = files.put("a text", ".md.z")
    assert files.read(stored) == "a text"
    assert not files.is_intact(stored), "the next run must not look for it"
    files.close()
    assert not (tmp_path / "spare").exists()


# -- what is kept is JSON ------------------------------------------------------------------------


def test_nothing_of_the_project_unpickles():
    """Neither results nor content files; what processes send each other is not a cache."""
    unpickling = re.compile(
        r"^\s*(?:import|from) (?:pickle|marshal|shelve|dill|joblib)\b"
        # What Jinja keeps in memory alone is no cache that somebody could change.
        r"|(?:FileSystem|Memcached)BytecodeCache",
        re.M,
    )
    guilty = [
        path.name
        for path in (PROJECT / "scripts").rglob("*.py")
        if unpickling.search(path.read_text(encoding="utf-8"))
    ]
    assert guilty == []


def test_every_result_is_json(good):
    base = sqlite3.connect(good[0] / "build" / "cache" / FILE)
    rows = base.execute("select step, result from results").fetchall()
    base.close()
    assert {step for step, _ in rows} >= {"content file", "reference line", "body", "page"}
    for _, data in rows:
        json.loads(zlib.decompress(data[1:]) if data[:1] == b"\1" else data[1:])


def test_the_module_of_a_name_in_the_file_is_not_imported(tmp_path, monkeypatch):
    """A name of a function to ask is taken from the file only where the row is as we wrote it."""
    ran = []
    step = Step("step", str, lambda subject, inputs: ran.append(subject) or subject)
    with Cache(tmp_path) as cache:
        cached(cache, step, [Task("name", b"key", "text")], NoInputs())
    sql("update inputs set name = 'derived' || char(0) || 'antigravity:x'")(
        tmp_path / "build/cache"
    )
    with Cache(tmp_path) as cache:
        assert cached(cache, step, [Task("name", b"key", "text")], NoInputs()) == {"name": "text"}
    import sys

    assert "antigravity" not in sys.modules


def test_a_result_is_found_by_its_key_alone(tmp_path):
    ran: list[str] = []

    def run(subject: str, inputs: NoInputs) -> str:
        ran.append(subject)
        return subject.upper()

    def asked(*tasks: tuple[str, bytes, str]) -> dict[str, str]:
        ran.clear()
        with Cache(tmp_path) as cache:
            step = Step("step", str, run)
            return cached(cache, step, [Task(*task) for task in tasks], NoInputs(), only=True)

    a, b = ("a", fingerprint("1"), "one"), ("b", fingerprint("2"), "two")
    assert asked(a, b) == {"a": "ONE", "b": "TWO"}
    assert ran == ["one", "two"]
    assert asked(a, b) == {"a": "ONE", "b": "TWO"}
    assert ran == []
    assert asked(a, ("b", fingerprint("3"), "three")) == {"a": "ONE", "b": "THREE"}
    assert ran == ["three"]
    assert asked(a) == {"a": "ONE"}
    assert asked(a, ("b", fingerprint("3"), "three"))["b"] == "THREE"
    assert ran == ["three"], "what belonged to nothing was deleted"


def test_other_code_finds_nothing(tmp_path, monkeypatch):
    step = Step("step", str, lambda subject, inputs: subject)
    with Cache(tmp_path) as cache:
        cached(cache, step, [Task("name", b"key", "first")], NoInputs())
    monkeypatch.setattr(code, "FORMAT", 999)
    with Cache(tmp_path) as cache:
        found = cached(cache, step, [Task("name", b"key", "second")], NoInputs())
    assert found == {"name": "second"}


def test_pages_are_the_same_with_and_without_a_cache(project, monkeypatch):
    with prepared(project, TODAY) as built:
        kept = {page.path: page.markdown for page in built.pages}
    monkeypatch.setenv("GUIDE_CACHE", "off")
    with prepared(project, TODAY) as built:
        assert {page.path: page.markdown for page in built.pages} == kept
