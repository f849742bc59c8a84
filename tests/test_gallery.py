"""The gallery of components in a browser: accessible in both palettes, on a phone and at a desk."""

from __future__ import annotations

from pathlib import Path

import pytest

from accessibility import AXE, TAGS, axe_violations, use_palette
from conftest import ROOT, mkdocs
from guide.gallery import gallery_pages, write_gallery
from serving import serving

pytestmark = pytest.mark.site

PAGES = sorted(path.removesuffix(".md") for path in gallery_pages(ROOT) if path != "index.md")
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
