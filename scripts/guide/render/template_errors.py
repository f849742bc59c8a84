"""Whose line it was: what went wrong while a page was rendered, as a problem at the line to mend.

A page calls components and components call each other. What a page asked for wrongly is the
page's fault, however deep it surfaced; all else belongs to the innermost template.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError, UndefinedError

from guide.base.problem import CallError, Problem, nearest
from guide.view.page_view import page_names


def explain(
    error: Exception,
    root: Path,
    page: str,
    first_line: int,
    names: Iterable[str],
    known: Iterable[str],
    components: list[str],
) -> Problem | None:
    """The problem an exception stands for, or None for a mistake in our own Python code.

    `page` is the page's path from the project's root, `first_line` the line its body starts at,
    `names` what a page can call, `known` the records and pages that exist.
    """
    frames = _template_lines(error, root, page, first_line)
    if isinstance(error, TemplateSyntaxError):
        at = (
            (page, first_line + error.lineno - 1)
            if error.filename in (None, "<template>")
            else (_relative(error.filename, root), error.lineno)
        )
        return Problem(
            *at,
            (
                f"{error.message}: calls look like {{{{ statements(['dosing']) }}}}"
                if at[0] == page
                else str(error.message)
            ),
        )
    if isinstance(error, TemplateNotFound):
        path, line = frames[-1] if frames else (page, first_line)
        return Problem(
            path,
            line,
            "there is no component file"
            f" '{error.name}'{nearest(str(error.name), [file.name for file in (root / 'overrides' / 'macros').glob('*.html')])}",
        )
    if not frames:
        return None
    outer, inner = frames[0], frames[-1]
    if isinstance(error, CallError):
        return Problem(*outer, str(error))
    if isinstance(error, KeyError):
        key = str(error.args[0])
        return Problem(*outer, f"there is no record, value or page '{key}'{nearest(key, known)}")
    if isinstance(error, UndefinedError):
        return _undefined(str(error), outer, inner, page, names, root, components)
    if isinstance(error, TypeError) and str(error).startswith("macro "):
        return Problem(*inner, str(error))
    if isinstance(error, TemplateError) or _raised_by_a_template(error):
        return Problem(
            *inner,
            str(error) if isinstance(error, TemplateError) else f"{type(error).__name__}: {error}",
        )
    return None


def _undefined(
    message: str,
    outer: tuple[str, int],
    inner: tuple[str, int],
    page: str,
    names: Iterable[str],
    root: Path,
    components: list[str],
) -> Problem:
    if found := re.search(r"parameter '(\w+)' was not provided", message):
        return Problem(
            *outer,
            f"the component needs its '{found[1]}': calls look like {{{{ statements(['dosing'])"
            " }}",
        )
    if found := re.search(r"'([^']+)' is undefined", message):
        word = found[1]
        if inner[0] == page:
            return Problem(
                *inner,
                f"unknown component or name '{word}'{nearest(word, names)}; components:"
                f" {', '.join(components)}",
            )
        return Problem(*inner, f"unknown name '{word}'{nearest(word, _words(root / inner[0]))}")
    if found := re.search(r"'([\w. ]+) object' has no attribute '(\w+)'", message):
        owner, word = found[1], found[2]
        if owner.endswith("PageView"):
            return Problem(
                *inner,
                f"'page' has no '{word}'{nearest(word, page_names())}",
            )
        if owner.endswith("TemplateModule"):
            macros = [
                name
                for path in (root / "overrides" / "macros").glob("*.html")
                for name in re.findall(r"\bmacro (\w+)", path.read_text(encoding="utf-8"))
            ]
            return Problem(
                *inner, f"the imported file has no component '{word}'{nearest(word, macros)}"
            )
        return Problem(
            *inner,
            f"there is no '{word}' in what is shown here{nearest(word, _words(root / inner[0]))}",
        )
    return Problem(*inner, message)


def _words(path: Path) -> set[str]:
    """The names a template uses itself, each at least twice: a misspelt one looks like one of
    them.
    """
    words = re.findall(r"\b[a-z_]{3,}\b", path.read_text(encoding="utf-8"))
    return {word for word in words if words.count(word) > 1}


def _template_lines(
    error: BaseException, root: Path, page: str, first_line: int
) -> list[tuple[str, int]]:
    """File and line of every template an exception came through, the page first."""
    found: list[tuple[str, int]] = []
    trace = error.__traceback__
    while trace is not None:
        known: dict[str, Any] = trace.tb_frame.f_globals
        # Jinja puts the templates' own lines into some tracebacks; into others we look them up.
        if template := known.get("__jinja_template__"):
            name, line = template.filename, template.get_corresponding_lineno(trace.tb_lineno)
        elif "__jinja_exception__" in known:
            name, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        else:
            name = line = None
        if line is not None:
            found.append(
                (page, first_line + line - 1)
                if name in (None, "<template>")
                else (_relative(name, root), line)
            )
        trace = trace.tb_next
    return found


def _raised_by_a_template(error: BaseException) -> bool:
    """Whether the last Python frame is a template or the template engine, not the code behind
    it.
    """
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
