"""The link check, against a server on the loopback; no test asks anybody outside."""

from __future__ import annotations

import http.server
import itertools
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from conftest import ROOT
from guide.content.loading import load
from guide.link_check.client import Answer, LinkClient, spread_by_host
from guide.link_check.report import (
    REMEDIES,
    addresses_of_sources,
    check_links,
    read_report,
    report_text,
)

# What the made-up host answers to a path: status, and where it leads.
_ANSWERS = {
    "for-now": (302, "/for-good-after"),
    "round": (302, "/round"),
    "moved-and-gone": (308, "/404"),
    "elsewhere": (302, "javascript:alert(1)"),
}


class _Host(http.server.BaseHTTPRequestHandler):
    """A host with every kind of answer. It notes who asked what, and when."""

    def answer(self) -> None:
        self.server.asked.append(
            (self.command, self.path, self.headers["User-Agent"], time.monotonic())
        )
        if self.path == "/robots.txt":
            body = self.server.robots
            self.send_response(200 if body else 404)
            self.end_headers()
            self.wfile.write(body.encode())
            return
        name = self.path.split("?")[0].strip("/")
        if name == "slow":
            time.sleep(1.5)
        status, location = self._answer(name)
        try:
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Length", "0")
            self.end_headers()
        except BrokenPipeError:
            pass

    def _answer(self, name: str) -> tuple[int, str]:
        if name.isdecimal():
            return int(name), ""
        if self.command == "HEAD" and name in ("no-head", "liar"):
            return (405 if name == "no-head" else 404), ""
        if name.startswith("for-good"):
            return 301, "/there"
        return _ANSWERS.get(name, (200, ""))

    do_GET = do_HEAD = answer

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def host() -> Iterator[http.server.ThreadingHTTPServer]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Host)
    server.asked, server.robots = [], ""
    server.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def client(**options) -> LinkClient:
    return LinkClient(**{"pause": 0, "timeout": 5, **options})


@pytest.mark.parametrize(
    "path, state, detail, to",
    [
        ("/there", "ok", "200", ""),
        ("/404", "gone", "404", ""),
        ("/410", "gone", "410", ""),
        ("/403", "blocked", "403", ""),
        ("/451", "blocked", "451", ""),
        ("/500", "not reached", "500", ""),
        ("/no-head", "ok", "200", ""),
        ("/liar", "ok", "200", ""),
        ("/for-good", "moved", "200", "/there"),
        # Behind a step that is only for now nothing has moved: a DOI always answers so.
        ("/for-now", "ok", "200", ""),
        ("/round", "not reached", "more than 10 redirects", ""),
        ("/moved-and-gone", "gone", "404", "/404"),
        ("/elsewhere", "not reached", "leads to javascript:alert(1)", ""),
    ],
)
def test_each_answer_has_its_word(host, path, state, detail, to):
    answer = client().ask(host.address + path)
    assert (answer.state, answer.detail, answer.to) == (
        state,
        detail,
        host.address + to if to else "",
    )


def test_who_does_not_answer_is_not_called_gone(host):
    assert client(timeout=0.4).ask(f"{host.address}/slow").state == "not reached"
    host.shutdown()
    host.server_close()
    answer = client().ask(f"{host.address}/there")
    assert answer.state == "not reached" and "refused" in answer.detail


def test_it_asks_with_head_says_who_it_is_and_reads_robots_once(host, monkeypatch):
    monkeypatch.setenv("SITE_URL", "https://guide.example/")
    host.robots = "User-agent: *\nDisallow: /private/\n"
    one = client()
    assert one.ask(f"{host.address}/there").state == "ok"
    blocked = one.ask(f"{host.address}/private/paper")
    assert (blocked.state, blocked.detail) == ("blocked", "robots.txt")
    assert [(verb, path) for verb, path, _, _ in host.asked] == [
        ("GET", "/robots.txt"),
        ("HEAD", "/there"),
    ]
    assert {agent for _, _, agent, _ in host.asked} == {
        "open-health-guide-link-check/1.0 (+https://guide.example/)"
    }


def test_it_pauses_before_it_asks_the_same_host_again(host):
    slow = client(pause=0.3)
    for path in ("/there", "/404", "/for-good"):
        slow.ask(host.address + path)
    times = [moment for _, _, _, moment in host.asked]
    assert (
        len(times) == 6
        and min(later - earlier for earlier, later in itertools.pairwise(times)) >= 0.28
    )
    host.robots, waited = "User-agent: *\nCrawl-delay: 7\n", []
    client(sleep=waited.append).ask(f"{host.address}/there")
    assert [round(seconds) for seconds in waited] == [7]


def test_a_host_that_asks_to_stop_is_left_alone(host):
    one = client()
    assert one.ask(f"{host.address}/429").state == "blocked"
    before = len(host.asked)
    assert one.ask(f"{host.address}/there").detail == "429: asked to stop, and stopped for this run"
    assert len(host.asked) == before


def test_hosts_take_turns():
    assert spread_by_host(
        ["http://a/1", "http://a/2", "http://a/3", "http://b/1", "http://c/1", "http://b/2"]
    ) == ["http://a/1", "http://b/1", "http://c/1", "http://a/2", "http://b/2", "http://a/3"]


def test_a_stopped_run_goes_on_where_it_was(host, tmp_path):
    wanted, report = (
        [f"{host.address}/{name}" for name in ("there", "404", "no-head")],
        tmp_path / "links.json",
    )

    class Stops(LinkClient):
        def ask(self, address):
            if address.endswith("no-head"):
                raise KeyboardInterrupt
            return super().ask(address)

    with pytest.raises(KeyboardInterrupt):
        check_links(wanted, report, Stops(pause=0))
    assert {
        address.rsplit("/", 1)[1]: answer.state for address, answer in read_report(report).items()
    } == {"there": "ok", "404": "gone"}
    host.asked.clear()
    answers = check_links(wanted, report, client())
    assert [path for _, path, _, _ in host.asked] == ["/robots.txt", "/no-head", "/no-head"]
    assert {answer.state for answer in answers.values()} == {"ok", "gone"} and len(answers) == 3
    # An answer that is a week old is asked for again, and so is everything on demand.
    entries = json.loads(report.read_text())
    entries["answers"][0]["asked"] = "2020-01-01"
    report.write_text(json.dumps(entries))
    host.asked.clear()
    check_links(wanted, report, client())
    assert len({path for _, path, _, _ in host.asked} - {"/robots.txt"}) == 1
    check_links(wanted, report, client(), again=True)
    assert {path for _, path, _, _ in host.asked} == {"/robots.txt", "/there", "/404", "/no-head"}
    report.write_text("half a rep")
    assert read_report(report) == {}


def test_every_address_a_reader_is_offered_is_asked():
    library = load(ROOT)
    found = addresses_of_sources(library)
    for source in library.sources.values():
        assert not source.doi or source.id in found[source.doi_address]
        assert not source.url or any(
            source.id in names
            for address, names in found.items()
            if address.rstrip("/") == source.url.rstrip("/")
        )
    assert not [address for address in found if "&amp;" in address]


def test_the_verb_prints_what_needs_a_person_first(host, tiny):
    (tiny / "content" / "sources.yml").write_text(
        (tiny / "content" / "sources.yml")
        .read_text()
        .replace("https://example.org/label", f"{host.address}/410")
    )
    library = load(tiny)
    offered = [
        address for address in addresses_of_sources(library) if address.startswith(host.address)
    ]
    assert offered == [f"{host.address}/410"]
    done = subprocess.run(
        [sys.executable, "-m", "guide", "links", "--pause", "1", "made-up-label"],
        cwd=tiny,
        env={**os.environ, "PYTHONPATH": "scripts"},
        text=True,
        capture_output=True,
        check=False,
    )
    facts = sum("made-up-label" in record.sources for record in library.records.values())
    line = library.place["source:made-up-label"].line
    assert (
        done.stdout == f"gone: 1 ({REMEDIES['gone']})\n  {host.address}/410 (410)\n   "
        f" content/sources.yml:{line}: made-up-label, {facts} facts\n\n1 address: 1 gone, 0"
        " moved, 0 not reached, 0 blocked, 0 ok.\n"
    ), done.stderr
    assert done.returncode == 1 and (tiny / "build" / "links.json").is_file()
    wrong = subprocess.run(
        [sys.executable, "-m", "guide", "links", "made-up-lable"],
        cwd=tiny,
        env={**os.environ, "PYTHONPATH": "scripts"},
        text=True,
        capture_output=True,
        check=False,
    )
    assert (
        wrong.returncode == 2
        and "no source made-up-lable in content/sources.yml (nearest: 'made-up-label')"
        in wrong.stderr
    )


def test_a_moved_address_is_named_with_where_it_went(tiny):
    library = load(tiny)
    address = next(iter(addresses_of_sources(library)))
    shown = report_text(
        {address: Answer(address, "moved", "200", "https://example.org/new", "2026-01-01")},
        addresses_of_sources(library),
        library,
    )
    assert f"  {address} (200) -> https://example.org/new\n" in shown and "0 gone, 1 moved" in shown
