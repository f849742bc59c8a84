"""Docs that stay true: what can be run, written or called is described, and what is described
exists.
"""

from __future__ import annotations

import ast
import os
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel, RootModel

from conftest import CONTENT_DAY, ROOT, TODAY
from guide.base.problem import ContentErrors
from guide.build import prepare
from guide.checks import registry, site
from guide.commands.main import guide, main
from guide.commands.reference import FILE, REPAIR, reference
from guide.content import models
from guide.content.fields import fields_of
from guide.content.schemas import first_line, write_schemas
from guide.content.yaml_reader import parse_yaml
from test_bad_content import answer, mend

REFERENCE = (ROOT / FILE).read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
SCALE = (ROOT / "SCALE.md").read_text(encoding="utf-8")
START = (ROOT / "START.md").read_text(encoding="utf-8")


def test_the_reference_is_current():
    assert reference(ROOT, guide.commands) == REFERENCE, (
        f"{FILE} differs from the repository: run {REPAIR}"
    )


def test_every_verb_component_field_and_rule_is_in_the_reference():
    """Counted without the code that writes it."""
    missing = [
        f"scripts/{path.name}"
        for path in (ROOT / "scripts").iterdir()
        if path.is_file()
        and os.access(path, os.X_OK)
        and not path.suffix
        and f"`./scripts/{path.name}`: " not in REFERENCE
    ]
    missing += [
        path.name
        for path in (ROOT / "overrides" / "macros").glob("[a-z]*.html")
        if f"### `{path.stem}(" not in REFERENCE
    ]
    missing += [
        path.stem
        for path in (ROOT / "scripts" / "guide" / "checks" / "rules").glob("[a-z]*.py")
        if f"**{path.stem.replace('_', '-')}**: " not in REFERENCE
    ]
    missing += [name for name in site.CHECKS if f"**{name}**: " not in REFERENCE]
    for name, model in vars(models).items():
        if (
            isinstance(model, type)
            and issubclass(model, BaseModel)
            and not issubclass(model, RootModel)
            and model not in (BaseModel, models.Strict, models.Sourced, models.PrintedVersion)
        ):
            missing += [
                f"{name}.{key}"
                for key, info in fields_of(model).items()
                if not re.search(
                    rf"`{key}`(\*\*)? \(.*\): {re.escape(info.description)}", REFERENCE
                )
            ]
    assert missing == [], f"not in {FILE}: {', '.join(missing)}: describe them, then run {REPAIR}"
    assert len(registry.all_rules()) > 20


def test_every_verb_is_in_the_help_with_a_whole_sentence(capsys):
    assert main(["--help"]) == 0
    lines = dict(re.findall(r"(?m)^  ([a-z-]+) {2,}(\S.*)$", capsys.readouterr().out))
    assert {name: lines.get(name) for name in guide.commands} == {
        name: verb.help.partition("\n")[0] for name, verb in guide.commands.items()
    }
    assert all(line.endswith(".") and not line.endswith("..") for line in lines.values()), lines


def test_each_verb_has_a_script_that_says_the_same_of_it():
    for name, verb in guide.commands.items():
        script = ROOT / "scripts" / name
        if name == "published":
            # `publish` does its work; only who publishes in another way calls it.
            assert not script.exists()
            continue
        first, comment, *code = script.read_text(encoding="utf-8").splitlines()
        assert first == "#!/usr/bin/env bash" and os.access(script, os.X_OK), name
        assert comment == f"# {verb.help.partition(chr(10))[0]}"
        assert code[-1] == f'run_guide {name} "$@"', name


def test_what_says_nothing_of_itself_is_named_with_its_place(tiny):
    mend(tiny, "overrides/macros/home.html", "When to use:", "For")
    mend(tiny, "scripts/check", "# Checks", "Checks")
    (tiny / "scripts" / "check").write_text("#!/usr/bin/env bash\ntrue\n")
    with pytest.raises(ContentErrors) as caught:
        reference(tiny, guide.commands)
    assert [str(problem) for problem in caught.value.problems] == [
        (
            "overrides/macros/home.html:1: the component does not say what it is for: start the"
            " file with '{# <what it shows> When to use: <…> When not: <…> #}'"
        ),
        "scripts/check:2: the verb does not say what it does: write a comment below its first line",
    ]


@pytest.mark.parametrize(
    "name, text",
    [
        ("README.md", README),
        ("CONTRIBUTING.md", CONTRIBUTING),
        ("SCALE.md", SCALE),
        ("START.md", START),
        (FILE, REFERENCE),
    ],
)
def test_every_file_and_verb_the_docs_name_exists(name, text):
    # Made up for the examples, or made by a build.
    invented = {
        "content/redirects.yml",
        "content/trials/example-trial.yml",
        "content/topics/madeupumab-as/topic.yml",
        "content/medicines/madeupumab/medicine.yml",
    }
    gone = [
        path
        for path in set(
            re.findall(
                r"(?<![\w./-])((?:\./)?(?:content|docs|overrides|scripts|tests)/[\w./-]*[\w/])",
                text,
            )
        )
        if "*" not in path
        and "<" not in path
        and path not in invented
        and not (ROOT / path).exists()
    ]
    assert gone == [], f"{name} names {', '.join(sorted(gone))}, which do not exist"
    links = [
        link
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
        if not (ROOT / link).exists()
    ]
    assert links == [], f"{name} links to {', '.join(links)}"


def blocks() -> dict[str, str]:
    """The YAML examples of CONTRIBUTING.md by the file that their comment names."""
    found = {}
    for block in re.findall(r"(?ms)^( *)```yaml\n(.*?)^\1```", CONTRIBUTING):
        text = textwrap.dedent(block[1])
        if name := re.search(r"# (content/[\w/.-]+)", text):
            found[name[1]] = text
    return found


def test_the_dose_of_the_example_is_the_record_itself():
    (shown,) = yaml.safe_load(blocks()["content/medicines/tofacitinib/dosing.yml"])
    record = next(
        entry
        for entry in yaml.safe_load(
            (ROOT / "content/medicines/tofacitinib/dosing.yml").read_text(encoding="utf-8")
        )["statements"]
        if entry["id"] == shown["id"]
    )
    assert {key: shown[key] for key in shown if key != "patient"} == {
        key: record[key] for key in shown if key != "patient"
    }, "CONTRIBUTING.md shows another tofa-dose-eu: copy the record"
    assert set(re.findall(r"\{\w+\}", shown["patient"])) == set(
        re.findall(r"\{\w+\}", record["patient"])
    )


def test_the_trial_of_the_example_passes_the_check(tmp_path):
    """Typed in as it stands, into the real content."""
    import shutil

    for name in ("content", "docs", "overrides"):
        shutil.copytree(ROOT / name, tmp_path / name)
    source = "".join(
        f"  {line}\n" if line and not line.startswith("  ") else f"{line}\n"
        for line in blocks()["content/sources.yml"].split("\n")[2:]
    )
    with (tmp_path / "content/sources.yml").open("a", encoding="utf-8") as sources:
        sources.write("\n" + source)
    trial = blocks()["content/trials/example-trial.yml"]
    assert trial.startswith(first_line(Path("trials/example-trial.yml")) + "\n")
    (tmp_path / "content/trials/example-trial.yml").write_text(trial, encoding="utf-8")
    built = prepare(tmp_path, CONTENT_DAY)
    # A trial of another medicine stands once, on the pages of the condition.
    conditions = {topic.condition for topic in built.library.topics.values()}
    assert {
        page.owner for page in built.pages if 'id="trial-example-trial"' in page.markdown
    } == conditions


def test_each_result_of_the_examples_is_one():
    part = CONTRIBUTING.partition("### Results that are not counts at a week")[2]
    blocks = re.findall(r"(?ms)^   ```yaml\n(.*?)^   ```", part.partition("\n## ")[0])
    kinds = []
    for number, block in enumerate(blocks):
        written, _, found = parse_yaml(textwrap.dedent(block).encode(), "CONTRIBUTING.md")
        assert found == []
        whole = models.Result.model_validate(
            {
                "id": f"example-{number}",
                "population": "AS",
                "not_rated": "Not rated.",
                "sources": ["doe-2026-example-trial"],
                "confidence": "verified",
                **written,
            }
        )
        kinds.append(whole.kind)
    assert kinds == ["counts", "rates", "means", "accuracy", "counts"]


def test_the_gap_of_the_example_is_allowed(tiny):
    """Typed in as it stands, but for the source that only the real guide has."""
    example = blocks()["content/topics/madeupumab-as/topic.yml"].replace(
        "ema-rinvoq-leaflet", "made-up-label"
    )
    topic = tiny / "content/topics/examplinib-ed/topic.yml"
    text = re.sub(r"(?m)^  pregnancy: .*\n", "", topic.read_text(encoding="utf-8"))
    topic.write_text(text.replace("gaps:\n", example.partition("\n")[2], 1), encoding="utf-8")
    assert prepare(tiny, TODAY).library.topics["examplinib-ed"].gaps["pregnancy"].looked


def test_the_redirect_of_the_example_is_one():
    models.RedirectFile.model_validate(yaml.safe_load(blocks()["content/redirects.yml"]))


def _texts(code: ast.AST) -> Iterator[str]:
    """Every text of a module, whole however its lines are broken; '…' stands for a value."""
    for node in ast.walk(code):
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_every_message_it_explains_is_one_the_check_can_say():
    """Each phrase of the table stands in the code that says it."""
    table = CONTRIBUTING.partition("## What the messages mean")[2].partition("## ")[0]
    phrases = [
        phrase
        for row in re.findall(r"(?m)^\| (`.*`) \|", table)
        for phrase in re.findall(r"`([^`]+)`", row)
    ]
    assert len(phrases) > 15
    said = "\n".join(
        text
        for path in [*(ROOT / "scripts").glob("*.py"), *(ROOT / "scripts" / "guide").rglob("*.py")]
        for text in _texts(ast.parse(path.read_text(encoding="utf-8")))
    )
    unsaid = []
    for phrase in phrases:
        parts = [part for part in re.split(r"…|'", phrase) if len(part.strip(" :()")) > 3]
        unsaid += [phrase] if any(part.strip() not in said for part in parts) else []
    assert unsaid == []


def test_the_change_log_is_begun_and_then_asked_for(tiny, monkeypatch, capsys):
    """What 'Change a dose' tells a maintainer to do, on the tiny guide."""
    from guide.content.ledger import write_ledger
    from guide.content.loading import load

    monkeypatch.chdir(tiny)
    write_schemas(tiny)
    write_ledger(tiny, load(tiny))
    dosing = "content/medicines/examplinib/dosing.yml"
    mend(tiny, dosing, "value: 2, unit: mg", "value: 3, unit: mg")
    mend(tiny, dosing, "proof: 2 mg", "proof: 3 mg")
    assert "[changes-are-logged]" in answer(tiny)
    assert main(["draft-changes"]) == 0
    assert (
        "content/changes.yml: 1 entry to complete with 'what' and 'reason'"
        in capsys.readouterr().out
    )
    lines = answer(tiny)
    assert lines[0] == "[to-do]" and [re.sub(r".*to do: ", "", line) for line in lines[1:]] == [
        "changes[0].what, changes[0].reason",
        "Each field, with what it wants: ./scripts/check --all",
    ]
    text = (tiny / "content/changes.yml").read_text(encoding="utf-8")
    assert (
        text.startswith(first_line(Path("changes.yml")))
        and 'old: "2 mg"\n    new: "3 mg"' in text
        and "First version." in text
    )
    mend(tiny, "content/changes.yml", "what: TODO", "what: The label was changed.")
    mend(tiny, "content/changes.yml", "reason: TODO", "reason: A new edition was read.")
    # The log names the day of this run; the guide of the test has a day of its own.
    log = tiny / "content/changes.yml"
    text = re.sub(r"date: \d{4}-\d\d-\d\d", f"date: {TODAY}", log.read_text("utf-8"), count=1)
    log.write_text(text, encoding="utf-8")
    answers = "content/topics/examplinib-ed/answers.yml"
    lines = answer(tiny)
    assert lines[0] == "[answers-follow-their-facts]" and len(lines) == 3
    for line in lines[1:]:
        assert line.endswith("read it again beside its facts, then write that day in 'checked'")
        written = (tiny / answers).read_text(encoding="utf-8").split("\n")
        place = int(line.removeprefix(f"{answers}:").partition(":")[0]) - 1
        assert written[place] == "    checked: 2026-01-02"
        written[place] = f"    checked: {TODAY}"
        (tiny / answers).write_text("\n".join(written), encoding="utf-8")
    shown = {page.track for page in prepare(tiny, TODAY).pages if "3\u00a0mg" in page.markdown}
    assert shown >= {"patients", "clinicians"}
    assert main(["draft-changes"]) == 0
    assert "Nothing differs from what readers were last shown." in capsys.readouterr().out
