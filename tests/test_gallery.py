"""The gallery of components in a browser: accessible in both palettes, on a phone and at a desk,
from left to right and from right to left.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from accessibility import AXE, TAGS, axe_violations, use_palette
from conftest import ROOT, mkdocs
from guide.gallery import MIRRORED, gallery_pages, write_gallery
from serving import serving

pytestmark = pytest.mark.site

PAGES = sorted(
    path.removesuffix(".md")
    for path in gallery_pages(ROOT)
    if path != "index.md" and not path.startswith(f"{MIRRORED}/")
)
SHARDS = 4
# An example may leave its page's headings out of order: the page around it is not there.
RULES = {
    **TAGS,
    "rules": {name: {"enabled": False} for name in ("heading-order", "landmark-unique")},
}


# Texts that no guide holds may stand out of the screen: those examples are not asked to reflow.
WITHOUT_LONG_WORDS = """() => {
  let long = false;
  for (const node of [...document.querySelector('article').childNodes]) {
    if (/^example-\\d+$/.test(node.id))
      long = /long word|everywhere|hostile/.test(node.textContent);
    if (long) node.remove();
  }
}"""

# Where each box of the examples stands: its name, its two sides and the width of the page. Inside a
# line the order of words decides, and inside a drawing nothing is mirrored.
BOXES = """() => {
  const boxes = [];
  for (const node of document.querySelectorAll('article *')) {
    const [style, box] = [getComputedStyle(node), node.getBoundingClientRect()];
    if (/^(inline|none|contents)/.test(style.display) || !box.width) continue;
    if (node.closest('svg') || style.clipPath !== 'none') continue;
    const name = `${node.tagName} ${node.getAttribute('class') ?? ''}`;
    boxes.push([name, box.left, box.right, document.documentElement.clientWidth]);
  }
  return boxes;
}"""
# An example of which the mirrored page alone has one, and what a script makes of its heading.
WITHOUT_ARABIC = """() => {
  let arabic = false;
  for (const node of [...document.querySelector('article').childNodes]) {
    if (/^example-\\d+$/.test(node.id)) arabic = /Arabic/.test(node.textContent);
    if (arabic) node.remove();
  }
  for (const node of document.querySelectorAll('.print-choice label')) node.remove();
}"""


@pytest.fixture(scope="module")
def gallery(once):
    def build(folder: Path) -> None:
        folder.mkdir()
        write_gallery(ROOT, folder)
        done = mkdocs(folder, "build", "--quiet")
        assert done.returncode == 0, done.stderr

    with serving(once("gallery", build) / "site") as address:
        yield address


@pytest.mark.parametrize("shard", range(SHARDS))
def test_every_example_passes_axe_in_both_palettes_and_reflows(browser, gallery, shard):
    context = browser.new_context(
        viewport={"width": 320, "height": 900}, reduced_motion="reduce", base_url=gallery
    )
    page, found = context.new_page(), []
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    for name in PAGES[shard::SHARDS]:
        page.goto(f"{name}/")
        page.evaluate(AXE)
        # What lies closed is read, too: facts, sources, dates.
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            for palette in ("default", "slate"):
                use_palette(page, palette)
                found += [(name, width, palette, *one) for one in axe_violations(page, RULES)]
            page.evaluate(WITHOUT_LONG_WORDS)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                found.append((name, width, "scrolls sideways", wide))
    context.close()
    assert (found, dialogs) == ([], [])


@pytest.mark.night
@pytest.mark.parametrize("shard", range(SHARDS))
def test_every_example_is_mirrored_where_lines_run_from_right_to_left(browser, gallery, shard):
    context = browser.new_context(
        viewport={"width": 390, "height": 900}, reduced_motion="reduce", base_url=gallery
    )
    page, found = context.new_page(), []
    for name in PAGES[shard::SHARDS]:
        boxes = {}
        for folder in ("", f"{MIRRORED}/"):
            page.goto(f"{folder}{name}/")
            page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
            if folder:
                assert page.locator("html[lang=ar] > body[dir=rtl]").count() == 1
                page.evaluate(AXE)
                for width in (390, 1280):
                    page.set_viewport_size({"width": width, "height": 900})
                    found += [(name, width, *one) for one in axe_violations(page, RULES)]
            page.evaluate(WITHOUT_LONG_WORDS)
            page.evaluate(WITHOUT_ARABIC)
            for width in (390, 1280):
                page.set_viewport_size({"width": width, "height": 900})
                boxes[folder, width] = page.evaluate(BOXES)
                wide = page.evaluate("document.documentElement.scrollWidth")
                if wide > width:
                    found.append((folder, name, width, "scrolls sideways", wide))
        for width in (390, 1280):
            moved = not_mirrored(boxes["", width], boxes[f"{MIRRORED}/", width])
            found += [(name, width, *one) for one in moved]
    context.close()
    assert found == []


def not_mirrored(
    here: list[tuple[str, float, float, float]], there: list[tuple[str, float, float, float]]
) -> list[tuple[str, float, float]]:
    """The boxes of the second page that do not stand where a mirror shows the first one's: name,
    left side, and where it should be, in pixels. One pixel is left to rounding.
    """
    assert [box[0] for box in here] == [box[0] for box in there]
    return [
        (name, left, width - mirrored)
        for (_, _, mirrored, _), (name, left, _, width) in zip(here, there, strict=True)
        if abs(left - (width - mirrored)) > 1
    ]
