"""What a page costs a reader: bytes of its first view, layout shift, and Lighthouse's four marks.

`.venv/bin/python scripts/measure.py [--all]` after a build, or `./scripts/measure`. Without `--all`
only the heaviest pages by size of their HTML are opened. Lighthouse runs with its mobile settings
where `node_modules` holds it, and each mark is the middle one of several runs: what else the
machine does at the moment is part of one run's performance mark.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from first_topic import first_topic
from serving import serving

ROOT = Path(__file__).resolve().parent.parent
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")

# Adds up the shifts that no touch of the reader caused (the Layout Instability specification).
SHIFT = """() => new Promise(done => {
  let sum = 0;
  const add = list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
  };
  new PerformanceObserver(add).observe({ type: 'layout-shift', buffered: true });
  setTimeout(() => done(sum), 150);
})"""
# What a page may cost: bytes of its first view, layout shift, and the least of Lighthouse's marks.
MOST_BYTES, MOST_SHIFT, LEAST_MARK = 106_000, 0.01, 95


def heaviest(site: Path, count: int) -> list[str]:
    """The addresses of the pages whose HTML is largest when compressed, largest first."""
    sizes = {
        path.relative_to(site).as_posix().removesuffix("index.html"): len(
            gzip.compress(path.read_bytes(), 6)
        )
        for path in site.rglob("index.html")
    }
    return sorted(sizes, key=lambda url: -sizes[url])[:count]


def first_view(browser: Any, address: str, url: str, width: int = 390) -> dict[str, Any]:
    """Opens a page with an empty cache: bytes over the wire by address, their sum, and the layout
    shift.
    """
    context = browser.new_context(viewport={"width": width, "height": 844})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    names: dict[str, str] = {}
    sizes: dict[str, float] = {}
    session.on(
        "Network.requestWillBeSent",
        lambda event: names.__setitem__(event["requestId"], event["request"]["url"]),
    )
    session.on(
        "Network.loadingFinished",
        lambda event: sizes.__setitem__(event["requestId"], event["encodedDataLength"]),
    )
    page.goto(address + url, wait_until="networkidle")
    shift = page.evaluate(SHIFT)
    context.close()
    files = {
        names[key].removeprefix(address): int(size)
        for key, size in sizes.items()
        if key in names and not names[key].startswith("data:")
    }
    return {"url": url, "files": files, "bytes": sum(files.values()), "shift": shift}


def marks_of(address: str, url: str, chromium: str, runs: int) -> dict[str, int]:
    """The middle of `runs` marks of one page, by category."""
    marks_by_run = [lighthouse(address, url, chromium) for _ in range(runs)]
    return {
        category: statistics.median_low([marks[category] for marks in marks_by_run])
        for category in CATEGORIES
    }


def _node() -> str:
    """The pinned Node, which exists for Linux; elsewhere the machine's own."""
    pinned = ROOT / "node_modules" / ".bin" / "node"
    return str(pinned) if pinned.exists() else "node"


def lighthouse(address: str, url: str, chromium: str) -> dict[str, int]:
    """Lighthouse's marks out of 100 for one page, mobile settings."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [
            _node(),
            str(ROOT / "node_modules" / "lighthouse" / "cli" / "index.js"),
            address + url,
            "--quiet",
            "--output=json",
            f"--output-path={report}",
            f"--only-categories={','.join(CATEGORIES)}",
            (
                "--chrome-flags=--headless=new --no-sandbox --disable-gpu"
                " --disable-background-networking"
            ),
        ]
        subprocess.run(
            command,
            check=True,
            env={**os.environ, "CHROME_PATH": chromium},
            stdout=subprocess.DEVNULL,
            timeout=240,
        )
        result = json.loads(report.read_text(encoding="utf-8"))
    for category in CATEGORIES:
        for audit in result["categories"][category]["auditRefs"]:
            score = result["audits"][audit["id"]]["score"]
            if audit["weight"] and score is not None and score < 0.9:
                print(
                    f"    {category}: {audit['id']} {score}"
                    f" {result['audits'][audit['id']].get('displayValue', '')}"
                )
    return {
        category: round(result["categories"][category]["score"] * 100) for category in CATEGORIES
    }


def measured_views(address: str, chromium: str, urls: list[str]) -> list[dict[str, Any]]:
    """The first view of each page, the heaviest first."""
    from playwright.sync_api import sync_playwright  # needs a browser: not for the other verbs

    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-background-networking", "--disable-gpu"],
        )
        views = [first_view(browser, address, url) for url in urls]
        browser.close()
    return sorted(views, key=lambda view: -view["bytes"])


def print_views(views: list[dict[str, Any]]) -> bool:
    """Prints the heaviest first views as a table; returns whether all are within the budget."""
    print("| first view | bytes | layout shift |\n|---|---|---|")
    for view in views[:12]:
        print(f"| {view['url'] or 'home'} | {view['bytes']:,} | {view['shift']:.3f} |")
    files = ", ".join(f"{name or 'the page'} {size:,}" for name, size in views[0]["files"].items())
    print(f"The heaviest, file by file: {files}")
    return bool(
        views[0]["bytes"] <= MOST_BYTES and max(view["shift"] for view in views) < MOST_SHIFT
    )


def lighthouse_pages() -> tuple[str, ...]:
    """The pages that Lighthouse marks: the home page, and pages of the guide's first topic and of
    its condition.
    """
    topic, condition = first_topic(ROOT)
    return (
        "",
        f"{topic}/patients/",
        f"{topic}/patients/safety/",
        f"{condition}/patients/options/",
        f"{topic}/clinicians/trials/",
    )


def print_marks(address: str, chromium: str, runs: int) -> bool:
    """Prints Lighthouse's marks as a table; returns whether all are high enough."""
    print(
        f"\n| Lighthouse, mobile, middle of {runs} | {' | '.join(CATEGORIES)} |\n|---|"
        + "---|" * len(CATEGORIES)
    )
    good = True
    for url in lighthouse_pages():
        marks = marks_of(address, url, chromium, runs)
        columns = " | ".join(str(marks[category]) for category in CATEGORIES)
        print(f"| {url or 'home'} | {columns} |", flush=True)
        good = good and min(marks.values()) >= LEAST_MARK
    return good


def read_arguments() -> argparse.Namespace:
    """The command line's options."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--all", action="store_true", help="open every page, not only the heaviest")
    parser.add_argument("--no-lighthouse", action="store_true")
    parser.add_argument(
        "--runs",
        type=int,
        default=3,
        metavar="N",
        help="Lighthouse's runs a page, of which the middle mark counts (default: 3)",
    )
    return parser.parse_args()


def main() -> int:
    """Returns 0 when every page is within its budget, else 1; 1 without a site or browser too."""
    arguments = read_arguments()
    site = ROOT / "site"
    chromium = (
        os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    )
    if not (site / "index.html").is_file() or not chromium:
        print(
            "Build the site first (./scripts/build), and have Chrome or Chromium installed.",
            file=sys.stderr,
        )
        return 1
    with serving(site) as address:
        urls = heaviest(site, 10_000 if arguments.all else 8)
        good = print_views(measured_views(address, chromium, urls))
        if not arguments.no_lighthouse and (ROOT / "node_modules" / "lighthouse").is_dir():
            good = print_marks(address, chromium, arguments.runs) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
