"""The verbs of the core, without any site engine: `python -m guide VERB`.

check [--watch]               the content's problems, all at once; with --watch again at every save
new-topic MEDICINE CONDITION  files for a new topic, every field explained, to be filled
where ID                      where a record is written, shown, called and named
schemas                       content/schemas/ from the models, and every file's first line
reference                     REFERENCE.md from what verbs, fields, components and rules say of
                              themselves
draft-changes                 entries in content/changes.yml for what differs from what readers were
                              last shown
                              (--together [ID …]: one entry for several records; --renew: its marks
                                brought up to date)
export FOLDER                 the site's source for any engine: Markdown, assets, theme and settings
                              without hooks
published                     notes in the ledgers that readers are now shown what stands here, at
                              the addresses of site/
"""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path
from typing import Any

from guide.base import clock
from guide.base.problem import ContentErrors, listed
from guide.build import prepare
from guide.cache.store import Store
from guide.commands.reference import write_reference
from guide.commands.watch import watch
from guide.commands.where import where
from guide.content.ledger import (
    draft_changes,
    draft_together,
    read_ledger,
    renewed,
    write_draft,
    write_ledger,
)
from guide.content.loading import load
from guide.content.new_topic import Made, new_topic
from guide.content.schemas import write_schemas
from guide.export import Occupied, export
from guide.outputs.old_addresses import live_places
from guide.outputs.permalinks import ids_of, read_links, write_links
from guide.view.versions import write_versions


class _Verb(argparse.ArgumentParser):
    """The arguments of one verb, which calls itself what a person types: ./scripts/where."""

    def __init__(self, *, prog: str, **options: Any):
        name = prog.rpartition(" ")[2]
        script = f"./scripts/{name}"
        super().__init__(prog=script if Path(script).is_file() else prog, **options)


# Verbs that ask or begin something: a slip in them says nothing of what is published.
_AND_NO_MORE = {"where", "new-topic"}


def main(arguments: list[str] | None = None) -> int:
    """Runs one verb; returns the exit status: 0 fine, 1 problems found, 2 wrong usage."""
    parser = argparse.ArgumentParser(
        prog="guide", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbs = parser.add_subparsers(dest="verb", required=True, parser_class=_Verb)
    checking = verbs.add_parser("check", help="check the content and print every problem")
    checking.add_argument(
        "--watch", action="store_true", help="check again at every save, until Ctrl-C"
    )
    drafting = verbs.add_parser(
        "draft-changes", help="put an entry into content/changes.yml for every unlogged change"
    )
    drafting.add_argument(
        "--together",
        nargs="*",
        metavar="ID",
        help=(
            "one entry for these records, or for all that are not logged, that changed for one"
            " reason"
        ),
    )
    drafting.add_argument(
        "--renew",
        action="store_true",
        help="bring the marks of entries of several records up to the values of today",
    )
    verbs.add_parser("published", help="note that readers are now shown what stands here")
    verbs.add_parser(
        "schemas",
        help="write content/schemas/ from the models and put every file's first line right",
    )
    verbs.add_parser(
        "reference",
        help="write REFERENCE.md from what verbs, fields, components and rules say of themselves",
    )
    new = verbs.add_parser("new-topic", help="write the files of a new topic, to be filled")
    new.add_argument("medicine", metavar="MEDICINE", help="id or name")
    new.add_argument("condition", metavar="CONDITION", help="id or name")
    for name in ("medicine", "condition"):
        new.add_argument(
            f"--new-{name}",
            dest="new",
            action="append_const",
            const=name,
            default=[],
            help=f"the {name} is a new one, though its name is like that of a known one",
        )
    seek = verbs.add_parser(
        "where", help="every page, section and file that shows, calls or names a record"
    )
    seek.add_argument(
        "id",
        metavar="ID",
        help=(
            "an id, the address of a fact on the site, or a name as the pages show it, such as"
            " 'EXAMPLE 1'"
        ),
    )
    out = verbs.add_parser("export", help="write the site's source for any engine")
    out.add_argument(
        "folder",
        metavar="FOLDER",
        type=Path,
        help="an empty folder, one that does not exist, or an earlier export",
    )
    given, rest = parser.parse_known_args(arguments)
    verb = given.verb
    if rest:
        verbs.choices[verb].error(f"too much was given: {' '.join(rest)}")
    root, today = Path.cwd(), datetime.date.today()
    if verb == "check" and given.watch:
        return watch(root)
    if verb == "schemas":
        return _wrote(write_schemas(root), "content/schemas/ and the first lines are current.")
    try:
        if verb == "reference":
            return _wrote(write_reference(root), "REFERENCE.md is current.")
        if verb == "new-topic":
            return _made(new_topic(root, given.medicine, given.condition, given.new))
        if verb == "where":
            built = prepare(root, today, release=False)
            print("\n\n".join(map(str, where(root, built.library, built.pages, given.id))))
            return 0
        if verb == "export":
            return _exported(
                given.folder,
                export(
                    root, given.folder, clock.today(), clock.page_date(root), clock.is_rebuild()
                ),
            )
        if verb == "draft-changes" and given.renew:
            path = root / "content" / "changes.yml"
            path.write_text(renewed(path.read_text(encoding="utf-8"), load(root)), encoding="utf-8")
            print(
                "content/changes.yml: the marks are those of today's values. Read the entries"
                " again: do they still tell what changed?"
            )
            return 0
        if verb == "draft-changes" and given.together is not None:
            entry, named = draft_together(
                load(root), read_ledger(root) or {}, today, given.together
            )
            write_draft(root, [entry] if entry else [])
            print(
                f"content/changes.yml: one entry for {len(named)} records, to complete with 'what'"
                " and 'reason'."
                if named
                else "Nothing differs from what readers were last shown."
            )
            return 0
        if verb == "draft-changes":
            entries = draft_changes(load(root), read_ledger(root) or {}, today)
            write_draft(root, entries)
            print(
                "".join(entries)
                + f"content/changes.yml: {len(entries)} entr{'y' if len(entries) == 1 else 'ies'}"
                " to complete with 'what' and 'reason'; ./scripts/check names the lines."
                if entries
                else "Nothing differs from what readers were last shown."
            )
            return 0
        with Store(root) as store:
            built = prepare(root, today, store=store)
    except (ContentErrors, Occupied) as errors:
        print(
            (
                listed(errors.problems)
                if verb in _AND_NO_MORE and isinstance(errors, ContentErrors)
                else errors
            ),
            file=sys.stderr,
        )
        return 1
    if verb == "published":
        live = live_places(root / "site")
        wanting = sorted(
            page.url
            for page in built.pages
            if page.url not in live or not set(ids_of(page)) <= live[page.url].ids
        )
        if wanting:
            print(
                f"site/ is not the site of this content ('{wanting[0] or './'}' is missing or"
                " differs): build it with ./scripts/build, then note it as published.",
                file=sys.stderr,
            )
            return 1
        write_ledger(root, built.library)
        count = write_links(root, read_links(root), live)
        print(f"content/links.json now holds every address readers were given: {count}.")
        added = write_versions(root, built.library)
        print(
            f"content/ledger.json now holds what readers are shown: {len(built.library.records)}"
            " facts."
        )
        print(f"content/versions.json now holds the handouts that readers may print: {added} new.")
        return 0
    print(
        f"No problems: {len(built.library.records)} facts, {len(built.library.sources)} sources,"
        f" {len(built.pages)} pages."
    )
    return 0


def _wrote(names: list[str], nothing: str) -> int:
    print("\n".join(f"wrote {name}" for name in names) or nothing)
    return 0


def _exported(folder: Path, pages: int) -> int:
    print(
        f"{pages} pages are in {folder}. Build them there with 'mkdocs build', 'properdocs build -f"
        " mkdocs.yml' or 'zensical build -f zensical.yml'."
    )
    return 0


def _made(made: Made) -> int:
    """Says what was written, what was kept, and what comes next."""
    for done, names in (("wrote", made.written), ("kept ", made.kept)):
        for name in names:
            print(f"{done} {name}")
    print(
        f"\nThe topic is '{made.topic}'. What is left to do, line by line: ./scripts/check\nThen:"
    )
    for step in made.next:
        print(f"  - {step}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
