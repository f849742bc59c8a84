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
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin, urlsplit

State = Literal["ok", "moved", "gone", "blocked", "not reached"]

# The pause and the timeout in seconds, and how many redirects are followed.
PAUSE, TIMEOUT, HOPS = 3.0, 20.0, 10

_REDIRECTS, _PERMANENT = {301, 302, 303, 307, 308}, {301, 308}
_GONE, _REFUSED, _TOO_MANY = {404, 410}, {401, 403, 405, 406, 451, 999}, 429


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
class _Response:
    """A status and the redirect's target; status 0 and the reason where no answer came."""

    status: int
    location: str = ""
    reason: str = ""


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
        state, detail, moved_to = self._follow(address)
        return Answer(address, state, detail, moved_to, datetime.date.today().isoformat())

    def _follow(self, address: str) -> tuple[State, str, str]:
        """State, detail, and the address where it moved for good or ""."""
        here, moved_to = address, ""
        for _ in range(HOPS):
            refusal = self._refusal(here)
            if refusal:
                return *refusal, moved_to
            response = self._response(here)
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

    def _request(self, method: str, address: str) -> _Response:
        """The response to one request, whose body is not read."""
        self._wait(address)
        request = urllib.request.Request(
            address, method=method, headers={"User-Agent": user_agent(), "Accept": "*/*"}
        )
        try:
            with self._open(request, timeout=self.timeout) as answer:
                return _Response(answer.status, _location(answer.headers))
        except urllib.error.HTTPError as error:
            with error:
                return _Response(error.code, _location(error.headers))
        except (OSError, http.client.HTTPException, ValueError) as error:
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
