"""The way out: the exported source, built by other engines, says on every page what our own site
says.

Stock MkDocs with Material, properdocs and Zensical stand in an environment of their own,
`.venv-engines`, which `./scripts/test` sets up. Compared are title, text, links, ids, tables and
figures of every page's main part.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import lxml.html
import pytest
import yaml

from conftest import CONTENT_DAY, PUBLIC, ROOT, TODAY
from guide.base.html import PageHtml
from guide.commands.main import main
from guide.export import MARK, Occupied, export
from guide.outputs.old_addresses import is_old_address

pytestmark = pytest.mark.site

BIN = ROOT / ".venv-engines" / "bin"
ENGINES = {
    # Not quietly: warnings that are not said do not count, and the strict build of a broken link
    # would pass.
    "mkdocs": ["mkdocs", "build", "-f", "mkdocs.yml"],
    "properdocs": ["properdocs", "build", "-f", "mkdocs.yml"],
    "zensical": ["zensical", "build", "--strict", "--clean", "-f", "zensical.yml"],
}
QUIET = {
    **os.environ,
    "NO_MKDOCS_2_WARNING": "1",
    "DISABLE_MKDOCS_2_WARNING": "true",
    "PYTHONDONTWRITEBYTECODE": "1",
}
# Put in by our finishing (controls, places of old addresses, what is known when all files are
# written) or by an engine.
NOT_IN_THE_SOURCE = {
    "permalink",
    "headerlink",
    "moved",
    "withdrawn",
    "alias",
    "handout-pdf",
    "download__size",
}


@pytest.fixture(scope="session")
def source(site: Path, once: Callable[[str, Callable[[Path], None]], Path]) -> Path:
    """The source of exactly the site that the tests look at, exported as `./scripts/export`
    does.
    """

    def export_to(target: Path) -> None:
        subprocess.run(
            [sys.executable, "-m", "guide", "export", str(target)],
            cwd=site.parent,
            check=True,
            capture_output=True,
            env={
                **QUIET,
                "PYTHONPATH": "scripts",
                "SITE_URL": PUBLIC,
                "GUIDE_TODAY": CONTENT_DAY.isoformat(),
            },
        )

    return once("source", export_to)


@functools.cache
def said(page: Path) -> dict[str, object]:
    """What a page says: its title, and of its main part the text, where links lead, ids, tables
    cell by cell, figures.
    """
    text = page.read_text(encoding="utf-8")
    article = lxml.html.fromstring(re.search(r"<article\b.*</article>", text, re.S)[0])
    for element in list(article.iter("a", "span", "p", "section", "script", "style")):
        if (
            element.tag in ("script", "style")
            or element.get("id") == "__skip"
            or NOT_IN_THE_SOURCE & set(element.get("class", "").split())
        ):
            element.drop_tree()

    def words(element: lxml.html.HtmlElement) -> str:
        return " ".join(" ".join(element.itertext()).split())

    return {
        "title": re.search(r"<title>(.*?)</title>", text, re.S)[1],
        "text": words(article),
        "links": [link.get("href") for link in article.iter("a")],
        "ids": [element.get("id") for element in article.iter() if element.get("id")],
        "tables": [
            [[words(cell) for cell in row.iter("th", "td")] for row in table.iter("tr")]
            for table in article.iter("table")
        ],
        "figures": [
            (figure.tag, figure.get("src") or figure.get("viewbox") or words(figure))
            for figure in article.iter("svg", "img", "figure")
        ],
    }


@pytest.mark.night
@pytest.mark.parametrize("name", ENGINES)
def test_another_engine_says_on_every_page_what_our_site_says(site, source, tmp_path, name):
    program, *arguments = ENGINES[name]
    assert (BIN / program).exists(), (
        f"{program} is missing: ./scripts/test puts it into .venv-engines, from"
        " requirements-engines.lock"
    )
    shutil.copytree(source, tmp_path / name)
    done = subprocess.run(
        [BIN / program, *arguments],
        cwd=tmp_path / name,
        text=True,
        capture_output=True,
        timeout=600,
        check=False,
        env=QUIET,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    theirs = tmp_path / name / "site"
    pages = {path.relative_to(theirs).as_posix() for path in theirs.rglob("index.html")}
    ours = {path.relative_to(site).as_posix() for path in site.rglob("index.html")}
    assert len(pages) > 200 and pages <= ours
    assert [
        page
        for page in ours - pages
        if not is_old_address(PageHtml((site / page).read_text(encoding="utf-8")))
    ] == [], "not in the export"
    differences = [
        f"{page}: {part}"
        for page in sorted(pages)
        for part, one in said(site / page).items()
        if one != said(theirs / page)[part]
    ]
    assert differences == []
    kinds = {part for page in pages for part, found in said(theirs / page).items() if found}
    assert kinds == {
        "title",
        "text",
        "links",
        "ids",
        "tables",
        "figures",
    }, "the comparison looked at nothing"
    # What stands beside the pages is the same file.
    for beside in (
        "assets/search.js",
        "feed.xml",
        "llms.txt",
        "api/v1/index.json",
        "about/sources/references.bib",
    ):
        assert (theirs / beside).read_bytes() == (site / beside).read_bytes(), beside


def test_the_export_needs_nothing_of_ours(source):
    settings = yaml.safe_load((source / "mkdocs.yml").read_text(encoding="utf-8"))
    assert not {"hooks", "watch", "INHERIT"} & settings.keys()
    assert settings["site_url"] == PUBLIC and settings["docs_dir"] == "docs" and settings["nav"]
    assert not list(source.rglob("*.py")) and not (source / "overrides" / "macros").exists()
    pages = list((source / "docs").rglob("*.md"))
    assert {page.name for page in pages} == {"index.md"}, (
        "an address in HTML starts from the same place for every engine"
    )
    assert [
        page for page in pages if re.search(r"\{\{|\{%", page.read_text(encoding="utf-8"))
    ] == []


def test_an_export_overwrites_nothing_of_somebodys_own(tiny, tmp_path, monkeypatch, capsys):
    mine = tmp_path / "mine"
    (mine / "docs").mkdir(parents=True)
    (mine / "mkdocs.yml").write_text("site_name: Mine\n")
    (mine / "docs" / "index.md").write_text("# Mine\n")
    with pytest.raises(Occupied, match="holds something else"):
        export(tiny, mine, TODAY)
    assert (mine / "mkdocs.yml").read_text() == "site_name: Mine\n" and (
        mine / "docs" / "index.md"
    ).read_text() == "# Mine\n"
    monkeypatch.chdir(tiny)
    assert main(["export", "."]) == 1
    assert "name an empty folder" in capsys.readouterr().err


def test_a_second_export_leaves_no_orphan_and_nothing_shared(tiny, tmp_path):
    target, more = tmp_path / "source", tiny / "docs" / "about" / "more.md"
    export(tiny, target, TODAY)
    more.write_text(
        "---\ntitle: More & <more>\norder: 9\n---\n# More\n\nSee [home](../index.md), [the"
        " sources](sources.md) and the [feed](../feed.xml).\n",
        encoding="utf-8",
    )
    export(tiny, target, TODAY)
    exported = target / "docs" / "about" / "more" / "index.md"
    assert (
        "See [home](../../index.md), [the sources](../sources/index.md) and the"
        " [feed](../../feed.xml)." in exported.read_text(encoding="utf-8")
    )
    settings = (target / "mkdocs.yml").read_text(encoding="utf-8")
    assert (
        settings.startswith(MARK) and "More &amp; &lt;more&gt;: about/more/index.md" in settings
    ), "titles are HTML"
    assert {path.stat().st_nlink for path in (target / "docs").rglob("*") if path.is_file()} == {
        1
    }, "who edits the export edits nothing of ours"
    more.unlink()
    export(tiny, target, TODAY)
    assert not exported.parent.exists()


def test_content_that_breaks_a_rule_is_not_exported(tiny, tmp_path, monkeypatch, capsys):
    dosing = tiny / "content" / "medicines" / "examplinib" / "dosing.yml"
    dosing.write_text(
        dosing.read_text(encoding="utf-8").replace("proof: 2 mg", "proof: 3 mg"), encoding="utf-8"
    )
    monkeypatch.chdir(tiny)
    assert main(["export", str(tmp_path / "source")]) == 1
    assert "content/medicines/examplinib/dosing.yml" in capsys.readouterr().err
    assert not (tmp_path / "source").exists()
