"""`links`: whether the sources' addresses still answer, and whether their texts changed."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from guide.base.problem import nearest
from guide.commands.cli import Verb
from guide.content.library import Library
from guide.content.loading import load
from guide.link_check.client import PAUSE, TIMEOUT, LinkClient
from guide.link_check.reader import TextReader, texts_text
from guide.link_check.report import (
    FRESH,
    REPORT,
    addresses_of_sources,
    check_links,
    report_text,
)


@click.command("links", cls=Verb)
@click.argument("sources", nargs=-1, metavar="[SOURCE ...]")
@click.option("--again", is_flag=True, help=f"Ask all, also those asked in the last {FRESH} days.")
@click.option(
    "--pause",
    type=float,
    default=PAUSE,
    metavar="SECONDS",
    help=f"Between two requests to one host (at least 1; {PAUSE:g}).",
)
@click.option(
    "--timeout",
    type=float,
    default=TIMEOUT,
    metavar="SECONDS",
    help=f"How long to wait for an answer ({TIMEOUT:g}).",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    default=REPORT,
    metavar="FILE",
    help=f"Where answers are kept ({REPORT}).",
)
@click.option("--no-texts", is_flag=True, help="Ask the addresses, and read no text.")
def links_verb(
    sources: tuple[str, ...],
    again: bool,
    pause: float,
    timeout: float,
    report: Path,
    no_texts: bool,
) -> int:
    """Asks whether sources still answer, and still say the same.

    SOURCE is an id of content/sources.yml; without one, all are asked. One request is sent at a
    time, politely. What the texts said is kept in content/source-texts.json. Exit status 1 when
    an address is gone, or a phrase that is quoted as proof.
    """
    library = load(Path.cwd())
    _require_known(sources, library)
    if pause < 1:
        raise click.UsageError(
            "a pause under one second is not polite", click.get_current_context()
        )
    addresses = _addresses(library, sources)
    client = LinkClient(pause, timeout)
    reader = None if no_texts else TextReader(Path.cwd(), library, client, report)
    try:
        answers = check_links(
            addresses,
            report,
            reader or client,
            again,
            lambda line: print(line, file=sys.stderr, flush=True),
            reader.unread if reader else (),
        )
    except KeyboardInterrupt:
        print(
            f"\nStopped. What was answered is in {report}; run it again to go on.", file=sys.stderr
        )
        return 1
    print(report_text(answers, addresses, library))
    gone = any(answer.state == "gone" for answer in answers.values())
    if reader is None:
        return int(gone)
    asked = {key for ids in addresses.values() for key in ids}
    texts = texts_text(reader, asked)
    if texts:
        print(f"\n{texts}")
    lost = any(key in asked and one.outcome == "lost" for key, one in reader.seen.items())
    return int(gone or lost)


def _addresses(library: Library, sources: tuple[str, ...]) -> dict[str, list[str]]:
    """The addresses to ask with the ids of their sources: of these sources, or of all."""
    return {
        address: ids
        for address, ids in addresses_of_sources(library).items()
        if not sources or set(ids) & set(sources)
    }


def _require_known(sources: tuple[str, ...], library: Library) -> None:
    unknown = [source for source in sources if source not in library.sources]
    if unknown:
        guess = nearest(unknown[0], library.sources)
        raise click.UsageError(
            f"no source {', '.join(unknown)} in content/sources.yml{guess}",
            click.get_current_context(),
        )
