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
from guide.content.wording import NAMES
from guide.publish.state import Candidate

# -- the gates ----------------------------------------------------------------------------------


def place_is_set(candidate: Candidate) -> Iterator[Problem]:
    """There is a branch with commits, a remote that answers, and a name to publish under; the day
    is the real one.
    """
    repository = candidate.repository
    if os.environ.get(clock.REBUILD):
        yield Problem(
            f"the environment, {clock.REBUILD}",
            0,
            "it is set, for the rebuild of what is published already: unset it, a publication is"
            " judged by the real day",
        )
    if not candidate.head or repository.maybe("rev-parse", "--show-prefix") != "":
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
    """What is published stands in a commit, every file of it: readers see nothing that cannot be
    found again.
    """
    if candidate.head:
        for path, wrong in candidate.changed:
            yield Problem(path, 0, f"{wrong}: commit it, or put it away")


def remote_has_not_moved(candidate: Candidate) -> Iterator[Problem]:
    """Nobody else's commits and nobody else's publication are undone."""
    repository, theirs = candidate.repository, candidate.remote.head(candidate.branch)
    if theirs and not repository.contains(candidate.head, theirs):
        yield Problem(
            "git",
            0,
            f"'{candidate.remote.name}/{candidate.branch}' has moved to {theirs[:10]}, which is not"
            " in your branch: 'git pull --rebase', look again, publish then",
        )
    published = candidate.published
    if published and published.source and not repository.contains(candidate.head, published.source):
        yield Problem(
            "git",
            0,
            f"readers are shown {published.source[:10]} ({published.tag or 'without a tag'}), which"
            " is not in your branch: publishing would undo it; merge it first",
        )


def what_was_taken_back_stays_back(candidate: Candidate) -> Iterator[Problem]:
    """After a roll-back, the state that was taken back is not published again as it was."""
    tag = candidate.published.rolled_back if candidate.published else ""
    then = candidate.remote.tags().get(tag)
    if then and candidate.repository.run("diff", "--quiet", then, candidate.head).returncode == 0:
        yield Problem(
            "git",
            0,
            f"readers were rolled back to {candidate.published.tag} ({tag}), and nothing was mended"
            " since: commit the mending, or name what they are to be shown with --roll-back TAG",
        )


def check_passes(candidate: Candidate) -> Iterator[Problem]:
    """The content check finds nothing."""
    own_gates = {rule_of(no_review_is_overdue).name, rule_of(changes_are_logged).name}
    for problem in candidate.problems:
        if problem.rule not in own_gates:
            yield problem
    if candidate.library is None:
        yield Problem(
            "content",
            0,
            "it does not load, so that ids, reviews and the change log could not be looked at:"
            " there may be more reasons",
        )


def ids_stay(candidate: Candidate) -> Iterator[Problem]:
    """No id that was published is gone without a word: links to it, printed ones too, would lead
    nowhere.
    """
    if candidate.library is None or candidate.shown is None:
        return
    now = clinical_values(candidate.library)
    removed = Log(candidate.library).removed
    for record in sorted(candidate.shown.keys() - now.keys() - removed):
        close = nearest(record, now.keys() - candidate.shown.keys())
        yield Problem(
            "content",
            0,
            f"the id '{record}' was published and is gone{close}: put it back, or log the removal"
            f" in content/changes.yml (record: {record}, field: record, old: published, new:"
            " removed)",
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
        still = {
            record: values
            for record, values in candidate.shown.items()
            if record in clinical_values(candidate.library)
        }
        yield from changes_are_logged.unlogged(
            Guide(candidate.library, candidate.root, [], candidate.today), still
        )


def site_is_sound(candidate: Candidate) -> Iterator[Problem]:
    """The finished pages pass their checks."""
    if candidate.site is not None:
        for problem in check_site(
            candidate.site, names=names.pattern(candidate.library) if candidate.library else NAMES
        ):
            yield dataclasses.replace(problem, message=f"{problem.message} ({problem.rule})")


Gate = tuple[str, Callable[[Candidate], Iterable[Problem]]]


# Without these nothing can be pushed, not even what readers were shown before.
PLACE_GATES: list[Gate] = [
    ("place-is-set", place_is_set),
]


# What git alone answers, in a second: asked before the check and the build, so that nobody waits
# for it.
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
]


def refusals(candidate: Candidate, gates: Sequence[Gate]) -> list[Problem]:
    """Every reason of every gate, each under its gate's name."""
    return [
        dataclasses.replace(problem, rule=name)
        for name, gate in gates
        for problem in gate(candidate)
    ]


# -- what readers would see change --------------------------------------------------------------

# Where a fact is listed, by what its fields say it is; first match.
GROUPS: tuple[tuple[str, Callable[[dict[str, str]], bool]], ...] = (
    ("Approvals", lambda fact: "agency" in fact),
    (
        "Doses and limits",
        lambda fact: (
            fact.get("kind")
            in (
                "dosing",
                "renal",
                "monitoring",
                "stopping-rule",
                "interactions",
                "contraindication",
            )
        ),
    ),
    ("Results of trials", lambda fact: any(name.startswith("arms[") for name in fact)),
    ("Verdicts", lambda fact: "verdict" in fact),
    ("Other facts", lambda fact: True),
)
