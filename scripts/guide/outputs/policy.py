"""The Content-Security-Policy of each page."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable

from selectolax.lexbor import LexborNode

from guide.base.html import PageHtml

# Types of a script that holds data: no browser runs it.
_DATA = re.compile(r"json|template|text/plain", re.I)


def policy(page: PageHtml, disk: bool = False) -> str:
    """The Content-Security-Policy of one page: nothing but the site's own files, and exactly the
    inline scripts and styles it has.

    `disk`: for a copy opened from a file, where not every browser counts files as "self".
    """
    self_sources = "'self' file:" if disk else "'self'"
    scripts = [
        _digest(script.text())
        for script in page.every("script:not([src])")
        if not _DATA.search(script.attributes.get("type") or "")
    ]
    styles = [_digest(style.text()) for style in page.every("style")]
    styled = [_digest(node.attributes["style"] or "") for node in page.every("[style]")]
    if styled:
        styles.append("'unsafe-hashes'")
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(dict.fromkeys([self_sources, *scripts]))}",
            f"style-src {' '.join(dict.fromkeys([self_sources, *styles, *styled]))}",
            f"img-src {self_sources} data:",
            *(() if disk else ("connect-src 'self'", "manifest-src 'self'", "worker-src 'self'")),
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _digest(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


_OF_POLICY = (
    ':is(meta[http-equiv="Content-Security-Policy"], meta[name="referrer"][content="no-referrer"])'
)


def secure(page: PageHtml, disk: bool = False, then: Iterable[LexborNode] = ()) -> None:
    """Gives the page its policy, in the place of any other, and forbids the referrer.

    Both are the first things in its head after the character set; `then` comes after them. A page
    that does not say its character set stays as it is. No address of ours goes along when a reader
    follows a link to a paper: what somebody reads about a disease is theirs.
    """
    charset = page.first("meta[charset]")
    if charset is None:
        return
    for old in page.every(_OF_POLICY):
        old.decompose()
    tags = (
        page.new("meta", {"http-equiv": "Content-Security-Policy", "content": policy(page, disk)}),
        page.new("meta", {"name": "referrer", "content": "no-referrer"}),
        *then,
    )
    for tag in reversed(tags):
        charset.insert_after(tag, move=True)


def secured(text: str) -> str:
    """The HTML of a page that stands by itself, with its policy."""
    page = PageHtml(text)
    secure(page)
    return page.write()
