"""Work in other processes gives what it would give here, also what goes wrong in it.

Each test is a program of its own: the test runner has threads, beside which nothing is forked.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import ROOT

START = """
import gc, os, threading
from guide.base.parallel import parallel_map, paused_gc, run_in_child, unfreeze_gc

def failing():
    raise ValueError("as it was said")
"""


def run(program: str, processes: int = 2, ends: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-B", "-c", START + program],
        text=True,
        capture_output=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT / "scripts"), "GUIDE_PROCESSES": str(processes)},
    )
    assert done.returncode == ends, done.stderr
    return done.stdout


@pytest.mark.parametrize("processes", [1, 2])
def test_what_is_done_aside_comes_back_with_its_result_or_its_error(processes):
    said = run(
        """
begun = run_in_child(lambda: (os.getpid() == here, [1, 2]))
print(begun())
try:
    run_in_child(failing)()
except ValueError as error:
    print(error)
""".replace("begun", "here = os.getpid()\nbegun", 1),
        processes,
    )
    assert said.splitlines() == [f"({processes == 1}, [1, 2])", "as it was said"]


def test_a_process_that_dies_is_said():
    assert run("""
try:
    run_in_child(lambda: os._exit(3))()
except RuntimeError as error:
    print(error)
""").startswith("a process of the build ended")


def test_beside_other_threads_everything_is_done_here():
    assert (
        run("""
here, done = os.getpid(), threading.Event()
threading.Thread(target=done.wait).start()
ran_in = set(parallel_map(lambda item: os.getpid(), range(40)))
print(run_in_child(os.getpid)() == here, ran_in == {here})
done.set()
""")
        == "True True\n"
    )


def test_few_pieces_are_spread_where_each_is_worth_a_process():
    assert (
        run("""
here = os.getpid()
few = set(parallel_map(lambda item: os.getpid(), range(4)))
spread = set(parallel_map(lambda item: os.getpid(), range(4), batch=1, minimum=2))
print(few == {here}, here in spread)
squares = [item * item for item in range(100)]
print(sorted(parallel_map(lambda item: item * item, range(100))) == squares)
""")
        == "True False\nTrue\n"
    )


def test_of_many_pieces_the_first_are_done_here_and_the_others_in_ever_new_processes():
    assert (
        run("""
import guide.base.parallel
guide.base.parallel.CHUNK = 100
here = os.getpid()
done = list(parallel_map(lambda item: (item, os.getpid()), range(250), warm_up=4))
print(sorted(item for item, _ in done) == list(range(250)))
print([item for item, where in done if where == here], len({where for _, where in done}) > 3)
few = parallel_map(lambda item: (item, os.getpid()), range(9), warm_up=4)
print([item for item, where in few if where != here])
""")
        == "True\n[0, 62, 125, 187] True\n[]\n"
    )


def test_what_went_wrong_aside_says_where():
    assert "in failing" in run("""
try:
    run_in_child(failing)()
except ValueError as error:
    print(*error.__notes__)
""")


def test_what_is_done_aside_ends_with_its_parent():
    number = int(
        run(
            """
import signal, sys, time
receiver, sender = os.pipe()

def long():
    os.write(sender, str(os.getpid()).encode())
    time.sleep(300)

run_in_child(long)
print(os.read(receiver, 20).decode(), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
""",
            ends=-signal.SIGKILL,
        )
    )
    end = time.monotonic() + 20
    while _lives(number):
        assert time.monotonic() < end, "the process outlives the one that began it"
        time.sleep(0.05)


def _lives(number: int) -> bool:
    """Whether a process works: one that nobody has asked for its end yet does not."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_fork_uses_the_cache_in_its_parents_stead(tmp_path):
    assert (
        run(f"""
from pathlib import Path
from guide.cache.cached import NoInputs, Step, Task, cached
from guide.cache.folder import Cache

root = Path({str(tmp_path)!r})
tasks = [Task("name", b"key", "text")]

def made(subject, inputs):
    print("made", flush=True)
    return subject

step = Step("step", str, made)
with Cache(root) as cache:
    def work():
        cached(cache, step, tasks, NoInputs())
        stored = cache.files.put("text", ".md")
        cache.flush()
        return cache.lasting, stored
    lasting, stored = run_in_child(work)()
    print(lasting, cached(cache, step, tasks, NoInputs()), cache.files.read(stored))
    print(Cache(root).lasting)
""")
        == "made\nTrue {'name': 'text'} text\nFalse\n"
    )


def test_a_worker_that_dies_is_said():
    assert "BrokenProcessPool" in run("""
try:
    list(parallel_map(lambda item: os._exit(3), range(40)))
except Exception as error:
    print(type(error).__name__)
""")


def test_problems_come_back_from_another_process_as_they_were():
    assert (
        run("""
from guide.base.problem import ContentErrors, Problem

def wrong():
    raise ContentErrors([Problem("a.yml", 2, "as it was said", "rule"), Problem("b.yml", 0, "too")])

try:
    run_in_child(wrong)()
except ContentErrors as errors:
    print([(one.path, one.line, one.rule) for one in errors.problems])
    print("a.yml:2: as it was said" in str(errors))
""")
        == "[('a.yml', 2, 'rule'), ('b.yml', 0, 'form')]\nTrue\n"
    )


def test_what_is_frozen_is_let_go():
    assert run("""
unfreeze_gc()
with paused_gc():
    print(gc.isenabled())
print(gc.isenabled(), gc.get_freeze_count() > 0)
unfreeze_gc()
print(gc.get_freeze_count())
""").split() == ["False", "True", "True", "0"]
