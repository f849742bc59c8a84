"""How to cite a page."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.text import sentence, text
from guide.content.citations import formats, items, lines
from guide.view.changes import changes_of_page
from guide.view.context import ConditionContext, Context, TopicContext


def full_title(page: Context) -> str:
    """What the page is called outside the site: `Cost and access. Examplinib in example
    disease (for patients)`.
    """
    if not isinstance(page, ConditionContext):
        return page.pages[page.url] if page.url else page.publication.name
    above = page.url.rstrip("/").rpartition("/")[0] + "/"
    title = f"{page.pages[above]}: {page.part}" if page.part else page.pages[page.url]
    subjects, whole = [page.condition.name], sentence(page.condition.name)
    if isinstance(page, TopicContext):
        subjects, whole = [page.medicine.name, page.condition.name], page.topic.title
    if not all(name.casefold() in title.casefold() for name in subjects):
        title += f"{'' if title[-1] in '.?!' else '.'} {whole}"
    track_prefix = f"{page.owners[0]}/{page.track}/"
    if not page.url.startswith(track_prefix):
        return title
    named = _("{title} (for patients)") if page.patient else _("{title} (for clinicians)")
    return named.format(title=title)


def page_citation(page: Context) -> items.Item:
    """The page itself as a CSL-JSON item."""
    changed = changes_of_page(page)
    if isinstance(page, ConditionContext):
        review = page.review
        published, reviewed = review.published, bool(review.reviewed_by)
    else:
        published, reviewed = page.publication.published, page.publication.reviewed
    return items.item_of_page(
        page.publication,
        page.url,
        full_title(page),
        published,
        changed[0].date if changed else published,
        reviewed,
    )


@dataclass(frozen=True)
class CitationFile:
    """A file for a reference manager, which is its own address; `kind` names its format."""

    kind: str
    name: str
    href: str


@dataclass(frozen=True)
class Cite:
    """How to cite the page: the line, whether it holds the page's address, the record that its
    dates belong to, and files for reference managers.
    """

    line: Markup
    addressed: bool
    record: str
    files: tuple[CitationFile, ...] = ()


def cite(page: Context) -> Cite:
    """How to cite the page."""
    item = page_citation(page)
    return Cite(
        Markup(lines.reference_line(item, text)),
        "URL" in item,
        page.topic_id or "guide",
        tuple(file_of(item, suffix) for suffix in formats.FORMATS),
    )


# What of a text would end an address, or the attribute that it stands in; and braces, which an
# engine may take for those of a template.
_ESCAPED = {ord(mark): f"%{ord(mark):02X}" for mark in "%#\"'<>&{}\t\n\r"}


def file_of(item: items.Item, suffix: str) -> CitationFile:
    """The item as a file that stands in the page: a browser saves it without asking any server."""
    kind = formats.FORMATS[suffix]
    content = kind.file([kind.entry(item)]).translate(_ESCAPED)
    return CitationFile(
        kind.label, f"cite.{suffix}", f"data:{kind.media_type};charset=utf-8,{content}"
    )
