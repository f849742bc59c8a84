"""What a build does, counted: calls, parses, pages and processes do not depend on the machine.

A shortcut that stops working changes no page, so nothing else would notice it.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
import selectolax.lexbor

from conftest import ROOT, TODAY
from guide.base import parallel
from guide.build import compile_tree
from guide.cache.folder import Cache
from guide.checks import compiled_page
from guide.content.citations import lines
from guide.content.loading import load
from guide.render import page_finish, passes
from guide.search import learnt
from test_bad_content import ANSWERS, DOSING, mend

FAQ = "content/topics/examplinib-ed/faq.yml"


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often this process reads HTML, sets reference lines, makes and finishes pages, learns
    from phrasings, and begins to use further processes.
    """
    counts: Counter[str] = Counter()

    def count(name: str, owner: object, attribute: str) -> None:
        real = getattr(owner, attribute)

        def counting(*args: object, **more: object) -> object:
            counts[name] += 1
            return real(*args, **more)

        monkeypatch.setattr(owner, attribute, counting)

    monkeypatch.setenv("GUIDE_PROCESSES", "1")
    monkeypatch.setattr(lines, "_lines", {})
    count("lines", lines, "_marked")
    count("bodies", passes, "render_page")
    count("learnings", learnt, "urgent_weights")
    count("pages", page_finish.PageFinisher, "finish")
    count("processes", parallel, "_begin_worker")
    parser = selectolax.lexbor.LexborHTMLParser
    for module in [
        module
        for name, module in sys.modules.items()
        if name.startswith("guide.") and getattr(module, "LexborHTMLParser", None) is parser
    ]:
        count(f"parses by {module.__name__}", module, "LexborHTMLParser")
    return counts


def built(project: Path) -> int:
    """Compiles a project and gives the number of its pages."""
    with Cache(project) as cache:
        return len(compile_tree(project, project / "build" / "docs", TODAY, cache=cache).pages)


def test_a_first_build_makes_each_page_once_and_sets_each_line_once(tiny, counted):
    pages = built(tiny)
    library = load(tiny)
    assert counted["bodies"] == counted["pages"] == pages > 40
    # Sources that differ; and pages, of which those that differ by title alone share one line.
    sources = len(set(lines.packed_items(library.sources.values()).values()))
    assert sources <= counted["lines"] <= sources + 12 < sources + pages / 3


def test_a_page_is_read_whole_only_for_its_prose_and_for_its_check(tiny, counted):
    """All other readers read a part of it, such as a component or a section."""
    pages = built(tiny)
    assert 0 < counted["parses by guide.reading.prose"] <= pages
    assert counted["parses by guide.checks.html"] == pages


def test_a_second_build_makes_nothing(tiny, counted):
    built(tiny)
    counted.clear()
    built(tiny)
    assert +counted == {}


def test_an_edit_makes_only_the_pages_that_read_what_was_edited(tiny, counted):
    pages = built(tiny)
    counted.clear()
    mend(tiny, DOSING, "{dose} once a day", "{dose} once each day")
    built(tiny)
    assert 0 < counted["bodies"] < pages / 2
    assert counted["lines"] == 0


def test_an_answer_is_read_by_its_own_page_and_what_is_learnt_by_none(tiny, counted):
    built(tiny)
    assert counted["learnings"] == 1
    counted.clear()
    mend(tiny, ANSWERS, "Nobody has looked yet.", "Nobody has looked so far.")
    built(tiny)
    assert 0 < counted["bodies"] <= 3 and 0 < counted["pages"] <= 3
    counted.clear()
    mend(tiny, FAQ, "  question: ", "  question: So, ")
    built(tiny)
    # Its own page, the list of questions, and what shows some of them.
    assert 0 < counted["bodies"] <= 6
    assert counted["learnings"] == 0


def test_a_verb_imports_the_engine_only_when_it_needs_it():
    """`build` starts MkDocs and waits: what it imports itself is imported for nothing."""
    script = (
        "import json, sys\n"
        "from guide.commands.main import guide\n"
        "guide.commands['build']\n"
        "print(json.dumps([name for name in sys.modules if '.' not in name or name.startswith("
        "'guide.')]))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT / "scripts",
    )
    imported = set(json.loads(run.stdout))
    assert {"guide.commands.build", "click"} <= imported
    assert not imported & {"guide.build", "guide.content", "pydantic", "yaml", "jinja2", "mkdocs"}
    assert len([name for name in imported if name.startswith("guide.")]) <= 25


def test_a_page_without_links_in_markdown_is_not_searched_for_them(monkeypatch):
    """To try the pattern of targets at every place of every page took an eighth of the check."""

    class Refusing:
        def __getattr__(self, name: str) -> object:
            raise AssertionError("the pattern is tried")

    monkeypatch.setattr(compiled_page, "_TARGET", Refusing())
    page = SimpleNamespace(path="a.md", url="a/")
    text = '# A\n\n<p id="b">b [c] (d)</p>\n<p><a href="../e/#f">g</a></p>\n'
    examined = compiled_page.examine(page, text, re.compile("(?!)"), ROOT)
    assert examined == ((), ("a", "b"), ("e/#f\t../e/#f",))
