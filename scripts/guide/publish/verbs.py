"""A publication without fear: what would change for readers, every reason not to, and one push that
is all or nothing.

    ./scripts/publish --dry-run           shows what readers would see change; pushes and writes
                                          nothing
    ./scripts/publish                     publishes, if no gate refuses; takes about two minutes
    ./scripts/publish --roll-back [TAG]   shows readers an earlier publication again, byte for byte
    ./scripts/publish --rebuild           builds what readers are shown already anew for today, so
                                          that overdue pages say so

How it stays whole. The commit to publish (the one you are on, plus `content/ledger.json`, which
notes what readers are shown) is made and built in a scratch repository under `build/`. Then one
`git push --atomic` moves the source branch, the published branch and the tag together: the server
takes all of them or none. Only after that does your own branch follow. Whatever dies at whatever
moment, readers are shown the old publication or the new one, and the next run finishes or starts
again. Nothing is fetched into your branches, and nothing of yours is written before the push.

A gate is one function: it looks at a `Candidate` and yields problems. GIT_GATES are asked first and
at once; GATES are asked before a build is shown to anybody, also by `mkdocs gh-deploy`; SITE_GATES
look at the built site.
"""

from __future__ import annotations

import dataclasses
import datetime
import os
from pathlib import Path

from guide.base import clock
from guide.base.git import GitError
from guide.base.problem import Problem, nearest, report
from guide.content.ledger import SHOWN, ledger_bytes
from guide.outputs.old_addresses import live_places
from guide.outputs.permalinks import links_bytes, read_links
from guide.publish.difference import page_changes, what_changes
from guide.publish.gates import GATES, GIT_GATES, PLACE_GATES, SITE_GATES, refusals, site_is_sound
from guide.publish.push import finish_interrupted, free_tag, history, published_at, send
from guide.publish.state import (
    LEDGER_PATH,
    LINKS_PATH,
    PAGES_BRANCH,
    REMOTE,
    VERSIONS_PATH,
    Say,
    look,
)
from guide.publish.workshop import identity, open_workshop
from guide.view.versions import versions_bytes


def publish(
    root: Path,
    today: datetime.date,
    remote: str = REMOTE,
    pages: str = PAGES_BRANCH,
    dry_run: bool = False,
    say: Say = print,
) -> int:
    """Publishes the commit of `root`, or shows what that would do. 0: done, or nothing to do; 1:
    refused.
    """
    with open_workshop(root, pages) as workshop:
        candidate = look(root, today, remote, pages)
        if not dry_run and finish_interrupted(candidate, say):
            candidate = look(root, today, remote, pages)
        # A dry run goes on and shows what readers would see change, also of a tree that is in no
        # commit.
        at_once = [] if dry_run else refusals(candidate, GIT_GATES)
        if at_once:
            say(
                "Asked git only: the content is checked and built once this is mended, and that"
                f" may find more.\nRefused:\n{report(at_once)}"
            )
            return 1
        say("Checking the content and building the site; this takes about two minutes …")
        owner, who = candidate.repository, identity(candidate.repository)
        tag = free_tag(
            "published",
            today,
            [
                *candidate.remote.tags(),
                *(owner.maybe("tag", "--list", "published-*") or "").splitlines(),
            ],
        )
        stopped: list[Problem] = []
        if candidate.built is not None and candidate.head:
            workshop.open(owner, candidate.head)
            if candidate.changed:
                workshop.take_uncommitted(owner, who)
            message = (
                f"Published {today.isoformat()}\n\nThe ledgers hold what readers are shown from now"
                f" on.\n\nPublication: {tag}"
            )
            # The ledger of addresses is read off the finished site, and the site that goes out is
            # built from the commit that holds the ledgers: so where they change, it is built twice.
            failed = workshop.build()
            if not failed:
                addresses, _ = links_bytes(read_links(workshop.folder), live_places(workshop.site))
                ledgers = {
                    LEDGER_PATH: ledger_bytes(candidate.library),
                    VERSIONS_PATH: versions_bytes(candidate.library)[0],
                    LINKS_PATH: addresses,
                }
                if workshop.write_ledgers(ledgers, message, who):
                    failed = workshop.build()
            stopped = [dataclasses.replace(problem, rule="site-is-sound") for problem in failed]
            if not stopped:
                candidate = dataclasses.replace(candidate, site=workshop.site)
                tip = candidate.published.commit if candidate.published else ""
                workshop.commit_site(
                    tip,
                    f"Published {today.isoformat()}\n\nPublication: {tag}\nSource:"
                    f" {workshop.source}",
                    who,
                )
        reasons = [*refusals(candidate, GATES), *stopped, *refusals(candidate, SITE_GATES)]
        if candidate.library is not None and not candidate.remote.silence:
            say(what_changes(candidate, workshop))
        if reasons:
            say("")
            say(f"{'Would be refused' if dry_run else 'Refused'}:\n{report(reasons)}")
            return 1
        if not os.environ.get("SITE_URL"):
            say(
                "SITE_URL is not set: the site goes out without canonical links, and its feed"
                " without addresses."
            )
        if (
            candidate.published
            and candidate.published.tag
            and workshop.is_shown(candidate.published.commit)
        ):
            say(
                "Nothing to publish: readers are shown these very bytes already"
                f" ({candidate.published.tag})."
            )
            return 0
        if dry_run:
            say(
                "Nothing was pushed and nothing written. './scripts/publish' would push"
                f" '{candidate.branch}', '{pages}' and the tag {tag} to '{remote}' in one step."
            )
            return 0
        made = workshop.tag(tag, f"What readers are shown since {today.isoformat()}", who)
        return send(
            candidate,
            workshop,
            [(workshop.source, f"refs/heads/{candidate.branch}"), (made, f"refs/tags/{tag}")],
            f"Published: {tag}.",
            say,
        )


def roll_back(
    root: Path,
    today: datetime.date,
    wanted: str = "",
    remote: str = REMOTE,
    pages: str = PAGES_BRANCH,
    say: Say = print,
) -> int:
    """Shows readers an earlier publication again: the very tree of that day, without a build. 0:
    done; 1: refused.

    The ledger follows, in a commit on the remote's source branch, so that what is mended next is
    compared with what readers are then shown. `wanted` is a tag; without it, the publication before
    the one shown now.
    """
    with open_workshop(root, pages) as workshop:
        candidate = look(root, today, remote, pages)
        finish_interrupted(candidate, say)
        candidate = look(root, today, remote, pages)
        owner, who = candidate.repository, identity(candidate.repository)
        reasons = refusals(candidate, PLACE_GATES)
        if not reasons and candidate.published is None:
            reasons.append(
                Problem("git", 0, f"nothing is published on '{pages}' of '{remote}'", "roll-back")
            )
        if reasons:
            say(f"Refused:\n{report(reasons)}")
            return 1
        shown = history(owner, candidate.published.commit)
        order = [
            one.tag
            for one in sorted(
                shown, key=lambda one: published_at(owner, one.tag, candidate), reverse=True
            )
        ]
        target = next((one for one in shown if one.tag == wanted), None) if wanted else None
        if not wanted:
            now = candidate.published.tag or (order[0] if order else "")
            earlier = order if not candidate.published.tag else order[order.index(now) + 1 :]
            target = next((one for one in shown if earlier and one.tag == earlier[0]), None)
        if target is None:
            have = ", ".join(order) or "none"
            problem = (
                f"there is no publication '{wanted}'{nearest(wanted, order)}; there are: {have}"
                if wanted
                else f"there is no publication before the one shown now; there are: {have}"
            )
            say(f"Refused:\n{report([Problem('git', 0, problem, 'roll-back')])}")
            return 1
        if target.tag == candidate.published.tag:
            say(f"Readers are shown {target.tag} already.")
            return 0
        base = candidate.remote.head(candidate.branch) or candidate.head
        workshop.open(owner, base)
        tag = free_tag("rolled-back", today, candidate.remote.tags())
        facts = owner.file(target.commit, SHOWN)
        if facts is not None:
            workshop.write_ledgers(
                {LEDGER_PATH: facts},
                f"Rolled back to {target.tag}\n\nThe ledgers hold what readers are shown from now"
                f" on.\n\nPublication: {tag}",
                who,
            )
        message = (
            f"Rolled back to {target.tag}\n\nPublication: {target.tag}\nSource:"
            f" {target.source}\nRoll-back: {tag}"
        )
        workshop.commit_tree(
            owner.out("rev-parse", f"{target.commit}^{{tree}}"),
            candidate.published.commit,
            message,
            who,
        )
        made = workshop.tag(tag, f"Readers are shown {target.tag} again", who)
        more = [(workshop.source, f"refs/heads/{candidate.branch}"), (made, f"refs/tags/{tag}")]
        return send(
            candidate,
            workshop,
            more,
            f"Rolled back: readers are shown {target.tag} again. If your branch is not at"
            f" {workshop.source[:10]}, 'git pull' brings the ledger.",
            say,
        )


def rebuild(
    root: Path,
    today: datetime.date,
    remote: str = REMOTE,
    pages: str = PAGES_BRANCH,
    say: Say = print,
) -> int:
    """Builds the published commit anew for today and pushes it if a page turned. 0: done, or
    nothing to do; 1: refused.
    """
    with open_workshop(root, pages) as workshop:
        candidate = look(root, today, remote, pages)
        owner, who = candidate.repository, identity(candidate.repository)
        reasons = [
            problem
            for problem in refusals(candidate, PLACE_GATES)
            if clock.REBUILD not in problem.path
        ]
        published = candidate.published
        if not reasons and (published is None or not published.source):
            reasons.append(
                Problem(
                    "git",
                    0,
                    f"'{pages}' of '{remote}' holds nothing that says which commit it was built"
                    " from: publish first",
                    "rebuild",
                )
            )
        if not reasons and owner.run("cat-file", "-e", f"{published.source}^{{commit}}").returncode:
            reasons.append(
                Problem(
                    "git",
                    0,
                    f"the published commit {published.source[:10]} is not here: 'git fetch"
                    " --unshallow'",
                    "rebuild",
                )
            )
        if not reasons:
            say(f"Building {published.tag or published.source[:10]} for {today.isoformat()} …")
            workshop.open(owner, published.source)
            stopped = workshop.build(rebuild_for=today)
            reasons = [
                dataclasses.replace(problem, rule="site-is-sound") for problem in stopped
            ] or refusals(dataclasses.replace(candidate, site=workshop.site), SITE_GATES)
        if reasons:
            say(f"Refused:\n{report(reasons)}")
            return 1
        trailers = {
            "Publication": published.tag,
            "Source": published.source,
            "Roll-back": published.rolled_back,
        }
        said = "\n".join(f"{name}: {value}" for name, value in trailers.items() if value)
        workshop.commit_site(published.commit, f"Rebuilt for {today.isoformat()}\n\n{said}", who)
        if workshop.is_shown(published.commit):
            say("No page turned: nothing to push.")
            return 0
        say("\n".join(page_changes(workshop.files_changed(published.commit))))
        return send(candidate, workshop, [], "Rebuilt.", say)


# -- plain gh-deploy ----------------------------------------------------------------------------


def before_gh_deploy(root: Path, remote: str, pages: str) -> str:
    """Why `mkdocs gh-deploy` must not go on, all reasons in one text; "" when it may."""
    try:
        reasons = refusals(look(root, clock.today(), remote, pages), GATES)
    except GitError as error:
        reasons = [Problem("git", 0, str(error), "place-is-set")]
    return report(reasons) if reasons else ""


def after_gh_deploy_build(root: Path, site: Path, remote: str, pages: str) -> str:
    """The same for the built site. (That the pages pass their checks, every build sees to.)"""
    gates = [gate for gate in SITE_GATES if gate[1] is not site_is_sound]
    if not gates:
        return ""
    reasons = refusals(
        dataclasses.replace(look(root, clock.today(), remote, pages), site=site), gates
    )
    return report(reasons) if reasons else ""
