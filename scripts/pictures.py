"""Takes the README's pictures from the built site: `.venv/bin/python scripts/pictures.py` after a build.

Home, three patient and three clinician pages at 390 and 1280 px, light and dark, into
docs/assets/pictures/, as the browser shows their first screen.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright
from serving import serving

ROOT = Path(__file__).resolve().parent.parent
PAGES = {
    "home": "", "patient-start": "baricitinib-as/patients/", "patient-trials": "baricitinib-as/patients/trials/#class",
    "patient-comparison": "baricitinib-as/patients/comparison/#options", "clinician-start": "baricitinib-as/clinicians/",
    "clinician-trials": "baricitinib-as/clinicians/trials/#class", "clinician-dosing": "baricitinib-as/clinicians/dosing/#kidney",
}


def main() -> int:
    """Returns 0 when every picture is written, 1 when there is no site or no browser."""
    browser_path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not (ROOT / "site" / "index.html").is_file() or not browser_path:
        print("Build the site first (./scripts/build), and have Chrome or Chromium installed.", file=sys.stderr)
        return 1
    target = ROOT / "docs" / "assets" / "pictures"
    target.mkdir(parents=True, exist_ok=True)
    with serving(ROOT / "site") as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=browser_path, args=["--no-sandbox", "--disable-background-networking"])
        for width, height in ((390, 844), (1280, 900)):
            for scheme in ("light", "dark"):
                page = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce").new_page()
                for name, url in PAGES.items():
                    page.goto(address + url)
                    page.wait_for_timeout(250)
                    page.screenshot(path=target / f"{name}-{width}-{scheme}.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
