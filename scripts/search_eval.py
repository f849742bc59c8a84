"""How well the search box answers: hit@1, hit@3, what is urgent, what the guide does not cover.

A file of questions is a JSON list of objects with `id`, `audience` (patient or clinician),
`question` (what is typed), `kind` (answer, urgent or abstain; answer if left out), `expect`:
patterns that the right answer must all match, `safety` (whether a wrong answer could do harm) and
`tags`. The questions are typed into the box of the built site in a real browser.

An answer passes when one of the first three results leads to a section whose heading and answer
match, as the reader sees it who chose that result: facts that stay folded away do not count. Where
words are urgent, the line of what to do at once counts as the first result. A question that the
guide cannot answer passes when the box says so and offers no answer.
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
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Page, sync_playwright

from first_topic import first_topic
from guide.base.statistics import wilson

ROOT = Path(__file__).resolve().parent.parent


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@functools.cache
def _soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html5lib")


def section_text(site: Path, address: str) -> str:
    """What a section that an address leads to says at once: its heading and all until the next
    heading of its rank, without what is folded away.
    """
    parts = urlsplit(address)
    article = _soup(site / parts.path.lstrip("/") / "index.html").article
    if article is None:
        return ""
    start = article.find(id=parts.fragment) if parts.fragment else article.h1
    if start is None:
        return ""
    if not re.fullmatch("h[1-6]", start.name):
        return start.get_text(" ")
    nodes = [start]
    for node in start.find_next_siblings():
        if (
            isinstance(node, Tag)
            and re.fullmatch("h[1-6]", node.name)
            and (node.name <= start.name or node.name in ("h2", "h3"))
        ):
            break
        nodes.append(node)
    return re.sub(r"\s+", " ", " ".join(map(_open_text, nodes)))


def _open_text(node: Tag) -> str:
    """The text of an element without what is folded away in it."""
    if node.name == "details":
        return ""
    return " ".join(
        str(text) for text in node.find_all(string=True) if text.find_parent("details") is None
    )


def matches(text: str, expect: list[str]) -> bool:
    """Whether a text holds every pattern, in any case of letters."""
    return all(re.search(pattern, text, re.I) for pattern in expect)


@dataclass(frozen=True)
class Answer:
    """What the box shows: the line of what to do at once, whether it says that the guide does not
    cover the question, and the addresses of the answers, best first.
    """

    urgent: str
    is_covered: bool
    links: list[str]


def ask(page: Page, question: str) -> Answer:
    """Types a question."""
    page.locator(".md-search__input").fill("")
    page.locator(".md-search__input").fill(question)
    found = page.evaluate(
        """async question => {
            while (!window.guideSearch) await new Promise(done => setTimeout(done, 20));
            const { lacks } = await guideSearch(question);
            return { lacks };
        }""",
        question,
    )
    page.wait_for_timeout(15)
    links: list[str] = page.eval_on_selector_all(
        "#search-results a.md-search-result__link", "links => links.map(link => link.href)"
    )
    urgent = page.locator("#search-urgent")
    return Answer(urgent.inner_text() if urgent.is_visible() else "", found["lacks"] is None, links)


def evaluate(
    site: Path,
    questions: list[dict[str, Any]],
    browser_path: str,
    asking: Callable[[Page, str], Answer] = ask,
) -> list[dict[str, Any]]:
    """Each question with `rank`, the place of the first section that answers (0: none of the
    results), `urgent`, the line of what to do at once, and `is_covered`.
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
                found = asking(page, question["question"])
                answered.append(
                    {
                        **question,
                        "rank": _rank(site, question, found, page if asking is ask else None),
                        "urgent": found.urgent,
                        "is_covered": found.is_covered,
                        "links": [
                            urlsplit(link).path.strip("/") + "#" + urlsplit(link).fragment
                            for link in found.links[:3]
                        ],
                    }
                )
            page.close()
        browser.close()
    server.shutdown()
    return answered


# The text of the section that the address leads to, without what is folded away.
_SEEN = """() => {
    const id = decodeURIComponent(location.hash.slice(1));
    const start = document.getElementById(id) || document.querySelector("article h1");
    if (!start) return "";
    if (!/^H/.test(start.tagName)) return start.innerText;
    let text = start.innerText;
    for (let part = start.nextElementSibling; part; part = part.nextElementSibling) {
        if (/^H[1-3]$/.test(part.tagName)) break;
        text += " " + part.innerText;
    }
    return text;
}"""


def _seen(page: Page, question: str, place: int) -> str:
    """What a reader sees who chooses the answer in this place, from 1. The box is asked again after
    that.
    """
    start = page.url.split("?")[0]
    chosen = page.locator("#search-results a.md-search-result__link").nth(place - 1)
    chosen.evaluate("link => link.click()")
    page.wait_for_function("() => !new URL(location.href).searchParams.has('q')")
    page.wait_for_load_state()
    text: str = page.evaluate(_SEEN)
    page.goto(start)
    page.locator(".md-search__input").focus()
    ask(page, question)
    return re.sub(r"\s+", " ", text)


def _rank(site: Path, question: dict[str, Any], found: Answer, page: Page | None) -> int:
    """The place of the first answer that is right; 0 for none. On `page`, where there is one, the
    first three answers are also tried as their reader sees them.
    """
    kind, expect = question.get("kind", "answer"), question.get("expect", [])
    if kind == "abstain":
        return int(not found.is_covered and not found.links)
    if kind == "urgent" and found.urgent:
        return 1
    for place, link in enumerate(found.links, 1):
        if matches(section_text(site, link), expect):
            return place
        if page is None or place > 3:
            continue
        if matches(_seen(page, question["question"], place), expect):
            return place
    return 0


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


def ask_stock(page: Page, question: str) -> Answer:
    """Types a question into Material's own box: what it offers, best first, a section a link."""
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
    return Answer("", is_covered=True, links=links)


def report(answered: list[dict[str, Any]]) -> str:
    """The figures as text: of questions that have an answer, all, by audience and by tag, with the
    95% interval of hit@3 (Wilson); of urgent ones and of those the guide cannot answer; then the
    misses with what was offered.
    """
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for one in answered:
        by_kind.setdefault(one.get("kind", "answer"), []).append(one)
    answers = by_kind.get("answer", [])
    groups = {"all": answers, "safety": [one for one in answers if one.get("safety")]}
    for one in answers:
        groups.setdefault(one["audience"], []).append(one)
        for tag in one.get("tags", []):
            groups.setdefault(f"tag {tag}", []).append(one)
    lines = [f"{'answers':<18}{'n':>5}{'hit@1':>8}{'hit@3':>8}{'95% interval':>16}{'MRR':>7}"]
    lines += [_figures(name, group) for name, group in groups.items() if group]
    if urgent := by_kind.get("urgent"):
        shown = sum(bool(one["urgent"]) for one in urgent)
        lines.append(f"urgent: what to do at once is shown for {shown} of {len(urgent)}")
    alarms = [one for one in answered if one.get("kind") != "urgent" and one["urgent"]]
    lines.append(f"shown for others: {len(alarms)} of {len(answered) - len(urgent or ())}")
    if abstain := by_kind.get("abstain"):
        silent = sum(one["rank"] for one in abstain)
        lines.append(f"not covered, and said so: {silent} of {len(abstain)}")
    wrong = [one for one in answers if not one["is_covered"]]
    lines.append(f"has an answer, and said not: {len(wrong)} of {len(answers)}")
    lines += [
        f"miss {one['id']} ({one['audience']}): {one['question']} -> {', '.join(one['links'])}"
        + (f" (answer at {one['rank']})" if one["rank"] else "")
        for one in answered
        if not 0 < one["rank"] <= 3
    ]
    return "\n".join(lines)


def _figures(name: str, group: list[dict[str, Any]]) -> str:
    n = len(group)
    first, third = (sum(0 < one["rank"] <= most for one in group) for most in (1, 3))
    low, high = wilson(third, n)
    mrr = sum(1 / one["rank"] for one in group if one["rank"]) / n
    interval = f"{low:.1%} to {high:.1%}"
    return f"{name:<18}{n:>5}{first / n:>8.1%}{third / n:>8.1%}{interval:>16}{mrr:>7.2f}"


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
