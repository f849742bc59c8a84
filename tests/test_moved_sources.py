"""Sources whose text changes, against hosts on the loopback; no test asks anybody outside."""

from __future__ import annotations

import datetime
import gzip
import http.server
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from conftest import ROOT
from guide.commands.main import main
from guide.content.due import text_of_changed
from guide.content.loading import load
from guide.content.source_texts import changed_sources, read_source_texts
from guide.link_check import client as client_module
from guide.link_check.client import LinkClient
from guide.link_check.page_text import FEW, page_text
from guide.link_check.reader import TextReader, text_address, texts_text
from guide.link_check.report import addresses_of_sources, check_links
from test_bad_content import mend
from test_citations import source

SOURCES = "content/sources.yml"
KEPT = "content/source-texts.json"
FILL = " ".join(f"word{number}" for number in range(500))


def page(body: str, title: str = "The label") -> bytes:
    return (
        f"<!doctype html><html><head><title>{title}</title><script>var now={time.time()}</script>"
        f"</head><body><nav>Menu {time.time()}</nav><main><h1>{title}</h1>{body}</main></body>"
    ).encode()


class _Host(http.server.BaseHTTPRequestHandler):
    """A host with one document, as the test sets it. It notes what it was asked."""

    def do_GET(self) -> None:
        host = self.server.host
        host.asked.append((self.command, self.path, self.headers))
        if self.path == "/robots.txt":
            self.send_response(404)
            self.end_headers()
            return
        if host.etag and self.headers["If-None-Match"] == host.etag:
            self.send_response(304)
            self.end_headers()
            return
        self.send_response(host.status)
        self.send_header("Content-Type", host.type)
        if host.etag:
            self.send_header("ETag", host.etag)
        for name, value in host.headers.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            if self.command == "GET":
                host.send(self.wfile)
        except (BrokenPipeError, ConnectionResetError):
            pass

    do_HEAD = do_GET

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def host() -> Iterator[SimpleNamespace]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Host)
    made = SimpleNamespace(
        asked=[], status=200, type="text/html; charset=utf-8", etag="", headers={}, body=b""
    )
    made.send = lambda out: out.write(made.body)
    made.address = f"http://127.0.0.1:{server.server_port}/label"
    server.host = made
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def guide(tiny: Path, host: SimpleNamespace) -> Path:
    """The made-up guide, whose label is on the host and holds the phrases of two facts."""
    mend(tiny, SOURCES, "https://example.org/label", host.address)
    proofs = quoted(tiny)
    assert len(proofs) > 1
    host.body = page(f"<p>{FILL}</p>" + "".join(f"<p>{proof}</p>" for proof in proofs.values()))
    return tiny


def quoted(project: Path) -> dict[str, str]:
    """The phrases of the label by fact, with a word in the place of each gap."""
    return {
        key: str(record.proof).replace("…", "left out")
        for key, record in load(project).records.items()
        if record.proof and "made-up-label" in record.sources
    }


def ask(project: Path, **options: object) -> TextReader:
    """A run over the label alone; every answer is asked for again."""
    library = load(project)
    report = project / "build/links.json"
    client = LinkClient(pause=0, timeout=5)
    reader = TextReader(project, library, client, report)
    addresses = [one for one in addresses_of_sources(library) if "127.0.0.1" in one]
    check_links(addresses, report, reader, **{"again": True, **options}, unread=reader.unread)
    return reader


def outcome(project: Path) -> tuple[str, str]:
    seen = ask(project).seen["made-up-label"]
    return seen.outcome, seen.seen


def later(project: Path, days: int = 1) -> None:
    """Dates the kept reading back, as if the runs lay days apart."""
    text = (project / KEPT).read_text()
    today = datetime.date.today()
    (project / KEPT).write_text(
        text.replace(today.isoformat(), (today - datetime.timedelta(days)).isoformat())
    )


def test_a_text_that_is_as_it_was_is_no_change_and_no_new_line_for_git(guide, host):
    first = outcome(guide)
    proofs = quoted(guide)
    assert first == ("first", f"kept, with {len(proofs)} of {len(proofs)} quoted phrases found")
    kept = (guide / KEPT).read_bytes()
    assert len(kept) < 600
    # Markup, menus, white space, quotes and hyphens make no difference.
    body = host.body.decode().replace("<p>", "<div> <b>").replace("</p>", "</b>\n</div>")
    host.body = body.replace(" word7 ", "  \u201cword7\u201d&nbsp;").replace("word8", "wo\u00adrd8")
    host.body = host.body.encode()
    later(guide)
    kept = (guide / KEPT).read_bytes()
    assert outcome(guide) == ("same", "") and (guide / KEPT).read_bytes() == kept
    assert text_of_changed(changed_sources(load(guide), read_source_texts(guide))) == (
        "No source is known to have changed since it was read."
    )


def test_a_lost_phrase_is_told_with_its_facts_until_a_person_read_the_source(
    guide, host, capsys, monkeypatch
):
    proofs = quoted(guide)
    outcome(guide)
    later(guide)
    lost, phrase = next(iter(proofs.items()))
    host.body = host.body.replace(phrase.encode(), b"Something else")
    gone = [key for key, one in proofs.items() if one == phrase or phrase in one]
    reader = ask(guide)
    assert reader.seen["made-up-label"].outcome == "lost"
    said = texts_text(reader, ["made-up-label"])
    record = reader.library.place[lost]
    assert f"{record.path}:{record.line}: {lost}: '" in said
    assert f"{len(gone)} of {len(proofs)} quoted phrases not found any more" in said
    assert "text without a quoted phrase: 1 (read the source again" in said
    # `due` says it without asking anybody, and fails as for what is overdue.
    monkeypatch.chdir(guide)
    asked = len(host.asked)
    assert main(["due"]) == 1 and len(host.asked) == asked
    told = capsys.readouterr().out
    assert (
        "Sources whose text changed since they were read: 1\n  made-up-label (another text" in told
    )
    assert f"the quoted phrase is not found any more: {', '.join(gone)}\n" in told
    resting = [key for key, one in reader.library.records.items() if "made-up-label" in one.sources]
    assert all(f" {key}" in told.rpartition("Sources whose text")[2] for key in resting)
    # Somebody mended the facts and read the source: the text is kept as it is now.
    today = datetime.date.today().isoformat()
    mend(guide, SOURCES, "accessed: 2026-01-01", f"accessed: {today}")
    assert not changed_sources(load(guide), read_source_texts(guide))


def test_a_text_changed_elsewhere_keeps_its_phrases(guide, host):
    proofs = quoted(guide)
    outcome(guide)
    later(guide)
    host.body = host.body.replace(b"word9 ", b"another9 ")
    found, seen = outcome(guide)
    assert found == "changed" and f"all of {len(proofs)} quoted phrases still stand" in seen
    (one,) = changed_sources(load(guide), read_source_texts(guide))
    assert one.lost == () and set(proofs) <= set(one.standing)
    # It says so at each run, and no longer when the text is back, or was read.
    assert outcome(guide)[0] == "changed"
    mend(guide, SOURCES, "accessed: 2026-01-01", f"accessed: {datetime.date.today().isoformat()}")
    assert outcome(guide)[0] == "first" and outcome(guide)[0] == "same"


@pytest.mark.parametrize(
    "answer, said",
    [
        (page("<p>Sorry.</p>", "404 - Page not found"), "an error page"),
        (page("<p>The page you look for does not exist. " + "x " * 90, "Oops"), "an error page"),
        (page("<p>Please log in <input type=password></p>" + "x " * 90, "Welcome"), "a login page"),
        (page("<p>Sign in to read on.</p>" + "x " * 70, "The label"), "a login page"),
        (page("<p>We use cookies. Accept all</p>" + "x " * 70, "Privacy"), "a cookie page"),
        (page("<p>Checking your browser</p>", "Just a moment"), "a page against robots"),
        (page("<div id=app></div>", "The label"), "a page of almost no words"),
        (page("<p>" + "plain words " * (FEW // 2 + 2) + "</p>"), "a page of "),
    ],
)
def test_a_page_in_front_of_the_document_is_no_change_of_it(guide, host, answer, said):
    outcome(guide)
    kept, document = (guide / KEPT).read_bytes(), host.body
    host.body = answer
    found, seen = outcome(guide)
    assert found == "wall" and seen.startswith(said) and "it seems: '" in seen
    assert (guide / KEPT).read_bytes() == kept
    host.body = document
    assert outcome(guide) == ("same", "")


def test_a_long_document_may_speak_of_cookies_and_logins():
    text = page_text(page(f"<p>{FILL} {FILL} cookies, log in, not found</p>"), "text/html")
    assert text is not None and not text.wall


def test_what_no_program_here_can_read_is_kept_as_a_file(guide, host):
    host.body, host.type = b"%PDF-1.7 one", "application/pdf"
    assert outcome(guide)[1].startswith("kept as a file: a program here cannot read it")
    assert outcome(guide)[0] == "same"
    later(guide)
    host.body = b"%PDF-1.7 two"
    assert outcome(guide) == (
        "changed",
        "another file; a program here cannot read it: compare it by eye",
    )
    (one,) = changed_sources(load(guide), read_source_texts(guide))
    assert one.lost == one.standing == () and set(quoted(guide)) <= set(one.unknown)


def test_the_host_is_asked_once_by_name_and_then_only_for_what_changed(guide, host, monkeypatch):
    monkeypatch.setenv("SITE_URL", "https://guide.example/")
    host.etag = '"one"'
    outcome(guide)
    assert [(verb, path) for verb, path, _ in host.asked] == [
        ("GET", "/robots.txt"),
        ("GET", "/label"),
    ]
    assert {headers["User-Agent"] for _, _, headers in host.asked} == {
        "open-health-guide-link-check/1.0 (+https://guide.example/)"
    }
    host.asked.clear()
    assert outcome(guide) == ("same", "")
    assert host.asked[-1][2]["If-None-Match"] == '"one"'
    # Within a week nobody is asked at all; a fact with another phrase makes the text asked for.
    host.asked.clear()
    assert ask(guide, again=False).seen["made-up-label"].outcome == "same" and not host.asked
    key, phrase = next(iter(quoted(guide).items()))
    place = load(guide).place[key]
    mend(guide, place.path, phrase[:20], f"XYZ {phrase[:20]}")
    ask(guide, again=False)
    assert [path for _, path, _ in host.asked] == ["/robots.txt", "/label"]
    assert "If-None-Match" not in host.asked[-1][2]


def test_what_is_too_large_or_too_slow_is_not_read_whole(guide, host, monkeypatch):
    monkeypatch.setattr(client_module, "LARGEST", 10_000)
    host.body = page(f"<p>{FILL * 10}</p>")
    found, seen = outcome(guide)
    assert found == "unread" and not (guide / KEPT).exists()
    assert seen == "more than 8,000,000 bytes, or longer than 90 seconds: not read whole"
    monkeypatch.setattr(client_module, "LARGEST", 10_000_000)
    monkeypatch.setattr(client_module, "LONGEST", 0.3)

    def drip(out: object) -> None:
        for _ in range(20):
            out.write(b"x" * 10)
            out.flush()
            time.sleep(0.1)

    host.send = drip
    begun = time.monotonic()
    assert outcome(guide)[0] == "unread" and time.monotonic() - begun < 3


@pytest.mark.parametrize("status", [403, 404, 500])
def test_no_answer_is_no_change(guide, host, status):
    outcome(guide)
    kept = (guide / KEPT).read_bytes()
    host.status = status
    assert outcome(guide) == ("unread", "") and (guide / KEPT).read_bytes() == kept


def test_a_compressed_page_is_read(guide, host):
    host.body, host.headers = gzip.compress(host.body), {"Content-Encoding": "gzip"}
    assert outcome(guide)[0] == "first" and "with 0 of" not in outcome(guide)[1]


@pytest.mark.parametrize(
    "fields, address",
    [
        ({"url": "https://example.org/a", "pmid": "1"}, "https://example.org/a"),
        (
            {"doi": "10.1000/a", "pmid": "31", "pmcid": "PMC2", "nct": "NCT01234567"},
            "https://pmc.ncbi.nlm.nih.gov/articles/PMC2/",
        ),
        ({"doi": "10.1000/a", "pmid": "31"}, "https://pubmed.ncbi.nlm.nih.gov/31/"),
        ({"doi": "10.1000/a<b"}, "https://doi.org/10.1000/a%3Cb"),
        (
            {"type": "registry", "nct": "NCT01234567"},
            "https://clinicaltrials.gov/study/NCT01234567",
        ),
        ({}, None),
    ],
)
def test_the_text_is_read_where_a_program_may_read_it(fields, address):
    assert text_address(source(**fields)) == address


@pytest.mark.parametrize(
    "spoil",
    [lambda path: path.write_text("{"), lambda path: path.write_text('{"a": {"address": "b"}}')],
)
def test_a_kept_file_that_cannot_be_read_is_said_in_a_sentence(tiny, capsys, monkeypatch, spoil):
    monkeypatch.chdir(tiny)
    spoil(tiny / KEPT)
    for verb in (["due"], ["links", "made-up-label"]):
        assert main(verb) == 1
        told = "".join(capsys.readouterr())
        assert f"{KEPT}:1: cannot be read (" in told and "Traceback" not in told


def test_the_kept_texts_are_no_part_of_the_site(guide, host):
    outcome(guide)
    load(guide)
    for path in (ROOT / "overrides").rglob("*.html"):
        assert "source-texts" not in path.read_text(encoding="utf-8")
    assert json.loads((guide / KEPT).read_text()).keys() == {"made-up-label"}
