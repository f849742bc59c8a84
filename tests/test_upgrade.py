"""A guide is brought to a newer engine, whole or not at all; tests/format_1 is one of the first
format.
"""

from __future__ import annotations

import datetime
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from conftest import ROOT, git, make_current, make_project
from guide.base import all_or_none
from guide.base.layers import ENGINE
from guide.base.problem import ContentErrors
from guide.base.release import release, version_numbers
from guide.build import prepare
from guide.commands.main import main
from guide.content import models as m
from guide.content.loading import load
from guide.content.migrations import STEPS, from_1_to_2, from_2_to_3, migrated
from guide.content.migrations.edits import with_first_key
from guide.content.models.site import FORMAT
from guide.content.names import pattern
from guide.content.wording import free_digits
from guide.upgrade import plan, starter
from guide.upgrade.changelog import changes_between
from test_bad_content import mend

# The command goes by the real day; so does `make_current`.
DAY = datetime.date.today()
SITE = "content/site.yml"
VOCABULARY = "content/vocabulary.yml"
SOURCES = "content/sources.yml"
CONDITION = "content/conditions/example-disease/condition.yml"


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A guide of the first format with the starter's files, and the current folder."""
    return _old(tmp_path / "old", monkeypatch)


def _old(target: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "tests/format_1", target)
    make_current(target)
    for name in starter.WRITTEN:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(starter.today_s(name))
    monkeypatch.chdir(target)
    return target


def files_of(root: Path) -> dict[str, bytes]:
    """Every file of a guide but those that a build makes or git keeps."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.relative_to(root).parts[0] not in ("build", ".git")
    }


def texts(root: Path) -> dict[str, str]:
    return {
        name: data.decode()
        for name, data in files_of(root).items()
        if name.endswith((".yml", ".md"))
    }


def written(root: Path) -> dict[str, object]:
    return yaml.safe_load((root / VOCABULARY).read_text(encoding="utf-8"))


# -- the format ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line, message",
    [
        ("", f"{SITE}:1: the content has format 1, and this engine reads format {FORMAT}: run"),
        ("format: 1", f"{SITE}:33: the content has format 1, and this engine reads"),
        (
            f"format: {FORMAT + 1}",
            f"{SITE}:33: the content has format {FORMAT + 1}, and this engine reads format"
            f" {FORMAT}: install the newer engine: python -m pip install -r requirements.txt",
        ),
    ],
)
def test_content_of_another_format_is_refused_in_one_sentence(tiny, line, message):
    mend(tiny, SITE, f"format: {FORMAT}", line)
    # What else is wrong would only be noise: it may be right in the other format.
    mend(tiny, CONDITION, "name: example disease", "nome: example disease")
    with pytest.raises(ContentErrors) as refused:
        load(tiny)
    (problem,) = refused.value.problems
    assert str(problem).startswith(message)


def test_a_checkout_is_told_of_its_own_script_and_a_guide_of_the_command(tiny, old):
    mend(tiny, SITE, f"format: {FORMAT}", "")
    with pytest.raises(ContentErrors, match=r"run \./scripts/upgrade"):
        load(tiny)
    with pytest.raises(ContentErrors, match="run guide upgrade"):
        load(old)


def test_a_format_that_is_no_number_is_a_mistake_like_others(tiny):
    mend(tiny, SITE, f"format: {FORMAT}", "format: two")
    with pytest.raises(
        ContentErrors, match="format: 'two' is the wrong type: write a whole number"
    ):
        load(tiny)


def test_every_format_has_its_step():
    assert sorted(STEPS) == list(range(1, FORMAT))


# -- the step to format 2 ------------------------------------------------------------------------


def test_what_the_engine_knew_of_the_guides_field_goes_to_its_vocabulary(old):
    changed = migrated(texts(old), 1)
    assert changed.keys() == {SITE, VOCABULARY, CONDITION, SOURCES}
    assert yaml.safe_load(changed[VOCABULARY]) == {
        "names": ["CYP3A4", "hba1c", "JAK1", "JAK2", "SF-36", "TYK2"],
        "countries": {
            "US": ["US", "U.S.", "United States", "FDA", "American*"],
            "EU": ["EU", "Europe*", "EMA"],
        },
        "diseases": {"RA": ["rheumatoid*", "RA"]},
        "exceptions": [
            {
                "rule": "absence-is-proved",
                "record": "ci-us",
                "why": "the label's own section says that there are none",
            }
        ],
        "background": ["inhibitor"],
    }
    assert yaml.safe_load(changed[CONDITION])["pathway"] == {
        "title": "Where medicines block the signals of inflammation",
        "caption": "How signals of inflammation reach a cell, and where medicines stop them.",
    }


def test_comments_quotes_and_order_stay_as_they_are(old):
    before = texts(old)
    after = migrated(before, 1)
    first, rest = before[SITE].split("\n", 1)
    assert after[SITE] == f"{first}\nformat: {FORMAT}\n{rest}"
    assert 'name:   "Old guide"   # as it stands on the sign' in after[SITE]
    assert after[CONDITION].startswith(before[CONDITION])


def test_line_ends_stay_as_they_are(old):
    before = {name: text.replace("\n", "\r\n") for name, text in texts(old).items()}
    after = migrated(before, 1)
    for name in (SITE, CONDITION):
        assert re.findall(r"(?<!\r)\n", after[name]) == []


def test_a_step_done_twice_changes_nothing_more(old):
    once = texts(old) | migrated(texts(old), 1)
    assert migrated(once, FORMAT) == {}
    assert from_1_to_2.step(once) == {}
    # As after a power cut: all is written but the file that names the format.
    assert migrated({**once, SITE: texts(old)[SITE]}, 1) == {SITE: once[SITE]}


def test_a_vocabulary_that_the_guide_has_is_its_own(old):
    (old / VOCABULARY).write_text("names: [EX-7]\n", encoding="utf-8")
    assert migrated(texts(old), 1).keys() == {SITE, CONDITION, SOURCES}


@pytest.mark.parametrize(
    "section, rule",
    [
        ("names", "numbers-are-values"),
        ("countries", "wording-names-its-country-and-disease"),
        ("diseases", "wording-names-its-country-and-disease"),
        ("exceptions", "absence-is-proved"),
    ],
)
def test_the_new_check_would_refuse_the_guide_without_it(old, section, rule):
    for name, data in plan.plan(old, DAY).files.items():
        (old / name).parent.mkdir(exist_ok=True)
        (old / name).write_bytes(data)
    prepare(old, DAY)
    vocabulary = written(old)
    del vocabulary[section]
    (old / VOCABULARY).write_text(yaml.safe_dump(vocabulary), encoding="utf-8")
    with pytest.raises(ContentErrors) as refused:
        prepare(old, DAY)
    assert rule in {problem.rule for problem in refused.value.problems}


@pytest.mark.parametrize(
    "said",
    [
        "HLA-B27", "JAK1/2", "JAK 3", "IL-17A/IL-17F", "IL17", "STAT3", "gp130", "OAT3", "CYP2C19",
        "ASAS20", "asas 40", "ACR 50", "BASDAI 50", "JIA-ACR 30", "COVID-19", "SF-36", "SARS-CoV-2",
        "SELECT-AXIS 2", "MEASURE 4", "BE MOBILE 1", "ABILITY-1", "BUILDER-2", "NCT01234567",
        "ASAS-EULAR 2022", "BSR 2025", "ACR/SAA/SPARTAN 2019", "PANLAR 2023", "vitamin B12", "CD4",
        "T2T", "B023", "HBA1C", "TA383",
    ],
)  # fmt: skip
def test_a_name_that_was_let_through_is_let_through_still(old, said):
    evidence = "content/topics/examplinib-ed/evidence.yml"
    mend(old, evidence, "It is very uncertain whether examplinib", f"It rests on {said}, and it")
    for name, text in migrated(texts(old), 1).items():
        (old / name).write_text(text, encoding="utf-8")
    assert free_digits(f"It rests on {said}, and more.", pattern(load(old))) == ()


def test_numbers_ids_quotations_and_searched_words_become_no_names(old):
    mend(old, CONDITION, "[exampel disease]", "[exampel disease, jak2 thing]")
    names = yaml.safe_load(migrated(texts(old), 1)[VOCABULARY])["names"]
    assert "jak2" not in names and not {name for name in names if name[0].isdigit()}


def test_claims_and_words_of_another_field_are_not_handed_on(old):
    mend(old, SITE, "  RA: rheumatoid arthritis", "  RA: renal artery stenosis")
    vocabulary = yaml.safe_load(migrated(texts(old), 1)[VOCABULARY])
    assert "diseases" not in vocabulary and "false_claims" not in vocabulary
    files = texts(old) | {
        "content/medicines/baricitinib/medicine.yml": "id: baricitinib\nname: baricitinib\n"
    }
    claims = yaml.safe_load(migrated(files, 1)[VOCABULARY])["false_claims"]
    # Those of a trial, a disease and a country that the guide has not are left out.
    assert len(claims) == 5 and all(re.compile(claim["pattern"]) for claim in claims)


@pytest.mark.parametrize(
    "text, after",
    [
        ("name: A\n", "format: 2\nname: A\n"),
        (
            "# yaml-language-server: x\n# Ours.\nname: A",
            "# yaml-language-server: x\nformat: 2\n# Ours.\nname: A",
        ),
        ("---\nname: A\n", "---\nformat: 2\nname: A\n"),
        ("  name: A\n  b: 1\n", "  format: 2\n  name: A\n  b: 1\n"),
        ("name: A\nformat:  1  # old\n", "name: A\nformat:  2  # old\n"),
    ],
)  # fmt: skip
def test_the_format_finds_its_place(text, after):
    assert with_first_key(SITE, text, "format", 2) == after


def test_a_file_that_takes_no_line_is_named_with_the_remedy(old):
    files = {**texts(old), CONDITION: "{id: example-disease, name: example disease}\n"}
    with pytest.raises(ContentErrors) as refused:
        migrated(files, 1)
    (problem,) = refused.value.problems
    assert (problem.path, problem.line) == (CONDITION, 1)
    assert "write each key of the file on a line of its own" in problem.message


# -- the step to format 3 ------------------------------------------------------------------------


SOURCE_FILE = """\
sources:
  # The first one.
  - id: 'a'   # kept
    authors: %s
    title:   'As it was'
"""


def typed(authors: str, name: str = SOURCES) -> str:
    """A file of sources with these authors, in format 3."""
    return from_2_to_3.step({name: SOURCE_FILE % authors}).get(name, SOURCE_FILE % authors)


@pytest.mark.parametrize(
    "before, after",
    [
        ('["Nobody, N", "et al."]', '[{family: Nobody, given: "N"}, "et al."]'),
        ("['van der Heijde, D', et al.]", "[{family: van der Heijde, given: D}, et al.]"),
        ("[Pfizer]", "[{body: Pfizer}]"),
        ('["UCB, Inc.", "O\'Shea, JJ"]', '[{body: "UCB, Inc."}, {family: O\'Shea, given: JJ}]'),
        (
            '["Davis, JC Jr", "Li, Z"]',
            "[{family: Davis, given: JC, suffix: Jr}, {family: Li, given: Z}]",
        ),
        # What passed for the other kind before.
        ('["Çelik, Ö"]', "[{family: Çelik, given: Ö}]"),
        ('["Deodhar, A.", "et al."]', '[{family: Deodhar, given: A.}, "et al."]'),
        ('["Deodhar, Atul"]', "[{family: Deodhar, given: Atul}]"),
        (
            '["Food and Drug Administration, US"]',
            '[{body: "Food and Drug Administration, US"}]',
        ),
        ('["Health, Disability and Ageing"]', '[{body: "Health, Disability and Ageing"}]'),
        ('["A: b, {c}"]', '[{body: "A: b, {c}"}]'),
        ('["No"]', '[{body: "No"}]'),
        (
            "\n      - 'Li, Z'   # first\n      - et al.",
            "\n      - {family: Li, given: Z}   # first\n      - et al.",
        ),
        ("[]", "[]"),
        ("[{body: WHO}]", "[{body: WHO}]"),
    ],
)
def test_each_author_says_what_it_is(before, after):
    made = typed(before)
    assert made == SOURCE_FILE % after
    assert typed(after) == SOURCE_FILE % after, "a second time changes nothing"
    authors = yaml.safe_load(made)["sources"][0]["authors"]
    m.Source.model_validate(
        {"id": "a", "type": "article", "title": "T", "accessed": DAY, "primary": True}
        | {"unlinked": "made up", "authors": authors}
    )


def test_sources_by_subject_and_line_ends_are_kept():
    name = "content/sources/trials.yml"
    text = (SOURCE_FILE % '["Li, Z"]').replace("\n", "\r\n")
    changed = from_2_to_3.step({name: text, "content/other.yml": text})
    assert changed == {name: text.replace('"Li, Z"', "{family: Li, given: Z}")}


# -- the command ---------------------------------------------------------------------------------


def test_an_old_guide_is_brought_on_and_says_what_changed(old, capsys):
    before = files_of(old)
    assert main(["upgrade"]) == 0
    said = capsys.readouterr().out
    assert "wrote content/vocabulary.yml\n" in said and "renewed content/schemas/ (" in said
    assert "What changed since 0.1.0:\n\n## [0.2.0]" in said and "## [0.1.0]" not in said
    after = files_of(old)
    assert after["requirements.txt"].decode() == f"# The engine.\nopen-health-guide=={release()}\n"
    different = {name for name in after if before.get(name) != after[name]}
    assert {name for name in different if "/schemas/" not in name} == {
        SITE, VOCABULARY, CONDITION, SOURCES, "requirements.txt",
    }  # fmt: skip
    assert main(["check"]) == 0
    assert main(["upgrade"]) == 0
    assert (
        capsys.readouterr().out.splitlines()[-1].startswith("Nothing to upgrade: the content has")
    )
    assert files_of(old) == after


def test_a_dry_run_shows_the_lines_and_changes_nothing(old, capsys):
    before = files_of(old)
    assert main(["upgrade", "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "would write content/site.yml\n" in said and f"    +format: {FORMAT}\n" in said
    assert "    -open-health-guide==0.1.0\n" in said and said.endswith("Nothing was changed.\n")
    assert files_of(old) == before


@pytest.mark.parametrize("fault", [OSError("full"), KeyboardInterrupt()], ids=["disk", "Ctrl-C"])
def test_a_fault_while_files_are_written_leaves_all_as_it_was(old, monkeypatch, fault):
    before, real, count = files_of(old), all_or_none.place, []

    def faulty(path: Path, data: bytes) -> None:
        count.append(path)
        if len(count) == 5:
            raise fault
        real(path, data)

    made = plan.plan(old, DAY)
    monkeypatch.setattr(all_or_none, "place", faulty)
    with pytest.raises(type(fault)):
        all_or_none.put_all(old, made.files, SITE)
    assert len(count) > 5, "what was written before the fault is taken back"
    assert files_of(old) == before


def test_a_fault_in_a_step_leaves_all_as_it_was(old, monkeypatch):
    def faulty(files: dict[str, str]) -> dict[str, str]:
        raise ZeroDivisionError

    before = files_of(old)
    monkeypatch.setitem(STEPS, 1, faulty)
    with pytest.raises(ZeroDivisionError):
        main(["upgrade"])
    assert files_of(old) == before


def test_the_file_that_names_the_format_is_written_last(old, monkeypatch):
    order: list[Path] = []
    monkeypatch.setattr(all_or_none, "place", lambda path, data: order.append(path))
    all_or_none.put_all(old, plan.plan(old, DAY).files, SITE)
    assert order[-1] == old / SITE


def test_a_mistake_in_a_file_is_named_with_its_line_and_nothing_is_changed(old, capsys):
    mend(old, "content/glossary.yml", "term: placebo", "term: pla: cebo")
    mend(old, "content/changes.yml", "kind: editorial", "kind: no: such")
    before = files_of(old)
    assert main(["upgrade"]) == 1
    said = capsys.readouterr().err
    assert "content/glossary.yml:4: " in said and "content/changes.yml:4: " in said
    assert said.endswith("\n\nNothing was changed.\n")
    assert files_of(old) == before


def test_problems_that_are_left_keep_the_upgrade_back_unless_it_is_forced(old, capsys):
    mend(old, CONDITION, "populations: [ED]", "populations: [ED, EE]")
    before = files_of(old)
    assert main(["upgrade"]) == 1
    said = capsys.readouterr().err
    assert f"{CONDITION}:5: there is no population" in said and "--force" in said
    assert files_of(old) == before
    assert main(["upgrade", "--force"]) == 1
    assert f"{CONDITION}:5: there is no population" in capsys.readouterr().err
    assert (old / VOCABULARY).is_file()


def test_fields_still_to_fill_in_keep_nothing_back(old, capsys):
    mend(old, CONDITION, "name: example disease", "name: TODO")
    assert main(["upgrade"]) == 1
    said = capsys.readouterr()
    assert "wrote content/site.yml" in said.out and f"{CONDITION}:3: to do: name" in said.err
    assert (old / VOCABULARY).is_file()


def test_what_git_does_not_hold_is_not_risked_unless_it_is_forced(old, capsys):
    git(old, "init", "-q")
    (old / ".gitignore").write_text("build/\n", encoding="utf-8")
    git(old, "add", "-A")
    git(old, "commit", "-q", "-m", "The guide")
    (old / "content/notes.yml").write_text("note: 1\n", encoding="utf-8")
    assert main(["upgrade"]) == 1
    assert capsys.readouterr().err == (
        "A file is not committed (content/notes.yml): commit first, so that git can take the"
        " upgrade back, or add --force.\n"
    )
    assert main(["upgrade", "--dry-run"]) == 1, "content/notes.yml is no kind of file"
    (old / "content/notes.yml").unlink()
    assert main(["upgrade"]) == 0
    git(old, "checkout", "-q", "--", ".")
    git(old, "clean", "-qfd", "content")
    mend(old, CONDITION, "# The end of the file.", "# The very end.")
    assert main(["upgrade", "--force"]) == 0


def test_a_checkout_of_the_engine_has_its_content_brought_on_alone(tmp_path, monkeypatch, capsys):
    project = make_project(tmp_path / "checkout", ROOT / "tests/format_1/content")
    make_current(project)
    shutil.copy(ROOT / "tests/format_1/requirements.txt", project)
    monkeypatch.chdir(project)
    before = files_of(project)
    assert main(["upgrade"]) == 0
    different = {name for name, data in files_of(project).items() if before.get(name) != data}
    assert {SITE, VOCABULARY} < different and all(one.startswith("content/") for one in different)
    assert main(["upgrade", "--to", "9.9"]) == 2
    assert "a checkout of the engine moves by git" in capsys.readouterr().err


def test_a_folder_without_a_guide_is_told_so(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["upgrade"]) == 1
    assert (
        "content/site.yml: the file is missing: run this in the folder" in capsys.readouterr().err
    )


# -- the release ---------------------------------------------------------------------------------


def test_another_release_is_asked_for_and_does_the_rest(old, capsys):
    before = files_of(old)
    assert main(["upgrade", "--to", "9.9.1"]) == 0
    said = capsys.readouterr().out
    assert "python -m pip install -r requirements.txt\n  guide upgrade\n" in said
    after = files_of(old)
    assert after.pop("requirements.txt") == b"# The engine.\nopen-health-guide==9.9.1\n"
    before.pop("requirements.txt")
    assert after == before
    assert main(["upgrade"]) == 1
    assert f"requirements.txt:2: it asks for 9.9.1, and {release()} runs" in capsys.readouterr().err
    assert main(["upgrade", "--to", "9.9"]) == 1
    assert "requirements.txt:2: it asks for 9.9.1, which is newer" in capsys.readouterr().err
    assert main(["upgrade", "--to", "latest"]) == 2
    assert "'latest' is no version" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text, after",
    [
        (
            "open-health-guide==0.1.0  # ours\nother==1\n",
            "open-health-guide=={}  # ours\nother==1\n",
        ),
        ("Open-Health-Guide == 0.1\r\n", "Open-Health-Guide == {}\r\n"),
    ],
)
def test_only_the_version_changes_in_the_requirements(old, text, after):
    (old / "requirements.txt").write_bytes(text.encode())
    files = plan.plan(old, DAY).files
    assert files["requirements.txt"].decode() == after.format(release())


def test_requirements_that_cannot_be_raised_are_said(old):
    (old / "requirements.txt").write_text("./engine.whl\n", encoding="utf-8")
    made = plan.plan(old, DAY)
    assert "requirements.txt" not in made.files and made.changes == ""
    assert "requirements.txt pins no release of the engine" in made.notes[-1]
    (old / "requirements.txt").write_text(
        "open-health-guide==0.1.0 \\\n    --hash=sha256:00\n", encoding="utf-8"
    )
    with pytest.raises(ContentErrors, match=r"requirements.txt:1: hashes of 0\.1\.0 stand with it"):
        plan.plan(old, DAY)


def test_versions_are_compared_by_their_numbers():
    assert version_numbers("0.10") > version_numbers("0.9.9") > version_numbers("0.9")
    assert version_numbers("1.0.0") == version_numbers("1")


# -- the files of the starter --------------------------------------------------------------------


@pytest.mark.parametrize("name", starter.WRITTEN)
def test_the_digests_of_the_starter_end_with_its_file_of_today(name):
    found = starter.digest(starter.today_s(name))
    assert starter.WRITTEN[name][-1] == found, f"add {found} to WRITTEN[{name!r}]"
    # Answers in it would make it another file in each guide.
    assert b"[[" not in starter.today_s(name) and b"[%" not in starter.today_s(name)


def test_a_file_of_the_starter_is_renewed_unless_the_guide_has_changed_it(tmp_path):
    name = "tests/test_content.py"
    path = tmp_path / name
    assert starter.refreshed(tmp_path) == ({}, []), "what the guide has not does not come back"
    path.parent.mkdir()
    path.write_bytes(b"old\n")
    digests = {name: (starter.digest(b"old\n"), *starter.WRITTEN[name])}
    assert starter.refreshed(tmp_path, digests) == ({name: starter.today_s(name)}, [])
    path.write_bytes(b"own\n")
    files, notes = starter.refreshed(tmp_path, digests)
    assert files == {f"{name}.new": starter.today_s(name)}
    assert notes[0].startswith(f"kept {name}, which you have changed: compare it with {name}.new")
    # No release changed it: the guide's own file is no matter.
    assert starter.refreshed(tmp_path, {name: starter.WRITTEN[name][-1:]}) == ({}, [])
    path.write_bytes(starter.today_s(name).replace(b"\n", b"\r\n"))
    assert starter.refreshed(tmp_path, digests) == ({}, [])


# -- the changelog -------------------------------------------------------------------------------


def test_the_changelog_begins_with_the_release_of_today():
    text = (ENGINE / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"(?m)^## \[([\d.]+)\] - \d{4}-\d\d-\d\d$", text)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert versions[0] == project["version"] == release()
    assert versions == sorted(versions, key=version_numbers, reverse=True)
    assert len(versions) == len(re.findall(r"(?m)^## ", text))


def test_the_changelog_is_cut_between_two_releases():
    text = "# Log\n\n## [0.10] - x\n\nten\n\n## [0.9] - x\n\nnine\n\n## [0.8] - x\n\neight\n"
    assert (
        changes_between("0.8", "0.10.0", text) == "## [0.10] - x\n\nten\n\n## [0.9] - x\n\nnine\n"
    )
    assert changes_between("0.9", "0.9", text) == ""


# -- the installed engine ------------------------------------------------------------------------


@pytest.mark.site
def test_the_installed_engine_brings_an_old_guide_on_and_builds_it(installed, old):
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [installed / "bin" / "guide", *arguments],
            cwd=old,
            env={"PATH": os.defpath, "HOME": str(old)},
            text=True,
            capture_output=True,
            check=False,
        )

    refused = run("build")
    assert refused.returncode and "format 1" in refused.stderr + refused.stdout
    assert "guide upgrade" in refused.stderr + refused.stdout
    done = run("upgrade")
    assert done.returncode == 0, done.stderr
    assert "## [0.2.0]" in done.stdout, "the changelog travels with the engine"
    built = run("build")
    assert built.returncode == 0, built.stdout + built.stderr
    page = (old / "site/examplinib-ed/clinicians/mechanism/index.html").read_text(encoding="utf-8")
    assert "How signals of inflammation reach a cell" in page and "CYP3A4" in page
