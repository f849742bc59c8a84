"""Lists modules, classes, functions and lines of templates that are larger than allowed.

Measured after formatting. A line counts whether it is code, docstring or blank.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Lines, but for the last: characters.
MODULE, CLASS, FUNCTION, TEMPLATE_LINE = 400, 200, 50, 160


def too_large(root: Path = ROOT) -> Iterator[str]:
    """Everything over its budget as 'file:line: what it has, what is allowed'."""
    for path in sorted((root / "scripts").rglob("*.py")):
        name = path.relative_to(root).as_posix()
        text = path.read_text(encoding="utf-8")
        lines = text.count("\n")
        if lines > MODULE:
            yield f"{name}:1: the module has {lines} lines, at most {MODULE} are allowed"
        for node in ast.walk(ast.parse(text)):
            yield from _too_long(name, node)
    for path in sorted((root / "overrides").rglob("*.html")):
        name = path.relative_to(root).as_posix()
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if len(line) > TEMPLATE_LINE:
                yield (
                    f"{name}:{number}: the line has {len(line)} characters, at most"
                    f" {TEMPLATE_LINE} are allowed"
                )


def _too_long(name: str, node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ClassDef):
        kind, most = "class", CLASS
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        kind, most = "function", FUNCTION
    else:
        return
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    if lines > most:
        yield (
            f"{name}:{node.lineno}: the {kind} '{node.name}' has {lines} lines, at most {most}"
            " are allowed"
        )


if __name__ == "__main__":
    excesses = list(too_large())
    print("\n".join(excesses) or "Every module, class, function and template is within budget.")
    sys.exit(bool(excesses))
