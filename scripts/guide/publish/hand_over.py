"""What is to be pushed, as two files: for `./scripts/push`, which holds the right to push and runs
nobody else's code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from guide.publish.workshop import Workshop

# The objects; and a line a ref: what it is now (`-` for nothing), what it shall be, its name.
BUNDLE, REFS = "objects.bundle", "refs"


@dataclass(frozen=True)
class Move:
    """One ref of the remote: what it is now, "" for nothing, and the object that it shall name."""

    ref: str
    old: str
    new: str


def write_hand_over(folder: Path, workshop: Workshop, moves: Sequence[Move]) -> None:
    """Writes the objects that the remote lacks, and the moves of its refs, into `folder`.

    Raises GitError when git fails, OSError where the folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"refs/handed-over/{number}" for number, _ in enumerate(moves)]
    for name, move in zip(names, moves, strict=True):
        workshop.repository.out("update-ref", name, move.new)
    known = [move.old for move in moves if move.old]
    workshop.repository.out(
        "bundle", "create", "--quiet", str((folder / BUNDLE).resolve()), *names, "--not", *known
    )
    lines = (f"{move.old or '-'} {move.new} {move.ref}\n" for move in moves)
    (folder / REFS).write_text("".join(lines), encoding="utf-8")
