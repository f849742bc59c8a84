"""How a person types a verb of the engine."""

from __future__ import annotations

from pathlib import Path


def typed(verb: str) -> str:
    """A verb with what follows it, as it is typed in the current folder: `./scripts/check --all` in
    a checkout of the engine, `guide check --all` in a guide of one's own.
    """
    script = f"./scripts/{verb}"
    return script if Path(script.split()[0]).is_file() else f"guide {verb}"
