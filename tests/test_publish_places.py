"""Publishing from every kind of clone, with every kind of setting, hook and owner: it publishes, or
refuses by name and changes nothing.
"""

from __future__ import annotations

import datetime
import os
import shutil
from pathlib import Path

import pytest

from conftest import git, mkdocs
from guide.base import clock
from guide.base.git import Repository
from guide.base.problem import ContentErrors
from guide.publish import publication, push
from guide.publish.rebuild import rebuild
from guide.publish.rollback import roll_back
from publishing import (
    TAG,
    change_the_dose,
    commit,
    copy_of,
    everything,
    refs,
    remote_of,
    run,
    whole,
    write_program,
)
from test_bad_content import said

pytestmark = pytest.mark.usefixtures("plain_environment")
OWNER = "fatal: detected dubious ownership in repository at"


@pytest.fixture
def changed(guide: Path) -> Path:
    """The published guide with a new dose that is committed."""
    change_the_dose(guide)
    commit(guide)
    return guide


def somebody_else_owns(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on git takes every repository for that of another user."""
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")


# -- the owner of the checkout -------------------------------------------------------------------


@pytest.mark.parametrize("verb", [publication.publish, roll_back, rebuild])
def test_a_checkout_of_another_owner_is_refused_in_the_words_of_git(changed, monkeypatch, verb):
    before = everything(changed)
    with monkeypatch.context() as patch:
        somebody_else_owns(patch)
        status, text = run(changed, verb)
    assert status == 1 and f"[place-is-set]\ngit: {OWNER}" in text
    assert "git config --global --add safe.directory" in text, "the remedy is git's own"
    assert "not the top of a git repository" not in text
    assert everything(changed) == before


def test_a_build_of_another_owners_checkout_takes_no_other_day(guide, monkeypatch):
    """The real day on its pages would be another one in every build."""
    somebody_else_owns(monkeypatch)
    for name, value in (("GUIDE_TODAY", "2026-06-01"), ("GUIDE_TODAY", "")):
        monkeypatch.setenv(name, value)
        with pytest.raises(ContentErrors, match=OWNER):
            clock.page_date(guide)
    done = mkdocs(guide, "build")
    assert done.returncode == 1 and OWNER in said(done) and "Traceback" not in said(done)
    assert not (guide / "site").exists()
    # A day that is given needs no repository.
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    assert clock.page_date(guide) == datetime.date(2001, 9, 9)


def test_without_git_only_a_folder_that_is_no_repository_has_the_real_day(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert clock.page_date(tmp_path) == datetime.date.today()
    (tmp_path / ".git").mkdir()
    with pytest.raises(ContentErrors, match="git was not found: install it"):
        clock.page_date(tmp_path)
    assert Repository(tmp_path).refusal().startswith("git was not found")


# -- kinds of clones -----------------------------------------------------------------------------


def clone(project: Path, name: str, *options: str) -> Path:
    other = project.parent / name
    git(project.parent, "clone", "-q", *options, f"file://{remote_of(project)}", str(other))
    git(other, "config", "user.name", "Test")
    git(other, "config", "user.email", "test@example.org")
    return other


def test_a_shallow_clone_publishes_or_says_what_it_lacks(changed):
    fresh = clone(changed, "fresh", "--depth=1")
    change_the_dose(fresh)
    commit(fresh)
    assert run(fresh)[0] == 0
    assert whole(changed) == f"{TAG}-2"
    for name in ("a", "b"):
        (fresh / name).write_text("")
        commit(fresh)
    git(fresh, "push", "-q", "origin", "main")
    late = clone(changed, "late", "--depth=1")
    before = refs(remote_of(changed))
    status, text = run(late)
    assert status == 1 and "lacks a part of the history" in text
    assert "'git fetch --unshallow' brings it" in text and "would undo it" not in text
    assert refs(remote_of(changed)) == before
    git(late, "fetch", "-q", "--unshallow")
    assert run(late, dry_run=True)[0] == 0


def test_a_roll_back_in_a_shallow_clone_says_what_it_lacks(guide):
    shallow = clone(guide, "shallow", "--depth=1", "--no-single-branch")
    status, text = run(shallow, roll_back)
    assert status == 1 and "This clone lacks some: 'git fetch --unshallow'" in text


def test_it_publishes_from_a_linked_working_copy(changed):
    git(changed, "switch", "-q", "-c", "elsewhere")
    linked = changed.parent / "linked"
    git(changed, "worktree", "add", "-q", str(linked), "main")
    assert run(linked)[0] == 0
    assert whole(changed) == f"{TAG}-2"
    assert git(linked, "status", "--porcelain") == git(changed, "status", "--porcelain") == ""
    assert git(linked, "rev-parse", "HEAD") == git(remote_of(changed), "rev-parse", "main")


def test_it_publishes_where_the_guide_is_a_submodule_itself(changed):
    """There `.git` is a file that names a folder elsewhere."""
    outside = changed.parent / "elsewhere.git"
    (changed / ".git").rename(outside)
    (changed / ".git").write_text(f"gitdir: {outside}\n")
    git(changed, "config", "core.worktree", str(changed))
    assert run(changed)[0] == 0
    assert whole(changed) == f"{TAG}-2"


def test_a_submodule_in_the_sources_is_refused_and_one_beside_them_is_not(changed):
    head = git(changed, "rev-parse", "HEAD")
    for path in ("docs/assets/theme", "tools/other"):
        (changed / path).mkdir(parents=True)
        git(changed, "update-index", "--add", "--cacheinfo", f"160000,{head},{path}")
    git(changed, "commit", "-q", "-m", "Submodules")
    before = everything(changed)
    status, text = run(changed)
    assert status == 1 and "[tree-is-clean]\ndocs/assets/theme: is a submodule" in text
    assert "tools/other" not in text and everything(changed) == before
    git(changed, "rm", "-q", "--cached", "docs/assets/theme")
    git(changed, "commit", "-q", "-m", "One less")
    status, text = run(changed)
    assert status == 0 and whole(changed) == f"{TAG}-2", text


def test_it_publishes_to_an_empty_remote(changed):
    bare = remote_of(changed)
    shutil.rmtree(bare)
    git(bare.parent, "init", "-q", "--bare", "-b", "main", str(bare))
    status, text = run(changed)
    assert status == 0 and "for the first time" in text
    assert whole(changed) == f"{TAG}-2"


# -- hooks and settings --------------------------------------------------------------------------


def test_hooks_that_fail_stop_nothing_but_a_push(changed):
    hooks = changed / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("pre-commit", "commit-msg", "post-checkout", "reference-transaction"):
        write_program(hooks / name, f"#!/bin/sh\necho {name} fails >&2\nexit 1\n")
    write_program(hooks / "pre-push", "#!/bin/sh\necho the tests fail >&2\nexit 1\n")
    # The helpers of this test commit and look, too.
    before = refs(remote_of(changed)), git(changed, "rev-parse", "HEAD")
    status, text = run(changed)
    assert status == 1 and "The push was refused" in text and "the tests fail" in text
    assert (refs(remote_of(changed)), git(changed, "rev-parse", "HEAD")) == before
    (hooks / "pre-push").unlink()
    # A push moves the branches of the remote that are noted here, which this hook forbids.
    (hooks / "reference-transaction").unlink()
    assert run(changed)[0] == 0 and whole(changed) == f"{TAG}-2"


GPG = """#!/bin/sh
case "$*" in *--verify*) echo "gpg: Good signature" >&2; echo "[GNUPG:] GOODSIG x y"; exit 0;; esac
[ -e "{refuses}" ] && echo "no secret key" >&2 && exit 2
cat > /dev/null
echo "[GNUPG:] SIG_CREATED D 1 8 00 1 x" >&2
printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nx\\n-----END PGP SIGNATURE-----\\n'
"""
SETTINGS = """[user]
	name = Test
	email = test@example.org
	signingKey = none
[commit]
	gpgSign = true
[tag]
	gpgSign = true
	forceSignAnnotated = true
[gpg]
	program = {gpg}
[log]
	showSignature = true
[push]
	default = nothing
	followTags = true
	recurseSubmodules = check
[fetch]
	prune = true
	pruneTags = true
[core]
	autocrlf = true
	quotePath = true
[color]
	ui = always
[status]
	showUntrackedFiles = no
[diff]
	noprefix = true
	renames = copies
"""


def test_the_users_own_settings_change_no_byte_of_a_publication(
    pattern, guide, tmp_path, monkeypatch
):
    """Signatures that fail, other pushes, line ends of Windows: the same site as without them."""
    (tmp_path / "plain").mkdir()
    plain = copy_of(pattern, tmp_path / "plain")
    gpg, refuses = tmp_path / "gpg", tmp_path / "refuses"
    write_program(gpg, GPG.format(refuses=refuses))
    (tmp_path / "settings").write_text(SETTINGS.format(gpg=gpg))
    for project in (plain, guide):
        change_the_dose(project)
    monkeypatch.setenv("GIT_COMMITTER_DATE", "@1900000000 +0000")
    commit(plain)
    assert run(plain)[0] == 0
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "settings"))
    commit(guide, "A signed edit")
    assert "gpg: Good signature" in git(guide, "log", "-1", "--format=%ct")
    assert clock.epoch(guide) == 1900000000
    git(guide, "tag", "-a", "-m", "mine", "mine")
    refuses.touch()
    status, text = run(guide)
    assert status == 0, text
    assert git(guide, "status", "--porcelain", "--untracked-files=all") == ""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    assert whole(guide) == f"{TAG}-2"
    trees = {git(remote_of(one), "rev-parse", "gh-pages^{tree}") for one in (plain, guide)}
    assert len(trees) == 1
    assert "refs/tags/mine" in refs(guide) and "refs/tags/mine" not in refs(remote_of(guide))


# -- what moves meanwhile ------------------------------------------------------------------------


def test_a_source_branch_that_moves_before_the_push_is_not_overwritten(changed, monkeypatch):
    other = clone(changed, "other")
    (other / "README.md").write_text("Somebody else's\n")
    commit(other)
    send = push.send

    def late(*arguments, **options):
        git(other, "push", "-q", "origin", "main")
        return send(*arguments, **options)

    monkeypatch.setattr(publication, "send", late)
    site = refs(remote_of(changed))["refs/heads/gh-pages"]
    status, text = run(changed)
    assert status == 1 and "The push was refused" in text
    there = refs(remote_of(changed))
    assert there["refs/heads/main"] == git(other, "rev-parse", "HEAD")
    assert there["refs/heads/gh-pages"] == site and f"refs/tags/{TAG}-2" not in there
    git(changed, "pull", "-q", "--rebase", "origin", "main")
    monkeypatch.setattr(publication, "send", send)
    assert run(changed)[0] == 0 and whole(changed) == f"{TAG}-2"


def test_the_words_of_a_protected_branch_are_told(changed):
    words = "error: GH006: Protected branch update failed for refs/heads/main."
    hook = remote_of(changed) / "hooks" / "update"
    write_program(
        hook, f'#!/bin/sh\n[ "$1" != refs/heads/main ] || {{ echo "{words}"; exit 1; }}\n'
    )
    before = everything(changed)
    status, text = run(changed)
    assert status == 1 and words in text
    assert everything(changed) == before
    hook.unlink()
    assert run(changed)[0] == 0 and whole(changed) == f"{TAG}-2"
