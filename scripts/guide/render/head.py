"""What machines read in the head of a page: its description, link preview and schema.org markup.

The terms are those of schema.org release 30; a test holds them against the vocabulary. Nothing
stands here that the page does not show: dates are the page's own, a review is named only if
there was one, a medicine has no offer and no price, and GRADE levels have no place in it.
"""

from __future__ import annotations

import datetime
import html
import json
import re
from collections.abc import Callable
from typing import Any

from guide.base.text import relative, sentence
from guide.content.library import Library
from guide.content.publication import CONTENT, Publication
from guide.data.published import ROOT
from guide.data.tables import TABLES
from guide.pages.page import Page

CITATIONS = 20


_STATUS = {
    "completed": "https://schema.org/Completed",
    "recruiting": "https://schema.org/Recruiting",
    "results pending": "https://schema.org/ResultsNotAvailable",
}


_UNSAFE = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}


def head(page: Page, library: Library, publication: Publication, about: str = "") -> dict[str, str]:
    """The page's head as ready strings for the template: `description` and `full_title` escaped for
    an attribute, `json_ld` for a script element, `modified` as a day. `about` describes a page that
    belongs to no topic.
    """
    topic = library.topics.get(page.topic)
    modified = last_change(page, library, publication)
    return {
        "description": html.escape(describe(page, library, about)),
        "full_title": html.escape(page.full_title),
        "modified": modified.isoformat(),
        "og_type": "article" if topic else "website",
        "json_ld": script_text(document(page, library, publication, modified)),
    }


def script_text(value: Any) -> str:
    """JSON that can stand inside a script element: no text in it can end the element or start
    another.
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE)


def last_change(page: Page, library: Library, publication: Publication) -> datetime.date:
    """The day the page last changed by the change log; the day the guide was published where the
    log says nothing.
    """
    published = library.topics[page.topic].review.published if page.topic else publication.published
    changes = library.changes_of(page.shown, published)
    return changes[0].date if changes else published


def describe(page: Page, library: Library, about: str = "") -> str:
    """One or two sentences for a search result: what this page answers, for whom, and the topic's
    own summary.
    """
    topic = library.topics.get(page.topic)
    if topic is None:
        return about or f"{page.title}. {library.site.name}: {library.site.tagline}."
    if page.path == f"{page.topic}/index.md":
        return topic.summary
    heading = (
        page.full_title.removesuffix(f" (for {page.track})")
        .removesuffix(f" {topic.title}")
        .rstrip(".")
    )
    return (
        f"{heading}{' For ' + page.track + '.' if heading.endswith('?') else ', for ' + page.track + '.' if page.track != 'both' else '.'}"
        f" {topic.summary}"
    )


def document(
    page: Page, library: Library, publication: Publication, modified: datetime.date
) -> dict[str, Any]:
    """The page as a schema.org JSON-LD document."""
    topic = library.topics.get(page.topic)

    def to(path: str) -> str:
        """The whole address of a path of the site; where the site has none, the way to it from this
        page.
        """
        return publication.at(path) if publication.address else str(relative(page.url, path))

    kind = (
        "MedicalWebPage"
        if topic
        else "WebSite"
        if page.url == ""
        else "AboutPage"
        if page.url == "about/"
        else "WebPage"
    )
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": kind,
        "name": page.full_title,
    }
    if publication.address:
        found["url"] = publication.at(page.url)
    found |= {
        "inLanguage": "en",
        "license": CONTENT.url,
        "isAccessibleForFree": True,
        "datePublished": (topic.review.published if topic else publication.published).isoformat(),
        "dateModified": modified.isoformat(),
        "publisher": {"@type": "Organization", "name": publication.publisher},
        "publishingPrinciples": to("about/"),
        "correction": to(
            f"{page.topic}/corrections/"
            if topic and page.topic in library.claims
            else "about/changes/"
        ),
    }
    if page.url:
        found["isPartOf"] = {"@type": "WebSite", "name": publication.name, "url": to("")}
    if page.url == "about/data/":
        found["mainEntity"] = _dataset(library, publication, modified, to)
    if topic is None:
        return found
    review = topic.review
    readers = {
        "patients": {"@type": "Patient"},
        "clinicians": {"@type": "MedicalAudience", "audienceType": "Clinician"},
    }
    medicine, condition = library.medicines[topic.medicine], library.conditions[topic.condition]
    found |= {
        "expires": review.next_review.isoformat(),
        "audience": readers[page.track] if page.track in readers else list(readers.values()),
        "about": [
            {
                "@type": "MedicalCondition",
                "name": sentence(condition.name),
                **({"alternateName": condition.abbreviation} if condition.abbreviation else {}),
            },
            _medicine(medicine.name, medicine.kind),
        ],
    }
    if review.reviewed_by:
        found["reviewedBy"] = [
            {"@type": "Person", "name": person.name, "jobTitle": person.role}
            for person in review.reviewed_by
        ]
        full = review.last_full_review
        found["lastReviewed"] = (
            full
            if isinstance(full, datetime.date)
            else max(person.date for person in review.reviewed_by)
        ).isoformat()
    else:
        found["creativeWorkStatus"] = "Not clinically reviewed"
    # Papers and registry records first: their addresses last.
    cited = sorted(
        (library.sources[key] for key in page.cited),
        key=lambda source: not (source.doi or source.pmid or source.nct),
    )
    addresses = list(dict.fromkeys(address for source in cited if (address := _address(source))))
    if addresses:
        found["citation"] = addresses[:CITATIONS]
    trials = [_trial(library, key) for key in _trials_on(page) if key in library.trials]
    return {**found, "mentions": trials} if trials else found


def _medicine(name: str, kind: str) -> dict[str, str]:
    return {"@type": "DrugClass" if kind == "class" else "Drug", "name": sentence(name)}


def _address(source: Any) -> str | None:
    """The lasting address of a source."""
    return (
        source.doi_address
        if source.doi
        else (
            f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/"
            if source.pmid
            else (
                f"https://clinicaltrials.gov/study/{source.nct}"
                if source.nct and source.type == "registry"
                else source.url
            )
        )
    )


def _trials_on(page: Page) -> list[str]:
    """The trials that the page shows with their results, in order."""
    return re.findall(r'<section class="trial" id="trial-([^"]+)"', page.markdown)


def _trial(library: Library, key: str) -> dict[str, Any]:
    trial = library.trials[key]
    medicine = library.medicines[trial.medicine]
    found: dict[str, Any] = {
        "@type": "MedicalTrial",
        "name": trial.name,
        "status": _STATUS[trial.status],
        "studySubject": _medicine(medicine.name, medicine.kind),
    }
    condition = next(
        (
            one
            for key in library.conditions_by_population.get(trial.population, ())
            if trial.population in (one := library.conditions[key]).populations
        ),
        None,
    )
    if condition:
        found["healthCondition"] = {"@type": "MedicalCondition", "name": sentence(condition.name)}
    if trial.registration:
        found |= {
            "identifier": trial.registration,
            "url": f"https://clinicaltrials.gov/study/{trial.registration}",
            "code": {
                "@type": "MedicalCode",
                "codeValue": trial.registration,
                "codingSystem": "ClinicalTrials.gov",
            },
        }
    return found


def _dataset(
    library: Library, publication: Publication, modified: datetime.date, to: Callable[[str], str]
) -> dict[str, Any]:
    files = [("application/json", f"{ROOT}{table.name}.json") for table in TABLES] + [
        ("text/csv", f"{ROOT}{name}.csv") for table in TABLES for name in table.sheets
    ]
    return {
        "@type": "Dataset",
        "name": f"{publication.name}: data",
        "description": f"The records of {publication.name}: {library.site.tagline}.",
        "license": CONTENT.url,
        "dateModified": modified.isoformat(),
        "creator": {"@type": "Organization", "name": publication.publisher},
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": to(path)}
            for kind, path in files
        ],
    }


def llms_txt(library: Library, publication: Publication) -> str:
    """`llms.txt`: where a program that reads for somebody finds the facts, and what it must not
    make of them.
    """
    to = publication.at
    lines = [
        f"# {publication.name}",
        "",
        (
            f"> {library.site.tagline}."
            f" {'' if publication.reviewed else 'No clinician has reviewed this guide. '}Information"
            " with its sources, not advice for one person."
        ),
        "",
        (
            "Each fact stands in two wordings from one record, one for patients and one for"
            " clinicians; say for whom and for which country and disease a fact holds."
        ),
        (
            'A trial is evidence only for the medicine it tested. "Not known" is an answer: do not'
            " fill it in. Whether a medicine is approved stands in the approvals, by agency and"
            " day."
        ),
        "",
        "## Topics",
        "",
    ]
    for key in library.site.topics:
        topic = library.topics[key]
        lines += [
            (
                f"- [{_one_line(topic.title)}: for patients]({to(f'{key}/patients/')}):"
                f" {_one_line(topic.summary)}"
            ),
            (
                f"- [{_one_line(topic.title)}: for clinicians]({to(f'{key}/clinicians/')}): the"
                " same facts with counts, intervals and sources"
            ),
        ]
        if key in library.claims:
            lines.append(
                f"- [{_one_line(topic.title)}: corrections]({to(f'{key}/corrections/')}): what an"
                " article on the topic claims, and what is wrong in it"
            )
    lines += [
        "",
        "## Data",
        "",
        (
            f"- [Index of the data]({to('api/v1/index.json')}): every record as JSON with a schema,"
            f" and as CSV; version {publication.version}"
        ),
        f"- [How to use it]({to('about/data/')})",
        f"- [What changed]({to('feed.xml')}): Atom feed",
        "",
        "## About",
        "",
        f"- [Publisher, money and interests]({to('about/')})",
        f"- [How we check]({to('about/checks/')})",
        f"- [All sources]({to('about/sources/')})",
        f"- [Glossary]({to('about/glossary/')})",
        (
            f"- Licence of the content: [{CONTENT.name}]({CONTENT.url}); name it as"
            f' "{publication.attribution}"'
        ),
        "",
    ]
    return "\n".join(lines)


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
