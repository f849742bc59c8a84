"""How well the search box answers: hit@1, hit@3, MRR and the misses, by audience and tag.

A file of questions is a JSON list of objects with `id`, `audience` (patient or clinician),
`question` (what is typed), `tags`, and `expect`: patterns that the text of the right section must
all match. A question passes when one of the first three results leads to such a section. The
questions are typed into the box of the built site in a real browser.
"""

from __future__ import annotations

import functools
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Page, sync_playwright

from first_topic import first_topic

ROOT = Path(__file__).resolve().parent.parent


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@functools.cache
def _soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html5lib")


def section_text(site: Path, address: str) -> str:
    """The text of the section an address leads to: its heading and all until the next of its
    rank.
    """
    parts = urlsplit(address)
    article = _soup(site / parts.path.lstrip("/") / "index.html").article
    if article is None:
        return ""
    start = article.find(id=parts.fragment) if parts.fragment else article.h1
    if start is None:
        return ""
    texts: list[str] = [start.get_text(" ")]
    if not re.fullmatch("h[1-6]", start.name):
        return texts[0]
    for node in start.find_next_siblings():
        if (
            isinstance(node, Tag)
            and re.fullmatch("h[1-6]", node.name)
            and (node.name <= start.name or node.name in ("h2", "h3"))
        ):
            break
        texts.append(node.get_text(" "))
    return re.sub(r"\s+", " ", " ".join(texts))


def matches(text: str, expect: list[str]) -> bool:
    """Whether a text holds every pattern, in any case of letters."""
    return all(re.search(pattern, text, re.I) for pattern in expect)


def ask(page: Page, question: str) -> list[str]:
    """Types a question and returns the addresses of the results, best first."""
    page.locator(".md-search__input").fill("")
    page.locator(".md-search__input").fill(question)
    page.wait_for_function(
        "query => window.guideSearch && guideSearch(query).then(() => true)", arg=question
    )
    page.wait_for_timeout(15)
    links: list[str] = page.eval_on_selector_all(
        "#search-results a", "links => links.map(link => link.href)"
    )
    return links


def evaluate(
    site: Path,
    questions: list[dict[str, Any]],
    browser_path: str,
    asking: Callable[[Page, str], list[str]] | None = None,
) -> list[dict[str, Any]]:
    """Each question with `rank`, the place of the first section that answers (0: none of the
    results).
    """
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    answered = []
    topic, _ = first_topic(ROOT)
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--disable-background-networking"]
        )
        for audience in ("patient", "clinician"):
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/{topic}/{audience}s/")
            page.locator(".md-search__input").focus()
            for question in (one for one in questions if one["audience"] == audience):
                links = (asking or ask)(page, question["question"])
                rank = next(
                    (
                        place
                        for place, link in enumerate(links, 1)
                        if matches(section_text(site, link), question["expect"])
                    ),
                    0,
                )
                answered.append(
                    {
                        **question,
                        "rank": rank,
                        "links": [
                            urlsplit(link).path.strip("/") + "#" + urlsplit(link).fragment
                            for link in links[:3]
                        ],
                    }
                )
            page.close()
        browser.close()
    server.shutdown()
    return answered


def build_stock(tree: Path, target: Path) -> Path:
    """The same pages as stock Material builds and indexes them: no search of ours, no theme
    changes.
    """
    config = {
        "site_name": "Stock",
        "docs_dir": str(tree),
        "site_dir": str(target / "site"),
        "theme": {"name": "material", "font": False},
        "plugins": ["search"],
        "markdown_extensions": ["attr_list", {"toc": {"permalink": True}}],
    }
    target.mkdir(parents=True, exist_ok=True)
    (target / "mkdocs.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "mkdocs",
            "--quiet",
            "build",
            "--config-file",
            str(target / "mkdocs.yml"),
        ],
        check=True,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
    )
    return target / "site"


def ask_stock(page: Page, question: str) -> list[str]:
    """Types a question into Material's own box and returns what it offers, best first, a section a
    link.
    """
    box = page.locator(".md-search__input")
    # Material listens to keys, so one is pressed after each fill.
    box.fill("")
    box.press("End")
    page.wait_for_timeout(60)
    box.fill(question)
    box.press("End")
    page.wait_for_timeout(800)
    links: list[str] = page.eval_on_selector_all(
        ".md-search-result__list a.md-search-result__link",
        "links => links.map(link => link.href.replace(/\\?h=[^#]*/, ''))",
    )
    return links


def report(answered: list[dict[str, Any]]) -> str:
    """The figures as text: all, by audience, by tag, then the misses with what was offered."""
    groups: dict[str, list[dict[str, Any]]] = {"all": answered}
    for one in answered:
        groups.setdefault(one["audience"], []).append(one)
        for tag in one.get("tags", []):
            groups.setdefault(f"tag {tag}", []).append(one)
    lines = [f"{'group':<18}{'n':>5}{'hit@1':>8}{'hit@3':>8}{'MRR':>7}"]
    for name, group in groups.items():
        n = len(group)
        first, third = (
            sum(one["rank"] == 1 for one in group) / n,
            sum(0 < one["rank"] <= 3 for one in group) / n,
        )
        mrr = sum(1 / one["rank"] for one in group if one["rank"]) / n
        lines.append(f"{name:<18}{n:>5}{first:>8.1%}{third:>8.1%}{mrr:>7.2f}")
    lines += [
        f"miss {one['id']} ({one['audience']}): {one['question']} -> {', '.join(one['links'])}"
        + (f" (answer at {one['rank']})" if one["rank"] else "")
        for one in answered
        if not 0 < one["rank"] <= 3
    ]
    return "\n".join(lines)


def main() -> int:
    """Returns 0, 1 without a site or a browser, 2 without questions."""
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    if not arguments:
        print(
            "usage: ./scripts/search-eval [--stock] [--json] QUESTIONS.json [SITE]", file=sys.stderr
        )
        return 2
    site = Path(arguments[1]) if len(arguments) > 1 else ROOT / "site"
    browser_path = (
        os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    )
    if not (site / "index.html").is_file() or not browser_path:
        print(
            "Build the site first (./scripts/build), and have Chrome or Chromium installed.",
            file=sys.stderr,
        )
        return 1
    answered = evaluate(
        site, json.loads(Path(arguments[0]).read_text(encoding="utf-8")), browser_path
    )
    print(json.dumps(answered) if "--json" in sys.argv else report(answered))
    if "--stock" in sys.argv:
        with tempfile.TemporaryDirectory() as folder:
            stock = build_stock(ROOT / "build" / "docs", Path(folder))
            print(
                "\nThe same pages, stock Material search:\n"
                + report(
                    evaluate(
                        stock,
                        json.loads(Path(arguments[0]).read_text(encoding="utf-8")),
                        browser_path,
                        ask_stock,
                    )
                ).split("\nmiss ")[0]
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
