"""The Content-Security-Policy of each page."""

from __future__ import annotations

import base64
import hashlib
import html
import re

from guide.base.html import attributes

_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script\s*>", re.S | re.I)


_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style\s*>", re.S | re.I)


_STYLED = re.compile(r"<[a-zA-Z][^<>]*?\sstyle=(?:\"([^\"]*)\"|'([^']*)')", re.S)


_DATA = re.compile(r"json|template|text/plain", re.I)


def policy(page: str, disk: bool = False) -> str:
    """The Content-Security-Policy of one page: nothing but the site's own files, and exactly the
    inline scripts and styles it has.

    `disk`: for a copy opened from a file, where not every browser counts files as "self".
    """
    own = "'self' file:" if disk else "'self'"
    scripts = [
        _digest(match[2])
        for match in _SCRIPT.finditer(page)
        if "src" not in (found := attributes(match[1])) and not _DATA.search(found.get("type", ""))
    ]
    styles = [_digest(match[1]) for match in _STYLE.finditer(page)]
    # Most pages style no element by itself, and looking at every tag for it takes long.
    styled = (
        [
            _digest(html.unescape(match[1] if match[1] is not None else match[2]))
            for match in _STYLED.finditer(_SCRIPT.sub("", page))
        ]
        if "style=" in page
        else []
    )
    if styled:
        styles.append("'unsafe-hashes'")
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(dict.fromkeys([own, *scripts]))}",
            f"style-src {' '.join(dict.fromkeys([own, *styles, *styled]))}",
            f"img-src {own} data:",
            *(() if disk else ("connect-src 'self'", "manifest-src 'self'", "worker-src 'self'")),
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _digest(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


_CHARSET = re.compile(r"<meta\s+charset=[^>]+>", re.I)


def secured(page: str, disk: bool = False, head: str = "") -> str:
    """The page with its policy and without a referrer, as the first things in its head; `head`
    comes after them.

    No address of ours goes along when a reader follows a link to a paper: what somebody reads about
    a disease is theirs.
    """
    tags = (
        '<meta http-equiv="Content-Security-Policy"'
        f' content="{html.escape(policy(page, disk), quote=False)}"><meta name="referrer"'
        f' content="no-referrer">{head}'
    )
    return _CHARSET.sub(lambda match: match[0] + tags, page, count=1)
