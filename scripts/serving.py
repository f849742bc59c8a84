"""A built site on the loopback as a good host would serve it: compressed, with the right types. For
tests and measurements.
"""

from __future__ import annotations

import functools
import gzip
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

COMPRESSED = {".html", ".css", ".js", ".json", ".svg", ".xml", ".txt", ".webmanifest", ".csv"}

# The media types that a host sends, by the file's ending.
TYPES = {
    **http.server.SimpleHTTPRequestHandler.extensions_map,
    ".webmanifest": "application/manifest+json",
    ".bib": "text/plain",
    ".ris": "text/plain",
}


class _Handler(http.server.SimpleHTTPRequestHandler):
    extensions_map = TYPES

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        if (
            (
                not self.path.split("?")[0].split("#")[0].endswith("/")
                and Path(self.translate_path(self.path)).is_dir()
            )
            or path.suffix not in COMPRESSED
            or not path.is_file()
            or "gzip" not in self.headers.get("Accept-Encoding", "")
        ):
            super().do_GET()
            return
        body = _compressed(path, path.stat().st_mtime_ns)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        self.wfile.write(body)


@functools.lru_cache(maxsize=512)
def _compressed(path: Path, _changed: int) -> bytes:
    return gzip.compress(path.read_bytes(), 6, mtime=0)


@contextmanager
def serving(site: Path) -> Iterator[str]:
    """Serves the folder until the block ends; gives its address with a slash at the end."""
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_Handler, directory=str(site))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
