"""Where a value stands inside a file: the keys and indexes that lead to it."""

from __future__ import annotations

# Keys and list indexes (from 0), outermost first: `("statements", 2, "kind")`; `()` is the file.
KeyPath = tuple[str | int, ...]


# Lines of values, counted from 1.
Lines = dict[KeyPath, int]


def dotted(keys: KeyPath) -> str:
    """A key path as messages print it: `("arms", 1, "n")` as `arms[1].n`."""
    text = ""
    for key in keys:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else str(key)
    return text
