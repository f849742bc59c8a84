"""No hype and no brand names in titles: a guide that cheers for a medicine is an advertisement."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.checks.wordings import wordings
from guide.content.language_rules import language_rules

NEEDS = "promotion"
# Brand names in titles are known in every language.
PARTLY = True


def check(guide: Guide) -> Iterator[Problem]:
    """Words of praise, and titles with a brand name."""
    brands = {brand for medicine in guide.library.medicines.values() for brand in medicine.brands}
    by_first: dict[str, list[str]] = {}
    for brand in sorted(brands):
        by_first.setdefault(_first_word(brand), []).append(brand)

    def brand_in(title: str) -> re.Match[str] | None:
        # A guide has hundreds of brands and hundreds of thousands of headings: only brands that may
        # stand there are looked for.
        near = sorted(
            {
                brand
                for word in ("", *re.findall(r"\w+", title.lower()))
                for brand in by_first.get(word, ())
            }
        )
        return re.search(rf"\b({'|'.join(map(re.escape, near))})\b", title, re.I) if near else None

    for label, _, key_path, text, _ in wordings(guide.library):
        match = _praise(text)
        if match:
            yield guide.problem(
                label,
                f"{key_path[-1]}: '{match[0]}' promotes: say what was measured instead",
                *key_path,
            )
    for page in guide.pages:
        titles = [
            page.title,
            *(
                heading
                for _, heading in page.sections
                if page.path.split("/")[-1] != "questions.md"
            ),
        ]
        for title in titles:
            match = _praise(title) if "/corrections/" not in page.path else None
            match = match or brand_in(title)
            if match:
                yield Problem(
                    page.place,
                    0,
                    f"the title '{title}' holds '{match[0]}': use the medicine's own name, without"
                    " praise",
                )


def _praise(text: str) -> re.Match[str] | None:
    """The first word of praise."""
    words = language_rules().promotion
    return words.pattern.search(text) if words and words.may_find(text) else None


def _first_word(brand: str) -> str:
    """The word that a brand begins with, in small letters; empty where it begins with a sign."""
    match = re.match(r"\w+", brand.lower())
    return match[0] if match else ""
