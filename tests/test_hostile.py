"""Hostile content: markup, script, handlers, template braces and bad links in every text field of
every model; all of it is only ever text. `test_hostile_browsers` opens the same pages in three
engines.
"""

from __future__ import annotations

import copy
import datetime
import decimal
import functools
import json
import operator
import re
import shutil
import types
import typing
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import markdown
import pytest
import yaml
from bs4 import BeautifulSoup
from pydantic import BaseModel, ValidationError

from conftest import ROOT, TODAY, make_project, mkdocs
from guide.base.problem import ContentErrors
from guide.build import prepare
from guide.checks.run import BEFORE_PAGES
from guide.content import models as m
from guide.content.layout import LAYOUT, model_for
from guide.content.loading import load
from guide.content.yaml_reader import read_yaml
from guide.outputs.asset_names import assets_in
from test_bad_content import said
from test_private import REPORTS

pytestmark = pytest.mark.site

# No digits: a free number has its own check. Braces with a space: without one the loader takes them
# for a value of the record.
PAYLOADS = (
    "<script>window.pwned=true</script>",
    '<img src=x onerror="window.pwned=true">',
    "</style></script></title></textarea>-->",
    "<svg onload=window.pwned=true>",
    "{{ config }}",
    "{% for x in y %}",
    "{# note #}",
    "[link](javascript:window.pwned=true)",
    "![pic](data:text/html,x)",
    '<a href="javascript:window.pwned=true">go</a>',
    "\"' onmouseover=window.pwned=true x='",
    "`code` **bold** | cell |",
    "&lt; &copy; \\ ~ ]]> <!--",
    "# Heading { #evil }",
    "{: onclick=window.pwned=true }",
    "<javascript:window.pwned=true>",
    "<iframe srcdoc='<script>parent.pwned=true</script>'></iframe>",
    "<base href=//evil.example/>",
    "<style>*{ background:url(//evil.example/x) }</style>",
    "<form action=javascript:window.pwned=true><button autofocus onfocus=window.pwned=true>",
    "<button formaction=javascript:window.pwned=true>go</button>",
    "<details open ontoggle=window.pwned=true>",
    "<object data=javascript:window.pwned=true></object><embed src=javascript:window.pwned=true>",
    "<math><mtext><style><img src=x onerror=window.pwned=true></style></mtext></math>",
    "<noscript><p title='</noscript><img src=x onerror=window.pwned=true>'>",
    "<meta http-equiv=refresh content='; url=javascript:window.pwned=true'>",
    "<video><source onerror=window.pwned=true></video>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<x contenteditable autofocus onblur=window.pwned=true style=position:fixed>",
)
POISON = " ".join(PAYLOADS)
# What fits a short text: each field has another of them in each of its records, and in each turn.
SHORTS = [payload for payload in PAYLOADS if len(payload) < 45 and "{" not in payload] + [
    "<img src=x onerror=window.pwned=true>",
    "<svg><a xlink:href=javascript:alert()>",
    "<p style=background:url(//evil.example)>",
    "<input autofocus onfocus=window.pwned=true>",
    "<audio src onerror=window.pwned=true>",
    "<marquee onstart=window.pwned=true>",
    "<body onload=window.pwned=true>",
    "<isindex type=image onerror=pwned=true>",
    "[x]: javascript:window.pwned=true",
    "<iframe src=javascript:parent.pwned=true>",
]
# Braces in a question of a sheet are calls, and unknown ones are refused before a page is made:
# there the rest is tried.
CALLS = {("HandoutSheet", "ask")}
# A comma in a part of a person's name is refused: there a semicolon stands for it.
PARTS_OF_NAMES = {("Person", "family"), ("Person", "given"), ("Person", "suffix")}
# The guide's own links of this kind: the reference to a page, saved as a file and never opened.
REFERENCE = (
    r"data:application/(?:x-research-info-systems|x-bibtex|vnd\.citationstyles\.csl\+json)"
    r";charset=utf-8,[^<>\"]*$"
)
# What markup in a text would have made, for any browser to look for: attributes that run or lead to
# what runs, and elements that no page of the guide has.
HANDLERS = r"""reference => [...document.querySelectorAll('*')].filter(one =>
  [...one.attributes].some(a =>
    /^on/i.test(a.name)
    || (/^(href|src|action|data|srcdoc|srcset)$/i.test(a.name)
      && /^\s*(javascript|data):/i.test(a.value)
      && !(one.matches('a[download]') && a.name === 'href'
        && new RegExp(`^${reference}`).test(a.value)))
  )
).map(one => one.outerHTML.slice(0, 200))"""
FOREIGN = """() => [...document.querySelectorAll(
  'article img, article script, iframe, object, embed, base, math, video, audio,'
  + ' marquee, isindex, article style, article link, article meta, article svg a, #evil,'
  + ' [formaction], [srcdoc], [contenteditable], [style*=evil], [style*=fixed]'
)].map(one => one.outerHTML.slice(0, 200))"""
# The same in what a script of a page draws.
DRAWN = "img, script, iframe, a[href^='javascript:'], a[href^='data:']"
# What the tiny guide does not have: a file or a record of each other form, to be filled like the
# rest.
MORE = {
    "intents.yml": {"intents": [{"id": "an-intent", "meaning": "x", "urgency": "mixed"}]},
    "phrasings/a-writer.yml": {
        "written_by": "x",
        "phrasings": {"an-intent": ["x"]},
        "not_covered": ["x"],
    },
    "urgency/a-writer.yml": {
        "written_by": "x",
        "phrasings": {"emergency": ["x"]},
        "everyday": ["x"],
    },
    "vocabulary.yml": {
        "names": ["EX-#"],
        "false_claims": [{"pattern": "x", "why": "x"}],
        "countries": {"US": ["US"]},
        "diseases": {"ED": ["ED"]},
        "exceptions": [{"rule": "absence-is-proved", "record": "guide-fact", "why": "x"}],
        "background": ["x"],
    },
    "guidelines/a-guideline.yml": {
        "id": "a-guideline",
        "name": "x",
        "body": "x",
        "year": {"unknown": "x"},
        "jurisdiction": "US",
        "statements": [
            {
                "id": "guide-fact",
                "kind": "guideline",
                "population": "ED",
                "clinician": "x",
                "clinician_only": "x",
                "sources": ["made-up-paper"],
                "confidence": "secondary",
            }
        ],
    },
    "health-systems/a-country.yml": {
        "id": "a-country",
        "name": "x",
        "jurisdiction": "US",
        "conditions": ["example-disease"],
        "statements": [
            {
                "id": "cost-fact",
                "kind": "cost",
                "jurisdiction": "US",
                "population": "ED",
                "values": {"price": {"value": 2, "unit": "mg"}},
                "patient": "x {price}",
                "clinician": "x {price}",
                "sources": ["made-up-paper"],
                "confidence": "verified",
            },
            {
                "id": "unsure-fact",
                "kind": "certainty",
                "population": "ED",
                "not_rated": "x",
                "values": {"word": "x"},
                "patient": "x {word}",
                "clinician": "x {word}",
                "sources": ["made-up-paper"],
                "confidence": "verified",
            },
        ],
    },
    "trials/second-trial.yml": {
        "id": "second-trial",
        "name": "x",
        "medicine": "examplinib",
        "population": "OD",
        "phase": "x",
        "design": "x",
        "results": [
            {
                "id": "second-response",
                "endpoint": "x",
                "week": {"unknown": "x"},
                "population": "OD",
                "who": "x",
                "not_rated": "x",
                "patient": "x",
                "sources": ["made-up-paper"],
                "confidence": "verified",
                "arms": [
                    {"arm": "x", "dose": "x", "n": 10, "responders": 5},
                    {"arm": "x", "n": 10, "responders": 2},
                ],
            },
            {
                "id": "second-accuracy",
                "endpoint": "x",
                "population": "OD",
                "not_rated": "x",
                "patient": "x",
                "sources": ["made-up-paper"],
                "confidence": "verified",
                "accuracy": {
                    "reference": "x",
                    "with_condition": 10,
                    "true_positives": 9,
                    "without_condition": 10,
                    "true_negatives": 8,
                },
            },
            {
                "id": "second-score",
                "endpoint": "x",
                "week": {"unknown": "x"},
                "population": "OD",
                "not_rated": "x",
                "patient": "x",
                "sources": ["made-up-paper"],
                "confidence": "verified",
                "scale": {"better": "lower", "shows": "change"},
                "arms": [{"arm": "x", "mean": 2}, {"arm": "x", "mean": 1}],
                "non_inferiority": {"measure": "mean difference", "margin": 3, "met": "yes"},
            },
        ],
    },
    "medicines/examplinib/doses.yml": {
        "rows": [
            {
                "id": "adult",
                "population": "OD",
                "age": {"at_least": {"value": 18, "unit": "days"}},
                "weight": {"below": {"value": 50, "unit": "mg"}},
                "route": "x",
                "amount": "examplinib-dose-us.dose",
                "often": "x",
                "jurisdiction": "US",
                "facts": ["examplinib-dose-us"],
                "clinician_only": "x",
            }
        ]
    },
    "medicines/examplinib/schedule.yml": {
        "rows": [
            {
                "id": "liver",
                "test": "x",
                "patient": "x",
                "before": ["examplinib-reactions"],
                "say": {"patient": "x", "clinician": "x"},
                "gap": {
                    "kind": "not in the sources",
                    "patient": "x",
                    "ask": "x",
                    "looked": [{"source": "made-up-label", "sections": "x", "terms": ["x"]}],
                },
            },
            {
                "id": "mood",
                "test": "x",
                "patient": "x",
                "say": {"patient": "x", "clinician": "x"},
                "gap": {
                    "kind": "unknown",
                    "patient": "x",
                    "ask": "x",
                    "searched": [{"where": "x", "date": datetime.date(2026, 1, 1), "terms": ["x"]}],
                },
            },
        ]
    },
    "topics/examplinib-ed/handout.yml": {
        "patients": {"ask": ["x {medicine}"]},
        "clinicians": {"ask": ["x"]},
    },
    "topics/examplinib-ed/card.yml": {
        "rows": [
            {
                "id": "dose",
                "clinician": "x",
                "cells": [{"regions": ["US"], "clinician": "x", "facts": ["examplinib-dose-us"]}],
            },
            {
                "id": "surgery",
                "clinician": "x",
                "gap": {
                    "kind": "not in the sources",
                    "patient": "x",
                    "ask": "x",
                    "looked": [{"source": "made-up-label", "sections": "x", "terms": ["x"]}],
                },
            },
        ]
    },
    "audit.yml": {
        "instruments": [
            {
                "id": "an-instrument",
                "name": "x",
                "about": "x",
                "items": [{"id": "an-item", "item": "x", "rating": "met", "reason": "x"}],
            }
        ]
    },
    "redirects.yml": {
        "redirects": [{"from": "about/old/", "gone": "x", "date": datetime.date(2026, 6, 1)}]
    },
}

# Records that may hold values of their own, by file: the model, and the way to the first of them.
WITH_VALUES: dict[str, tuple[Any, ...]] = {
    "faq.yml": ("Question", "questions", 0),
    "answers.yml": ("Answer", "answers", 0),
    "comparison.yml": ("ComparisonCell", "rows", 0, "cells", 0),
}

# What the tiny guide's own records leave out, where a page of its topic shows it.
ADDED = {
    "medicines/example-class/medicine.yml": {
        "acts_on": {"messengers": ["x"], "inside": ["x"], "statements": ["examplinib-reactions"]}
    },
    "medicines/examplinib/medicine.yml": {
        "call_today": {"signs": ["x"], "statements": ["example-signs"]},
        "next_visit": {"signs": ["x"], "statements": ["example-signs"]},
    },
    "site.yml": {
        "call_today": {"patient": "x", "clinician": "x"},
        "crisis": [{"id": "low-mood", "patient": "x", "clinician": "x"}],
        "safety_set": [{"id": "liver", "name": "x"}],
        "licence": {"name": "x", "title": "x", "spdx": "x", "url": "https://example.org/"},
        "security": {
            "contact": ['https://example.org/"><script>window.pwned=true</script>{{config}}'],
            "policy": "https://example.org/'onmouseover=window.pwned=true[x](javascript:x)",
        },
        "populations": {
            "ED": {"name": "x", "people": "x"},
            "OD": "other disease",
            "all": "every licensed use",
            "preclinical": "laboratory work",
        },
    },
    "conditions/example-disease/condition.yml": {
        "team": "x",
        "need": {"patient": "x", "clinician": "x"},
        "pathway": {"title": "x", "caption": "x"},
    },
}


# What the rules and the search go by; no page shows it.
UNSHOWN = {"vocabulary.yml", "intents.yml", "phrasings/a-writer.yml", "urgency/a-writer.yml"}
UNSHOWN_MODELS = {
    "Vocabulary",
    "FalseClaim",
    "RuleException",
    "Intent",
    "PhrasingFile",
    "UrgencyFile",
}


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True


_Plain.add_representer(
    decimal.Decimal, lambda dumper, number: dumper.represent_float(float(number))
)


def dump(values: dict) -> str:
    """YAML as a maintainer writes it, without aliases."""
    return yaml.dump(values, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=10_000)


def is_text(annotation: object, metadata: tuple = ()) -> int:
    """How long a free text may be here; 0 where no free text is allowed."""
    if typing.get_origin(annotation) is typing.Annotated:
        inner, *metadata = typing.get_args(annotation)
        return is_text(inner, tuple(metadata))
    if annotation is str:
        # Pydantic keeps the constraints of a plain field apart, and those of a form inside a union
        # as they were written.
        if any(getattr(one, "pattern", None) for one in metadata):
            return 0
        return min(
            (one.max_length for one in metadata if getattr(one, "max_length", None)), default=4000
        )
    return 0


def forms(annotation: object, metadata: tuple = ()) -> list[object]:
    """The alternatives of an annotation, without None."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return [form for part in typing.get_args(annotation) for form in forms(part)]
    if metadata:
        return [typing.Annotated[(annotation, *metadata)]]
    return [] if annotation is type(None) else [annotation]


class Poisoner:
    """Fills every text of a file's plain values along its model; notes which fields of which model
    were filled.
    """

    def __init__(self, turn: int = 0) -> None:
        self.filled: set[tuple[str, str]] = set()
        self._turns: dict[tuple[str, str], int] = {}
        self._turn = turn

    def _short(self, field: tuple[str, str]) -> str:
        """Another of the short payloads each time that a field is filled."""
        turn = self._turns[field] = self._turns.get(field, self._turn) + 1
        return SHORTS[turn % len(SHORTS)] + "'\"{{ config }}"

    def poison(self, owner: str, name: str, room: int) -> str:
        self.filled.add((owner, name))
        mark = re.sub(r"[^A-Za-z]", "", f"zq{owner}{name}").lower() + "qz"
        poison = POISON if room > len(POISON) + 60 else self._short((owner, name))
        if (owner, name) in CALLS:
            poison = re.sub(r"[{][{%#].*?[}%#][}] ?|[{}]", "", poison)
        if (owner, name) in PARTS_OF_NAMES:
            poison = poison.replace(",", ";")
        return f"{mark} {poison}"

    def value(self, owner: str, name: str, annotation: object, value: object) -> object:
        for form in forms(annotation):
            origin, arguments = typing.get_origin(form), typing.get_args(form)
            if room := is_text(form):
                if isinstance(value, str):
                    # A wording keeps the values it calls: a number that is called nowhere is an
                    # error of its own.
                    return " ".join(
                        [self.poison(owner, name, room), *re.findall(r"\{[a-z_]+\}", value)]
                    )
            elif origin is list and isinstance(value, list):
                return [self.value(owner, name, arguments[0], one) for one in value]
            elif origin is dict and isinstance(value, dict):
                return {
                    key: self.value(owner, name, arguments[1], one) for key, one in value.items()
                }
            elif origin is typing.Annotated and isinstance(value, (list, dict)):
                return self.value(owner, name, arguments[0], value)
            elif isinstance(form, type) and issubclass(form, BaseModel) and isinstance(value, dict):
                try:
                    form.model_validate(value, strict=False)
                except ValidationError:
                    continue
                return self.model(form, value)
        return value

    def model(self, model: type[BaseModel], values: dict) -> dict:
        made = {}
        for name, info in model.model_fields.items():
            key = info.alias or name
            annotation = (
                info.annotation
                if not info.metadata
                else typing.Annotated[(info.annotation, *info.metadata)]
            )
            if key in values:
                made[key] = self.value(model.__name__, name, annotation, values[key])
        for name, info in model.model_fields.items():
            # An optional text that was left out is filled too, where the model allows it.
            key = info.alias or name
            annotation = (
                info.annotation
                if not info.metadata
                else typing.Annotated[(info.annotation, *info.metadata)]
            )
            if key in made:
                continue
            for form in forms(annotation):
                inner = typing.get_args(form)[0] if typing.get_origin(form) is list else form
                if not (room := is_text(inner)):
                    continue
                before = set(self.filled)
                text = self.poison(model.__name__, name, room)
                tried = {**made, key: [text] if inner is not form else text}
                try:
                    model.model_validate(tried, strict=False)
                    made = tried
                except ValidationError:
                    self.filled = before
                break
        return made


def text_fields(model: type[BaseModel], found: set[tuple[str, str]], seen: set[type]) -> None:
    """Every field of a model, and of the models inside it, that takes free text."""
    if model in seen:
        return
    seen.add(model)
    for name, info in model.model_fields.items():
        queue = forms(
            info.annotation
            if not info.metadata
            else typing.Annotated[(info.annotation, *info.metadata)]
        )
        while queue:
            form = queue.pop()
            if is_text(form):
                found.add((model.__name__, name))
            elif typing.get_origin(form) is list or (
                typing.get_origin(form) is typing.Annotated and typing.get_args(form)[0] is not str
            ):
                queue += forms(typing.get_args(form)[0])
            elif typing.get_origin(form) is dict:
                queue += forms(typing.get_args(form)[1])
            elif isinstance(form, type) and issubclass(form, BaseModel):
                text_fields(form, found, seen)


@pytest.fixture(scope="module")
def hostile(once) -> tuple[Path, set[tuple[str, str]], str]:
    """The tiny guide with poison in every text, built; the fields with it, and what the build said
    of it.
    """
    folder = once("hostile", make_hostile)
    filled, answer = json.loads((folder / "built.json").read_text())
    return folder / "guide", {tuple(field) for field in filled}, answer


def make_hostile(folder: Path) -> None:
    """Builds the hostile guide once for all tests of a run; see `once`."""
    _, poisoner, answer = built_hostile(folder)
    (folder / "built.json").write_text(json.dumps([sorted(poisoner.filled), answer]))


def built_hostile(folder: Path, turn: int = 0) -> tuple[Path, Poisoner, str]:
    """Builds the hostile guide below a folder; in another turn short texts hold other payloads."""
    project = make_project(folder / "guide", ROOT / "tests" / "tiny" / "content")
    content, poisoner = project / "content", Poisoner(turn)
    for name, values in MORE.items():
        (content / name).parent.mkdir(parents=True, exist_ok=True)
        (content / name).write_text(dump(values))
    (content / "links.json").write_text('{\n"about/old/": {"title": ["old"], "ids": []}\n}\n')
    for path in sorted(content.rglob("*.yml")):
        relative = path.relative_to(content)
        if relative.as_posix() in UNSHOWN:
            continue
        plain = {**read_yaml(path, relative.as_posix())[0], **ADDED.get(relative.as_posix(), {})}
        if relative.name == "sources.yml":
            plain["sources"][0]["authors"] = [{"body": "x"}]
        values = poisoner.model(model_for(relative), plain)
        if relative.name == "topic.yml":
            values["review"]["reviewed_by"] = [
                poisoner.model(
                    m.Reviewer,
                    {
                        "name": "x",
                        "role": "x",
                        "date": values["review"]["published"],
                        "statement": "x",
                    },
                )
            ]
        if relative.name == "sources.yml":
            values["sources"][0]["url"] = (
                "https://example.org/{{config}}?a=)[x](javascript:window.pwned=true)"
            )
            values["sources"][0].pop("unlinked", None)
            values["sources"][1]["doi"] = (
                "10.1000/\"><script>window.pwned=true</script>'onmouseover=window.pwned=true"
            )
        if relative.name in WITH_VALUES:
            model_name, *way = WITH_VALUES[relative.name]
            record = functools.reduce(operator.getitem, way, values)
            record["values"] = {"word": poisoner.poison(model_name, "values", 4000)}
            record["patient"] += " {word}"
            record["clinician"] += " {word}"
        path.write_text(dump(values))
    # The rules judge what a text says; here it is what keeps it text that is tried.
    for rule in (project / "scripts" / "guide" / "checks" / "rules").glob("[a-z]*.py"):
        if rule.stem not in BEFORE_PAGES:
            rule.write_text(
                rule.read_text(encoding="utf-8")
                + "\n\ndef check(guide, *page):\n    return iter(())\n\n\ncheck_page = check\n",
                encoding="utf-8",
            )
    # So do the checks of compiled pages: the finished site is to say the same.
    compiled = project / "scripts" / "guide" / "checks" / "compiled_page.py"
    compiled.write_text(
        compiled.read_text(encoding="utf-8") + "\n\n_whole = examine\n\n\ndef examine(*page):\n"
        "    return _whole(*page)._replace(problems=())\n",
        encoding="utf-8",
    )
    done = mkdocs(project, "build", "--strict")
    return project, poisoner, said(done)


def hostile_pages(project: Path) -> list[Path]:
    """The built pages of the hostile guide, for any browser to open."""
    site = project / "build" / "site-new"
    return sorted(path for path in site.rglob("*.html") if path.name != "404.html")


def test_every_text_field_of_every_model_was_filled(hostile):
    wanted: set[tuple[str, str]] = set()
    for _, model in LAYOUT:
        text_fields(model, wanted, set())
    missing = sorted(field for field in wanted - hostile[1] if field[0] not in UNSHOWN_MODELS)
    assert missing == [], f"add a record that has the field to MORE: {missing}"
    assert len(wanted) > 90


def test_braces_of_a_text_are_refused_by_the_finished_site_and_nothing_else_is_wrong(hostile):
    """Text that looks like an unfilled template is not published, whoever wrote it; so nothing of
    this replaces the site.
    """
    project, _, answer = hostile
    assert "Traceback" not in answer, answer[-3000:]
    problems = [
        line
        for line in answer.split("\n")
        if (line.startswith(("site/", "content/", "docs/"))) and "at most 2 fit a sheet" not in line
    ]
    assert problems and all(
        "is left in the page: a template was not filled" in line for line in problems
    ), [line for line in problems if "is left in" not in line][:10]
    # A picture breaks its lines where it has to.
    assert {
        re.sub(r"\s", "", piece) for piece in re.findall(r"'([^']*)' is left in the page", answer)
    } <= {"{{config}}", "{%forxiny%}"}
    assert not (project / "site").exists()


def test_nothing_runs_and_all_of_it_is_text_in_a_real_browser(hostile, browser):
    """The refused pages themselves, as a reader's browser would have got them."""
    urls = hostile_pages(hostile[0])
    context = browser.new_context()
    context.add_init_script(REPORTS)
    page = context.new_page()
    spoken, asked = [], []
    page.on("dialog", lambda dialog: (spoken.append(dialog.message), dialog.dismiss()))
    context.on(
        "request",
        lambda request: (
            asked.append(request.url) if not request.url.startswith(("file:", "data:")) else None
        ),
    )
    faults, shown = [], ""
    for path in urls:
        page.goto(path.as_uri())
        if page.evaluate("window.pwned") is not None:
            faults.append((path, "ran"))
        # From a file "self" is not everybody's "self": what counts is what is not a file of the
        # site.
        blocked = [
            report
            for report in page.evaluate("window.blocked")
            if "file:" not in report.split(" ")[1]
        ]
        if blocked:
            faults.append((path, blocked))
        bad = page.evaluate(HANDLERS, REFERENCE) + page.evaluate(FOREIGN)
        if bad:
            faults.append((path, bad[:2]))
        shown += page.evaluate("document.body.textContent")
    context.close()
    assert faults == [] and spoken == [] and asked == [] and len(urls) > 40
    # Shown as it was written.
    for piece in (
        "<script>window.pwned=true</script>",
        '<img src=x onerror="window.pwned=true">',
        "</style></script></title>",
        "{{ config }}",
        "{% for x in y %}",
        "[link](javascript:window.pwned=true)",
        "`code` **bold** | cell |",
        "&lt; &copy;",
        *(payload for payload in PAYLOADS if "`" not in payload),
    ):
        assert piece in shown, piece
    assert "OpenHealth" not in shown and "MkDocsConfig" not in shown and "<Config" not in shown


def test_there_are_payloads_enough():
    assert len(set(PAYLOADS)) >= 20 and len(set(SHORTS)) >= 20


def test_each_text_is_somewhere_or_is_for_editors(hostile):
    """What was filled and is shown nowhere would be a text that this test does not try."""
    project, filled, _ = hostile
    site = project / "build" / "site-new"
    everything = "".join(
        path.read_text(errors="replace")
        for path in site.rglob("*")
        if path.is_file() and path.suffix in (".html", ".json", ".xml", ".webmanifest", ".js")
    )
    unseen = {
        (owner, name)
        for owner, name in filled
        if re.sub(r"[^A-Za-z]", "", f"zq{owner}{name}").lower() + "qz" not in everything
    }
    editors = {field for field in unseen if field[1] in ("note", "proof", "reading")}
    assert editors == {
        (model, name)
        for model in ("Approval", "Result", "Statement")
        for name in ("note", "proof", "reading")
    }
    # What a number or an absence is held to, and what messages call a row of the safety set.
    held = {
        ("Quantity", "printed"),
        ("Quantity", "unproved"),
        ("Search", "terms"),
        ("Search", "where"),
        ("SourceWords", "words"),
        ("Unit", "printed"),
        ("SafetyItem", "name"),
        # Why a row of a dose table is for clinicians alone: for editors.
        ("DoseRow", "clinician_only"),
        ("Site", "safety_sections"),
    }
    # What people type for a thing, which the search counts word by word.
    held |= {("Question", "typed"), ("Term", "also")} & unseen
    # A form of a word by which it is found in the guide's text: nothing shows it, the text does.
    # And the name of a group, which only a list of more than seven facts shows: the next test.
    assert (
        unseen - editors - held == {("Term", "shown_as"), ("Statement", "group")} and held <= unseen
    )


def test_the_name_of_a_group_is_text(tiny):
    """Eight doses of one country in a hostile group, on the page that lists them: the name is
    there, as text.
    """
    hostile_name = "<img src=x onerror=alert(1)>"
    path = tiny / "content" / "medicines" / "examplinib" / "dosing.yml"
    [fact] = yaml.safe_load(path.read_text())["statements"]
    facts = [
        {
            **copy.deepcopy(fact),
            "id": f"{fact['id']}-{place}" if place else fact["id"],
            "group": hostile_name,
        }
        for place in range(8)
    ]
    path.write_text(yaml.safe_dump({"statements": facts}))
    built = prepare(tiny, TODAY, release=False)
    page = BeautifulSoup(
        next(
            page.markdown
            for page in built.pages
            if page.path == "examplinib-ed/clinicians/dosing.md"
        ),
        "html5lib",
    )
    [name] = page.select(".facts-group__name")
    assert name.get_text() == hostile_name and not name.find_all(True)
    assert len(name.find_next_sibling("ul").select(":scope > li.statement")) == 8


def test_the_title_of_a_section_is_text(tiny):
    """Markdown in the name of a section of questions or claims, which is the title of its page."""
    name = "Why [so](javascript:x) *big* `it` _is_?"
    for file, section in (
        ("topics/examplinib-ed/faq.yml", "Does it work?"),
        ("topics/examplinib-ed/claims.yml", "Introduction"),
    ):
        path = tiny / "content" / file
        text = path.read_text()
        assert f"section: {section}\n" in text, file
        path.write_text(text.replace(f"section: {section}\n", f"section: '{name}'\n"))
    pages = [
        page.markdown
        for page in prepare(tiny, TODAY, release=False).pages
        if page.path.endswith("/why-so-javascript-x-big-it-is.md")
    ]
    for page in pages:
        [title] = re.findall(r"^# (.*)$", page, re.M)
        made = BeautifulSoup(markdown.markdown(title), "html5lib").body
        assert name in made.get_text() and [one.name for one in made.find_all(True)] == ["p"]
    assert len(pages) == 3


def test_the_files_beside_the_pages_hold_it_as_data(hostile):
    site = hostile[0] / "build" / "site-new"
    seen = 0
    for path in sorted(site.rglob("*")):
        if path.suffix in (".json", ".webmanifest"):
            json.loads(path.read_text())
            seen += 1
        elif path.suffix == ".xml":
            ElementTree.parse(path)
            seen += 1
        elif path.suffix == ".html":
            page = path.read_text()
            for kind, body in re.findall(
                r"<script\b[^>]*type=\"?(application/(?:ld\+)?json)\"?[^>]*>(.*?)</script>",
                page,
                re.S,
            ):
                json.loads(body)
                assert "<!--" not in body and "<script" not in body, (
                    f"{path}: {kind} could end early"
                )
            # What stands in the head is text there too: one title, no attribute that ends early.
            head = BeautifulSoup(page[: page.index("<body")], "html5lib").head
            assert len(head.find_all("title")) == 1 and not head.find_all(["img", "svg", "a"]), path
    assert seen > 3
    with zipfile.ZipFile(site / "guide.zip") as packed:
        text = packed.read(f"guide/{assets_in(site)['assets/search/patients.json']}.js").decode()
        assert text.startswith("window.guideSearchData = ") and json.loads(
            text.removeprefix("window.guideSearchData = ").rstrip().removesuffix(";")
        )
    feed = (site / "feed.xml").read_text()
    assert "<script" not in feed and "&lt;script&gt;" in feed


@pytest.fixture
def unpacked(hostile, browser, tmp_path):
    """A tab that reports what ran or was refused, and the folder of the unpacked copy of the
    hostile guide.
    """
    with zipfile.ZipFile(hostile[0] / "build" / "site-new" / "guide.zip") as packed:
        packed.extractall(tmp_path)
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(REPORTS)
    page = context.new_page()
    yield page, tmp_path / "guide"
    context.close()


def test_the_search_shows_it_as_text(unpacked):
    page, folder = unpacked
    page.goto((folder / "index.html").as_uri())
    page.keyboard.press("/")
    page.locator(".md-search__input").fill("onmouseover script")
    page.locator(".md-search-result__item a").first.wait_for(timeout=15000)
    assert "<script>" in page.locator("#search-results").inner_text()
    assert page.evaluate("window.pwned") is None and page.evaluate("window.blocked") == []
    assert page.locator("#search-results img, #search-results script").count() == 0


def test_what_the_scripts_of_a_page_draw_is_text_too(unpacked):
    """The window of a link, the sections of a handout, the choice of options and the words
    explained are drawn in the browser, from the same texts.
    """
    page, folder = unpacked

    def opened(name: str) -> None:
        page.goto((folder / name / "index.html").as_uri())

    def harmless(where: str, drawn: str) -> None:
        assert page.evaluate("window.pwned") is None and page.evaluate("window.blocked") == [], (
            where
        )
        assert page.locator(drawn).locator(DRAWN).count() == 0, where

    opened("examplinib-ed/clinicians/trials")
    cited = ""
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    for control in page.locator("article .permalink").all():
        control.click()
        page.locator("dialog.share").wait_for()
        cited += page.get_by_label("Line to cite", exact=True).input_value()
        harmless("link window", "dialog.share")
        page.keyboard.press("Escape")
    assert "<script>window.pwned=true</script>" in cited
    opened("examplinib-ed/patients/handout")
    labels = page.locator(".print-choice label").all_inner_texts()
    assert len(labels) > 4
    harmless("handout", ".print-choice")
    opened("example-disease/clinicians/options")
    # Two options are not to be chosen from: what stands in their columns is what is drawn.
    assert "<img src=x" in page.locator(".options").first.inner_text()
    harmless("options", ".options")
    opened("examplinib-ed/check")
    page.locator("form.check-print input").fill(POISON)
    page.keyboard.press("Enter")
    assert "<script>" in page.locator(".check-print__unknown").inner_text()
    harmless("check of a print", ".check-print__unknown")


def patterned(
    model: type[BaseModel], found: dict[str, set[tuple[str, str]]], seen: set[type]
) -> None:
    """Every pattern that a text of a model, or of the models inside it, must have, with the fields
    that have it.
    """
    if model in seen:
        return
    seen.add(model)
    for name, info in model.model_fields.items():
        queue = [
            (form, ())
            for form in forms(
                info.annotation
                if not info.metadata
                else typing.Annotated[(info.annotation, *info.metadata)]
            )
        ]
        while queue:
            form, metadata = queue.pop()
            origin, arguments = typing.get_origin(form), typing.get_args(form)
            if origin is typing.Annotated:
                queue.append((arguments[0], arguments[1:]))
            elif form is str:
                for pattern in filter(None, (getattr(one, "pattern", None) for one in metadata)):
                    found.setdefault(pattern, set()).add((model.__name__, name))
            elif isinstance(form, type) and issubclass(form, BaseModel):
                patterned(form, found, seen)
            else:
                queue += [
                    (one, ())
                    for argument in arguments
                    if not isinstance(argument, str)
                    for one in forms(argument)
                ]


def test_a_text_with_a_form_of_its_own_has_no_room_for_any_of_it():
    """Fields that are no free text are held by a pattern: each of them refuses what could become
    markup, a call or a script's address. A few leave room behind a safe beginning; those are the
    ones that the hostile build fills by hand.
    """
    found: dict[str, set[tuple[str, str]]] = {}
    for _, model in LAYOUT:
        patterned(model, found, set())
    fields = {field for owners in found.values() for field in owners}
    assert (
        len(found) > 8
        and {
            ("Source", "url"),
            ("Source", "doi"),
            ("Source", "pmid"),
            ("Source", "id"),
            ("Redirect", "to"),
        }
        <= fields
    )
    room = set()
    for pattern, owners in found.items():
        for hostile in (
            *POISON.split(" "),
            POISON,
            *PAYLOADS,
            *SHORTS,
            "javascript:window.pwned=true",
            "JavaScript:x",
            "data:text/html,x",
            "//evil.example/",
            "{{config}}",
            "a\nb",
            "\u202ex",
        ):
            assert not re.search(pattern, hostile) or re.fullmatch(r"[A-Za-z0-9#|_-]+", hostile), (
                pattern,
                hostile,
                owners,
            )
        # Behind a beginning that the pattern likes.
        if any(
            re.search(pattern, f"{good}{tail}")
            for good in (
                "https://example.org/",
                "10.1000/",
                "a-page/",
                "a",
                "NCT00000000",
                "2026",
                "1",
            )
            for tail in ('"><script>', "' onmouseover=x", "{{config}}", "](javascript:x)")
        ):
            room |= owners
    assert room == {
        ("Source", "url"),
        ("Source", "doi"),
        ("Security", "contact"),
        ("Security", "policy"),
    }


# What turns the direction of a text or stands in it unseen.
UNSEEN = [
    0x00,
    0x08,
    0x1B,
    0x7F,
    0x85,
    0x061C,
    0x200B,
    0x200E,
    0x200F,
    *range(0x2028, 0x202F),
    *range(0x2060, 0x206A),
    0xFEFF,
    0xFFF9,
    0xE0001,
    0xE0061,
]


def texts(value: object, where: tuple = ()):
    """The place of every text in a file's plain values."""
    if isinstance(value, str):
        yield where
    for key, one in (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    ):
        yield from texts(one, (*where, key))


def test_a_character_that_turns_or_hides_text_is_refused_in_every_text_of_every_kind_of_file(
    tmp_path,
):
    """Not two fields as an example: each text of each file, and each character at least once in
    each kind of file.
    """
    files = {
        path.relative_to(ROOT / "tests/tiny/content").as_posix(): yaml.safe_load(path.read_text())
        for path in sorted((ROOT / "tests/tiny/content").rglob("*.yml"))
    } | MORE
    kinds, looked = {}, 0
    for name, values in files.items():
        for number, where in enumerate(texts(values)):
            code = UNSEEN[number % len(UNSEEN)]
            kinds.setdefault(model_for(Path(name)), set()).add(where[-1])
            spoilt = copy.deepcopy(values)
            inner = spoilt
            for key in where[:-1]:
                inner = inner[key]
            inner[where[-1]] += f" {chr(code)}x"
            path = tmp_path / "file.yml"
            path.write_text(
                yaml.dump(spoilt, Dumper=_Plain, sort_keys=False, width=10_000), encoding="utf-8"
            )
            _, _, problems = read_yaml(path, name)
            assert any(
                "the text holds the invisible character U+" in problem.message
                for problem in problems
            ), (name, where, hex(code))
            looked += 1
    assert (
        set(kinds) >= {model for pattern, model in LAYOUT if model.__name__ not in ("VersionFile",)}
        and looked > 200
    )


@pytest.mark.parametrize("code", UNSEEN, ids=hex)
def test_each_such_character_is_named(tmp_path, code):
    path = tmp_path / "file.yml"
    path.write_text(yaml.dump({"text": f"a{chr(code)}b"}), encoding="utf-8")
    _, _, problems = read_yaml(path, "file.yml")
    assert [problem.message for problem in problems] == [
        f"text: the text holds the invisible character U+{code:04X}: delete it"
    ]


@pytest.mark.parametrize(
    "file, old, new, answer",
    [
        (
            "content/topics/examplinib-ed/topic.yml",
            "title: Examplinib in",
            'title: "Examplinib \u202ein',
            "the text holds the invisible character U+202E: delete it",
        ),
        (
            "content/site.yml",
            "tagline: A made-up",
            'tagline: "A \u2066made-up',
            "the text holds the invisible character U+2066: delete it",
        ),
        (
            "content/sources.yml",
            "url: https://example.org/label",
            "url: data:text/html,x",
            "'data:text/html,x' has the wrong form",
        ),
        (
            "content/sources.yml",
            "url: https://example.org/label",
            "url: JavaScript:alert(1)",
            "'JavaScript:alert(1)' has the wrong form",
        ),
        (
            "content/topics/examplinib-ed/evidence.yml",
            "clinician: It is",
            'clinician: "{{config}} It is',
            "config",
        ),
        (
            "content/topics/examplinib-ed/faq.yml",
            "section: Does it work?",
            f"section: {'long ' * 30}",
            "149 characters: at most 90 fit here",
        ),
    ],
)
def test_what_is_never_text_is_refused_with_its_line(tiny, file, old, new, answer):
    from conftest import TODAY
    from guide.build import prepare

    path = tiny / file
    text = path.read_text()
    assert old in text
    line = next(line for line in text.split("\n") if old in line)
    path.write_text(text.replace(line, line.replace(old, new) + ('"' if '"' in new else "")))
    with pytest.raises(ContentErrors) as caught:
        prepare(tiny, TODAY)
    said_ = [str(problem) for problem in caught.value.problems]
    assert any(answer in one and one.startswith(f"{file}:") for one in said_), said_


def test_the_tiny_guide_loads_as_it_is(tiny):
    """The refusals above are not the tiny guide's own."""
    assert load(tiny).records
    shutil.rmtree(tiny)
