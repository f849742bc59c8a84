"""Components: the macros of `overrides/macros/`, rendered for one page."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from guide.base import language
from guide.base.fingerprint import fingerprint, fingerprint_of_files
from guide.base.headings import HEADING
from guide.base.layers import MACROS, layered_files, layers
from guide.base.problem import ContentErrors, Problem
from guide.pages.printed import MARK, MARK_END
from guide.pages.source import Source
from guide.render import template_errors
from guide.view.answers import Evidence
from guide.view.components import component_value
from guide.view.context import ConditionContext, Context, TopicContext
from guide.view.emergency import has_signs
from guide.view.page_view import PageView
from guide.view.svg import DRAW


class Components:
    """The macros of `overrides/macros/`, each of which prints the value of its component.

    Holds nothing but compiled templates: a component can be drawn alone, twice, or thrown away.
    """

    def __init__(self, root: Path):
        self.env = Environment(
            loader=FileSystemLoader(layers(root, MACROS)),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=False,
            auto_reload=False,
            extensions=["jinja2.ext.i18n"],
        )
        self.env.policies["ext.i18n.trimmed"] = True
        language.install(self.env)
        # Without a project on the web there is no line of a file to link to.
        self.edit: Callable[[str], str] = lambda key: ""
        # A template keeps the globals that it was compiled with.
        self.env.globals.update(MARK=MARK, MARK_END=MARK_END, edit=lambda key: self.edit(key))
        self.env.globals.update(DRAW)
        self.names = sorted(
            path.stem for path in layered_files(root, MACROS, "[a-z]*.html").values()
        )

    def html(self, name: str, value: Any) -> str:
        """The HTML of a component: marks have no numbers yet. Raises ContentErrors for a file that
        defines no macro of its name.
        """
        return compact(str(self._macro(name)(value)))

    def bound(self, page: Context) -> dict[str, Callable[..., Markup]]:
        """Every component by name, bound to one page: called with what the page asks for, it
        prints it and notes what was printed.
        """
        return {name: self._bound(name, page) for name in self.names}

    def _bound(self, name: str, page: Context) -> Callable[..., Markup]:
        def call(*args: Any, **kwargs: Any) -> Markup:
            value = component_value(name, page, args, kwargs)
            html = self.html(name, value)
            if isinstance(value, Evidence):
                return Markup(html)  # what is inside was noted when it was printed
            return Markup(page.printed.note(html, page.library))

        return call

    def _macro(self, name: str) -> Callable[[Any], Markup]:
        module = self.env.get_template(f"{name}.html").module
        macro: Callable[[Any], Markup] | None = getattr(module, name, None)
        if macro is None:
            raise ContentErrors(
                [
                    Problem(
                        f"overrides/macros/{name}.html",
                        1,
                        f"the file defines no macro '{name}': a component has the name of its file",
                    )
                ]
            )
        return macro


@functools.lru_cache(maxsize=2)
def _compiled(root: Path, spoken: str, templates: bytes) -> Components:
    """The components of these templates: `serve` compiles them once."""
    return Components(root)


class Renderer:
    """Renders the pages of one library. Holds nothing between two pages but compiled templates."""

    def __init__(self, root: Path, today: datetime.date):
        self.root, self.today = root, today
        templates = fingerprint(*map(fingerprint_of_files, layers(root, MACROS)))
        self.components = _compiled(root, language.current().code, templates)
        self._bodies: dict[str, Template] = {}

    def render(self, source: Source, view: Context, frame: bool) -> str:
        """The Markdown of one page. `frame`: with review notice and the page's own answer, for
        the pages of a topic or a condition.

        Raises ContentErrors with file and line when the page calls what does not exist.
        """
        components = self.components.bound(view)
        names = {
            "page": PageView(view),
            **components,
            **(view.names if isinstance(view, ConditionContext) else {}),
        }
        try:
            # The frame comes first, so that its sources carry the first numbers.
            top = [str(components[name]()) for name in _frame(view)] if frame else []
            body = self._body(source).render(names)
        except ContentErrors:
            raise
        except Exception as error:
            problem = template_errors.explain(
                error,
                self.root,
                f"docs/{source.path}",
                source.body_line,
                names,
                [*view.library.records, *view.pages],
                self.components.names,
            )
            if problem is None:
                raise
            raise ContentErrors([problem]) from None
        end = [*(["dates"] if frame else []), "references", "cite"]
        lines = [
            *_below_title(body.split("\n"), top),
            *(part for name in end for part in ("", str(components[name]()))),
        ]
        text = "\n".join(lines)
        return (re.sub(r"\n{3,}", "\n\n", text) if "\n\n\n" in text else text).strip() + "\n"

    def _body(self, source: Source) -> Template:
        if source.path not in self._bodies:
            self._bodies[source.path] = self.components.env.from_string(source.body)
        return self._bodies[source.path]


def _frame(view: Context) -> Iterator[str]:
    """The components that stand below the title of a page of a topic or a condition, which no page
    can leave out.
    """
    if isinstance(view, TopicContext):
        yield "verdict"
    yield "review_notice"
    yield "answer"
    if isinstance(view, TopicContext) and view.patient and view.signs_first and has_signs(view):
        yield "help_now"


def _below_title(lines: list[str], blocks: list[str]) -> Iterator[str]:
    """The lines of a page with these blocks below its title."""
    for line in lines:
        yield line
        heading = HEADING.match(line)
        if blocks and heading and len(heading[1]) == 1:
            yield ""
            for block in blocks:
                yield from (block, "")
            blocks = []


def compact(html: str) -> str:
    """A component's output without blank or indented lines, which would end an HTML block in
    Markdown.

    Heading lines (components that make sections) keep a blank line around them.
    """
    lines: list[str] = []
    for line in (line.strip() for line in html.split("\n")):
        if not line:
            continue
        if HEADING.match(line):
            lines += ["", line, ""]
        else:
            lines.append(line)
    # One cell, item or paragraph a line: words of neighbours on one line are glued in search
    # indexes.
    joined = "\n".join(lines)
    return re.sub(
        r"(</(?:td|th|li|p|dt|dd|tr|caption|summary|section|ul|ol|dl|table)>)(?=<)", r"\1\n", joined
    )
