"""A folder is made to hold exactly what it shall, and shares no byte with what it is made of."""

import os
from pathlib import Path

import pytest

from guide.base.files import files_of, names_of, place, put, write_tree


def told(folder: Path) -> dict[str, str]:
    return {name: (folder / name).read_text() for name in names_of(folder)}


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    (tmp_path / "kept").mkdir()
    for name in ("one", "two"):
        (tmp_path / "kept" / name).write_text(name)
    return tmp_path / "kept"


def test_a_folder_holds_what_is_wanted_and_a_second_time_nothing_is_written(tmp_path, kept):
    folder = tmp_path / "site"
    wanted = {"a/index.html": kept / "one", "a/b/c.json": b"{}", "d": kept / "two"}
    assert write_tree(folder, wanted) == 3
    assert told(folder) == {"a/index.html": "one", "a/b/c.json": "{}", "d": "two"}
    assert write_tree(folder, wanted) == 0
    assert (folder / "d").stat().st_mtime_ns == (kept / "two").stat().st_mtime_ns
    # What is not wanted goes, with the folders that it leaves empty; what somebody wrote into is
    # put right.
    (folder / "a/b/stray").write_text("x")
    (folder / "d").unlink()
    (folder / "d").write_text("spoilt")
    assert write_tree(folder, {"d": kept / "two"}) == 4
    assert (
        told(folder) == {"d": "two"}
        and not (folder / "a").exists()
        and (kept / "two").read_text() == "two"
    )


def test_a_file_gives_way_to_a_folder_and_a_folder_to_a_file(tmp_path):
    folder = tmp_path / "site"
    write_tree(folder, {"a": b"file", "b/c/d": b"deep"})
    write_tree(folder, {"a/b": b"folder", "b": b"file"})
    assert told(folder) == {"a/b": "folder", "b": "file"}
    assert {name for name, _ in files_of(folder)} == {"a/b", "b"} and list(
        files_of(tmp_path / "nowhere")
    ) == []


def test_the_same_bytes_written_anew_are_another_file(tmp_path, kept):
    """Whoever knows a kept file by the time it was written must find that file, not one like it."""
    folder = tmp_path / "site"
    write_tree(folder, {"a": kept / "one"})
    again = kept / "again"
    again.write_text("one")
    os.utime(again, ns=(1, 1))
    assert write_tree(folder, {"a": again}) == 1
    assert (folder / "a").stat().st_mtime_ns == 1 and write_tree(folder, {"a": again}) == 0


def test_what_replaces_a_file_leaves_what_it_was_a_copy_of(tmp_path, kept):
    folder = tmp_path / "site"
    write_tree(folder, {"a": kept / "one"})
    put(folder / "a", "finished")
    assert told(folder) == {"a": "finished"} and (kept / "one").read_text() == "one"
    place(folder / "a", kept / "one")
    place(folder / "a", kept / "one")
    assert told(folder) == {"a": "one"}


@pytest.mark.parametrize("apart", [False, True])
def test_a_byte_that_goes_bad_in_one_place_is_good_in_the_other(tmp_path, kept, apart):
    """Also where an earlier release made two names of one file of them."""
    folder = tmp_path / "site"
    folder.mkdir()
    os.link(kept / "two", folder / "b")
    assert write_tree(folder, {"a": kept / "one", "b": kept / "two"}, apart) == 2
    assert {path.stat().st_nlink for path in folder.iterdir()} == {1}
    for spoilt, whole in ((folder / "a", kept / "one"), (kept / "two", folder / "b")):
        before = whole.read_text()
        with spoilt.open("r+b") as file:
            file.write(b"X")
        assert whole.read_text() == before != spoilt.read_text()


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path, kept, monkeypatch):
    folder = tmp_path / "site"
    write_tree(folder, {"a": kept / "one"})

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("guide.base.files._copy", full)
    with pytest.raises(OSError, match="No space left"):
        place(folder / "a", kept / "two")
    assert told(folder) == {"a": "one"}


def test_a_folder_for_others_to_write_in_shares_no_file(tmp_path, kept):
    folder = tmp_path / "export"
    assert (
        write_tree(folder, {"a": kept / "one"}, apart=True) == 1
        and write_tree(folder, {"a": kept / "one"}, apart=True) == 0
    )
    (folder / "a").write_text("theirs")
    assert (kept / "one").read_text() == "one"
