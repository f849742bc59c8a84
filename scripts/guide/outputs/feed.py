"""The change log as an Atom feed (RFC 4287), so that a clinician hears of a changed dose."""

from __future__ import annotations

import hashlib
from xml.etree import ElementTree as xml

from guide.base import language
from guide.base.language import gettext as _
from guide.base.language import gettext_noop
from guide.content import models as m
from guide.content.library import Library

ATOM = "http://www.w3.org/2005/Atom"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


_TITLES = {
    "clinical": gettext_noop("Clinical change: {what}"),
    "editorial": gettext_noop("Editorial change: {what}"),
}


def feed(library: Library, address: str = "") -> bytes:
    """The feed of all changes as XML, newest first.

    `address` is the site's public address; without one, links are relative.
    """
    xml.register_namespace("", ATOM)
    root = xml.Element(f"{{{ATOM}}}feed", {_LANGUAGE: language.current().code})
    base = f"{address.rstrip('/')}/" if address else ""
    changes = library.change_ids()
    newest = (
        changes[0][1].date
        if changes
        else min(topic.review.published for topic in library.topics.values())
    )
    _add(root, "title", _("{guide}: what changed").format(guide=library.site.name))
    _add(root, "id", _urn("feed", library.site.name))
    _add(root, "updated", f"{newest.isoformat()}T00:00:00Z")
    _add(_add(root, "author"), "name", library.site.publisher.name)
    if base:
        _add(root, "link", rel="self", href=f"{base}feed.xml")
    for anchor, change in changes:
        _add_entry(root, change, f"{base}about/changes/#{anchor}")
    xml.indent(root)
    body: bytes = xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return body + b"\n"


def _add_entry(root: xml.Element, change: m.Change, link: str) -> None:
    entry = _add(root, "entry")
    _add(entry, "title", _(_TITLES[change.kind]).format(what=change.what))
    record = change.record or " ".join(change.records)
    _add(entry, "id", _urn(change.date.isoformat(), record, change.field or "", change.what))
    _add(entry, "updated", f"{change.date.isoformat()}T00:00:00Z")
    _add(entry, "category", term=change.kind)
    summary = (
        _("{what} It was {old}; it is now {new}. Why: {reason}")
        if change.legible
        else _("{what} Why: {reason}")
    )
    _add(
        entry,
        "summary",
        summary.format(what=change.what, old=change.old, new=change.new, reason=change.reason),
    )
    _add(entry, "link", rel="alternate", href=link)


def _add(parent: xml.Element, name: str, text: str = "", **attributes: str) -> xml.Element:
    element = xml.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = text or None
    return element


def _urn(*parts: str) -> str:
    """An id that stays the same as long as the parts do."""
    return f"urn:sha256:{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()}"
