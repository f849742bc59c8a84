"""The head of a page: its description, link preview and schema.org markup.

The terms are those of schema.org release 30; a test compares them with the vocabulary. The markup
says nothing that the page does not show, and leaves its sources to its list of them, which links
to each. Dates are the page's own, and a review is named only if there was one. A medicine has no
offer and no price, and there are no GRADE levels.
"""

from __future__ import annotations

import datetime
import html
import json
from collections.abc import Mapping
from typing import Any

from guide.base import language
from guide.base.language import gettext as _
from guide.base.language import gettext_noop
from guide.base.registries import record_address, registry_of
from guide.base.text import relative, sentence
from guide.content import models as m
from guide.content.library import Library
from guide.content.publication import Publication
from guide.data.published import ROOT
from guide.data.tables import TABLES
from guide.pages.page import Page

_STATUS = {
    "completed": "https://schema.org/Completed",
    "recruiting": "https://schema.org/Recruiting",
    "results pending": "https://schema.org/ResultsNotAvailable",
}

_READERS: dict[str, dict[str, str]] = {
    "patients": {"@type": "Patient"},
    "clinicians": {"@type": "MedicalAudience", "audienceType": "Clinician"},
}

# The page's heading for its readers, as a search engine shows it.
_FOR = {
    "patients": gettext_noop("{heading}, for patients."),
    "clinicians": gettext_noop("{heading}, for clinicians."),
    "both": "{heading}.",
}
_QUESTION_FOR = {
    "patients": gettext_noop("{question} For patients."),
    "clinicians": gettext_noop("{question} For clinicians."),
    "both": gettext_noop("{question} For both."),
}

_UNSAFE = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}


def head(
    page: Page, by_url: Mapping[str, Page], library: Library, publication: Publication
) -> dict[str, str]:
    """The page's head as ready strings for the template.

    `description` and `full_title` are escaped for an attribute, `json_ld` for a script element;
    `modified` is an ISO date.
    """
    modified = last_change(page, library, publication)
    return {
        "description": html.escape(describe(page, by_url, library)),
        "full_title": html.escape(page.full_title),
        "modified": modified.isoformat(),
        "og_locale": language.current().locale,
        "og_type": "article" if page.owner else "website",
        "json_ld": script_text(document(page, library, publication, modified)),
    }


def script_text(value: Any) -> str:
    """A value as JSON for a script element: no text in it can end the element or start another."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE)


def last_change(page: Page, library: Library, publication: Publication) -> datetime.date:
    """The day of the page's newest entry in the change log, else the day it was published."""
    review = library.review_of(page.owner) if page.owner else None
    published = review.published if review else publication.published
    changes = library.changes_of(page.shown, published)
    return changes[0].date if changes else published


def describe(page: Page, by_url: Mapping[str, Page], library: Library) -> str:
    """One or two sentences for a search result: the page's subject, its readers, and the topic."""
    topic = library.topics.get(page.topic)
    if topic is None and not page.condition:
        end = "" if page.title[-1:] in ".?!" else "."
        return page.about or f"{page.title}{end} {library.site.name}: {library.site.tagline}."
    if topic is not None and page.path == f"{page.topic}/index.md":
        return topic.summary
    heading = _heading(page, by_url)
    if heading.endswith("?"):
        headed = _(_QUESTION_FOR[page.track]).format(question=heading)
    else:
        headed = _(_FOR[page.track]).format(heading=heading)
    if topic is not None:
        return f"{headed} {topic.summary}"
    name = sentence(library.conditions[page.condition].name)
    about = "" if name in heading else f" {name}."
    return f"{headed}{about} {library.site.name}: {library.site.tagline}."


def _heading(page: Page, by_url: Mapping[str, Page]) -> str:
    """The page's title; for one section of questions or claims, below that of all of them."""
    if not page.part:
        return page.title.rstrip(".")
    above = by_url[page.url.rstrip("/").rpartition("/")[0] + "/"]
    return f"{above.title}: {page.part}".rstrip(".")


def document(
    page: Page, library: Library, publication: Publication, modified: datetime.date
) -> dict[str, Any]:
    """The page as a schema.org JSON-LD document."""
    review = library.review_of(page.owner) if page.owner else None
    markup: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": _page_type(page),
        "name": page.full_title,
    }
    if publication.address:
        markup["url"] = publication.at(page.url)
    has_corrections = page.topic in library.claims
    markup |= {
        "inLanguage": language.current().code,
        "license": publication.licence.url,
        "isAccessibleForFree": True,
        "datePublished": (review.published if review else publication.published).isoformat(),
        "dateModified": modified.isoformat(),
        "publisher": {"@type": "Organization", "name": publication.publisher},
        "publishingPrinciples": _link(page, publication, "about/"),
        "correction": _link(
            page,
            publication,
            f"{page.topic}/corrections/" if has_corrections else "about/changes/",
        ),
    }
    if page.url:
        markup["isPartOf"] = {
            "@type": "WebSite",
            "name": publication.name,
            "url": _link(page, publication, ""),
        }
    if page.url == "about/data/":
        markup["mainEntity"] = _dataset(page, library, publication, modified)
    if review is not None:
        markup |= _medical(page, review, library)
    return markup


def _link(page: Page, publication: Publication, path: str) -> str:
    """The whole address of a path of the site; without a public address, relative to the page."""
    return publication.at(path) if publication.address else str(relative(page.url, path))


def _page_type(page: Page) -> str:
    if page.owner:
        return "MedicalWebPage"
    return {"": "WebSite", "about/": "AboutPage"}.get(page.url, "WebPage")


def _medical(page: Page, review: m.Review, library: Library) -> dict[str, Any]:
    """What the markup says of a page of a topic or a condition."""
    topic = library.topics.get(page.topic)
    condition = library.conditions[topic.condition if topic else page.condition]
    markup: dict[str, Any] = {
        "expires": review.next_review.isoformat(),
        "audience": _READERS.get(page.track) or list(_READERS.values()),
        "about": [
            {
                "@type": "MedicalCondition",
                "name": sentence(condition.name),
                **({"alternateName": condition.abbreviation} if condition.abbreviation else {}),
            },
            *([_medicine(library.medicines[topic.medicine])] if topic else []),
        ],
        **_review(review),
    }
    trials = [_trial(library, key) for key in _trials_on(page) if key in library.trials]
    if trials:
        markup["mentions"] = trials
    return markup


def _review(review: m.Review) -> dict[str, Any]:
    """Who reviewed a topic, and when; or that nobody has."""
    if not review.reviewed_by:
        return {"creativeWorkStatus": _("Not clinically reviewed")}
    full = review.last_full_review
    last = (
        full
        if isinstance(full, datetime.date)
        else max(person.date for person in review.reviewed_by)
    )
    return {
        "reviewedBy": [
            {"@type": "Person", "name": person.name, "jobTitle": person.role}
            for person in review.reviewed_by
        ],
        "lastReviewed": last.isoformat(),
    }


# What schema.org calls each kind of intervention.
_TYPES: dict[m.InterventionKind, str] = {
    "medicine": "Drug",
    "class": "DrugClass",
    "therapy": "MedicalTherapy",
    "test": "MedicalTest",
    "programme": "MedicalProcedure",
    "no change": "MedicalEntity",
}


def _medicine(medicine: m.Medicine) -> dict[str, str]:
    return {"@type": _TYPES[medicine.kind], "name": sentence(medicine.name)}


def _trials_on(page: Page) -> list[str]:
    """The trials that the page shows with their results, in order."""
    prefix = "trial-"
    return [anchor.removeprefix(prefix) for anchor in page.anchors if anchor.startswith(prefix)]


def _trial(library: Library, key: str) -> dict[str, Any]:
    trial = library.trials[key]
    subjects = [_medicine(library.medicines[medicine]) for medicine in trial.medicines]
    markup: dict[str, Any] = {
        "@type": "MedicalTrial",
        "name": trial.name,
        "status": _STATUS[trial.status],
        "studySubject": subjects if trial.compares else subjects[0],
    }
    conditions = (
        library.conditions[key]
        for key in library.conditions_by_population.get(trial.population, ())
    )
    condition = next((one for one in conditions if trial.population in one.populations), None)
    if condition:
        markup["healthCondition"] = {"@type": "MedicalCondition", "name": sentence(condition.name)}
    if trial.registration and registry_of(trial.registration):
        markup |= {
            "identifier": trial.registration,
            "url": record_address(trial.registration),
        }
    return markup


def _dataset(
    page: Page, library: Library, publication: Publication, modified: datetime.date
) -> dict[str, Any]:
    files = [("application/json", f"{ROOT}{table.name}.json") for table in TABLES] + [
        ("text/csv", f"{ROOT}{name}.csv") for table in TABLES for name in table.sheets
    ]
    return {
        "@type": "Dataset",
        "name": _("{guide}: data").format(guide=publication.name),
        "description": _("The records of {guide}: {tagline}.").format(
            guide=publication.name, tagline=library.site.tagline
        ),
        "license": publication.licence.url,
        "dateModified": modified.isoformat(),
        "creator": {"@type": "Organization", "name": publication.publisher},
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": kind,
                "contentUrl": _link(page, publication, path),
            }
            for kind, path in files
        ],
    }
