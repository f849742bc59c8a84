"""A source stands once; under two ids it would be counted as two, and look like two that agree."""

from __future__ import annotations

from collections.abc import Iterator

from guide.base.identifiers import identifier_in
from guide.base.problem import Problem
from guide.checks.rule import Guide, except_for
from guide.content import models as m

# Identifiers of one document. The number of a study is not: many papers can be about one study.
_OF_A_DOCUMENT = ("doi", "pmid", "pmcid")
_OF_A_STUDY = ("nct", "registration")


def check(guide: Guide) -> Iterator[Problem]:
    """Sources with an identifier of another that names one document."""
    return except_for("sources-stand-once", _repeated(guide), guide)


def _repeated(guide: Guide) -> Iterator[tuple[str, Problem]]:
    first_with: dict[tuple[str, str], str] = {}
    for source in guide.library.sources.values():
        for field, kind, number in _identifiers(source):
            # Letters of a DOI are the same, small or capital (ISO 26324).
            first = first_with.setdefault((kind, number.casefold()), source.id)
            if first != source.id:
                place = guide.library.place[f"source:{first}"]
                yield (
                    source.id,
                    guide.problem(
                        f"source:{source.id}",
                        f"{field}: '{first}' ({place.path}:{place.line}) has the same: keep one of"
                        " the two sources and name it everywhere, correct the one that is wrong, or"
                        " say in 'exceptions' of content/vocabulary.yml why both stand",
                        field,
                    ),
                )
                # Who mends one of its identifiers mends them all.
                break


def _identifiers(source: m.Source) -> Iterator[tuple[str, str, str]]:
    """What no other source may have: the field, the kind of identifier and its number."""
    # Of the record of a study in a registry there is one.
    of_a_study = _OF_A_STUDY if source.type == "registry" else ()
    for field in (*_OF_A_DOCUMENT, *of_a_study):
        if number := getattr(source, field):
            yield field, field, number
    if source.url and (found := identifier_in(source.url)):
        yield "url", *found
