"""What readers would lose by a publication: each kind is named, all at once, and can be let go."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from conftest import git
from guide.base.git import Repository
from guide.publish import kept, state, workshop
from guide.publish.address import address_losses, domain_disagrees
from guide.publish.losses import Comparison, Loss, losses, needless, refused
from guide.publish.rebuild import rebuild
from guide.publish.rollback import roll_back
from publishing import (
    ADDRESS,
    TAG,
    commit,
    everything,
    on_the_branch,
    refs,
    remote_of,
    run,
    whole,
)

FEED = """<feed xmlns="http://www.w3.org/2005/Atom">{}</feed>"""
ENTRY = """<entry><title>Clinical change: {0}</title>
<link rel="alternate" href="https://guide.example/about/changes/#{0}"/></entry>"""


def page(body: str = "", head: str = "") -> str:
    return f"<html><head>{head}</head><body><article>{body}</article></body></html>"


def canonical(address: str) -> str:
    return page(head=f'<link rel="canonical" href="{address}">')


MOVED = page(head='<meta name="guide-old-address" content="">')
SCHEMA = json.dumps(
    {
        "$defs": {"Trial": {"properties": {"id": {}, "phase": {}}}},
        "properties": {"name": {}, "trials": {}},
    }
)
LESS = json.dumps(
    {"$defs": {"Trial": {"properties": {"id": {}}}}, "properties": {"name": {}, "trials": {}}}
)

# (name, published files, files of the new site, the losses by name with words of each message)
CASES = [
    ("nothing", {"a/index.html": "1"}, {"a/index.html": "2"}, {}),
    (
        "a file of each kind",
        {
            "robots.txt": "",
            "assets/pictures/a.png": "",
            "a/handout.pdf": "",
            "api/v1/trials.csv": "id\n",
            "googled0a1.html": "",
            "a/index.html": "",
        },
        {"a/index.html": "", "b/handout.pdf": ""},
        {
            "robots.txt": "it is published and would be gone: put it back, in docs/",
            "assets/pictures/a.png": "would be gone",
            "a/handout.pdf": "would be gone",
            "api/v1/trials.csv": "would be gone",
            "googled0a1.html": "would be gone",
        },
    ),
    (
        "capital letters",
        {"assets/Logo.png": "", "files/Read me.txt": ""},
        {"assets/logo.png": "", "files/Read me.txt": ""},
        {"assets/Logo.png": "because 'assets/logo.png' has other capital letters"},
    ),
    ("what every publication makes", {".nojekyll": ""}, {}, {}),
    (
        "what lies beside a page that moved, at any depth",
        {"old/cite.bib": "", "old/patients/handout.pdf": "", "old/patients/index.html": "x"},
        {"old/index.html": MOVED, "old/patients/index.html": MOVED},
        {},
    ),
    (
        "what lies beside a page that stands, below one that moved",
        {"old/now/cite.bib": ""},
        {"old/index.html": MOVED, "old/now/index.html": page()},
        {"old/now/cite.bib": "would be gone"},
    ),
    (
        "files whose bytes are in their names",
        {
            "assets/guide.0123456789.css": "",
            "assets/qr/dnwrmvt.svg": "",
            "assets/guide.js": "",
            "assets/print.css": "",
        },
        {"assets/guide.abcdef0123.css": "", "assets/guide.abcdef0123.js": ""},
        {"assets/print.css": "would be gone"},
    ),
    (
        "what only looks like a digest",
        {"files/report.2026112500.PDF": "", "a/0123456789.css": "", "a/x.012345678g.css": ""},
        {"files/new.2026112500.PDF": ""},
        {"a/0123456789.css": "would be gone", "a/x.012345678g.css": "would be gone"},
    ),
    (
        "a column of a table",
        {"api/v1/arms.csv": "arm,n,percent,version\r\n", "api/v1/x.csv": "\ufeffa,b\n"},
        {"api/v1/arms.csv": "n,arm,version,more\r\n", "api/v1/x.csv": "b,a\n"},
        {"api/v1/arms.csv: percent": "the column is published and would be gone"},
    ),
    (
        "a field of the data",
        {"api/v1/schema/trials.json": SCHEMA, "api/v1/trials.json": '{"trials": [1]}'},
        {"api/v1/schema/trials.json": LESS, "api/v1/trials.json": '{"trials": []}'},
        {"api/v1/schema/trials.json: Trial.phase": "the field is published and would be gone"},
    ),
    (
        "a schema that cannot be read any more",
        {"api/v1/schema/trials.json": LESS},
        {"api/v1/schema/trials.json": "{"},
        {
            f"api/v1/schema/trials.json: {name}": "the field is published"
            for name in ("Trial.id", "name", "trials")
        },
    ),
    (
        "entries of the feed",
        {"feed.xml": FEED.format(ENTRY.format("a") + ENTRY.format("b") + ENTRY.format("c"))},
        {
            "feed.xml": FEED.format(ENTRY.format("d") + ENTRY.format("a")),
            # It says what became of the third entry.
            "about/changes/index.html": page('<p id="c" data-record="c">Taken back.</p>'),
        },
        {"feed.xml: b": "the entry 'Clinical change: b' is published and would be gone"},
    ),
    (
        "a feed that is empty all at once",
        {"feed.xml": FEED.format(ENTRY.format("a"))},
        {"feed.xml": ""},
        {"feed.xml: a": "would be gone"},
    ),
]


def published(folder: Path, files: dict[str, str], message: str = "Publication: x") -> str:
    """Commits exactly these files in the repository `folder`, which may be new; the commit."""
    if not (folder / ".git").is_dir():
        git(folder.parent, "init", "-q", str(folder))
    for path in folder.rglob("*"):
        if path.is_file() and ".git" not in path.relative_to(folder).parts:
            path.unlink()
    write(folder, files)
    git(folder, "add", "-A", "-f")
    git(folder, "commit", "-q", "--allow-empty", "-m", f"Site\n\n{message}")
    return git(folder, "rev-parse", "HEAD")


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    folder.mkdir(exist_ok=True)
    return folder


def compared(place: Path, old: dict[str, str], new: dict[str, str]) -> Comparison:
    tip = published(place / "branch", old)
    repository = Repository(place / "branch")
    return Comparison(repository, state.read_published(repository, tip), write(place / "site", new))


@pytest.mark.unit
@pytest.mark.parametrize("name, old, new, expected", CASES, ids=[case[0] for case in CASES])
def test_each_loss_is_named_and_nothing_else_is(tmp_path, name, old, new, expected):
    found = {loss.name: loss.message for loss in losses(compared(tmp_path, old, new))}
    assert set(found) == set(expected)
    for name, words in expected.items():
        assert words in found[name]


@pytest.mark.unit
def test_edits_by_hand_on_the_published_branch_are_named(tmp_path):
    made = {
        "index.html": "1",
        "same/index.html": "1",
        "gone/index.html": "1",
        "both/index.html": "1",
        "also-gone.txt": "1",
    }
    branch = tmp_path / "branch"
    first = published(branch, made, "Publication: published-2026-11-25\nSource: 0123")
    by_hand = {
        "index.html": "edited",
        "same/index.html": "1",
        "both/index.html": "edited in both",
        "robots.txt": "new",
        "assets/style.0123456789.css": "new",
    }
    tip = published(branch, by_hand, "A quick edit")
    repository = Repository(branch)
    shown = state.read_published(repository, tip)
    assert (shown.commit, shown.made, shown.tag, shown.source) == (
        tip,
        first,
        "published-2026-11-25",
        "0123",
    )
    assert shown.edited_by_hand
    new = made | {"both/index.html": "edited in both"}
    new.pop("also-gone.txt")
    comparison = Comparison(repository, shown, write(tmp_path / "site", new))
    since = "by hand after published-2026-11-25"
    assert {loss.name: loss.message for loss in losses(comparison)} == {
        "index.html": f"it was edited on the published branch {since}, and that would be undone:"
        " make the same edit in the source",
        "gone/index.html": f"it was taken off the published branch {since} and would come back:"
        " take it out of the source, too",
        "robots.txt": "it was put on the published branch by hand and would be gone: copy it to"
        " docs/",
        "assets/style.0123456789.css": "it was put on the published branch by hand and would be"
        " gone: copy it to docs/",
    }


@pytest.mark.unit
def test_a_branch_that_another_tool_made_is_named_file_by_file(tmp_path):
    tip = published(tmp_path / "branch", {"a.html": "", "b/c.js": ""}, "Some other tool")
    repository = Repository(tmp_path / "branch")
    shown = state.read_published(repository, tip)
    assert (shown.tag, shown.made, shown.edited_by_hand) == ("", "", False)
    comparison = Comparison(repository, shown, write(tmp_path / "site", {"index.html": ""}))
    assert [loss.name for loss in losses(comparison)] == ["a.html", "b/c.js"]


@pytest.mark.unit
@pytest.mark.parametrize(
    "old, new, expected",
    [
        ({"index.html": canonical("https://a.example/")}, {"index.html": page()}, 1),
        (
            {"index.html": canonical("https://a.example/")},
            {"index.html": canonical("https://b.example/")},
            1,
        ),
        (
            {"index.html": canonical("https://a.example/")},
            {"index.html": canonical("https://a.example/")},
            0,
        ),
        ({"index.html": page()}, {"index.html": canonical("https://a.example/")}, 0),
        ({"index.html": canonical(".")}, {"index.html": page()}, 0),
        ({"CNAME": "a.example\n"}, {}, 1),
        ({"CNAME": "a.example\n"}, {"CNAME": "b.example"}, 1),
        ({"CNAME": "a.example\n"}, {"CNAME": "A.example"}, 0),
        ({}, {"CNAME": "a.example"}, 0),
    ],
)
def test_address_and_domain_stay(tmp_path, old, new, expected):
    comparison = compared(tmp_path, old, new)
    found = address_losses(comparison)
    assert len(found) == expected
    assert not [loss for loss in losses(comparison) if loss.name == "CNAME"]
    for loss in found:
        assert loss.name in {"CNAME", "https://a.example/"}
        assert "SITE_URL=https://a.example/" in loss.message or "docs/CNAME" in loss.message


@pytest.mark.unit
def test_a_domain_and_an_address_of_different_hosts_are_refused():
    [problem] = domain_disagrees(b"a.example\n", canonical("https://b.example/x/").encode())
    assert str(problem).startswith(
        "docs/CNAME:1: the domain is 'a.example', and SITE_URL has 'b.example'"
    )
    assert not list(domain_disagrees(b"A.example\n", canonical("https://a.example:8/").encode()))
    assert not list(domain_disagrees(b"", canonical("https://b.example/").encode()))


@pytest.mark.unit
def test_a_loss_is_let_go_by_its_name_and_a_misspelt_name_is_refused():
    found = [Loss("old page/a.png", "gone"), Loss("api/x.csv: n", "gone"), Loss(ADDRESS, "gone")]
    texts = [str(problem) for problem in refused(found, ())]
    assert texts[0] == (
        "old page/a.png: gone, or publish without it: ./scripts/publish --let-go 'old page/a.png'"
    )
    assert len(texts) == 3
    left = refused(found, ("old page/*", "api/x.csv: n"))
    assert [problem.path for problem in left] == [ADDRESS]
    assert [str(problem) for problem in needless(found, ("api/*", "old pag/a.png"))] == [
        "--let-go: nothing that readers would lose is called 'old pag/a.png' (nearest:"
        " 'old page/a.png'): correct it, or leave it out"
    ]


# -- through the verb ----------------------------------------------------------------------------


def docs(project: Path, files: dict[str, str | None], message: str = "Files") -> None:
    """Commits files of docs/; None deletes one."""
    for name, text in files.items():
        path = project / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            path.unlink()
        else:
            path.write_text(text, encoding="utf-8")
    commit(project, message)


@pytest.mark.usefixtures("plain_environment")
def test_all_losses_are_named_at_once_and_a_dry_run_tells_them(guide, monkeypatch):
    docs(
        guide,
        {"CNAME": "guide.example\n", "robots.txt": "", "files/a.txt": "", "api/v1/x.csv": "a,b\n"},
    )
    assert run(guide)[0] == 0
    docs(guide, {"CNAME": None, "robots.txt": None, "files/a.txt": None, "api/v1/x.csv": "a\n"})
    on_the_branch(guide, {"index.html": "<html></html>", "by-hand.txt": ""})
    monkeypatch.delenv("SITE_URL")
    before = everything(guide)
    names = ["CNAME", "api/v1/x.csv: b", "by-hand.txt", "files/a.txt", "index.html", "robots.txt"]
    # The first page was replaced by one without an address, so nothing is left to compare with.
    for dry_run in (True, False):
        status, text = run(guide, dry_run=dry_run)
        assert status == 1
        told = text[text.index("efused:") :]
        assert [
            line.split(": it ")[0].split(": the ")[0]
            for line in told.splitlines()
            if "or publish" in line
        ] == names
        assert "the site's domain is guide.example and would be gone: write 'guide.example'" in told
        assert "  REMOVED: CNAME\n" in text and "  REMOVED: files/a.txt\n" in text
    assert everything(guide) == before
    status, text = run(guide, let_go=["CNAME", "*.txt", "api/*"])
    assert status == 1 and text.count("or publish without it") == 1
    status, text = run(guide, let_go=["CNAME", "*.txt", "api/*", "index.html", "READ*"])
    assert status == 1 and "--let-go: nothing that readers would lose is called 'READ*'" in text
    status, text = run(guide, let_go=["CNAME", "*.txt", "api/*", "index.html"])
    assert status == 0, text
    assert whole(guide) == f"{TAG}-3"


@pytest.mark.usefixtures("plain_environment")
def test_a_rebuild_and_a_roll_back_after_an_edit_by_hand(guide):
    """The weekly rebuild undoes no edit; a roll-back does, because it is asked to."""
    tree = git(remote_of(guide), "rev-parse", "gh-pages^{tree}")
    on_the_branch(guide, {"robots.txt": "User-agent: *\n"})
    before = everything(guide)
    status, text = run(guide, rebuild)
    assert status == 1 and "robots.txt: it was put on the published branch by hand" in text
    assert everything(guide) == before
    status, text = run(guide, roll_back)
    assert status == 0 and f"readers are shown {TAG} again" in text
    assert git(remote_of(guide), "rev-parse", "gh-pages^{tree}") == tree


@pytest.mark.usefixtures("plain_environment")
def test_a_roll_back_leaves_the_domain(guide):
    """The publication that it restores is older than the domain, or had another one."""
    docs(guide, {"CNAME": "guide.example\n"})
    assert run(guide)[0] == 0
    assert run(guide, roll_back)[0] == 0
    assert whole(guide) == TAG
    assert git(remote_of(guide), "show", "gh-pages:CNAME") == "guide.example"
    # GitHub writes the file itself where somebody sets the domain there.
    on_the_branch(guide, {"CNAME": "new.example\n"}, "Create CNAME")
    status, text = run(guide, let_go=[], dry_run=True)
    assert status == 1 and "[address-stays]" in text
    assert run(guide, roll_back, tag=f"{TAG}-2")[0] == 0
    assert git(remote_of(guide), "show", "gh-pages:CNAME") == "new.example"


@pytest.mark.usefixtures("plain_environment")
def test_a_damaged_file_of_facts_on_the_branch_stops_no_roll_back(guide):
    on_the_branch(guide, {"published.json": "{"})
    assert run(guide, roll_back)[0] == 0
    assert whole(guide) == TAG


# -- what stays for one more publication ---------------------------------------------------------


def files_of(project: Path) -> set[str]:
    return set(git(remote_of(project), "ls-tree", "-r", "--name-only", "gh-pages").splitlines())


def style(number: int) -> str:
    return f"style/guide.{number:010x}.css"


def next_style(project: Path, number: int) -> None:
    docs(project, {style(number): f"/* {number} */", style(number - 1): None}, f"Style {number}")


@pytest.fixture
def styled(guide: Path, plain_environment: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A guide that was published with a first style, two days ago."""
    docs(guide, {style(1): "/* 1 */"})
    monkeypatch.setenv("GIT_COMMITTER_DATE", f"@{NOW - 2 * kept.RECENT} +0000")
    assert run(guide)[0] == 0
    monkeypatch.delenv("GIT_COMMITTER_DATE")
    return guide


NOW = 1_900_000_000


@pytest.fixture(autouse=True)
def fixed_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept.time, "time", lambda: NOW)


def published_at(seconds: int, project: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("GIT_COMMITTER_DATE", f"@{seconds} +0000")
    status, text = run(project)
    monkeypatch.delenv("GIT_COMMITTER_DATE")
    assert status == 0, text
    return text


def test_files_with_digests_stay_for_one_more_publication(styled, monkeypatch):
    """A page that is open while a publication comes finds the style that it was made with."""
    next_style(styled, 2)
    published_at(NOW - 2 * kept.RECENT, styled, monkeypatch)
    assert {style(1), style(2)} <= files_of(styled)
    assert git(remote_of(styled), "show", f"gh-pages:{style(1)}") == "/* 1 */"
    # Nothing has changed, so what was kept is no reason to publish.
    tip = refs(remote_of(styled))
    assert "Nothing to publish" in published_at(NOW, styled, monkeypatch)
    assert "No page turned" in run(styled, rebuild)[1]
    assert refs(remote_of(styled)) == tip
    next_style(styled, 3)
    published_at(NOW, styled, monkeypatch)
    assert files_of(styled) & {style(n) for n in range(5)} == {style(2), style(3)}
    # Who publishes again within a day mends a mistake: pages of both publications are open.
    next_style(styled, 4)
    published_at(NOW, styled, monkeypatch)
    assert files_of(styled) & {style(n) for n in range(5)} == {style(2), style(3), style(4)}


def test_a_roll_back_keeps_the_style_of_what_it_takes_back(styled, monkeypatch):
    first = git(remote_of(styled), "rev-parse", "gh-pages^{tree}")
    next_style(styled, 2)
    published_at(NOW, styled, monkeypatch)
    status, text = run(styled, roll_back)
    assert status == 0, text
    assert git(remote_of(styled), "diff", "--name-status", first, "gh-pages") == f"A\t{style(2)}"
    shown = state.read_published(
        Repository(remote_of(styled)), refs(remote_of(styled))["refs/heads/gh-pages"]
    )
    assert shown.kept == (style(2),)


def test_a_plain_name_stays_where_it_becomes_one_with_a_digest(guide, plain_environment):
    docs(guide, {"style/guide.css": "1", "style/print.css": "1"})
    assert run(guide)[0] == 0
    docs(guide, {"style/guide.css": None, style(2): "2"})
    status, text = run(guide)
    assert status == 0, text
    assert {"style/guide.css", style(2), "style/print.css"} <= files_of(guide)


def test_what_is_kept_replaces_nothing_of_the_new_site(styled, monkeypatch):
    """A file of the site wins over one of the same name that would be kept."""
    docs(styled, {style(1): "/* edited in place */"})
    published_at(NOW, styled, monkeypatch)
    assert git(remote_of(styled), "show", f"gh-pages:{style(1)}") == "/* edited in place */"


def test_no_loss_is_named_where_there_is_no_site(guide, plain_environment, monkeypatch):
    """A build that stops is a reason by itself."""
    monkeypatch.setattr(
        workshop,
        "build_site",
        lambda folder, rebuild_for=None: subprocess.CompletedProcess([], 1, "", "stopped\n"),
    )
    status, text = run(guide, let_go=["x"])
    assert status == 1 and "[nothing-is-lost]" not in text and "[address-stays]" not in text
