"""`llms.txt`: where a program finds the facts, and how it may use them."""

from __future__ import annotations

import re

from guide.base.language import gettext as _
from guide.content.library import Library
from guide.content.names import has_medicines
from guide.content.publication import Publication


def llms_txt(library: Library, publication: Publication) -> str:
    """The text of `llms.txt`: where a program finds the facts, and how it may use them."""
    said = [
        f"{library.site.tagline}.",
        *([] if publication.reviewed else [_("No clinician has reviewed this guide.")]),
        _("Information with its sources, not advice for one person."),
    ]
    return "\n".join(
        [
            f"# {publication.name}",
            "",
            f"> {' '.join(said)}",
            "",
            _(
                "Each fact stands in two wordings from one record, one for patients and one for"
                " clinicians; say for whom and for which country and disease a fact holds."
            ),
            (
                _(
                    'A trial is evidence only for the medicine it tested. "Not known" is an answer:'
                    " do not fill it in. Whether a medicine is approved stands in the approvals, by"
                    " agency and day."
                )
                if library.compute_once(has_medicines)
                else _(
                    'A trial is evidence only for what it tested. "Not known" is an answer: do not'
                    " fill it in. What a body recommends or offers stands in the approvals, by body"
                    " and day."
                )
            ),
            "",
            "## " + _("Topics"),
            "",
            *(
                line
                for key in library.site.topics
                for line in _topic_links(library, key, publication)
            ),
            "",
            "## " + _("Data"),
            "",
            *_data_links(publication),
            "",
            "## " + _("About"),
            "",
            *_about_links(publication),
            "",
        ]
    )


def _topic_links(library: Library, key: str, publication: Publication) -> list[str]:
    topic, to = library.topics[key], publication.at
    title = _one_line(topic.title)
    lines = [
        _entry(
            _("{topic}: for patients").format(topic=title),
            to(f"{key}/patients/"),
            _one_line(topic.summary),
        ),
        _entry(
            _("{topic}: for clinicians").format(topic=title),
            to(f"{key}/clinicians/"),
            _("the same facts with counts, intervals and sources"),
        ),
    ]
    if key in library.claims:
        lines.append(
            _entry(
                _("{topic}: corrections").format(topic=title),
                to(f"{key}/corrections/"),
                _("what an article on the topic claims, and what is wrong in it"),
            )
        )
    return lines


def _entry(name: str, address: str, about: str = "") -> str:
    """A line of `llms.txt` that links to an address."""
    return f"- [{name}]({address})" + (f": {about}" if about else "")


def _data_links(publication: Publication) -> list[str]:
    to = publication.at
    return [
        _entry(
            _("Index of the data"),
            to("api/v1/index.json"),
            _("every record as JSON with a schema, and as CSV; version {version}").format(
                version=publication.version
            ),
        ),
        _entry(_("How to use it"), to("about/data/")),
        _entry(_("What changed"), to("feed.xml"), _("Atom feed")),
    ]


def _about_links(publication: Publication) -> list[str]:
    to, licence = publication.at, publication.licence
    return [
        _entry(_("Publisher, money and interests"), to("about/")),
        _entry(_("How we check"), to("about/checks/")),
        _entry(_("All sources"), to("about/sources/")),
        _entry(_("Glossary"), to("about/glossary/")),
        "- "
        + _('Licence of the content: {licence}; name it as "{attribution}"').format(
            licence=f"[{licence.name}]({licence.url})", attribution=publication.attribution
        ),
    ]


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
