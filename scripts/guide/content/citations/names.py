"""Authors in the forms of references: CSL-JSON, the line of the ICMJE, RIS and BibTeX."""

from __future__ import annotations

import re
from collections.abc import Sequence

from guide.base.text import one_line
from guide.content import models as m

# A name of CSL-JSON: 'family' with 'given' and 'suffix' for a person, 'literal' for a body.
Name = dict[str, str]


def names_of(source: m.Source) -> list[Name]:
    """The authors of a source as names of CSL-JSON, without 'et al.', which is nobody's name."""
    return [_name(author) for author in source.authors if author != m.OTHERS]


def _name(author: m.Author) -> Name:
    if isinstance(author, m.Body):
        return {"literal": one_line(author.body)}
    assert isinstance(author, m.Person)
    parts = {"family": author.family, "given": author.given, "suffix": author.suffix}
    return {part: one_line(text) for part, text in parts.items() if text}


def list_names(source: m.Source) -> list[Name]:
    """The authors as a reference list prints them: initials for given names, 'et al.' at the end.

    'et al.' behind nobody says nothing, and is left out.
    """
    names = [
        {**name, "given": initials(name["given"])} if "given" in name else name
        for name in names_of(source)
    ]
    return [*names, {"literal": m.OTHERS}] if names and m.OTHERS in source.authors else names


def initials(given: str) -> str:
    """Given names as the National Library of Medicine shortens them: 'Jean-Claude B.' is 'J-CB'.

    A name in letters without capitals, such as Han, stays whole.
    """
    if not any(letter.isupper() for letter in given):
        return given
    words = re.findall(r"(-?)([^\W\d_][^\s.-]*)", given)
    return "".join(
        hyphen + (word if word.isupper() and len(word) < 5 else word[0])
        for hyphen, word in words
        if word[0].isupper()
    )


def display_name(name: Name) -> str:
    """A name in one text as reference lists sort it: 'Davis, JC, Jr', or the body's own."""
    return name.get("literal") or ", ".join(
        name[part] for part in ("family", "given", "suffix") if part in name
    )


def author_texts(source: m.Source) -> list[str]:
    """Each author in one text, with 'et al.' at the end where the list goes on."""
    texts = [display_name(name) for name in names_of(source)]
    return [*texts, m.OTHERS] if m.OTHERS in source.authors else texts


def ris_name(name: Name) -> str:
    """A name as a value of AU: the importer parts it at its commas, so a body's has none."""
    literal = name.get("literal")
    return re.sub(r"\s*,\s*", " ", literal) if literal else display_name(name)


def first_author(authors: Sequence[m.Author]) -> str:
    """How a running text calls whoever wrote it: the surname or the body; empty for nobody."""
    first = authors[0] if authors else m.OTHERS
    if isinstance(first, m.Person):
        return first.family
    return first.body if isinstance(first, m.Body) else ""
