"""Sizes, spaces and colours are tokens, and pages, figures and paper mean the same by them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conftest import ROOT
from guide.view.svg import shapes

STYLES = ROOT / "docs" / "assets" / "css"
TOKENS = STYLES / "00-tokens.css"
PAPER = ROOT / "scripts" / "guide" / "outputs" / "sheet.typ"
# A PDF has narrower fonts than a browser: there these fit larger.
LARGER_IN_A_PDF = {"text-xl", "text-2xl", "leading-title", "leading-text"}
SIZE = re.compile(
    r"(?<![\w-])(?:font-size|font|margin|padding|gap)[a-z-]*:[^;{}]*?\d(?:rem|em|px)\b"
)
COLOUR = re.compile(r":[^;{}]*#[0-9a-f]{3,8}\b")
# Exact values that stand outside the tokens on purpose, by file.
EXCEPTIONS = {
    "10-shell.css": {"scroll-padding-top: 4rem"},
    "43-cites.css": {"font-size: 0.68em"},
    "50-figures.css": {"font-size: 12px"},
    # Room for the closed facts of a row, in the line of its question.
    "comparison.css": {
        "padding-inline-end: 15rem",
        "padding-inline-end: 4.6rem",
        "margin-inline-end: -4.6rem",
    },
    "figure-pathway.css": {"font-size: 14px"},
    "offline.css": {"padding-bottom: 4rem"},
    "share.css": {"background: #0008"},
}


def declared(block: str) -> dict[str, str]:
    """The tokens that a block of style sheet sets, by name."""
    return dict(re.findall(r"--((?:text|leading|space|colour)-[\w-]+): ([^;]+);", block))


def blocks(selector: str) -> list[str]:
    """What stands between the braces of each rule with this selector, in the file of tokens."""
    text = TOKENS.read_text(encoding="utf-8")
    return re.findall(rf"(?m)^ *{re.escape(selector)} \{{(.*?)\}}", text, re.DOTALL)


def test_there_are_six_sizes_and_six_spaces() -> None:
    names = declared(blocks(":root")[0])
    assert sum(name.startswith("text-") for name in names) == 6
    assert sum(name.startswith("space-") for name in names) == 6


@pytest.mark.parametrize(
    "path", [path for path in sorted(STYLES.glob("*.css")) if path != TOKENS], ids=lambda p: p.name
)
def test_a_style_names_no_size_or_colour_of_its_own(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    allowed = EXCEPTIONS.get(path.name, set())
    declarations = {one.strip() for one in re.split(r"[;{}]", text)}
    own = {one for one in declarations if SIZE.search(one) or COLOUR.search(one)}
    assert own <= allowed, "use a token of 00-tokens.css"


def test_a_pdf_has_the_tokens_of_a_printed_handout() -> None:
    printed = declared(blocks("body:has(form.print-choice)")[0]) | {"text-m": "12pt"}
    pdf = {
        name: value.removeprefix('rgb("').removesuffix('")')
        for name, value in re.findall(
            r"(?m)^#let ((?:text|leading|space|colour)-[\w-]+) = (.+)$",
            PAPER.read_text(encoding="utf-8"),
        )
    }
    assert len(pdf) >= 11
    assert {
        name: value
        for name, value in pdf.items()
        if name not in LARGER_IN_A_PDF and printed.get(name) != value
    } == {}


def test_a_figure_of_its_own_has_the_colours_of_a_printed_page() -> None:
    page = declared("".join(blocks(":root")))
    assert {
        "ink": shapes.INK,
        "soft": shapes.SOFT,
        "line": shapes.LINE,
        "page": shapes.PAPER,
        "patients": shapes.ACCENT,
        "patients-tint": shapes.TINT,
    }.items() <= {name.removeprefix("colour-"): value for name, value in page.items()}.items()
