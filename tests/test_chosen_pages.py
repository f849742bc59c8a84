"""A guide and its topics leave pages out; nothing leads to a page that is not there."""

from __future__ import annotations

import re

from conftest import TODAY, mkdocs
from guide.build import prepare
from test_bad_content import answer, mend, said

TOPIC, SITE = "content/topics/examplinib-ed/topic.yml", "content/site.yml"


def leave_out(project, file: str, names: str) -> None:
    mend(
        project,
        file,
        "title: " if file == TOPIC else "topics:",
        f"without: [{names}]\n" + ("title: " if file == TOPIC else "topics:"),
    )


def urls(project) -> set[str]:
    return {page.url for page in prepare(project, TODAY).pages}


def test_a_topic_leaves_pages_out_for_both_readers(tiny):
    before = urls(tiny)
    leave_out(tiny, TOPIC, "future, visit, handout")
    gone = before - urls(tiny)
    assert gone == {
        "examplinib-ed/check/",
        *(
            f"examplinib-ed/{track}/{name}/"
            for track in ("patients", "clinicians")
            for name in ("future", "visit", "handout")
        ),
    }


def test_the_guide_leaves_pages_out_and_no_link_is_left(tiny):
    leave_out(tiny, SITE, "mechanism, future, due, data, offline, accessibility, other-medicines")
    built = mkdocs(tiny, "build", "--strict")
    assert built.returncode == 0, said(built)
    site = tiny / "site"
    for page in ("about/due", "about/data", "about/offline", "examplinib-ed/patients/mechanism"):
        assert not (site / page).exists(), page
    words = (site / "index.html").read_text(encoding="utf-8")
    assert ">Glossary</a></p>" in words and "Without a connection" not in words
    everything = "".join(path.read_text(encoding="utf-8") for path in site.rglob("index.html"))
    assert not re.search(r'href="[^"]*(?:mechanism|about/due|about/data)/', everything)


def test_a_name_that_is_no_page_or_must_stay_is_refused_with_the_allowed_ones(tiny):
    leave_out(tiny, TOPIC, "futur, safety")
    names = (
        "access, card, corrections, dosing, future, guidelines, handout, harms, mechanism,"
        " monitoring, offer"
    )
    assert answer(tiny) == [
        "[names-exist]",
        f"{TOPIC}:4: there is no page that can be left out 'futur' (nearest: 'future')",
        f"{TOPIC}:4: there is no page that can be left out 'safety' (there are: {names},"
        " pregnancy, procedure, questions, trials, visit)",
    ]


def test_a_page_about_which_nothing_is_written_is_not_made(tiny):
    before = urls(tiny)
    text = (tiny / TOPIC).read_text(encoding="utf-8")
    (tiny / TOPIC).write_text(
        re.sub(r"(?m)^  (?:cost|pipeline|guideline): .*\n", "", text), encoding="utf-8"
    )
    gone = before - urls(tiny)
    assert gone == {
        f"examplinib-ed/{track}/{name}/"
        for track in ("patients", "clinicians")
        for name in ("access", "future", "guidelines")
    }
