"""Work in other processes gives what it would give here, also what goes wrong in it."""

import gc
import os
import threading

import pytest
from guide.work import aside, growing, spread, thaw


def failing() -> None:
    raise ValueError("as it was said")


@pytest.mark.parametrize("processes", ["1", "2"])
def test_what_is_done_aside_comes_back_with_its_result_or_its_error(monkeypatch, processes):
    monkeypatch.setenv("GUIDE_PROCESSES", processes)
    begun = aside(lambda: (os.getpid(), [1, 2]))
    pid, result = begun()
    assert result == [1, 2] and (pid == os.getpid()) == (processes == "1")
    with pytest.raises(ValueError, match="as it was said"):
        aside(failing)()


def test_a_process_that_dies_is_said(monkeypatch):
    monkeypatch.setenv("GUIDE_PROCESSES", "2")
    with pytest.raises(RuntimeError, match="a process of the build ended"):
        aside(lambda: os._exit(3))()


def test_beside_other_threads_everything_is_done_here(monkeypatch):
    monkeypatch.setenv("GUIDE_PROCESSES", "2")
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert aside(os.getpid)() == os.getpid()
        assert set(spread(lambda item: os.getpid(), range(40))) == {os.getpid()}
    finally:
        done.set()
        thread.join()


def test_few_pieces_are_spread_where_each_is_worth_a_process(monkeypatch):
    monkeypatch.setenv("GUIDE_PROCESSES", "2")
    assert set(spread(lambda item: os.getpid(), range(4))) == {os.getpid()}
    assert os.getpid() not in set(spread(lambda item: os.getpid(), range(4), piece=1, worth=2))


def test_what_is_frozen_is_let_go():
    thaw()
    with growing():
        assert not gc.isenabled()
    assert gc.isenabled() and gc.get_freeze_count()
    thaw()
    assert gc.get_freeze_count() == 0
