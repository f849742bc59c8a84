"""References on pages: identifiers are no prose, and each list is that of its marks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conftest import TODAY
from guide.build import prepare
from guide.content.loading import load
from test_bad_content import mend

SOURCES = "content/sources.yml"
SICI = "10.1002/(SICI)1098-2736(199908)36:6<637::AID-TEA4>3.0.CO;2-9"
HANDOUT = "examplinib-ed/patients/handout.md"


def pages_of(project: Path) -> dict[str, str]:
    return {page.path: page.text for page in prepare(project, TODAY).pages}


@pytest.mark.parametrize("primary", ["true", "false"])
@pytest.mark.parametrize(
    "journal, author",
    [("BMJ", "{body: MRC CTU}"), ("JAMA", "{family: LEE, given: K}"), ("N Engl J Med", "et al.")],
)
def test_no_part_of_a_reference_is_judged_as_prose(tiny, journal, author, primary):
    """On paper too: there the reference stands in one line, its DOI with it."""
    mend(tiny, SOURCES, "container: Journal of Examples", f"container: {journal}")
    mend(tiny, SOURCES, "doi: 10.1000/made-up", f"doi: {SICI}")
    mend(tiny, SOURCES, '[{family: Nobody, given: "N"}, "et al."]', f"[{author}]")
    text = (tiny / SOURCES).read_text()
    last = text.rindex("primary: true")
    (tiny / SOURCES).write_text(f"{text[:last]}primary: {primary}\n", encoding="utf-8")
    pages = pages_of(tiny)
    shown = re.sub(r"&#(\d+);", lambda sign: chr(int(sign[1])), pages[HANDOUT])
    if primary == "true":
        line = f"{journal} 2019, doi {SICI.replace('<', '&lt;').replace('>', '&gt;')}"
        assert line in shown
    clinicians = pages["examplinib-ed/clinicians/trials.md"]
    assert (
        'href="https://doi.org/10.1002/(SICI)1098-2736(199908)36:6%3C637::AID-TEA4%3E3.0.CO;2-9"'
        in (clinicians)
    )


def test_a_page_lists_what_its_marks_name_and_counts_what_it_shows(tiny):
    records, lists = load(tiny).records, 0
    for path, text in pages_of(tiny).items():
        body, _, listed = text.partition('<h2 id="sources">')
        sources = re.findall(r'<li id="source-([a-z0-9-]+)" value="(\d+)"', listed)
        marks = dict(re.findall(r'href="#source-([a-z0-9-]+)"[^>]*>(?:<[^>]*>)*\[?(\d+)', body))
        assert marks == dict(sources), path
        if listed:
            lists += 1
            count = re.search(r"shows (\d+) facts?; (\d+) sources? stands? behind", listed)
            shown = {
                record
                for names in re.findall(r'data-record="([^"]*)"', body)
                for record in names.split()
                if record in records
            }
            assert count is None or [int(count[1]), int(count[2])] == [len(shown), len(sources)]
            assert bool(shown) == (count is not None), path
    assert lists > 20
