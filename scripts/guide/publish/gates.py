"""What stops a publication."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterable, Iterator, Sequence

from guide.base import clock
from guide.base.problem import Problem, nearest
from guide.checks.registry import rule_of
from guide.checks.rule import Guide
from guide.checks.rules import changes_are_logged, no_review_is_overdue
from guide.checks.run import OVERDUE
from guide.checks.site import check_site
from guide.content import names
from guide.content.ledger import Log, clinical_values
from guide.publish.address import FIRST_PAGE, address_losses, domain_disagrees
from guide.publish.losses import DOMAIN, comparison_of, losses, needless, refused
from guide.publish.state import Candidate, submodules


def place_is_set(candidate: Candidate) -> Iterator[Problem]:
    """There is a branch with commits, a remote that answers, and an author; the day is real."""
    repository = candidate.repository
    if os.environ.get(clock.REBUILD):
        yield Problem(
            f"the environment, {clock.REBUILD}",
            0,
            "it is set, for the rebuild of what is published already: unset it, a publication is"
            " judged by the real day",
        )
    refusal = repository.refusal()
    if refusal:
        yield Problem("git", 0, refusal)
        return
    if not candidate.head or repository.prefix() != "":
        yield Problem(
            "git",
            0,
            "this folder is not the top of a git repository with a commit: a publication is made"
            " from a commit",
        )
        return
    if not candidate.branch:
        yield Problem("git", 0, "HEAD is on no branch: 'git switch' to the branch you publish from")
    if repository.maybe("var", "GIT_COMMITTER_IDENT") is None:
        yield Problem(
            "git",
            0,
            "git does not know who publishes: 'git config user.name NAME' and 'git config"
            " user.email ADDRESS'",
        )
    if candidate.remote.silence:
        yield Problem(
            "git",
            0,
            f"the remote '{candidate.remote.name}' does not answer, so what is published is not"
            f" known: {candidate.remote.silence}",
        )


def tree_is_clean(candidate: Candidate) -> Iterator[Problem]:
    """Every file that is published is in a commit, so that it can be found again."""
    if candidate.head:
        for path in submodules(candidate.repository):
            yield Problem(
                path,
                0,
                "is a submodule, and a commit does not hold its files: put the files themselves"
                " into a commit",
            )
        for path, wrong in candidate.changed:
            yield Problem(path, 0, f"{wrong}: commit it, or put it away")


def remote_has_not_moved(candidate: Candidate) -> Iterator[Problem]:
    """Nobody else's commits and nobody else's publication are undone."""
    repository = candidate.repository
    head = candidate.remote.head(candidate.branch)
    published = candidate.published
    needed = [head, published.source if published else ""]
    if repository.is_shallow() and not all(
        repository.contains(candidate.head, commit) for commit in needed if commit
    ):
        yield Problem(
            "git",
            0,
            "this clone lacks a part of the history, so it cannot be seen whether your branch has"
            " what is published: 'git fetch --unshallow' brings it",
        )
        return
    if head and not repository.contains(candidate.head, head):
        yield Problem(
            "git",
            0,
            f"'{candidate.remote.name}/{candidate.branch}' has moved to {head[:10]}, which is not"
            " in your branch: 'git pull --rebase', look again, publish then",
        )
    if published and published.source and not repository.contains(candidate.head, published.source):
        yield Problem(
            "git",
            0,
            f"readers are shown {published.source[:10]} ({published.tag or 'without a tag'}), which"
            " is not in your branch: publishing would undo it; merge it first",
        )


def what_was_taken_back_stays_back(candidate: Candidate) -> Iterator[Problem]:
    """After a roll-back, the state that was taken back is not published again as it was."""
    published = candidate.published
    if published is None:
        return
    tag = published.rolled_back
    source = candidate.remote.tags().get(tag)
    if (
        source
        and candidate.repository.run("diff", "--quiet", source, candidate.head).returncode == 0
    ):
        yield Problem(
            "git",
            0,
            f"readers were rolled back to {published.tag} ({tag}), and nothing was mended"
            " since: commit the mending, or name what they are to be shown with --roll-back TAG",
        )


def check_passes(candidate: Candidate) -> Iterator[Problem]:
    """The content check finds nothing."""
    # These rules are gates of their own.
    other_gates = {rule_of(no_review_is_overdue).name, rule_of(changes_are_logged).name}
    for problem in candidate.problems:
        if problem.rule not in other_gates:
            yield problem
    if candidate.library is None:
        yield Problem(
            "content",
            0,
            "it does not load, so that ids, reviews and the change log could not be looked at:"
            " there may be more reasons",
        )


def ids_stay(candidate: Candidate) -> Iterator[Problem]:
    """No published id is gone without a logged removal: printed links would lead nowhere."""
    if candidate.library is None or candidate.shown is None:
        return
    values = clinical_values(candidate.library)
    removed = Log(candidate.library).removed
    for record in sorted(candidate.shown.keys() - values.keys() - removed):
        suggestion = nearest(record, values.keys() - candidate.shown.keys())
        yield Problem(
            "content",
            0,
            f"the id '{record}' was published and is gone{suggestion}: put it back, or log the"
            f" removal in content/changes.yml (record: {record}, field: record, old: published,"
            " new: removed)",
        )


def reviews_are_current(candidate: Candidate) -> Iterator[Problem]:
    """No topic is past its review, by the real day."""
    if candidate.library is not None:
        yield from no_review_is_overdue.check(
            Guide(candidate.library, candidate.root, [], candidate.today)
        )


def changes_have_reasons(candidate: Candidate) -> Iterator[Problem]:
    """Every clinical difference to what readers are shown now stands in the change log."""
    if candidate.library is not None and candidate.shown is not None:
        present = clinical_values(candidate.library)
        remaining = {
            record: values for record, values in candidate.shown.items() if record in present
        }
        yield from changes_are_logged.unlogged(
            Guide(candidate.library, candidate.root, [], candidate.today), remaining
        )


def site_is_sound(candidate: Candidate) -> Iterator[Problem]:
    """The finished pages pass their checks."""
    if candidate.site is not None and candidate.library is not None:
        for problem in check_site(candidate.site, names.pattern(candidate.library)):
            yield dataclasses.replace(problem, message=f"{problem.message} ({problem.rule})")


def address_stays(candidate: Candidate) -> Iterator[Problem]:
    """The address and the domain that readers, paper and programs hold still lead to the site."""
    if candidate.site is None:
        return
    pages = [candidate.site / name for name in (DOMAIN, FIRST_PAGE)]
    domain, first = (page.read_bytes() if page.is_file() else b"" for page in pages)
    yield from domain_disagrees(domain, first)
    compared = comparison_of(candidate)
    if compared:
        yield from refused(address_losses(compared), candidate.let_go)


def nothing_is_lost(candidate: Candidate) -> Iterator[Problem]:
    """No file, field of the data, entry of the feed or edit by hand goes unless it is let go."""
    compared = comparison_of(candidate)
    found = losses(compared) if compared else []
    yield from refused(found, candidate.let_go)
    if candidate.site is not None:
        others = address_losses(compared) if compared else []
        yield from needless([*found, *others], candidate.let_go)


Gate = tuple[str, Callable[[Candidate], Iterable[Problem]]]

# Without these nothing can be pushed, not even an earlier publication.
PLACE_GATES: list[Gate] = [
    ("place-is-set", place_is_set),
]

# Git answers these within a second, so they come before the check and the build.
GIT_GATES: list[Gate] = [
    *PLACE_GATES,
    ("tree-is-clean", tree_is_clean),
    ("remote-has-not-moved", remote_has_not_moved),
    ("what-was-taken-back-stays-back", what_was_taken_back_stays_back),
]

GATES: list[Gate] = [
    *GIT_GATES,
    ("check-passes", check_passes),
    ("ids-stay", ids_stay),
    (OVERDUE, reviews_are_current),
    ("changes-are-logged", changes_have_reasons),
]

SITE_GATES: list[Gate] = [
    ("site-is-sound", site_is_sound),
    ("address-stays", address_stays),
    ("nothing-is-lost", nothing_is_lost),
]


def refusals(candidate: Candidate, gates: Sequence[Gate]) -> list[Problem]:
    """The problems of all gates, each under its gate's name."""
    return [
        dataclasses.replace(problem, rule=name)
        for name, gate in gates
        for problem in gate(candidate)
    ]
