"""What people come for: the tasks of patients and the questions of a clinic, from the home page by
links alone, and how far down the answer stands. The tasks are those of the audits.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.site

# The name of the first link; of the guide, the medicine whose link it is.
AS, UPADACITINIB, BARICITINIB = "I have AS", "upadacitinib-as/patients/", "baricitinib-as/patients/"
TREATS, CLINICIAN = "I treat AS", "upadacitinib-as/clinicians/"
HEIGHTS = {390: 844, 1280: 900}

# The task, the links from the home page, and words of the answer as they must stand in view.
TASKS = (
    ("is baricitinib approved for me", (), "a tablet that is not approved"),
    ("which tablets exist", (AS,), "a JAK tablet: upadacitinib or tofacitinib"),
    ("how likely is it to work", (UPADACITINIB,), "52 out of 100 people new to biologics"),
    ("harms beside an injection", (AS, "Your options side by side"), "heart or cancer risk"),
    ("which blood tests, and when", (UPADACITINIB, "Tests and checks"), "A TB test before"),
    ("I have shingles", (UPADACITINIB, "Side effects and warnings"), "painful rash with blisters"),
    ("I want a baby", (UPADACITINIB, "Pregnancy and breast-feeding"), "pregnan"),
    ("can I drink", (UPADACITINIB, "Other medicines, alcohol, food"), "alcohol"),
    ("print a sheet", (UPADACITINIB, "A sheet to print"), "Print this page"),
    ("cost in Australia", (UPADACITINIB, "Cost and access"), "A$25.00"),
    (
        "missed a dose",
        (UPADACITINIB, "How do I take it?"),
        "take a missed tablet when",
    ),
    ("tired of injections", (AS,), "a JAK tablet: upadacitinib or tofacitinib"),
    ("is exercise enough", (AS, "What AS is, and what helps"), "xercise"),
    ("grapefruit", (UPADACITINIB, "How do I take it?"), "Grapefruit"),
)
CARD = (CLINICIAN, "Prescriber card")
QUESTIONS = (
    ("67, smoker", CARD, "65 years or over, smoking"),
    ("eGFR 40", CARD, "Mild, moderate"),
    ("tuberculosis screen", CARD, "Latent tuberculosis"),
    ("haemoglobin to stop", CARD, "haemoglobin 8"),
    ("with methotrexate", CARD, "with methotrexate"),
    ("clarithromycin", CARD, "clarithromycin"),
    ("zoster vaccine", CARD, "zoster"),
    ("surgery", CARD, "hold at least 3 days"),
    ("contraception after the last tablet", CARD, "4 weeks after the"),
    ("after a TNF inhibitor", (CLINICIAN,), "after at least one TNF blocker"),
    ("NNT", (TREATS, "Summary of findings"), "4 (3 to 9)"),
    ("uveitis or bowel disease", (TREATS, "Recommendations"), "uveitis or inflammatory bowel"),
)


def reach(tab: Page, address: str, links: tuple[str, ...]) -> None:
    """Follows these links from the home page, by name or by the end of the first one's address."""
    tab.goto(address)
    for link in links:
        if link.endswith("/"):
            tab.locator(f"article a[href='{link}']").first.click()
        else:
            tab.locator("article").get_by_role("link", name=link).first.click()
        tab.wait_for_load_state()


def screens_down(tab: Page, words: str) -> float | None:
    """How many screens down the end of the first place in view with these words stands; None where
    nothing in view has them.
    """
    found: float | None = tab.evaluate(
        r"""words => {
            const walker = document.createTreeWalker(document.querySelector('article'), 4);
            for (const block of document.querySelectorAll(
                'article :is(p, li, td, dd, th, button, caption)')) {
              if (!block.checkVisibility() || !block.getClientRects().length) continue;
              const text = block.textContent.replace(/[\s ]+/g, ' ');
              if (text.includes(words))
                return (block.getBoundingClientRect().bottom + scrollY) / innerHeight;
            }
            return null;
        }""",
        words,
    )
    return found


def misses(
    browser: Browser, address: str, tasks: tuple[tuple[str, tuple[str, ...], str], ...], width: int
) -> list[tuple[str, float | None]]:
    """The tasks whose answer does not stand within two screens."""
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHTS[width]}, service_workers="block"
    )
    tab, late = context.new_page(), []
    for name, links, words in tasks:
        assert len(links) <= 2, name
        reach(tab, address, links)
        down = screens_down(tab, words)
        if down is None or down > 2:
            late.append((name, down))
    context.close()
    return late


def test_thirteen_of_fourteen_tasks_of_patients_end_within_two_taps_and_two_screens(
    browser: Browser, address: str
) -> None:
    late = misses(browser, address, TASKS, 390)
    assert len(late) <= 1, late


def test_twelve_clinic_questions_are_answered_within_two_clicks_and_two_screens(
    browser: Browser, address: str
) -> None:
    assert misses(browser, address, QUESTIONS, 1280) == []
