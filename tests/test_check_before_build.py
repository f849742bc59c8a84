"""What `build` refuses `check` refuses first: what is typed in docs/, overrides/ and redirects."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import TODAY, mkdocs
from guide.base.problem import ContentErrors
from guide.build import prepare
from test_bad_content import answer, mend, said

ABOUT, DOSING = "docs/about/index.md", "docs/topic/patients/dosing.md"

# (name, file, what is added at its end, the line of the answer, what the finished site says)
TYPED = [
    (
        "a link to a file that is no page",
        ABOUT,
        "[lost](nowhere.md)",
        f"{ABOUT}:9: the link 'nowhere.md' leads to no page",
        "contains a link 'nowhere.md', but the target 'about/nowhere.md' is not found",
    ),
    (
        "a link to an address that is no page",
        ABOUT,
        '<p><a href="../nowhere/">lost</a></p>',
        f"{ABOUT}:9: the link '../nowhere/' leads to no page",
        "site/about/index.html: the link '../nowhere/' leads to no page",
    ),
    (
        "a link to a folder, as Markdown",
        ABOUT,
        "[rules](../about/checks/)",
        f"{ABOUT}:9: the link '../about/checks/' leads to no page: between pages write the file,"
        " such as 'checks.md'",
        "contains an unrecognized relative link '../about/checks/'",
    ),
    (
        "a link to no place of another page",
        ABOUT,
        "[lost](checks.md#rule-nothing)",
        f"{ABOUT}:9: the link 'checks.md#rule-nothing' leads to no such place on its page"
        " (nearest: 'rule-no-promotion')",
        "site/about/index.html: the link 'checks/#rule-nothing' leads to no such place on its page",
    ),
    (
        "a link to no place of its own page",
        ABOUT,
        "[lost](#nothing)",
        f"{ABOUT}:9: the link '#nothing' leads to no such place on its page",
        "site/about/index.html: the link '#nothing' leads to no such place on its page",
    ),
    (
        "a link from the root",
        ABOUT,
        "[rules](/about/checks/)",
        f"{ABOUT}:9: the link '/about/checks/' is neither a page of the site nor a web address:"
        " write the way from this page",
        "contains an absolute link '/about/checks/'",
    ),
    (
        "a picture that is not there",
        ABOUT,
        "![us](../assets/pictures/us.png)",
        f"{ABOUT}:9: the link '../assets/pictures/us.png' leads to no file of docs/",
        "contains a link '../assets/pictures/us.png', but the target",
    ),
    (
        "a picture of another host",
        ABOUT,
        "![us](https://example.org/us.png)",
        f"{ABOUT}:9: the picture https://example.org/us.png comes from another host; a reader's"
        " browser would tell another host: ship the file with the site",
        "<img> loads https://example.org/us.png",
    ),
    (
        "a heading with the id of another",
        DOSING,
        "## Again { #kidney }\n\nA sore toe again.",
        f"{DOSING}:33: the id 'kidney' stands twice: a link to it is ambiguous",
        "the id 'kidney' stands twice",
    ),
    (
        "what is left to write",
        ABOUT,
        "TODO: our address.",
        f"{ABOUT}:9: 'TODO' is left in the page: a template was not filled",
        "'TODO' is left in the page",
    ),
    (
        "a digit in a template",
        "overrides/macros/about.html",
        "",
        "overrides/macros/about.html:5: '31.' stands in no element that names its record: print it"
        " through a component, or add it to ALLOWED with the reason",
        "'31.' stands in no element",
    ),
]


def add(project: Path, file: str, words: str) -> None:
    if not words:
        mend(
            project, file, "## {{ _('Who we are') }}", "<p>We are 31.</p>\n## {{ _('Who we are') }}"
        )
        return
    path = project / file
    path.write_text(f"{path.read_text(encoding='utf-8').rstrip()}\n\n{words}\n", encoding="utf-8")


@pytest.mark.parametrize(
    "file, words, line", [case[1:4] for case in TYPED], ids=[case[0] for case in TYPED]
)
def test_check_says_it_with_file_and_line(tiny, file, words, line):
    add(tiny, file, words)
    assert line in answer(tiny)


def test_the_build_alone_would_refuse_each_of_them(tiny):
    """Without the early look the finished site is still held to the same."""
    for _, file, words, _, _ in TYPED:
        add(tiny, file, words)
    early = tiny / "scripts/guide/checks/compiled_page.py"
    code = early.read_text(encoding="utf-8")
    assert code.count("    return Compiled(\n") == 1
    early.write_text(
        code.replace("    return Compiled(\n", "    return Compiled((), (), ())\n    Compiled(\n")
    )
    done = mkdocs(tiny, "build", "--strict")
    assert done.returncode == 1
    assert [case[0] for case in TYPED if case[4] not in said(done)] == [], said(done)


def test_links_to_files_of_the_site_and_to_headings_without_an_id_are_right(tiny):
    add(tiny, ABOUT, "[feed](../feed.xml) [data](../api/v1/index.json) [top](#about-this-guide)")
    add(tiny, ABOUT, "[rules](checks.md#rule-names-exist) [home](../index.md) [web](https://e.org)")
    prepare(tiny, TODAY)


def test_an_old_address_that_leads_nowhere(tiny):
    (tiny / "content/links.json").write_text(
        '{\n"about/gone/": {"title": ["gone"], "ids": []}\n}\n', encoding="utf-8"
    )
    with pytest.raises(ContentErrors, match="'about/gone/' was published"):
        prepare(tiny, TODAY)
