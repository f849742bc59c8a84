"""MkDocs as a process of its own: only `mkdocs_plugin` and the hooks import it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn

# Material announces there a version of MkDocs that this project does not use.
_QUIET = {"NO_MKDOCS_2_WARNING": "1"}


def run_mkdocs(*arguments: str, environment: Mapping[str, str] = MappingProxyType({})) -> int:
    """Runs MkDocs in the current folder, with this in its environment besides our own; returns its
    exit status. Raises ContentErrors for settings that MkDocs could not read.
    """
    _refuse_settings()
    whole = {**os.environ, **_QUIET, **environment}
    return subprocess.run(_command(arguments), env=whole, check=False).returncode


def become_mkdocs(*arguments: str) -> NoReturn:
    """Puts MkDocs into the place of this process, so that a signal to it reaches MkDocs. Raises
    ContentErrors as `run_mkdocs` does.
    """
    _refuse_settings()
    sys.stdout.flush()
    sys.stderr.flush()
    command = _command(arguments)
    os.execve(command[0], command, {**os.environ, **_QUIET})


def _refuse_settings() -> None:
    # Imported here: most of what a verb does needs neither.
    from guide.base.problem import ContentErrors
    from guide.content.input_files import wrong_settings

    if wrong := wrong_settings(Path.cwd()):
        raise ContentErrors(wrong)


def _command(arguments: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", "mkdocs", *arguments]
