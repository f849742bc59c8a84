"""Are the addresses of the sources still good? Asked politely, from the command line, never by a
build or a test.

One request at a time, a pause before the same host is asked again, HEAD before GET, robots.txt
obeyed, and a name by which we can be told to stop. Every answer is written down at once, so that a
run that was stopped goes on where it was. What comes out is for people: a blocked robot says
nothing about whether a page is there.
"""

from __future__ import annotations

import argparse
import datetime
import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.request
import urllib.robotparser
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from guide.base.problem import ContentErrors
from guide.content.library import Library
from guide.content.loading import load
from guide.view.references import reference

OK, MOVED, GONE, BLOCKED, NOT_REACHED = "ok", "moved", "gone", "blocked", "not reached"


WORDS = {
    GONE: (
        "the host says that there is nothing: find the new address, or say in 'unlinked' why there"
        " is none"
    ),
    MOVED: "moved for good: put the new address into content/sources.yml",
    NOT_REACHED: "no answer this time: try again another day",
    BLOCKED: "the host does not let a program look: open it in a browser",
    OK: "there",
}


PAUSE, TIMEOUT, HOPS = 3.0, 20.0, 10


# After so many days an answer is asked for again.
FRESH = 7


REPORT = Path("build") / "links.json"


@dataclass(frozen=True)
class Answer:
    """What one address said: `state` is one of the five words, `detail` the status or reason, `to`
    where it moved.
    """

    address: str
    state: str
    detail: str
    to: str
    asked: str


def addresses(library: Library) -> dict[str, list[str]]:
    """Every address that a reader is offered for a source, with the ids of the sources that offer
    it.
    """
    found: dict[str, list[str]] = {}
    for source in library.sources.values():
        for link in reference(source)["links"]:
            found.setdefault(unescape(str(link["href"])), []).append(source.id)
    return found


def user_agent() -> str:
    """Who asks, so that a host can tell us to stop."""
    return (
        "open-health-guide-link-check/1.0"
        f" (+{os.environ.get('SITE_URL') or 'a health guide checking its own references'})"
    )


class _Stay(urllib.request.HTTPRedirectHandler):
    """Redirects are followed by us: each host on the way has its own pause and its own
    robots.txt.
    """

    def redirect_request(self, *_: Any) -> None:
        return None


class Asker:
    """Asks addresses one at a time. `pause` is the least number of seconds between two requests to
    one host.
    """

    def __init__(
        self,
        pause: float = PAUSE,
        timeout: float = TIMEOUT,
        sleep: Callable[[float], None] = time.sleep,
    ):
        self.pause, self.timeout, self.sleep = pause, timeout, sleep
        self.open = urllib.request.build_opener(_Stay()).open
        self.last: dict[str, float] = {}
        self.robots: dict[str, urllib.robotparser.RobotFileParser | str] = {}
        self.closed: dict[str, str] = {}

    def ask(self, address: str) -> Answer:
        """What the address says, following it where it moved."""
        state, detail, to = self._ask(address)
        return Answer(address, state, detail, to, datetime.date.today().isoformat())

    def _ask(self, address: str) -> tuple[str, str, str]:
        here, moved = address, ""
        for _ in range(HOPS):
            host = _host(here)
            if host in self.closed:
                return BLOCKED, self.closed[host], moved
            refused = self._forbidden(here)
            if refused:
                return refused[0], refused[1], moved
            status, headers, reason = self._request("HEAD", here)
            # Many hosts do not know HEAD, or answer it wrongly; what is asked for with GET is not
            # read.
            if status is not None and status >= 400 and status != 429:
                status, headers, reason = self._request("GET", here)
            if status is None:
                return NOT_REACHED, reason, moved
            if status in (301, 302, 303, 307, 308) and headers.get("Location"):
                target = urljoin(here, headers["Location"])
                if urlsplit(target).scheme not in ("http", "https"):
                    return NOT_REACHED, f"leads to {target}", moved
                # Only a move for good counts, and only while every step so far was one.
                if status in (301, 308) and (moved or here == address):
                    moved = target
                here = target
                continue
            if status in (404, 410):
                return GONE, str(status), moved
            if status == 429:
                self.closed[host] = "429: asked to stop, and stopped for this run"
                return BLOCKED, self.closed[host], moved
            if status in (401, 403, 405, 406, 451, 999):
                return BLOCKED, str(status), moved
            if status >= 400:
                return NOT_REACHED, str(status), moved
            return (MOVED if moved else OK), str(status), moved
        return NOT_REACHED, f"more than {HOPS} redirects", moved

    def _request(self, method: str, address: str) -> tuple[int | None, Any, str]:
        """(status, headers, "") or (None, {}, why there was no answer). The body is not read."""
        self._wait(address)
        request = urllib.request.Request(
            address, method=method, headers={"User-Agent": user_agent(), "Accept": "*/*"}
        )
        try:
            with self.open(request, timeout=self.timeout) as answer:
                return answer.status, answer.headers, ""
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, ""
        except (OSError, http.client.HTTPException, ValueError) as error:
            return None, {}, str(getattr(error, "reason", "") or error) or type(error).__name__
        finally:
            self.last[_host(address)] = time.monotonic()

    def _wait(self, address: str) -> None:
        host = _host(address)
        rules = self.robots.get(host)
        asked_for = (
            rules.crawl_delay(user_agent())
            if isinstance(rules, urllib.robotparser.RobotFileParser)
            else None
        )
        if host in self.last:
            left = max(self.pause, float(asked_for or 0)) - (time.monotonic() - self.last[host])
            if left > 0:
                self.sleep(left)

    def _forbidden(self, address: str) -> tuple[str, str] | None:
        """Why robots.txt keeps us out, None when it lets us in."""
        host = _host(address)
        if host not in self.robots:
            self.robots[host] = self._read_robots(address)
        rules = self.robots[host]
        if isinstance(rules, str):
            return NOT_REACHED, rules
        return None if rules.can_fetch(user_agent(), address) else (BLOCKED, "robots.txt")

    def _read_robots(self, address: str) -> urllib.robotparser.RobotFileParser | str:
        rules = urllib.robotparser.RobotFileParser()
        parts = urlsplit(address)
        request = urllib.request.Request(
            f"{parts.scheme}://{parts.netloc}/robots.txt", headers={"User-Agent": user_agent()}
        )
        try:
            # Here the usual following of redirects is wanted.
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:
                rules.parse(answer.read(500_000).decode("utf-8", "replace").splitlines())
        except urllib.error.HTTPError as error:
            with error:
                if error.code >= 500:
                    return f"robots.txt: {error.code}"
                # No robots.txt, or none for us: nothing is forbidden (RFC 9309).
                rules.parse([])
        except (OSError, http.client.HTTPException, ValueError) as error:
            return str(getattr(error, "reason", "") or error) or type(error).__name__
        finally:
            self.last[_host(address)] = time.monotonic()
        return rules


def _host(address: str) -> str:
    return urlsplit(address).netloc.lower()


def in_turn(wanted: Iterable[str]) -> list[str]:
    """The addresses so that two of one host stand as far apart as can be: less waiting, and
    kinder.
    """
    hosts: dict[str, list[str]] = {}
    for address in wanted:
        hosts.setdefault(_host(address), []).append(address)
    queues = sorted(hosts.values(), key=len, reverse=True)
    return [
        queue[place]
        for place in range(max(map(len, queues), default=0))
        for queue in queues
        if place < len(queue)
    ]


def read_report(path: Path) -> dict[str, Answer]:
    """The answers of earlier runs by address; none where there is no report that can be read."""
    try:
        return {
            entry["address"]: Answer(**entry)
            for entry in json.loads(path.read_text(encoding="utf-8"))["answers"]
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def write_report(path: Path, answers: dict[str, Answer]) -> None:
    """Writes the answers so that a stop at any moment leaves the last whole report."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    new.write_text(
        json.dumps(
            {"answers": [asdict(answer) for _, answer in sorted(answers.items())]},
            indent=1,
            ensure_ascii=False,
        )
        + "\n",
        encoding="utf-8",
    )
    new.replace(path)


def check_links(
    wanted: Iterable[str],
    report: Path,
    asker: Asker,
    again: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> dict[str, Answer]:
    """Asks every wanted address that was not asked in the last days (`again`: all); returns their
    answers by address.
    """
    listed = in_turn(wanted)
    limit = (datetime.date.today() - datetime.timedelta(days=FRESH)).isoformat()
    kept = {
        address: answer
        for address, answer in read_report(report).items()
        if address in set(listed) and (answer.asked > limit and not again)
    }
    left = [address for address in listed if address not in kept]
    for number, address in enumerate(left, 1):
        kept[address] = asker.ask(address)
        write_report(report, kept)
        say(f"{number}/{len(left)} {kept[address].state}: {address}")
    return kept


def text(answers: dict[str, Answer], sources: dict[str, list[str]], library: Library) -> str:
    """The report: what needs a person first, each with where it is written and how many facts rest
    on the source.
    """
    lines = []
    for state in (GONE, MOVED, NOT_REACHED, BLOCKED):
        listed = sorted(address for address, answer in answers.items() if answer.state == state)
        if not listed:
            continue
        lines.append(f"{state}: {len(listed)} ({WORDS[state]})")
        for address in listed:
            answer = answers[address]
            lines.append(
                f"  {address} ({answer.detail})" + (f" -> {answer.to}" if answer.to else "")
            )
            for source in sources[address]:
                place, facts = (
                    library.place[f"source:{source}"],
                    sum(source in record.sources for record in library.records.values()),
                )
                lines.append(
                    f"    {place.path}:{place.line}: {source}, {facts}"
                    f" fact{'' if facts == 1 else 's'}"
                )
        lines.append("")
    good = sum(answer.state == OK for answer in answers.values())
    return "\n".join(
        [
            *lines,
            f"{len(answers)} address{'' if len(answers) == 1 else 'es'}: "
            + ", ".join(
                f"{sum(answer.state == state for answer in answers.values())} {state}"
                for state in WORDS
                if state != OK
            )
            + f", {good} ok.",
        ]
    )


def main(arguments: list[str] | None = None) -> int:
    """The verb. Returns 0, or 1 when an address is gone or the content does not load; 2 is wrong
    usage.
    """
    parser = argparse.ArgumentParser(
        prog="./scripts/links",
        description=(
            "Asks every address of content/sources.yml, politely, and writes down what came back."
        ),
    )
    parser.add_argument(
        "--again", action="store_true", help=f"ask all, also those asked in the last {FRESH} days"
    )
    parser.add_argument(
        "--pause",
        type=float,
        default=PAUSE,
        metavar="SECONDS",
        help=f"between two requests to one host (at least 1; {PAUSE:g})",
    )
    parser.add_argument(
        "--timeout",
        type=float,
        default=TIMEOUT,
        metavar="SECONDS",
        help=f"how long to wait for an answer ({TIMEOUT:g})",
    )
    parser.add_argument(
        "--report",
        type=Path,
        default=REPORT,
        metavar="FILE",
        help=f"where answers are kept ({REPORT})",
    )
    parser.add_argument(
        "sources",
        nargs="*",
        metavar="SOURCE",
        help="ids of content/sources.yml (all, if none is named)",
    )
    given = parser.parse_args(arguments)
    try:
        library = load(Path.cwd())
    except ContentErrors as errors:
        print(errors, file=sys.stderr)
        return 1
    unknown = [name for name in given.sources if name not in library.sources]
    if unknown:
        parser.error(f"no source {', '.join(unknown)} in content/sources.yml")
    if given.pause < 1:
        parser.error("a pause under one second is not polite")
    found = {
        address: names
        for address, names in addresses(library).items()
        if not given.sources or set(names) & set(given.sources)
    }
    try:
        answers = check_links(
            found,
            given.report,
            Asker(given.pause, given.timeout),
            given.again,
            lambda line: print(line, file=sys.stderr, flush=True),
        )
    except KeyboardInterrupt:
        print(
            f"\nStopped. What was answered is in {given.report}; run it again to go on.",
            file=sys.stderr,
        )
        return 1
    print(text(answers, found, library))
    return 1 if any(answer.state == GONE for answer in answers.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
