"""A host whose faults a test chooses: silent, slow, broken off, gone, or of another kind.

It serves files from memory or from a folder, so that a test publishes by writing one of them.
"""

from __future__ import annotations

import http.server
import mimetypes
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from serving import TYPES

CHUNK = 2048
# What a page does wrong, told to the host: not every engine tells its driver.
LISTENER = """
const tell = words => fetch(tell.to, { method: 'POST', body: words });
tell.to = document.currentScript.src;
addEventListener('error', event =>
  tell(event.message || `not loaded: ${event.target.src || event.target.href}`), true);
addEventListener('unhandledrejection', event => tell(String(event.reason)));
document.addEventListener('securitypolicyviolation', event =>
  tell(`policy: ${event.violatedDirective} ${event.blockedURI}`));
"""


@dataclass(frozen=True)
class Fault:
    """What happens to the answers whose path a pattern finds.

    `silence` is in seconds, before anything is sent; `rate` in bytes a second; `breaks_after` in
    bytes, after which the connection is cut; `headers` are sent besides the usual ones.
    """

    path: str = ""
    silence: float = 0
    rate: int = 0
    breaks_after: int | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Host:
    """A site below a path, as on a project's pages. `files` go before those of `folder`.

    With `listens`, each page reports its errors, which are then in `told`.
    """

    files: dict[str, str]
    folder: Path | None = None
    below: str = "/some/where/"
    faults: list[Fault] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    listens: bool = False
    down: bool = False
    port: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.below}"

    def content(self, path: str) -> bytes | None:
        """The bytes at a path of the site, or none."""
        name = f"{path}index.html" if path == "" or path.endswith("/") else path
        if name == "listener.js":
            return LISTENER.encode()
        if name in self.files:
            content = self.files[name].encode()
        elif self.folder and (self.folder / name).is_file():
            content = (self.folder / name).read_bytes()
        else:
            return None
        if self.listens and name.endswith(".html"):
            script = f'<meta charset="utf-8"><script src="{self.below}listener.js"></script>'
            return content.replace(b"<head>", b"<head>" + script.encode(), 1)
        return content

    def fault(self, path: str) -> Fault:
        """The first fault that is meant for a path; one without effect where there is none."""
        return next((fault for fault in self.faults if re.search(fault.path, path)), Fault())


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    host: Host

    def do_GET(self) -> None:
        host = self.host
        path = unquote(urlsplit(self.path).path).removeprefix(host.below)
        host.asked.append(path)
        if host.down:
            self.close_connection = True
            return
        fault = host.fault(path)
        self._wait(fault.silence)
        body = host.content(path)
        if body is None or self.close_connection:
            self._send(404, b"not there", fault, "text/plain")
            return
        name = path if Path(path).suffix else "index.html"
        kind = TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "text/plain"
        self._send(fault.status, body, fault, kind)

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.host.told.append(self.rfile.read(length).decode())
        self._send(200, b"", Fault(), "text/plain")

    def _wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.host.faults:
            time.sleep(0.05)

    def _send(self, status: int, body: bytes, fault: Fault, kind: str) -> None:
        self.send_response(status)
        headers = {"Content-Type": kind, "Cache-Control": "max-age=0", **fault.headers}
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        body = body[: fault.breaks_after]
        size = CHUNK if fault.rate else max(len(body), 1)
        for start in range(0, len(body), size):
            self.wfile.write(body[start : start + size])
            self.wfile.flush()
            self._wait(CHUNK / fault.rate if fault.rate else 0)
        self.close_connection = self.close_connection or fault.breaks_after is not None

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


class _Server(http.server.ThreadingHTTPServer):
    # A browser that gives up leaves its request open until the silence ends.
    block_on_close = False


@contextmanager
def running(host: Host) -> Iterator[Host]:
    """Serves the host until the block ends. A fault that is taken away ends at once."""
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"host": host}))
    host.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield host
    finally:
        host.faults = []
        server.shutdown()
        server.server_close()
