"""Turns an error while a page is rendered into a problem at the line to mend.

A page calls components, and components call each other. A wrong call is mended in the page, however
deep it failed. Every other error is mended in the innermost template.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError, UndefinedError

from guide.base.layers import MACROS, layered_files
from guide.base.problem import CallError, Problem, nearest
from guide.view.page_view import page_names

# A file from the project's root, and a line of it.
Line = tuple[str, int]


@dataclass(frozen=True)
class _Rendering:
    """Where a page was rendered: `page` is its path, `names` is what it can call.

    `outer` is the line of the page and `inner` that of the innermost template that failed.
    """

    root: Path
    page: str
    names: Iterable[str]
    components: list[str]
    outer: Line
    inner: Line


def explain(
    error: Exception,
    root: Path,
    page: str,
    first_line: int,
    names: Iterable[str],
    known: Iterable[str],
    components: list[str],
) -> Problem | None:
    """The problem behind an exception, or None for a mistake in our own Python code.

    `page` is the page's path from the project's root, `first_line` the line its body starts at,
    `names` what a page can call, `known` the records and pages that exist.
    """
    if isinstance(error, TemplateSyntaxError):
        return _syntax(error, root, page, first_line)
    lines = _template_lines(error, root, page, first_line)
    if isinstance(error, TemplateNotFound):
        files = list(layered_files(root, MACROS, "*.html"))
        return Problem(
            *(lines[-1] if lines else (page, first_line)),
            f"there is no component file '{error.name}'{nearest(str(error.name), files)}",
        )
    if not lines and isinstance(error, CallError | KeyError):
        # What stands around every page is drawn without a call on the page.
        lines = [(page, 0)]
    if not lines:
        return None
    outer, inner = lines[0], lines[-1]
    if isinstance(error, CallError):
        return Problem(*outer, str(error))
    if isinstance(error, KeyError):
        key = str(error.args[0])
        return Problem(*outer, f"there is no record, value or page '{key}'{nearest(key, known)}")
    if isinstance(error, UndefinedError):
        return _undefined(str(error), _Rendering(root, page, names, components, outer, inner))
    if isinstance(error, TemplateError) or (
        isinstance(error, TypeError) and str(error).startswith("macro ")
    ):
        return Problem(*inner, str(error))
    if _raised_by_a_template(error):
        return Problem(*inner, f"{type(error).__name__}: {error}")
    return None


def _syntax(error: TemplateSyntaxError, root: Path, page: str, first_line: int) -> Problem:
    if error.filename is None or error.filename == "<template>":
        return Problem(
            page,
            first_line + error.lineno - 1,
            f"{error.message}: calls look like {{{{ statements(['dosing']) }}}}",
        )
    return Problem(_relative(error.filename, root), error.lineno, str(error.message))


def _undefined(message: str, rendering: _Rendering) -> Problem:
    """The problem behind Jinja's message that something is undefined."""
    inner = rendering.inner
    if match := re.search(r"parameter '(\w+)' was not provided", message):
        return Problem(
            *rendering.outer,
            f"the component needs its '{match[1]}': calls look like {{{{ statements(['dosing'])"
            " }}",
        )
    if match := re.search(r"'([^']+)' is undefined", message):
        name = match[1]
        if inner[0] == rendering.page:
            return Problem(
                *inner,
                f"unknown component or name '{name}'{nearest(name, rendering.names)}; components:"
                f" {', '.join(rendering.components)}",
            )
        words = _words(rendering.root / inner[0])
        return Problem(*inner, f"unknown name '{name}'{nearest(name, words)}")
    if match := re.search(r"'([\w. ]+) object' has no attribute '(\w+)'", message):
        return _no_attribute(match[1], match[2], rendering)
    return Problem(*inner, message)


def _no_attribute(owner: str, name: str, rendering: _Rendering) -> Problem:
    """The problem of a template that asks a value, or an imported file, for what it has not."""
    inner, root = rendering.inner, rendering.root
    if owner.endswith("PageView"):
        return Problem(*inner, f"'page' has no '{name}'{nearest(name, page_names())}")
    if owner.endswith("TemplateModule"):
        macros = [
            macro
            for path in layered_files(root, MACROS, "*.html").values()
            for macro in re.findall(r"\bmacro (\w+)", path.read_text(encoding="utf-8"))
        ]
        return Problem(
            *inner, f"the imported file has no component '{name}'{nearest(name, macros)}"
        )
    words = _words(root / inner[0])
    return Problem(*inner, f"there is no '{name}' in what is shown here{nearest(name, words)}")


def _words(path: Path) -> set[str]:
    """The names a template uses at least twice: a misspelt name resembles one of them."""
    words = re.findall(r"\b[a-z_]{3,}\b", path.read_text(encoding="utf-8"))
    return {word for word in words if words.count(word) > 1}


def _template_lines(error: BaseException, root: Path, page: str, first_line: int) -> list[Line]:
    """The line of every template that an exception came through, the page first."""
    lines: list[Line] = []
    trace = error.__traceback__
    while trace is not None:
        known: dict[str, Any] = trace.tb_frame.f_globals
        # Jinja puts the lines of templates into some tracebacks; in others they are looked up.
        if template := known.get("__jinja_template__"):
            name, line = template.filename, template.get_corresponding_lineno(trace.tb_lineno)
        elif "__jinja_exception__" in known:
            name, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        else:
            name = line = None
        if line is not None:
            lines.append(
                (page, first_line + line - 1)
                if name in (None, "<template>")
                else (_relative(name, root), line)
            )
        trace = trace.tb_next
    return lines


def _raised_by_a_template(error: BaseException) -> bool:
    """Whether the last Python frame is of a template or of the template engine."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return False
    known = trace.tb_frame.f_globals
    return bool({"__jinja_template__", "__jinja_exception__"} & known.keys()) or str(
        known.get("__name__", "")
    ).startswith("jinja2")


def _relative(name: str, root: Path) -> str:
    path = Path(name)
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else name
