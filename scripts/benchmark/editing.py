"""One edit of a made guide, and how long `serve` takes to show it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from benchmark.measuring import ENVIRONMENT, Values


def edit(project: Path, word: str) -> tuple[Path, str]:
    """Puts `word` into the first answer that clinicians read of the first topic.

    Returns the page of the site that shows it, and the text that the page must then hold. Raises
    RuntimeError where there is no such wording.
    """
    path = sorted((project / "content" / "topics").glob("*/answers.yml"))[0]
    text = path.read_text(encoding="utf-8")
    changed = re.sub(
        r"^(    clinician: (?:\"?))(?:Now \w+: )?",
        lambda match: f"{match[1]}Now {word}: ",
        text,
        count=1,
        flags=re.M,
    )
    if changed == text:
        raise RuntimeError(f"{path} has no wording to edit")
    path.write_text(changed, encoding="utf-8")
    return project / "site" / path.parent.name / "clinicians" / "index.html", f"Now {word}: "


def served(project: Path, timeout: float) -> Values:
    """Seconds from saving one changed value until the server shows it, of the second edit.

    The first edit fills the cache. Raises RuntimeError when an edit is not shown within `timeout`
    seconds.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{probe.getsockname()[1]}"
    log_file = project / "bench.log"
    with log_file.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "serve", "--livereload", "--dev-addr", host],
            cwd=project,
            stdout=log,
            stderr=log,
            env={**os.environ, **ENVIRONMENT, "PYTHONUNBUFFERED": "1"},
        )
        try:
            _wait(lambda: "Serving on" in log_file.read_text(errors="replace"), timeout, process)
            _show_edit(project, "one", host, timeout, process)
            return {"served": _show_edit(project, "two", host, timeout, process)}
        finally:
            process.terminate()
            process.wait(30)


def _show_edit(
    project: Path, word: str, host: str, timeout: float, process: subprocess.Popen[bytes]
) -> float:
    """Makes one edit; returns the seconds until the server shows it."""
    page, expected = edit(project, word)
    start = time.monotonic()
    address = f"http://{host}/{page.parent.relative_to(project / 'site').as_posix()}/"
    _wait(lambda: expected in _fetched(address), timeout, process)
    return time.monotonic() - start


def _wait(condition: Callable[[], bool], timeout: float, process: subprocess.Popen[bytes]) -> None:
    start = time.monotonic()
    while not condition():
        if process.poll() is not None or time.monotonic() - start > timeout:
            raise RuntimeError("the server ended, or did not show the edit in time")
        time.sleep(0.05)


def _fetched(address: str) -> str:
    """The text at an address, "" while the server does not answer."""
    try:
        with urllib.request.urlopen(address, timeout=600) as answer:
            body: bytes = answer.read()
            return body.decode()
    except OSError:
        return ""
