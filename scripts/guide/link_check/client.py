"""Asks web addresses, one at a time and politely."""

from __future__ import annotations

import datetime
import email.message
import http.client
import os
import time
import urllib.error
import urllib.request
import urllib.robotparser
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urljoin, urlsplit

State = Literal["ok", "moved", "gone", "blocked", "not reached"]

# The pause and the timeout in seconds, and how many redirects are followed.
PAUSE, TIMEOUT, HOPS = 3.0, 20.0, 10

# How many bytes of a text are read, and for how many seconds at most.
LARGEST, LONGEST = 8_000_000, 90.0

_REDIRECTS, _PERMANENT = {301, 302, 303, 307, 308}, {301, 308}
_GONE, _REFUSED, _TOO_MANY = {404, 410}, {401, 403, 405, 406, 451, 999}, 429
_NOT_MODIFIED = 304


@dataclass(frozen=True)
class Answer:
    """What one address answered.

    `detail` is the status or the reason, `to` the address where it moved, `asked` the day as
    YYYY-MM-DD.
    """

    address: str
    state: State
    detail: str
    to: str
    asked: str


@dataclass(frozen=True)
class Body:
    """What an address sent: its bytes and their type, and whether that is all of them.

    `at` is where it was read in the end. `etag` and `modified` ask the host for it again only if
    it changed; `unchanged` is its answer, and then there are no bytes.
    """

    at: str
    type: str = ""
    data: bytes = b""
    whole: bool = True
    etag: str = ""
    modified: str = ""
    unchanged: bool = False


@dataclass(frozen=True)
class _Response:
    """A status and the redirect's target; status 0 and the reason where no answer came."""

    status: int
    location: str = ""
    reason: str = ""
    body: Body | None = None


def user_agent() -> str:
    """The name under which requests are sent, so that a host can tell us to stop."""
    return (
        "open-health-guide-link-check/1.0"
        f" (+{os.environ.get('SITE_URL') or 'a health guide checking its own references'})"
    )


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Leaves redirects to us: each host on the way has its own pause and its own robots.txt."""

    def redirect_request(self, *_: object) -> None:
        return None


class LinkClient:
    """Asks addresses one at a time.

    `pause` is the least number of seconds between two requests to one host, `timeout` how many
    to wait for an answer.
    """

    def __init__(
        self,
        pause: float = PAUSE,
        timeout: float = TIMEOUT,
        sleep: Callable[[float], None] = time.sleep,
    ):
        self.pause, self.timeout, self.sleep = pause, timeout, sleep
        self._open = urllib.request.build_opener(_NoRedirects()).open
        self._last_request: dict[str, float] = {}
        # By host: its rules, or why they could not be read.
        self._robots: dict[str, urllib.robotparser.RobotFileParser | str] = {}
        # By host that asked us to stop: what it said.
        self._closed: dict[str, str] = {}

    def ask(self, address: str) -> Answer:
        """The answer of the address, following it where it moved."""
        state, detail, moved_to = self._follow(address, self._response)
        return Answer(address, state, detail, moved_to, datetime.date.today().isoformat())

    def read(self, address: str, known: Body | None = None) -> tuple[Answer, Body | None]:
        """The answer of the address and what it sent, with one request where nothing moved.

        `known` is what was read there before; the host is asked for it only if it changed. The
        second value is None where the address did not answer with a text.
        """
        last: list[_Response] = []

        def fetch(here: str) -> _Response:
            last[:] = [self._request("GET", here, known if known and known.at == here else None)]
            return last[0]

        state, detail, moved_to = self._follow(address, fetch)
        answer = Answer(address, state, detail, moved_to, datetime.date.today().isoformat())
        readable = state in ("ok", "moved") and last
        return answer, last[0].body if readable else None

    def _follow(self, address: str, fetch: Callable[[str], _Response]) -> tuple[State, str, str]:
        """State, detail, and the address where it moved for good or ""."""
        here, moved_to = address, ""
        for _ in range(HOPS):
            refusal = self._refusal(here)
            if refusal:
                return *refusal, moved_to
            response = fetch(here)
            if response.status not in _REDIRECTS or not response.location:
                return *self._judge(here, response, bool(moved_to)), moved_to
            target = urljoin(here, response.location)
            if urlsplit(target).scheme not in ("http", "https"):
                return "not reached", f"leads to {target}", moved_to
            # Only a permanent redirect counts, and only while every step so far was one.
            if response.status in _PERMANENT and (moved_to or here == address):
                moved_to = target
            here = target
        return "not reached", f"more than {HOPS} redirects", moved_to

    def _judge(self, address: str, response: _Response, moved: bool) -> tuple[State, str]:
        status = response.status
        if not status:
            return "not reached", response.reason
        if status in _GONE:
            return "gone", str(status)
        if status == _TOO_MANY:
            host = _host(address)
            self._closed[host] = f"{status}: asked to stop, and stopped for this run"
            return "blocked", self._closed[host]
        if status in _REFUSED:
            return "blocked", str(status)
        if status >= 400:
            return "not reached", str(status)
        return "moved" if moved else "ok", str(status)

    def _response(self, address: str) -> _Response:
        response = self._request("HEAD", address)
        # Many hosts do not know HEAD, or answer it wrongly.
        if response.status >= 400 and response.status != _TOO_MANY:
            return self._request("GET", address)
        return response

    def _request(self, method: str, address: str, known: Body | None = None) -> _Response:
        """The response to one request. Only the text of a GET that succeeds is read."""
        self._wait(address)
        headers = {"User-Agent": user_agent(), "Accept": "*/*", "Accept-Encoding": "identity"}
        if known and known.etag:
            headers["If-None-Match"] = known.etag
        if known and known.modified:
            headers["If-Modified-Since"] = known.modified
        try:
            request = urllib.request.Request(address, method=method, headers=headers)
            with self._open(request, timeout=self.timeout) as answer:
                body = _body(address, answer) if method == "GET" else None
                return _Response(answer.status, _location(answer.headers), body=body)
        except urllib.error.HTTPError as error:
            with error:
                if error.code == _NOT_MODIFIED and known:
                    return _Response(200, body=replace(known, unchanged=True))
                return _Response(error.code, _location(error.headers))
        except (OSError, http.client.HTTPException, ValueError, zlib.error) as error:
            return _Response(0, reason=_reason(error))
        finally:
            self._last_request[_host(address)] = time.monotonic()

    def _wait(self, address: str) -> None:
        host = _host(address)
        if host not in self._last_request:
            return
        rules = self._robots.get(host)
        delay = None if rules is None or isinstance(rules, str) else rules.crawl_delay(user_agent())
        since = time.monotonic() - self._last_request[host]
        left = max(self.pause, float(delay or 0)) - since
        if left > 0:
            self.sleep(left)

    def _refusal(self, address: str) -> tuple[State, str] | None:
        """Why the address may not be asked now; None where it may."""
        host = _host(address)
        if host in self._closed:
            return "blocked", self._closed[host]
        if host not in self._robots:
            self._robots[host] = self._read_robots(address)
        rules = self._robots[host]
        if isinstance(rules, str):
            return "not reached", rules
        return None if rules.can_fetch(user_agent(), address) else ("blocked", "robots.txt")

    def _read_robots(self, address: str) -> urllib.robotparser.RobotFileParser | str:
        """The rules of the host, or why they could not be read."""
        rules = urllib.robotparser.RobotFileParser()
        parts = urlsplit(address)
        request = urllib.request.Request(
            f"{parts.scheme}://{parts.netloc}/robots.txt", headers={"User-Agent": user_agent()}
        )
        try:
            # Redirects are followed in the usual way here.
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:
                rules.parse(answer.read(500_000).decode("utf-8", "replace").splitlines())
        except urllib.error.HTTPError as error:
            with error:
                if error.code >= 500:
                    return f"robots.txt: {error.code}"
                # No robots.txt, or none for us: nothing is forbidden (RFC 9309).
                rules.parse([])
        except (OSError, http.client.HTTPException, ValueError) as error:
            return _reason(error)
        finally:
            self._last_request[_host(address)] = time.monotonic()
        return rules


def _body(address: str, answer: http.client.HTTPResponse) -> Body:
    """What is sent, up to `LARGEST` bytes and `LONGEST` seconds."""
    parts, size, end = [], 0, time.monotonic() + LONGEST
    while size <= LARGEST and time.monotonic() < end:
        part = answer.read1(65536)
        if not part:
            break
        parts.append(part)
        size += len(part)
    else:
        return Body(address, whole=False)
    headers = answer.headers
    data, encoding = b"".join(parts), str(headers.get("Content-Encoding") or "identity").lower()
    if encoding == "gzip":
        # Some hosts compress whatever they are asked for.
        unpacked = zlib.decompressobj(wbits=31)
        data = unpacked.decompress(data, LARGEST)
        if unpacked.unconsumed_tail:
            return Body(address, whole=False)
    elif encoding != "identity":
        return Body(address, whole=False)
    return Body(
        address,
        str(headers.get("Content-Type") or ""),
        data,
        True,
        str(headers.get("ETag") or ""),
        str(headers.get("Last-Modified") or ""),
    )


def _location(headers: email.message.Message) -> str:
    return str(headers.get("Location") or "")


def _reason(error: Exception) -> str:
    return str(getattr(error, "reason", "") or error) or type(error).__name__


def _host(address: str) -> str:
    return urlsplit(address).netloc.lower()


def spread_by_host(addresses: Iterable[str]) -> list[str]:
    """The addresses, those of one host as far apart as can be: less waiting, and kinder."""
    hosts: dict[str, list[str]] = {}
    for address in addresses:
        hosts.setdefault(_host(address), []).append(address)
    queues = sorted(hosts.values(), key=len, reverse=True)
    return [
        queue[place]
        for place in range(max(map(len, queues), default=0))
        for queue in queues
        if place < len(queue)
    ]
