"""The address that `./scripts/serve` is to serve on, understood and tried before anything is
built.
"""

from __future__ import annotations

import errno
import re
import socket

from guide.base.command_line import typed as command

HOST, PORT = "127.0.0.1", 8000


_TRIED = 50


class Unusable(Exception):
    """An address that nothing can be served on; the text says why and what to type instead."""


def address(given: str = "") -> str:
    """Host and port of what was typed: nothing, a port, a host, or both. Raises Unusable for what
    is none or is taken.
    """
    host, port = _parts(given)
    error = _why_not(host, port)
    if error is None:
        return f"{host}:{port}"
    if error.errno != errno.EADDRINUSE:
        raise Unusable(
            f"nothing can be served on '{host}:{port}' ({error.strerror or error}): name an address"
            f" of this machine, such as {command(f'serve {HOST}:{PORT}')}"
        )
    free = next(
        (
            other
            for other in range(port + 1, min(port + _TRIED, 65536))
            if _why_not(host, other) is None
        ),
        None,
    )
    remedy = f", or serve on another port: {command(f'serve {host}:{free}')}" if free else ""
    raise Unusable(
        f"port {port} of {host} is taken, perhaps by another {command('serve')}: stop that{remedy}"
    )


def _parts(given: str) -> tuple[str, int]:
    """Host and port; what is not given is the usual one."""
    typed = given.removeprefix("http://").rstrip("/")
    host, _, port = (
        typed.rpartition(":")
        if ":" in typed
        else ("", "", typed)
        if typed.isdigit()
        else (typed, "", "")
    )
    wrong = not re.fullmatch(r"([A-Za-z0-9][\w.-]*|[0-9a-fA-F:]+)?", host) or not re.fullmatch(
        r"[0-9]*", port
    )
    if wrong or not 0 < int(port or PORT) < 65536:
        raise Unusable(
            f"'{given}' is no address: write a port from 1 to 65535, or host and port, such as"
            f" {command(f'serve {HOST}:8001')}"
        )
    return host or HOST, int(port or PORT)


def _why_not(host: str, port: int) -> OSError | None:
    """Why the server could not listen there, None when it can; asked in the way in which the server
    does it.
    """
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        return error
    return None
