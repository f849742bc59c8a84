"""A number stands once, in a record's values, and both readers' wordings call it; typed into a
sentence it could differ between them.
"""

from __future__ import annotations

from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.checks.wordings import wordings
from guide.content import names, wording


def check(guide: Guide) -> Iterator[Problem]:
    """Digits typed into a wording, and values that no wording calls."""
    yield from _in_site(guide)
    called: set[tuple[str, str]] = set()
    for label, _, key_path, text, _ in wordings(guide.library):
        for digits in wording.free_digits(text, guide.library.compute_once(names.pattern)):
            yield guide.problem(
                label,
                f"{key_path[-1]}: '{digits}' is typed in the wording: put it into 'values' and call"
                " it as {name}; a name that holds digits is a term of the glossary",
                *key_path,
            )
        called.update((owner or label, name) for owner, name in wording.calls(text))
    for record in guide.library.statements():
        for name in record.values:
            if (record.id, name) not in called:
                yield guide.problem(
                    record.id,
                    f"values.{name} is never called: call it as {{{name}}} in a wording, or"
                    " delete it",
                    "values",
                    name,
                )


_SITE = "content/site.yml"


def _in_site(guide: Guide) -> Iterator[Problem]:
    """Digits in what the guide says of itself: no source stands with them."""
    site = guide.library.site
    texts: dict[tuple[str, ...], str] = {("emergency",): site.emergency}
    texts |= {("publisher", name): text for name, text in vars(site.publisher).items() if text}
    for keys, text in texts.items():
        for digits in wording.free_digits(text, guide.library.compute_once(names.pattern)):
            yield Problem(
                _SITE,
                guide.library.line(_SITE, *keys),
                f"{'.'.join(keys)}: '{digits}' is typed in the wording: no source stands with it,"
                " say it in words",
            )
