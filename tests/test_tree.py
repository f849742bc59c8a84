"""A folder is made to hold exactly what it shall, and nothing that has other names is written in
place.
"""

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
    assert (folder / "d").samefile(kept / "two")
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
    assert write_tree(folder, {"a": again}) == 1 and (folder / "a").samefile(again)


def test_what_replaces_a_file_leaves_its_other_names_as_they_are(tmp_path, kept):
    folder = tmp_path / "site"
    write_tree(folder, {"a": kept / "one"})
    put(folder / "a", "finished")
    assert told(folder) == {"a": "finished"} and (kept / "one").read_text() == "one"
    place(folder / "a", kept / "one")
    place(folder / "a", kept / "one")
    assert told(folder) == {"a": "one"}


def test_where_there_are_no_second_names_copies_are_as_old_as_what_they_are_of(
    tmp_path, kept, monkeypatch
):
    def refuse(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(os, "link", refuse)
    folder = tmp_path / "site"
    assert (
        write_tree(folder, {"a": kept / "one"}) == 1
        and write_tree(folder, {"a": kept / "one"}) == 0
    )
    assert (folder / "a").stat().st_mtime_ns == (kept / "one").stat().st_mtime_ns and not (
        folder / "a"
    ).samefile(kept / "one")


def test_a_folder_for_others_to_write_in_shares_no_file(tmp_path, kept):
    folder = tmp_path / "export"
    assert (
        write_tree(folder, {"a": kept / "one"}, apart=True) == 1
        and write_tree(folder, {"a": kept / "one"}, apart=True) == 0
    )
    (folder / "a").write_text("theirs")
    assert (kept / "one").read_text() == "one"
