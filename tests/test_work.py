"""Work in other processes gives what it would give here, also what goes wrong in it.

Each test is a program of its own: the test runner has threads, beside which nothing is forked.
"""

import os
import subprocess
import sys

import pytest
from conftest import ROOT

START = """
import gc, os, threading
from guide.work import aside, growing, spread, thaw

def failing():
    raise ValueError("as it was said")
"""


def run(program: str, processes: int = 2) -> str:
    done = subprocess.run([sys.executable, "-B", "-c", START + program], text=True, capture_output=True, check=False, timeout=60,
                          env={**os.environ, "PYTHONPATH": str(ROOT / "scripts"), "GUIDE_PROCESSES": str(processes)})
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("processes", [1, 2])
def test_what_is_done_aside_comes_back_with_its_result_or_its_error(processes):
    said = run("""
begun = aside(lambda: (os.getpid() == here, [1, 2]))
print(begun())
try:
    aside(failing)()
except ValueError as error:
    print(error)
""".replace("begun", "here = os.getpid()\nbegun", 1), processes)
    assert said.splitlines() == [f"({processes == 1}, [1, 2])", "as it was said"]


def test_a_process_that_dies_is_said():
    assert run("""
try:
    aside(lambda: os._exit(3))()
except RuntimeError as error:
    print(error)
""").startswith("a process of the build ended")


def test_beside_other_threads_everything_is_done_here():
    assert run("""
here, done = os.getpid(), threading.Event()
threading.Thread(target=done.wait).start()
print(aside(os.getpid)() == here, set(spread(lambda item: os.getpid(), range(40))) == {here})
done.set()
""") == "True True\n"


def test_few_pieces_are_spread_where_each_is_worth_a_process():
    assert run("""
here = os.getpid()
print(set(spread(lambda item: os.getpid(), range(4))) == {here}, here in set(spread(lambda item: os.getpid(), range(4), piece=1, worth=2)))
print(sorted(spread(lambda item: item * item, range(100))) == [item * item for item in range(100)])
""") == "True False\nTrue\n"


def test_what_is_frozen_is_let_go():
    assert run("""
thaw()
with growing():
    print(gc.isenabled())
print(gc.isenabled(), gc.get_freeze_count() > 0)
thaw()
print(gc.get_freeze_count())
""").split() == ["False", "True", "True", "0"]
