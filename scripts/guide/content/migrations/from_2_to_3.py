"""Format 3: each author of a source says whether it is a person or a body.

Before, an author was a text, and its form decided: 'Surname, Initials' was a person, all else a
body. So 'Deodhar, Atul' passed for a body, and 'Food and Drug Administration, US' for a person.
Texts are read as before, but for names that can only be of the other kind. Maintainers see each in
the difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from guide.base.problem import ContentErrors, Problem
from guide.content.migrations.edits import parsed

_FILES = re.compile(r"content/sources(?:/[^/]+)?\.yml")

_OTHERS = "et al."

# Small words that a surname may begin with or hold: van der Heijde, De la Cruz y Vega.
_PARTICLES = re.compile(
    r"(?i)al|ap|bin|d[aeiou]|dal|das|del|della|den|der|des|dos|e|el|ibn|l[aeo]|las|los|ten|ter|van"
    r"|vom|von|y|zu|zum|zur"
)

# Initials in any alphabet that has capitals: JC, J.-C., Ö, A B.
_INITIALS = r"(?:[^\W\d_a-z]\.?[ -]?){1,5}"

_SUFFIX = r"(?:,? (?P<suffix>Jr\.?|Sr\.?|I{2,3}|IV|2nd|3rd))?"

_PERSON = re.compile(rf"(?P<family>[^,]+), (?P<given>{_INITIALS}|[^\W\d_][^,]*?){_SUFFIX}")

# What a company's name ends with behind a comma, and no initials do: not AG, KG or SA.
_COMPANY = re.compile(
    r"(?:Inc|Ltd|LLC|plc|Corp|Co|Company|Limited|GmbH|S\.A|SpA|S\.p\.A|N\.V|B\.V|K\.K|Pty|EEIG)\b.*"
)

# A country in capitals behind the name of its agency, and no initials.
_COUNTRIES = re.compile("AUS?|BE|CAN?|CHN?|DEU?|EU|FRA?|GB|IND?|ITA?|JPN?|KR|NL|NZ|SE|UK|USA?")

# What YAML takes for something else than text.
_NO_TEXT = re.compile("(?i)y|n|yes|no|on|off|true|false|null")


def step(files: Mapping[str, str]) -> dict[str, str]:
    """The files of sources that differ in format 3, by path.

    Raises ContentErrors for files that are not YAML, and for a list of authors that cannot be
    rewritten.
    """
    sources = {name: text for name, text in files.items() if _FILES.fullmatch(name)}
    values = parsed(sources)
    changed = {}
    for name, text in sources.items():
        edited = _edited(text)
        if edited != text:
            if parsed({name: edited})[name] != _expected(values[name]):
                message = "the authors could not be rewritten here: give each as a text in quotes"
                raise ContentErrors([Problem(name, 1, message)])
            changed[name] = edited
    return changed


def _edited(text: str) -> str:
    """The text with each author typed; all else stays, to the letter."""
    for node, alone in reversed(list(_authors(yaml.compose(text, yaml.SafeLoader)))):
        author = _typed(node.value, alone)
        if not isinstance(author, str):
            start, end = node.start_mark.index, node.end_mark.index
            text = f"{text[:start]}{_written(author)}{text[end:]}"
    return text


def _authors(root: yaml.Node | None) -> Iterator[tuple[yaml.ScalarNode, bool]]:
    """Every author that is a text, and whether it is the only one, in the order of the file."""
    for source in _items(_under(root, "sources")):
        listed = _items(_under(source, "authors"))
        for node in listed:
            if isinstance(node, yaml.ScalarNode):
                yield node, len(listed) == 1


def _under(node: yaml.Node | None, key: str) -> yaml.Node | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for name, value in pairs if name.value == key), None)


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _expected(file: Any) -> Any:
    """What a file of sources says once its authors are typed."""
    return {**file, "sources": [_with_types(source) for source in file["sources"]]}


def _with_types(source: Any) -> Any:
    authors = source.get("authors") if isinstance(source, dict) else None
    if not isinstance(authors, list):
        return source
    alone = len(authors) == 1
    typed = [_typed(one, alone) if isinstance(one, str) else one for one in authors]
    return {**source, "authors": typed}


def _typed(author: str, alone: bool) -> dict[str, str] | str:
    """An author of format 2 as one of format 3. One that stands alone is a body sooner."""
    author = " ".join(author.split())
    if author == _OTHERS:
        return author
    person = _PERSON.fullmatch(author)
    if person and _is_person(person["family"], person["given"], alone):
        return {part: value for part, value in person.groupdict().items() if value}
    return {"body": author}


def _is_person(family: str, given: str, alone: bool) -> bool:
    if _COMPANY.fullmatch(given):
        return False
    words = [word for word in family.split() if not _PARTICLES.fullmatch(word)]
    if re.fullmatch(_INITIALS, given):
        return not (alone and _COUNTRIES.fullmatch(given) and (len(words) > 1 or family.isupper()))
    # A given name in full: few words, each with a capital.
    names = given.split()
    return (
        len(words) <= 2
        and len(names) <= 2
        and len(words) == len(family.split())
        and all(re.fullmatch(r"[^\W\d_][\w.’'-]*", name) and name[0].isupper() for name in names)
        and not (alone and len(words) > 1)
    )


def _written(author: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {_scalar(value)}" for key, value in author.items()) + "}"


def _scalar(text: str) -> str:
    """A text as YAML takes it inside braces: in quotes where it needs them."""
    plain = re.fullmatch(r"[^\W\d_](?:[\w .’'()&/-]*[\w.)])?", text)
    if plain and not _NO_TEXT.fullmatch(text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
