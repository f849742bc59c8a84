"""The change log as an Atom feed (RFC 4287), so that a clinician hears of a changed dose."""

from __future__ import annotations

import hashlib
from xml.etree import ElementTree as xml

from guide.content.library import Library

ATOM = "http://www.w3.org/2005/Atom"


def feed(library: Library, address: str = "") -> bytes:
    """The feed of all changes, newest first. `address` is the site's public address, if it has
    one.
    """
    xml.register_namespace("", ATOM)
    root = xml.Element(f"{{{ATOM}}}feed")

    def add(parent: xml.Element, name: str, text: str = "", **attributes: str) -> xml.Element:
        element = xml.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
        element.text = text or None
        return element

    changes = library.change_ids()
    add(root, "title", f"{library.site.name}: what changed")
    add(root, "id", _name("feed", library.site.name))
    newest = (
        changes[0][1].date
        if changes
        else min(topic.review.published for topic in library.topics.values())
    )
    add(root, "updated", f"{newest.isoformat()}T00:00:00Z")
    add(add(root, "author"), "name", library.site.publisher.name)
    if address:
        add(root, "link", rel="self", href=f"{address.rstrip('/')}/feed.xml")
    for anchor, change in changes:
        entry = add(root, "entry")
        add(entry, "title", f"{change.kind.capitalize()} change: {change.what}")
        add(
            entry,
            "id",
            _name(
                change.date.isoformat(),
                change.record or " ".join(change.records),
                change.field or "",
                change.what,
            ),
        )
        add(entry, "updated", f"{change.date.isoformat()}T00:00:00Z")
        add(entry, "category", term=change.kind)
        before = f" It was {change.old}; it is now {change.new}." if change.legible else ""
        add(entry, "summary", f"{change.what}{before} Why: {change.reason}")
        add(
            entry,
            "link",
            rel="alternate",
            href=(
                f"{address.rstrip('/')}/about/changes/#{anchor}"
                if address
                else f"about/changes/#{anchor}"
            ),
        )
    xml.indent(root)
    return xml.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _name(*parts: str) -> str:
    return f"urn:sha256:{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()}"
