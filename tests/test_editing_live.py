"""While somebody edits: `check --watch`, and `serve` through mistakes of every kind."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from conftest import ROOT, TODAY, mkdocs
from guide.base.problem import ContentErrors
from guide.build import prepare
from guide.view import components
from guide.view.context import TopicContext
from test_bad_content import DOSING, answer, mend
from test_verbs import fetch, serving_live

pytestmark = pytest.mark.site


@pytest.fixture
def served(tiny):
    with serving_live(tiny) as address:
        yield tiny, address


def line_of(file: str, words: str) -> int:
    return next(
        number
        for number, line in enumerate((ROOT / file).read_text(encoding="utf-8").split("\n"), 1)
        if words in line
    )


# (file, what stands there, the mistake, the problem's whole line)
PAGE = "docs/topic/patients/dosing.md"
CALL = "statements_by_country(['dosing'], scope='medicine')"
SHOWN = line_of(PAGE, CALL)
TRIALS = "docs/topic/patients/trials.md"
CLASS = "trials('class')"
MACRO = "overrides/macros/statements.html"
FACTS = f"{MACRO}:{line_of(MACRO, '{% if v.facts %}')}"
IMPORT = f"{MACRO}:{line_of(MACRO, '_parts.html')}"
COUNTRIES = "overrides/macros/statements_by_country.html"
PLUGIN = "scripts/guide/mkdocs_plugin/finish.py"
ANSWER = "overrides/macros/answer.html"
COMPONENTS = ", ".join(
    sorted(path.stem for path in (ROOT / "overrides" / "macros").glob("[a-z]*.html"))
)
FAULTS = [
    (
        PAGE,
        CALL,
        "statements_by_contry(['dosing'])",
        (
            f"{PAGE}:{SHOWN}: unknown component or name 'statements_by_contry' (nearest:"
            f" 'statements_by_country'); components: {COMPONENTS}"
        ),
    ),
    (
        PAGE,
        CALL,
        "statements_by_country(['dosage'])",
        (
            f"{PAGE}:{SHOWN}: 'dosage' is not a kind of fact; kinds are given as a list (nearest:"
            " 'dosing'): give "
        ),
    ),
    (
        PAGE,
        CALL,
        "statements_by_country('dosing')",
        f"{PAGE}:{SHOWN}: 'd' is not a kind of fact; kinds are given as a list: give ",
    ),
    (
        PAGE,
        CALL,
        "statements_by_country(['dosing'], scope='medecine')",
        (
            f"{PAGE}:{SHOWN}: 'medecine' is not a scope (nearest: 'medicine'): give topic,"
            " medicine, others"
        ),
    ),
    (
        PAGE,
        CALL,
        "statements_by_country(['dosing'], scop='medicine')",
        (
            f"{PAGE}:{SHOWN}: got an unexpected keyword argument 'scop': calls look like {{{{"
            " statements_by_country(kinds, scope='topic') }}"
        ),
    ),
    (
        PAGE,
        CALL,
        "statements_by_country()",
        (
            f"{PAGE}:{SHOWN}: the component needs its 'kinds': calls look like {{{{"
            " statements_by_country(kinds, scope='topic') }}"
        ),
    ),
    (
        PAGE,
        CALL,
        "statements_by_country(['dosing'",
        (
            f"{PAGE}:{SHOWN}: unexpected ')', expected ']': calls look like {{{{"
            " statements(['dosing']) }}"
        ),
    ),
    (
        PAGE,
        CALL,
        "fact('examplinib-does-us')",
        (
            f"{PAGE}:{SHOWN}: there is no record, value or page 'examplinib-does-us' (nearest:"
            " 'examplinib-dose-us')"
        ),
    ),
    (
        PAGE,
        CALL,
        "page.has_schedul()",
        f"{PAGE}:{SHOWN}: 'page' has no 'has_schedul' (nearest: 'has_schedule')",
    ),
    (PAGE, CALL, "1 / 0", f"{PAGE}:{SHOWN}: ZeroDivisionError: division by zero"),
    (
        TRIALS,
        CLASS,
        "trials('klass')",
        (
            f"{TRIALS}:{line_of(TRIALS, CLASS)}: 'klass' is not a group of trials (nearest:"
            " 'class'): give direct, class, indirect, comparators, class-safety"
        ),
    ),
    (MACRO, "{% if v.facts %}", "{% if v.facts %", f"{MACRO}:10: expected token ':', got '}}'"),
    (
        MACRO,
        "{% if v.facts %}",
        "{% if vv.facts %}",
        f"{MACRO}:10: unknown name 'vv'",
    ),
    (
        MACRO,
        "parts.facts(v.facts)",
        "parts.factz(v.facts)",
        f"{MACRO}:10: the imported file has no component 'factz' (nearest: 'fact')",
    ),
    (
        MACRO,
        "_parts.html",
        "_part.html",
        f"{MACRO}:8: there is no component file '_part.html' (nearest: '_parts.html')",
    ),
    (
        MACRO,
        "macro statements(",
        "macro statments(",
        f"{MACRO}:1: the file defines no macro 'statements': a component has the name of its file",
    ),
    (
        ANSWER,
        '}}">{{ v.text }}',
        '}}">{{ v.txt }}',
        f"{ANSWER}:{line_of(ANSWER, '{{ v.text }}')}: there is no 'txt' in what is shown here",
    ),
]


@pytest.mark.parametrize(
    "file, old, new, expected",
    FAULTS,
    ids=[f"{Path(case[0]).stem}-{place}" for place, case in enumerate(FAULTS)],
)
def test_a_fault_of_a_page_or_component_is_named_at_its_own_line_once(
    tiny, file, old, new, expected
):
    mend(tiny, file, old, new)
    lines = answer(tiny)
    assert len(lines) == 2 and lines[1].startswith(expected), lines


def test_what_a_component_around_the_page_lacks_is_a_problem_and_no_traceback(tiny):
    """No page calls the line of warning signs, so no line of a page is to blame."""
    mend(
        tiny,
        "content/medicines/examplinib/medicine.yml",
        "emergency:\n  text: Do you have chest pain?\n  statements: [example-signs]\n",
        "",
    )
    with pytest.raises(ContentErrors) as raised:
        prepare(tiny, TODAY)
    (problem,) = raised.value.problems
    assert (problem.path, problem.line) == ("content/medicines/examplinib/medicine.yml", 1)
    assert problem.message.startswith("'emergency' is missing: ")


def test_a_mistake_in_our_own_python_is_not_blamed_on_a_page(tiny, monkeypatch):
    def by_country(page: TopicContext, kinds: list[str], scope: str = "topic") -> int:
        return 1 + "x"

    monkeypatch.setitem(components.COMPONENTS, "statements_by_country", by_country)
    with pytest.raises(TypeError):
        prepare(tiny, TODAY)


def test_serve_survives_mistakes_in_pages_components_rules_and_code(served):
    project, address = served
    page = f"{address}examplinib-ed/patients/dosing/"
    fetch(page, "How much, and when?")
    rule = "scripts/guide/checks/rules/dates_hold.py"
    module, script = "scripts/guide/view/shown.py", "scripts/guide/base/html.py"
    faults = [
        (
            PAGE,
            CALL,
            "statements_by_contry(['dosing'])",
            "unknown component or name &#39;statements_by_contry&#39;",
        ),
        (
            "overrides/macros/statements_by_country.html",
            "{% if v.countries %}",
            "{% if w.countries %}",
            "overrides/macros/statements_by_country.html:6: unknown name &#39;w&#39;",
        ),
        (
            rule,
            "source.accessed > guide.today",
            "source.accessed > guide.todday",
            (
                "AttributeError: &#39;Guide&#39; object has no attribute &#39;todday&#39; (in the"
                " project&#39;s own code, not in the content)"
            ),
        ),
        (
            rule,
            "def check(guide",
            "def check(guide:::",
            f"{rule}:{line_of(rule, 'def check(guide')}: SyntaxError",
        ),
        # Modules of the core, which every page is made by: one that cannot be read, one that fails
        # while it is imported.
        (
            module,
            "class Badge:",
            "class Badge::",
            f"{module}:{line_of(module, 'class Badge:')}: SyntaxError",
        ),
        (
            script,
            "class PageHtml:",
            "class PageHtml(Pages):",
            (
                f"{script}:{line_of(script, 'class PageHtml:')}:"
                " NameError: name &#39;Pages&#39; is not defined"
            ),
        ),
        # The plugin itself.
        (
            PLUGIN,
            "def serve_files(",
            "def serve_files((",
            f"{PLUGIN}:{line_of(PLUGIN, 'def serve_files(')}: SyntaxError",
        ),
    ]
    for file, old, new, shown in faults:
        mend(project, file, old, new)
        fetch(page, shown, 60)
        # The last good page is still there below the message.
        assert "How much, and when?" in fetched(page)
        mend(project, file, new, old)
        gone(page, "The content has problems")
    # A broken theme template stops the rebuild; mended, the server goes on.
    mend(
        project,
        "overrides/main.html",
        "{% block announce %}",
        "{% block announce %}{{ nothing.at.all }}",
    )
    time.sleep(3)
    mend(project, "overrides/main.html", "{{ nothing.at.all }}", "")
    mend(
        project,
        "docs/topic/patients/dosing.md",
        "How much, and when?",
        "Which doses do labels give?",
    )
    fetch(page, "Which doses do labels give?", 60)


def test_serve_starts_while_the_core_cannot_be_imported_and_recovers(tiny):
    """The pages of an earlier run are there: they show the mistake from the first moment on."""
    done = mkdocs(tiny, "build", "--strict")
    assert done.returncode == 0, done.stderr
    mend(tiny, "scripts/guide/view/shown.py", "class Badge:", "class Badge::")
    with serving_live(tiny) as address:
        page = f"{address}examplinib-ed/patients/dosing/"
        fetch(page, "SyntaxError", 60)
        assert "How much, and when?" in fetched(page)
        mend(tiny, "scripts/guide/view/shown.py", "class Badge::", "class Badge:")
        gone(page, "The content has problems")


def fetched(address: str) -> str:
    with urllib.request.urlopen(address, timeout=60) as said:
        return said.read().decode()


def gone(address: str, words: str, seconds: float = 60) -> None:
    start = time.monotonic()
    while words in fetched(address):
        assert time.monotonic() - start < seconds, f"'{words}' is still shown"
        time.sleep(0.2)


class Watching:
    """`guide check --watch` in a project, its output in a pipe or on a terminal."""

    def __init__(self, project: Path, terminal: bool = False):
        self.said = ""
        self.ours, theirs = pty.openpty() if terminal else os.pipe()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "guide", "check", "--watch"],
            cwd=project,
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=theirs,
            env={
                **os.environ,
                "PYTHONPATH": "scripts",
                "NO_MKDOCS_2_WARNING": "1",
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # a runner in the background may have it ignored
        os.close(theirs)

    def until(self, words: str, seconds: float = 60) -> str:
        """What was said up to and with the next answer that holds the words."""
        end = time.monotonic() + seconds
        while (
            words not in self.said
            or "Waiting for the next save" not in self.said[self.said.index(words) :]
        ):
            assert time.monotonic() < end, f"'{words}' was not said: {self.said[-1500:]}"
            if select.select([self.ours], [], [], 0.2)[0]:
                self.said += os.read(self.ours, 65536).decode()
        said, self.said = self.said, ""
        return said

    def end(self) -> tuple[int, str]:
        os.killpg(self.process.pid, signal.SIGINT)
        status = self.process.wait(20)
        rest = self.said
        try:
            while select.select([self.ours], [], [], 0.2)[0] and (
                more := os.read(self.ours, 65536)
            ):
                rest += more.decode()
        except OSError:
            pass
        os.close(self.ours)
        return status, rest


def test_watch_checks_again_at_every_save_and_ends_quietly(tiny):
    (tiny / "content" / ".dosing.yml.swp").write_text("an editor's own file")
    watching = Watching(tiny)
    try:
        first = watching.until("No problems:")
        assert "\x1b" not in first and "Traceback" not in first
        mend(tiny, DOSING, "kind: dosing", "kind: dosage")
        said = watching.until("'dosage' is not one of")
        assert (
            f"{DOSING}:3: statements[0].kind: 'dosage' is not one of" in said
            and "1 problem. Nothing is published." in said
        )
        mend(tiny, DOSING, "kind: dosage", "kind: dosing")
        watching.until("No problems:")
        # A page and a rule count as well.
        mend(tiny, PAGE, CALL, "statements_by_contry(['dosing'])")
        watching.until("statements_by_contry")
        mend(tiny, PAGE, "statements_by_contry(['dosing'])", CALL)
        watching.until("No problems:")
    finally:
        status, rest = watching.end()
    assert status == 0 and "Traceback" not in rest and "KeyboardInterrupt" not in rest


def test_watch_clears_the_screen_of_a_terminal(tiny):
    watching = Watching(tiny, terminal=True)
    try:
        assert "\x1b[2J" in watching.until("No problems:")
    finally:
        status, rest = watching.end()
    assert status == 0 and "Traceback" not in rest
