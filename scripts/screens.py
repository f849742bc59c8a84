"""How long each page is as it opens: screens, words, where its own text begins, tab stops, marks.

`./scripts/screens` after a build prints the longest pages and what is over its budget; the exit
status is 1 where something is. `tests/test_screens.py` holds the same budgets.
"""

from __future__ import annotations

import os
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from serving import serving

ROOT = Path(__file__).resolve().parent.parent
PHONE, DESK = (390, 844), (1280, 900)
OPTIONS = "/options/"
# Pages that are lists of ways to others, and sheets to fill in by hand: nobody reads them through.
LISTS = ("/questions/", "/visit/", "/handout/")

# What stands in view as the page opens. Words and marks are counted where they take up room: closed
# evidence has none. A share link that shows at the pointer only is no mark.
_COUNT = r"""() => {
  const article = document.querySelector('article');
  const inView = element =>
    element.checkVisibility({visibilityProperty: true}) && element.getClientRects().length > 0;
  const shown = element => inView(element) && getComputedStyle(element).opacity !== '0';
  let words = 0;
  const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(node);
    if (inView(node.parentElement) && range.getClientRects().length)
      words += (node.textContent.match(/\S+/g) || []).length;
  }
  const own = article.querySelector(
    '.answer__text, .verdict:not(.verdict--brief), .urgent, .tiles, .options, .card, h2, ul');
  const stops = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
  return {
    height: document.documentElement.scrollHeight,
    width: document.documentElement.scrollWidth,
    words,
    own: own ? own.getBoundingClientRect().top + scrollY : 0,
    marks: [...article.querySelectorAll('.badge, .cites a, .permalink')].filter(shown).length,
    stops: [...document.querySelectorAll(stops)]
      .filter(element => inView(element) && !element.disabled && element.tabIndex >= 0).length,
  };
}"""


@dataclass(frozen=True)
class Length:
    """One page in a window of `size`: `screens` of the window's height, `words` in view, `own` the
    pixels above its own text, `stops` of the Tab key, `marks` a hundred words.
    """

    url: str
    size: tuple[int, int]
    screens: float
    words: int
    own: float
    stops: int
    marks: float
    wider: bool

    @property
    def track(self) -> str:
        """The page's reader."""
        return "patients" if "/patients/" in self.url else "clinicians"

    @property
    def listing(self) -> bool:
        """Whether the page is a list of ways to others, or a sheet."""
        return self.url.endswith(LISTS)


def pages(site: Path) -> list[str]:
    """The addresses of all pages for one reader."""
    urls = (path.parent.relative_to(site).as_posix() + "/" for path in site.rglob("index.html"))
    return sorted(url for url in urls if "/patients/" in url or "/clinicians/" in url)


def lengths(site: Path, browser: Any, urls: list[str] | None = None) -> list[Length]:
    """Every page for one reader on a phone and on a desk, as it opens. `browser` is Playwright's.

    A page that only leads to a new address is left out.
    """
    measured = []
    with serving(site) as address:
        for size in (PHONE, DESK):
            context = browser.new_context(
                viewport={"width": size[0], "height": size[1]}, service_workers="block"
            )
            tab = context.new_page()
            for url in urls or pages(site):
                tab.goto(address + url)
                if tab.url.split("?")[0] == address + url and tab.query_selector("article"):
                    measured.append(_length(url, size, tab.evaluate(_COUNT)))
            context.close()
    return measured


def _length(url: str, size: tuple[int, int], count: dict[str, Any]) -> Length:
    return Length(
        url,
        size,
        round(count["height"] / size[1], 1),
        count["words"],
        round(count["own"]),
        count["stops"],
        round(100 * count["marks"] / max(1, count["words"]), 1),
        count["width"] > size[0],
    )


# Screens by reader and window: the median of all pages, and the longest.
BUDGETS = {
    ("patients", PHONE): (5, 10),
    ("patients", DESK): (3, 6),
    ("clinicians", PHONE): (8, 16),
    ("clinicians", DESK): (4.5, 9),
}
# A list of questions grows with what people ask; who comes from the search begins at one of them.
QUESTIONS, STOPS_QUESTIONS = {PHONE: 11.5, DESK: 6.5}, 95
MEDIAN_WORDS, STOPS, STOPS_OPTIONS, MARKS = 500, 90, 140, 2
OWN_TEXT = {PHONE: 300, DESK: 420}
OPTIONS_SCREENS = {PHONE: 8, DESK: 3}


def over_budget(measured: list[Length]) -> Iterator[str]:
    """A line for each budget that a page, or the median of all, does not keep."""
    for (track, size), (middle, longest) in BUDGETS.items():
        group = [one for one in measured if (one.track, one.size) == (track, size)]
        if not group:
            continue
        median = statistics.median(one.screens for one in group)
        if median > middle:
            yield f"{track} at {size[0]}: median {median} screens, at most {middle}"
        for one in group:
            # A handout is measured in sheets of paper: the rule handouts-fit-a-sheet does that.
            most = max(longest, QUESTIONS[size]) if "/questions/" in one.url else longest
            if one.screens > most and not one.url.endswith("/handout/"):
                yield f"{one.url} at {size[0]}: {one.screens} screens, at most {most}"
    for one in measured:
        yield from _over(one)
    patients = [one.words for one in measured if one.track == "patients" and one.size == PHONE]
    if patients and statistics.median(patients) > MEDIAN_WORDS:
        yield f"patients: median {statistics.median(patients)} words, at most {MEDIAN_WORDS}"


def _over(one: Length) -> Iterator[str]:
    location = f"{one.url} at {one.size[0]}"
    if one.wider:
        yield f"{location}: wider than the window"
    if one.url.endswith(OPTIONS) and one.screens > OPTIONS_SCREENS[one.size]:
        yield f"{location}: {one.screens} screens, at most {OPTIONS_SCREENS[one.size]}"
    if one.track != "patients":
        return
    if one.own > OWN_TEXT[one.size] and not one.listing:
        yield f"{location}: its own text begins at {one.own} px, at most {OWN_TEXT[one.size]}"
    most = STOPS_OPTIONS if one.url.endswith(OPTIONS) else STOPS
    if "/questions/" in one.url:
        most = STOPS_QUESTIONS
    if one.stops > most and not one.listing:
        yield f"{location}: {one.stops} tab stops, at most {most}"
    if one.marks > MARKS and not one.listing:
        yield f"{location}: {one.marks} marks a hundred words, at most {MARKS}"


def main() -> int:
    """Prints the longest pages and what is over budget."""
    # Imported here because only this needs it: the tests have a browser of their own.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=os.environ["CHROMIUM"], args=["--no-sandbox"]
        )
        measured = lengths(ROOT / "site", browser)
        browser.close()
    for (track, size), _ in BUDGETS.items():
        group = sorted(
            (one for one in measured if (one.track, one.size) == (track, size)),
            key=lambda one: -one.screens,
        )
        middle = statistics.median(one.screens for one in group)
        words = statistics.median(one.words for one in group)
        print(f"{track} at {size[0]}: {len(group)} pages, median {middle} screens, {words} words")
        for one in group[:5]:
            print(f"  {one.screens:5} screens  {one.words:5} words  {one.stops:4} stops  {one.url}")
    problems = list(over_budget(measured))
    print("\n".join(problems or ["Every page keeps its budget."]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
