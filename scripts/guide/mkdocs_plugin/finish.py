"""After MkDocs has built: the site is put together, checked, and then takes the place of the last
good one.
"""

from __future__ import annotations

import dataclasses
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.structure.files import File, InclusionLevel

from guide.artefacts import Built, later_files
from guide.base import clock
from guide.base.file_store import StoredFile
from guide.base.files import names_of, place, write_tree
from guide.base.parallel import collect_garbage
from guide.base.problem import Problem, report
from guide.build import Compiled, problems_of
from guide.cache.answers import BUILT, Answers, state_of_site
from guide.cache.cached import NoInputs, Step, Task, cached
from guide.checks.site import check_site
from guide.mkdocs_plugin.early import print_problems
from guide.mkdocs_plugin.made_pages import MadePages
from guide.mkdocs_plugin.notices import notice, our_mistake
from guide.mkdocs_plugin.session import Session
from guide.mkdocs_plugin.settings import only_own_templates
from guide.outputs import swap
from guide.outputs.offline import make_offline
from guide.outputs.old_addresses import finish_site
from guide.outputs.pdf import write_pdfs


def serve_files(
    session: Session, config: MkDocsConfig, made: MadePages | None, files: Iterable[File] = ()
) -> None:
    """Puts into the served site what the engine did not: what stands beside the pages, pages that
    are not made anew, and those of `files` that are no pages and have changed.
    """
    linked = dict(session.compiled.sidecars) if session.compiled else {}
    if made:
        linked.update(made.paths())
    folder, placed = config.site_dir, dict[str, str]()
    for name, path in linked.items():
        if session.placed.get(name) != path or not os.path.exists(f"{folder}/{name}"):
            _put(f"{folder}/{name}", path)
        placed[name] = path
    for file in _no_pages(config, files):
        name, source = file.dest_uri, file.abs_src_path
        if source is None:  # another plugin made it
            file.copy_file()
        elif os.path.exists(source):
            status = os.stat(source)
            known = placed[name] = f"{source} {status.st_ino} {status.st_size} {status.st_mtime_ns}"
            if session.placed.get(name) != known or not os.path.exists(f"{folder}/{name}"):
                # A copy: the engine writes into files of the site in place.
                _put(f"{folder}/{name}", source, apart=True)
    # Where the engine makes the pages itself, it has emptied the folder before.
    for name in session.placed.keys() - placed.keys() if made else ():
        Path(folder, name).unlink(missing_ok=True)
    session.placed = placed


def _no_pages(config: MkDocsConfig, files: Iterable[File]) -> Iterator[File]:
    """The files that are no pages, and that no template of the theme makes."""
    templates = config.theme.static_templates
    for file in files:
        is_shown = file.inclusion.value >= InclusionLevel.DRAFT.value  # as `serve` has it
        if is_shown and not file.is_documentation_page() and file.dest_uri not in templates:
            yield file


def _put(target: str, path: str, apart: bool = False) -> None:
    if os.path.exists(path):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        place(target, path, apart)


def serve_later(
    session: Session,
    tree: Path,
    site: str,
    goes_on: Callable[[], bool] = lambda: True,
    show: Callable[[], None] = lambda: None,
) -> None:
    """Has the rules judge the guide, and makes what no page shows, unless another build is wanted
    by then: it will do it. Then nothing of the build is needed any more. `show` has browsers ask
    for their page once more.
    """
    try:
        if session.built is not None and session.compiled is not None:
            if goes_on():
                _judge_later(session, session.built, show)
            _put_later(session, session.built, session.compiled, (str(tree), site), goes_on)
    except Exception as error:
        said = our_mistake(error, session.root)
        print_problems(said)
        session.notice = notice("content_errors", [said])
    finally:
        session.close_cache()
        collect_garbage()


def _judge_later(session: Session, built: Built, show: Callable[[], None]) -> None:
    """Prints what the rules find, and has the pages say it from now on."""
    problems = problems_of(built, session.root, clock.today())
    if problems:
        print_warnings(problems)
        session.notice = notice("content_warnings", [str(problem) for problem in problems])
        show()


def print_warnings(problems: Sequence[Problem]) -> None:
    """Prints what would keep the guide from being published."""
    print(f"\n{report(problems)}\n", file=sys.stderr, flush=True)


def _put_later(
    session: Session,
    built: Built,
    compiled: Compiled,
    folders: Sequence[str],
    goes_on: Callable[[], bool],
) -> None:
    """Puts these files into each of the folders."""
    files = later_files(built, session.root, goes_on)
    for name, path in files.items():
        for folder in folders if compiled.later.get(name) != path else ():
            _put(f"{folder}/{name}", path)
    if goes_on():
        for name in compiled.later.keys() - files.keys():
            for folder in folders:
                Path(folder, name).unlink(missing_ok=True)
    session.compiled = dataclasses.replace(compiled, later={**compiled.later, **files})


def publish_site(
    session: Session,
    config: MkDocsConfig,
    made: MadePages | None,
    refused: Callable[[Path], str],
) -> None:
    """Finishes the site in a folder of its own, and lets it take the place of the last good one.

    `refused` looks at the finished site and says why it must not take it, or "". Raises Abort with
    all problems.
    """
    compiled, new, final = session.compiled, session.root / "build/site-new", Path(session.site_dir)
    if compiled is None:
        raise ValueError("nothing is compiled")
    with session.timed("assembly"):
        _assemble(new, Path(config.site_dir), compiled, made)
    config.site_dir = str(new)
    problems = _finished(session, new, config.site_url or "", compiled, made)
    if problems:
        raise Abort(f"\n{report(problems)}")
    reason = refused(new)
    if reason:
        raise Abort(f"\n{reason}")
    config.site_dir = str(final)
    if config.strict and session.warnings.count:
        # MkDocs itself stops a strict build with warnings, after this event: the old site stays.
        return
    with session.timed("exchange"):
        swap.replace(new, final)
    if made and session.said_nothing and only_own_templates(session.root, config):
        Answers.begun(session.root).keep(BUILT, state_of_site(session.root, final))
    session.write_seconds()


def _assemble(new: Path, engine: Path, compiled: Compiled, made: MadePages | None) -> None:
    """Puts together what the engine made, what stands beside the pages, and the pages. In the
    folder is the site of two builds ago, or one that was not good enough: only what differs is
    written.
    """
    files: dict[str, bytes | Path | str] = {name: engine / name for name in names_of(engine)}
    files.update(compiled.sidecars)
    if made:
        files.update(made.paths())
    write_tree(new, files)


def _finished(
    session: Session, new: Path, address: str, compiled: Compiled, made: MadePages | None
) -> list[Problem]:
    """Finishes the pages of the site and makes what is made of them; returns all problems."""
    with session.timed("addresses"):
        problems = finish_site(
            new,
            session.root,
            compiled.redirects,
            address,
            made.places if made else lambda name: None,
        )
    if problems:
        return problems
    with session.timed("PDFs"):
        folder = Path(os.environ.get("GUIDE_PDFS") or session.root / "build" / "pdf")
        papers = write_pdfs(new, folder, os.environ.get("SITE_URL", ""))
    with session.timed("copies"):
        make_offline(
            new,
            made.digest if made else lambda name: None,
            lambda made_of, make: _kept_zip(session, made_of, make),
        )
    with session.timed("check of the site"):
        known = made.facts if made else lambda name: None
        return [*papers.problems, *check_site(new, compiled.names, known)]


def _kept_zip(session: Session, made_of: bytes, make: Callable[[], bytes]) -> Path | bytes:
    """The whole guide as one file: as it was made of the same before, or made now."""
    cache = session.cache
    if cache is None:
        return make()

    def run(make: Callable[[], bytes], inputs: NoInputs) -> StoredFile:
        return cache.files.put(make(), ".zip")

    step = Step("zip", StoredFile, run, lambda file: [file])
    file = cached(cache, step, [Task("zip", made_of, make)], NoInputs())["zip"]
    return cache.files.path(file)
