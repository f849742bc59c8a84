"""Takes the README's pictures from the built site: `.venv/bin/python scripts/pictures.py` after a
build.

Home, three patient and three clinician pages at 390 and 1280 px, light and dark, into pictures/,
as the browser shows their first screen; and the picture that other programs show beside a link to
the guide (`og:image`), which is a file of the site.
"""

from __future__ import annotations

import html
import os
import shutil
import sys
from pathlib import Path

import yaml
from playwright.sync_api import sync_playwright

from first_topic import first_topic
from serving import serving

ROOT = Path(__file__).resolve().parent.parent
# The home page, and pages of the guide's first topic.
HOME = {"home": ""}
TOPIC_PAGES = {
    "patient-start": "patients/",
    "patient-trials": "patients/trials/#class",
    "patient-comparison": "patients/comparison/#options",
    "clinician-start": "clinicians/",
    "clinician-trials": "clinicians/trials/#class",
    "clinician-dosing": "clinicians/dosing/#kidney",
}

# What a link's preview is shown at; overrides/main.html says so in every head.
PREVIEW_SIZE = (1200, 630)
# It stands beside links to every page: so it names no medicine and no number, only whose guide it
# is.
PREVIEW = """<!doctype html><meta charset="utf-8"><style>
* { margin: 0; box-sizing: border-box }
body {
  width: 1200px; height: 630px; position: relative; overflow: hidden;
  background: #fdfcf9; color: #17252a; font-family: "Liberation Sans", Arial, sans-serif
}
body::after {
  content: ""; position: absolute; inset: auto 0 0 0; height: 28px;
  background: linear-gradient(90deg, #0b5a5e 50%, #45326f 50%)
}
.mark { position: absolute; left: 84px; top: 96px; width: 176px; height: 176px }
h1 {
  position: absolute; left: 304px; top: 122px;
  font-size: 92px; letter-spacing: -2px; line-height: 1.1; white-space: nowrap
}
.tagline {
  position: absolute; left: 84px; top: 324px; right: 84px;
  font-size: 41px; line-height: 1.3; color: #47585e
}
.readers {
  position: absolute; left: 84px; top: 446px; display: flex; gap: 28px;
  font-size: 40px; font-weight: bold
}
.readers span { border-radius: 16px; padding: 18px 34px }
.patients { background: #e3f1f0; color: #0b5a5e }
.clinicians { background: #ece8f5; color: #45326f }
.and { align-self: center; padding: 0 !important; font-weight: normal; color: #47585e }
</style><div class="mark">MARK</div><h1>NAME</h1><p class="tagline">TAGLINE</p>
<p class="readers"><span class="patients">For patients</span><span class="and">and</span>\
<span class="clinicians">for clinicians</span></p>"""


def preview() -> str:
    """The page that the link preview is a picture of: the guide's own mark, name and tagline."""
    site = yaml.safe_load((ROOT / "content" / "site.yml").read_text(encoding="utf-8"))
    mark = (ROOT / "docs" / "assets" / "icons" / "icon.svg").read_text(encoding="utf-8")
    return (
        PREVIEW.replace("MARK", mark)
        .replace("NAME", html.escape(site["name"]))
        .replace("TAGLINE", html.escape(site["tagline"]))
    )


def main() -> int:
    """Returns 0 when every picture is written, 1 when there is no site or no browser."""
    browser_path = (
        os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    )
    if not (ROOT / "site" / "index.html").is_file() or not browser_path:
        print(
            "Build the site first (./scripts/build), and have Chrome or Chromium installed.",
            file=sys.stderr,
        )
        return 1
    target, of_site = ROOT / "pictures", ROOT / "docs" / "assets" / "pictures"
    for folder in (target, of_site):
        folder.mkdir(parents=True, exist_ok=True)
    topic, _ = first_topic(ROOT)
    pages = HOME | {name: f"{topic}/{url}" for name, url in TOPIC_PAGES.items()}
    with serving(ROOT / "site") as address, sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--disable-background-networking"]
        )
        for width, height in ((390, 844), (1280, 900)):
            for scheme in ("light", "dark"):
                page = browser.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme=scheme,
                    reduced_motion="reduce",
                ).new_page()
                for name, url in pages.items():
                    page.goto(address + url)
                    page.wait_for_timeout(250)
                    page.screenshot(path=target / f"{name}-{width}-{scheme}.png")
        width, height = PREVIEW_SIZE
        page = browser.new_context(viewport={"width": width, "height": height}).new_page()
        page.set_content(preview())
        page.screenshot(path=of_site / "link-preview.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
