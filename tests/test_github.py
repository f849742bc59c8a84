"""What GitHub reads: workflows that call only what exists, forms with what GitHub demands, and no
invented owner.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from conftest import ROOT, git, make_project
from guide.commands.main import guide

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
FORMS = sorted(
    path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml"
)
# The only code of others that runs with this project's rights: GitHub's own.
ACTIONS = {
    "actions/checkout",
    "actions/setup-python",
    "actions/download-artifact",
    "actions/upload-artifact",
    "actions/upload-pages-artifact",
    "actions/deploy-pages",
}


def read(path: Path) -> dict:
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(found, dict), path
    return found


def jobs(path: Path):
    return read(path)["jobs"].items()


def steps(path: Path) -> list[dict]:
    return [step for _, job in jobs(path) for step in job["steps"]]


def names(files: list[Path]) -> list[str]:
    return [path.stem for path in files]


def test_the_workflows_are_there():
    assert names(WORKFLOWS) == ["night", "publish", "pull-request", "weekly"] and names(FORMS) == [
        "hazard",
        "wrong-fact",
    ]


@pytest.mark.parametrize("path", WORKFLOWS, ids=names(WORKFLOWS))
def test_a_workflow_has_the_form_github_demands(path):
    flow = read(path)
    # YAML 1.1 reads the key 'on' as true; GitHub reads it as 'on'.
    assert flow["name"] and flow.get("on", flow.get(True)) is not None
    assert flow["permissions"] == {"contents": "read"}, "more is granted job by job"
    for name, job in jobs(path):
        assert job["runs-on"] and job["timeout-minutes"] <= 120, name
        for needed in [job["needs"]] if isinstance(job.get("needs"), str) else job.get("needs", []):
            assert needed in flow["jobs"]
        for step in job["steps"]:
            assert ("uses" in step) != ("run" in step), step
            assert set(step) <= {"name", "id", "if", "uses", "with", "run", "env"}, step
            if "uses" in step:
                assert step["uses"].partition("@")[0] in ACTIONS, step["uses"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=names(WORKFLOWS))
def test_an_action_is_the_commit_that_was_read_and_says_its_version(path):
    """A tag of somebody else's repository can be moved to other code, a commit cannot; the version
    beside it is for people and for Dependabot.
    """
    lines = [
        line.strip() for line in path.read_text(encoding="utf-8").splitlines() if "uses:" in line
    ]
    assert lines and all(
        re.fullmatch(r"(- )?uses: actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)
        for line in lines
    ), lines
    everywhere = [
        re.search(r"(actions/[a-z-]+)@(\S+ # \S+)", line).groups()
        for one in WORKFLOWS
        for line in one.read_text(encoding="utf-8").splitlines()
        if "uses:" in line
    ]
    assert len(dict(everywhere)) == len(set(everywhere)), "one action, one version"


@pytest.mark.parametrize("path", WORKFLOWS, ids=names(WORKFLOWS))
def test_a_job_holds_only_the_rights_it_uses(path):
    """Who runs tests, builds or asks the web cannot write; what is checked out keeps its key only
    where a push needs it, and there git runs alone.
    """
    for name, job in jobs(path):
        runs = " ".join(step.get("run", "") for step in job["steps"])
        pushes = re.search(r"\./scripts/push ", runs) is not None
        granted = job.get("permissions", {"contents": "read"})
        assert (granted.get("contents") == "write") == pushes, name
        assert {right for right, level in granted.items() if level == "write"} <= {
            "contents",
            *(("pages", "id-token") if uses(job, "actions/deploy-pages") else ()),
            *(("actions",) if "/enable" in runs else ()),
        }, name
        for step in uses(job, "actions/checkout"):
            kept = step.get("with", {}).get("persist-credentials") is not False
            assert kept == pushes, name
        if pushes:
            # No package of anybody is there: no Python is set up, and the script calls none.
            assert [step.get("uses", "").partition("@")[0] for step in job["steps"]] == [
                "actions/checkout",
                "actions/download-artifact",
                "",
            ], name
            assert job["steps"][-1]["run"] == (
                './scripts/push "$RUNNER_TEMP/handed-over" "$BRANCH"'
            ), name


def test_the_script_that_pushes_calls_git_and_the_tools_of_the_system_alone():
    text = (ROOT / "scripts" / "push").read_text(encoding="utf-8")
    assert "environment.sh" not in text and "python" not in text and "node" not in text
    known = {
        "git",
        "cd",
        "dirname",
        "printf",
        "exit",
        "refuse",
        "cat",
        "sha256sum",
        "cut",
        "grep",
        "set",
    }
    code = re.sub(r"'[^']*'|#.*", "", text)
    called = set(re.findall(r"(?:^|\$\(|\| |&& |\|\| )\s*([a-z][a-z0-9]+)(?= )", code, re.M))
    assert called <= known | {"if", "while", "case", "done", "leases", "true"}, called - known


def uses(job: dict, action: str) -> list[dict]:
    return [step for step in job["steps"] if step.get("uses", "").startswith(f"{action}@")]


def test_every_test_job_has_its_time_and_the_whole_history():
    """The suite drives real browsers and kills publications: it takes its time; and it holds
    today's addresses against the history's.
    """
    testing = [
        (path.stem, job)
        for path in WORKFLOWS
        for _, job in jobs(path)
        if any("./scripts/test" in step.get("run", "") for step in job["steps"])
    ]
    assert {name for name, _ in testing} == {"night", "publish", "pull-request"}
    for name, job in testing:
        assert (
            job["timeout-minutes"] == 90
            and uses(job, "actions/checkout")[0]["with"]["fetch-depth"] == 0
        ), name


def test_every_test_runs_at_night_and_before_a_publication():
    """A pull request leaves the night tier out, so that its author need not wait for it."""
    runs = {
        path.stem: [step["run"] for step in steps(path) if "./scripts/test" in step.get("run", "")]
        for path in WORKFLOWS
    }
    assert runs == {
        "night": ["./scripts/test --all"],
        "publish": ["./scripts/test --all"],
        "pull-request": ["./scripts/test"],
        "weekly": [],
    }
    night = read(GITHUB / "workflows" / "night.yml")
    cron = (night.get("on") or night[True])["schedule"][0]["cron"]
    assert re.fullmatch(r"\d+ \d+ \* \* \*", cron), "once a day"


def test_the_code_is_checked_in_each_pull_request_and_before_the_tests_elsewhere():
    flow = dict(jobs(GITHUB / "workflows" / "pull-request.yml"))
    assert [step["run"] for step in flow["lint"]["steps"] if "run" in step] == ["./scripts/lint"]
    assert "needs" not in flow["test"], "who mends a line of style also learns what the tests say"
    commands = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-2:]
    assert commands == ["./scripts/lint", "exec ./scripts/test"]


def test_nothing_is_pushed_or_shown_when_the_tests_failed():
    flow = dict(jobs(GITHUB / "workflows" / "publish.yml"))
    passed = "(needs.test.result == 'success' || needs.test.result == 'skipped')"
    for name in ("build", "pages"):
        assert "test" in flow[name]["needs"] and flow[name]["if"].startswith(
            f"!cancelled() && {passed} && "
        ), name
    assert flow["push"]["needs"] == "build"
    assert flow["push"]["if"] == (
        "!cancelled() && needs.build.result == 'success' && needs.build.outputs.digest != ''"
    )
    # Skipped only where nothing new is shown: in a dry run and a roll-back.
    assert (
        flow["test"]["if"]
        == "startsWith(github.ref, 'refs/tags/published-') || inputs.what == 'publish'"
    )
    assert flow["build"]["if"].endswith("github.ref_name == github.event.repository.default_branch")
    assert flow["pages"]["if"].endswith(
        "(needs.push.result == 'success' || needs.push.result == 'skipped') && (github.event_name"
        " == 'push' || needs.build.result == 'success' && inputs.what != 'dry run')"
    )


@pytest.mark.parametrize("path", WORKFLOWS, ids=names(WORKFLOWS))
def test_a_workflow_calls_only_scripts_that_exist_with_options_they_have(path):
    called = [
        call
        for step in steps(path)
        for call in re.findall(r"\./(scripts/\S+)((?: --[a-z-]+)*)", step.get("run", ""))
    ]
    assert called
    for script, options in called:
        assert os.access(ROOT / script, os.X_OK), script
        verb = guide.commands.get(Path(script).name)
        known = (
            {option for parameter in verb.params for option in parameter.opts}
            if verb
            else set(re.findall(r"--[a-z-]+", (ROOT / script).read_text(encoding="utf-8")))
        )
        assert set(options.split()) <= known, script


@pytest.mark.parametrize("path", WORKFLOWS, ids=names(WORKFLOWS))
def test_nothing_a_stranger_writes_is_run(path):
    """Inputs and titles reach a command through its environment, never through its text."""
    for step in steps(path):
        assert "${{" not in step.get("run", ""), step


def test_who_publishes_sees_the_whole_history_and_waits_for_others():
    """Both workflows that push check out everything, take turns, and deploy the published branch
    itself.
    """
    for name in ("publish", "weekly"):
        path = GITHUB / "workflows" / f"{name}.yml"
        pushing = [
            job
            for _, job in jobs(path)
            if any(
                re.search(r"\./scripts/(publish|push) ", step.get("run", ""))
                for step in job["steps"]
            )
        ]
        assert [job.get("permissions") for job in pushing] == [None, {"contents": "write"}]
        for job in pushing:
            assert job["steps"][0]["with"]["fetch-depth"] == 0
            group = job.get("concurrency") or read(path)["concurrency"]
            assert group == {"group": "publish", "cancel-in-progress": False}
        handed_over, fetched = (
            uses(job, f"actions/{way}-artifact")[0]["with"]
            for job, way in zip(pushing, ("upload", "download"), strict=True)
        )
        assert handed_over.items() >= fetched.items() and fetched["name"] == "handed-over"
        deploying = next(job for _, job in jobs(path) if uses(job, "actions/deploy-pages"))
        checkout, upload = (
            uses(deploying, "actions/checkout")[-1]["with"],
            uses(deploying, "actions/upload-pages-artifact")[0]["with"],
        )
        assert checkout == {"ref": "gh-pages", "path": upload["path"], "persist-credentials": False}
    cron = (
        read(GITHUB / "workflows" / "weekly.yml").get("on")
        or read(GITHUB / "workflows" / "weekly.yml")[True]
    )["schedule"][0]["cron"]
    assert re.fullmatch(r"\d+ \d+ \* \* [0-6]", cron), "once a week"
    weekly = [step.get("run", "") for step in steps(GITHUB / "workflows" / "weekly.yml")]
    assert any("--rebuild" in run for run in weekly)
    # GitHub switches a quiet repository's schedule off after sixty days; a finished guide is quiet.
    assert any(run.endswith('actions/workflows/weekly.yml/enable"') for run in weekly)


# What each element of an issue form must and may have (GitHub's "Syntax for GitHub's form schema").
ATTRIBUTES = {
    "markdown": ({"value"}, set()),
    "input": ({"label"}, {"description", "placeholder", "value"}),
    "textarea": ({"label"}, {"description", "placeholder", "value", "render"}),
    "dropdown": ({"label", "options"}, {"description", "multiple", "default"}),
    "checkboxes": ({"label", "options"}, {"description"}),
}


@pytest.mark.parametrize("path", FORMS, ids=names(FORMS))
def test_an_issue_form_has_what_github_demands(path):
    form = read(path)
    assert (
        {"name", "description", "body"}
        <= set(form)
        <= {"name", "description", "title", "labels", "body", "assignees", "projects", "type"}
    )
    ids, labels = [], []
    for element in form["body"]:
        must, may = ATTRIBUTES[element["type"]]
        attributes = set(element["attributes"])
        assert must <= attributes <= must | may, element
        assert set(element) <= {"type", "attributes", "id", "validations"}
        if element["type"] == "markdown":
            assert "validations" not in element
            continue
        assert re.fullmatch(r"[A-Za-z0-9_-]+", element["id"])
        ids.append(element["id"])
        labels.append(element["attributes"]["label"])
        assert set(element.get("validations", {})) <= {"required"}
        options = element["attributes"].get("options", [])
        assert len(options) == len({str(option) for option in options})
    assert len(ids) == len(set(ids)) > 3 and len(labels) == len(set(labels))


def test_the_forms_ask_for_statement_source_and_words_and_for_no_diagnosis():
    required = {
        path.stem: {
            element["id"]
            for element in read(path)["body"]
            if element.get("validations", {}).get("required")
        }
        for path in FORMS
    }
    assert {"statement", "guide-says", "source", "source-says"} <= required["wrong-fact"]
    assert {"where", "misread", "harm"} <= required["hazard"]
    for path in FORMS:
        first = read(path)["body"][0]
        assert first["type"] == "markdown" and re.search(
            r"do not write anything about your own health", first["attributes"]["value"]
        )
    assert read(GITHUB / "ISSUE_TEMPLATE" / "config.yml")["blank_issues_enabled"] is False


def test_owners_are_real_or_commented_and_their_paths_exist():
    for line in (GITHUB / "CODEOWNERS").read_text(encoding="utf-8").splitlines():
        path = re.match(r"(# )?(/\S+)\s+(@\S+(?: @\S+)*)$", line)
        if path is None:
            assert line == "" or line.startswith("#"), line
            continue
        assert list(ROOT.glob(path[2].lstrip("/").rstrip("/"))), f"{path[2]} names nothing"
        assert path[1] or "OWNER-OF" not in line, "a placeholder is no owner"
    text = (GITHUB / "CODEOWNERS").read_text(encoding="utf-8")
    assert "dosing.yml" in text and "safety.yml" in text


def test_dependabot_and_pre_commit_have_their_forms():
    bot = read(GITHUB / "dependabot.yml")
    assert bot["version"] == 2
    assert [update["package-ecosystem"] for update in bot["updates"]] == [
        "pip",
        "npm",
        "github-actions",
    ]
    for update in bot["updates"]:
        assert update["directory"] == "/" and update["schedule"]["interval"] in (
            "daily",
            "weekly",
            "monthly",
        )
    for repository in read(ROOT / ".pre-commit-config.yaml")["repos"]:
        assert repository["repo"] == "local", "no hook comes from elsewhere"
        for hook in repository["hooks"]:
            assert {"id", "name", "entry", "language"} <= set(hook) and hook["language"] == "system"
            assert os.access(ROOT / hook["entry"].split()[0], os.X_OK)
            re.compile(hook["files"])


def test_each_hook_is_a_verb_of_the_project_and_runs_for_what_it_depends_on():
    """What makes a check fail or a generated file old calls the hook that says so, before it is
    committed.
    """
    hooks = {
        hook["id"]: hook
        for repository in read(ROOT / ".pre-commit-config.yaml")["repos"]
        for hook in repository["hooks"]
    }
    assert {name: hook["entry"] for name, hook in hooks.items()} == {
        "content-check": "./scripts/check",
        "schemas-current": "./scripts/schemas",
        "reference-current": "./scripts/reference",
        "lint": "./scripts/lint",
    }
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for hook in hooks.values():
        assert f"`{hook['entry']}" in readme and hook["pass_filenames"] is False, hook["id"]

    def called(path: str) -> set[str]:
        assert (ROOT / path).exists(), path
        return {name for name, hook in hooks.items() if re.search(hook["files"], path)}

    everything = set(hooks)
    for path in (
        "scripts/guide/content/models/facts.py",
        "scripts/guide/content/library.py",
        "scripts/guide/content/fields.py",
    ):
        assert called(path) == everything, path
    assert called("scripts/check") == {"content-check", "reference-current"}
    for path in ("overrides/macros/verdict.html", "scripts/hooks.py"):
        assert called(path) == {"content-check", "reference-current", "lint"}, path
    assert (
        called("docs/assets/css/20-text.css") == called("docs/sw.js") == {"content-check", "lint"}
    )
    assert called("scripts/guide/checks/rules/facts_stand_once.py") == everything
    # A new file of the content wants its first line.
    assert (
        called("content/medicines/tofacitinib/dosing.yml")
        == called("content/schemas/topic.json")
        == {"content-check", "schemas-current"}
    )
    assert called("REFERENCE.md") == {"reference-current"} and called("docs/about/data.md") == {
        "content-check"
    }
    assert called("tests/conftest.py") == called("pyproject.toml") == {"lint"}
    assert called("README.md") == set()


def test_a_hook_that_finds_an_old_file_writes_it_and_git_sees_that(tmp_path):
    """pre-commit stops a commit in which a hook changed a file: so an old schema or reference never
    gets through unseen.
    """
    project = make_project(tmp_path / "guide", ROOT / "content")
    for name in ("REFERENCE.md", "README.md", "CONTRIBUTING.md"):
        shutil.copy(ROOT / name, project / name)
    git(project, "init", "-q")
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "The guide")
    for verb in ("schemas", "reference"):
        run_verb(project, verb)
    assert git(project, "status", "--short", "--untracked-files=no") == "", (
        "what is current is left alone"
    )
    models = project / "scripts" / "guide" / "content" / "models" / "site.py"
    text = models.read_text(encoding="utf-8")
    assert text.count('"Why it changed."') == 1
    models.write_text(text.replace('"Why it changed."', '"Why it was changed."'), encoding="utf-8")
    for verb in ("schemas", "reference"):
        run_verb(project, verb)
    assert git(project, "diff", "--name-only").split() == [
        "REFERENCE.md",
        "content/schemas/change-file.json",
        "scripts/guide/content/models/site.py",
    ]


def run_verb(project: Path, verb: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "guide", verb],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project / "scripts")},
        capture_output=True,
        check=True,
    )


# Citation File Format 1.2.0: what may stand at the top, and what of an entity.
CFF = {
    "abstract",
    "authors",
    "cff-version",
    "commit",
    "contact",
    "date-released",
    "doi",
    "identifiers",
    "keywords",
    "license",
    "license-url",
    "message",
    "preferred-citation",
    "references",
    "repository",
    "repository-artifact",
    "repository-code",
    "title",
    "type",
    "url",
    "version",
}
ENTITY = {
    "address",
    "alias",
    "city",
    "country",
    "date-end",
    "date-start",
    "email",
    "fax",
    "location",
    "name",
    "orcid",
    "post-code",
    "region",
    "tel",
    "website",
}


def test_the_citation_file_is_valid():
    cff = read(ROOT / "CITATION.cff")
    assert {"authors", "cff-version", "message", "title"} <= set(cff) <= CFF
    assert cff["cff-version"] == "1.2.0" and cff["type"] in ("software", "dataset")
    assert cff["authors"] == [
        {
            "name": yaml.safe_load((ROOT / "content" / "site.yml").read_text(encoding="utf-8"))[
                "publisher"
            ]["name"]
        }
    ]
    assert all(set(author) <= ENTITY for author in cff["authors"])
    assert isinstance(cff["version"], str) and f'version = "{cff["version"]}"' in (
        ROOT / "pyproject.toml"
    ).read_text(encoding="utf-8")
    assert (
        cff["keywords"]
        and all(isinstance(word, str) for word in cff["keywords"])
        and len(set(cff["keywords"])) == len(cff["keywords"])
    )
