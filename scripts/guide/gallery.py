"""The gallery: every component with its examples, as a small site for maintainers.

The examples are values in `tests/components/<component>.yml`, made up, each under its name. The
gallery is built with the guide's own theme and style and is not published. All its pages are there
twice: the second time as a guide has them whose lines run from right to left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from markupsafe import Markup

from guide.base.files import write_tree
from guide.base.layers import layers
from guide.base.problem import CallError, ContentErrors, Problem
from guide.outputs.assets import assets
from guide.pages.printed import Printed
from guide.render.components import Components
from guide.view.components import COMPONENTS, value_type
from guide.view.examples import filled, value_of

EXAMPLES = Path("tests") / "components"
# Every component is shown with these words in every text, too.
EVERYWHERE = {
    "hostile text everywhere": (
        '<script>alert(1)</script> "><img src=x onerror=alert(2)> {{ 7 * 7 }} **a**'
        " [b](javascript:c)"
    ),
    "long words everywhere": "Pneumonoultramicroscopicsilicovolcanoconiosis",
}
# The folder of the mirrored pages, which scripts/gallery_hooks.py draws in Arabic.
MIRRORED = "right-to-left"
# There every component is shown with these words in every text, too.
MIRRORED_WORDS = ("Arabic words everywhere", "كلمات عربية للمثال")
# Attributes that name or point to an id on the page.
_IDS = re.compile(r'\b(id|for|aria-labelledby|aria-describedby|aria-controls)="([^"]+)"')
_FRAGMENT = re.compile(r'\b(x?link:href|href)="#([^"]+)"')
_HEADING_ID = re.compile(r"(?m)^(#+ .*\{ #)([a-z0-9-]+)( \})$")


@dataclass(frozen=True)
class Example:
    """A named example of a component: the value that its macro prints."""

    component: str
    name: str
    value: Any


class _Everything:
    """Holds every id: in the gallery no library says which sources and records there are."""

    def __contains__(self, key: object) -> bool:
        return True


class _NoLibrary:
    sources = records = trials = _Everything()


def examples(root: Path) -> Iterator[Example]:
    """All examples, by component. Raises ContentErrors for a file that names no component, and for
    a value that does not fit. `{component: NAME, example: TITLE}` in a value stands for what that
    example prints, as `evidence` takes it.
    """
    problems = []
    components = Components(root)
    for path in sorted((root / EXAMPLES).glob("*.yml")):
        name = path.relative_to(root).as_posix()
        if path.stem not in COMPONENTS:
            problems.append(Problem(name, 1, f"there is no component '{path.stem}'"))
            continue
        for title, data in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            try:
                value = value_of(value_type(path.stem), _printed(root, components, data), title)
            except CallError as error:
                problems.append(Problem(name, 1, str(error)))
            else:
                yield Example(path.stem, title, value)
    if problems:
        raise ContentErrors(problems)


def _printed(root: Path, components: Components, data: Any) -> Any:
    """The data with the HTML of each example that it names in place of the name."""
    if isinstance(data, list):
        return [_printed(root, components, one) for one in data]
    if not isinstance(data, dict):
        return data
    if set(data) != {"component", "example"}:
        return {key: _printed(root, components, one) for key, one in data.items()}
    name, title = data["component"], data["example"]
    path = root / EXAMPLES / f"{name}.yml"
    known = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
    if title not in known:
        raise CallError(f"there is no example '{title}' of a component '{name}'")
    html = components.html(name, value_of(value_type(name), known[title], title))
    return Markup(html)  # nosec: a component has escaped it


def example_html(components: Components, example: Example) -> str:
    """The HTML of an example with its marks numbered, as on a page of its own."""
    html = components.html(example.component, example.value)
    return Printed().note(html, _NoLibrary())  # type: ignore[arg-type]  # asks only what it holds


def gallery_pages(root: Path) -> dict[str, str]:
    """The Markdown of the gallery by path: a page a component, and an index. The mirrored pages
    hold the same examples, and one in Arabic behind them.
    """
    components, pages = Components(root), {}
    by_component: dict[str, list[Example]] = {}
    for example in examples(root):
        by_component.setdefault(example.component, []).append(example)
    for name, component_examples in by_component.items():
        component_examples += [
            Example(name, title, filled(value_type(name), words))
            for title, words in EVERYWHERE.items()
        ]
    title, words = MIRRORED_WORDS
    for name, component_examples in by_component.items():
        mirrored = Example(name, title, filled(value_type(name), words))
        page = _page(components, [*component_examples, mirrored])
        pages[f"{name}.md"] = "".join(page[:-1])
        pages[f"{MIRRORED}/{name}.md"] = "".join(page)
    links = "\n".join(
        f"- [`{name}`]({name}.md): {', '.join(example.name for example in component_examples)}"
        for name, component_examples in by_component.items()
    )
    index = f"---\ntitle: {{}}\n---\n# {{}}\n\n{links}\n"
    return pages | {
        "index.md": index.format("Components", "Components"),
        f"{MIRRORED}/index.md": index.format("Right to left", "Components from right to left"),
    }


def _page(components: Components, component_examples: list[Example]) -> list[str]:
    """The Markdown of a component's page in parts: its head, and each example."""
    name = component_examples[0].component
    parts = [f'---\ntitle: "{name}"\n---\n# `{name}`\n\n']
    for number, example in enumerate(component_examples, 1):
        html = _with_own_ids(example_html(components, example), number)
        parts.append(f"## Example: {example.name} {{ #example-{number} }}\n\n{html}\n\n")
    return parts


def _with_own_ids(html: str, number: int) -> str:
    """The HTML of one of several examples on a page: no two have an id in common."""
    if number == 1:
        return html

    def renamed(match: re.Match[str]) -> str:
        return f'{match[1]}="{" ".join(f"{one}--{number}" for one in match[2].split())}"'

    html = _IDS.sub(renamed, html)
    html = _FRAGMENT.sub(rf'\1="#\2--{number}"', html)
    return _HEADING_ID.sub(rf"\1\2--{number}\3", html)


def write_gallery(root: Path, target: Path) -> int:
    """Writes the gallery's source into `target`, for `mkdocs build`; returns how many pages."""
    pages = gallery_pages(root)
    files: dict[str, bytes | Path | str] = dict(assets(root))
    files |= {path: page.encode() for path, page in pages.items()}
    write_tree(target / "docs", files)
    settings = {
        "INHERIT": str(root / "mkdocs.yml"),
        "site_name": "Gallery of components",
        "site_url": "",
        "docs_dir": "docs",
        "site_dir": "site",
        "strict": False,
        "theme": {"custom_dir": str(layers(root, "overrides")[0])},
        "hooks": [str(root / "scripts" / "gallery_hooks.py")],
        "watch": [],
        "plugins": [],
        # Addresses lead to pages of the guide, which are not here.
        "validation": {"links": {"not_found": "ignore", "anchors": "ignore"}},
    }
    (target / "mkdocs.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    return len(pages)
