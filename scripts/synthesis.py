"""A guide of any size, made of copies of the real one, to measure what size costs.

Each copy is a world of its own: a condition with its medicines, trials, guidelines, payers and
topics, as many and as long as in the real guide, under other names. Ids, names of medicines and
words for the disease are changed word by word in the YAML text, so that no rule, page or search
takes one world's facts for another's.
"""

from __future__ import annotations

import importlib
import re
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from guide.content.layout import LEDGER
from guide.content.library import Library
from guide.content.loading import load

WORD = re.compile(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*")
# A value called in a wording, of the fact itself or of another, or given under a fact.
VALUE_NAME = re.compile(
    r"\{(?:[a-z0-9-]+\.)?([a-z][a-z0-9_]*)\}|^ +([a-z][a-z0-9_]*)(?=: )|[{,]"
    r" *([a-z][a-z0-9_]*)(?=: )",
    re.M,
)
# What the rules know the real guide's disease by; in a copy these words are other words.
DISEASE = (
    "ankylosing",
    "axial",
    "spine",
    "spinal",
    "AS",
    "axSpA",
    "nr-axSpA",
    "non-radiographic",
    "nonradiographic",
    "spondyloarthritis",
    "spondylitis",
)
# Rules that copies break by being copies, and by made-up names that are longer to say: there they
# run, and nothing is said.
QUIET = ("facts_stand_once", "patients_can_read_it")
_RUN_ONLY = """

class _Mute(Guide):
    # Says nothing at the lines of YAML: looking for them would take longer than the rule.

    def problem(self, label, message, *where):
        return Problem(label, 0, message)


def _run_only(rule):
    def run(guide, *arguments):
        list(rule(_Mute(**vars(guide)), *arguments))
        return iter(())
    return run


for _name in {"check", "check_page"} & globals().keys():
    globals()[_name] = _run_only(globals()[_name])
if "_Places" in globals():
    _Places.of = lambda places, sentence, topic, path: (path, 0)
"""
# Shared by all worlds: they hold nothing about one disease, or are lists for the whole guide.
SHARED = ("site.yml", "glossary.yml", "changes.yml", "audit.yml", "handout.yml")


def syllable(number: int) -> str:
    """A name for a world: three letters, no two worlds the same."""
    consonants, vowels = "bdfgklmnprtvz", "aeiou"
    return consonants[number % 13] + vowels[number // 13 % 5] + consonants[number // 65 % 13]


def words(library: Library, number: int) -> dict[str, str]:
    """The words that are others in the world of this number."""
    mark = syllable(number)

    def other(word: str) -> str:
        return mark + word[2:]

    found: dict[str, str] = {}
    ids = [
        *library.sources,
        *library.trials,
        *library.guidelines,
        *library.health_systems,
        *library.topics,
        *library.records,
        *library.conditions,
        *library.medicines,
    ]
    found |= {key: f"{key}-{mark}" for key in ids}
    for medicine in library.medicines.values():
        if medicine.kind == "medicine":
            for name in (medicine.id, medicine.name, *medicine.brands):
                if re.fullmatch(r"\w+", name):
                    found |= {
                        name: other(name),
                        name.capitalize(): other(name).capitalize(),
                        name.lower(): other(name.lower()),
                    }
    for word in DISEASE:
        found |= (
            {
                word: word[:3] + other(word[3:]) if word.startswith("nr-") else other(word),
                word.capitalize(): other(word).capitalize(),
            }
            if word != "AS"
            else {word: mark.upper()}
        )
    return found


def population_names(library: Library, number: int) -> dict[str, str]:
    """The world's own populations; their names are words that stand in no sentence."""
    changed = words(library, number)
    own = {
        code
        for condition in library.conditions.values()
        for code in (*condition.populations, *condition.related_populations)
    }
    return {
        changed[code]: f"the {syllable(number)} group {place}"
        for code in sorted(own)
        if code in changed
        for place in [
            ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"][
                sorted(own).index(code) % 9
            ]
        ]
    }


def write(source: Path, target: Path, topics: int) -> int:
    """Writes a project with at least `topics` topics into `target`, which must not exist; returns
    how many it has.
    """
    library = load(source)
    worlds = -(-topics // len(library.topics))
    target.mkdir(parents=True)
    for name in ("docs", "overrides", "scripts", "mkdocs.yml", "requirements.txt"):
        if (source / name).is_dir():
            shutil.copytree(
                source / name, target / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(source / name, target / name)
    content = source / "content"
    # Nothing is published yet: no ledger, no old addresses, no printed versions.
    files = [path for path in sorted(content.rglob("*.yml")) if path.name != "redirects.yml"]
    for number in range(worlds):
        changed = words(library, number) if number else {}
        for path in files:
            name = path.relative_to(content).as_posix()
            if name in SHARED:
                if not number:
                    _put(target / "content" / name, path.read_text(encoding="utf-8"))
                continue
            text = path.read_text(encoding="utf-8")
            if number:
                # A handout calls words of the glossary, which all worlds share.
                shared = library.glossary if path.name == "handout.yml" else ()
                # The name of a value is no id, though it may be spelt like one: '{exercise}
                # people'.
                values = {match.span(match.lastindex) for match in VALUE_NAME.finditer(text)}
                text = WORD.sub(
                    lambda word, shared=shared, values=values: (
                        word[0]
                        if word[0] in shared or word.span() in values
                        else changed.get(word[0], word[0])
                    ),
                    text,
                )
                name = "/".join(
                    f"{changed.get(part.removesuffix('.yml'), part.removesuffix('.yml'))}{'.yml' if part.endswith('.yml') else ''}"
                    for part in name.split("/")
                )
                if name == "sources.yml":
                    name, text = (
                        f"sources/{syllable(number)}.yml",
                        text.replace("$schema=schemas/", "$schema=../schemas/", 1),
                    )
                elif name.startswith("sources/"):
                    name = f"{name.removesuffix('.yml')}-{syllable(number)}.yml"
            if name.startswith("guidelines/"):
                # A guideline for every disease would stand on the pages of every world: here it is
                # for its own class.
                text = text.replace(
                    "    population: all\n",
                    "    population: all\n    bears_on:"
                    f" [{changed.get('jak-inhibitors', 'jak-inhibitors')}]\n",
                )
            _put(target / "content" / name, text)
    site = (target / "content" / "site.yml").read_text(encoding="utf-8")
    listed = "".join(
        f"  - {changed[topic]}\n"
        for number in range(1, worlds)
        for changed in [words(library, number)]
        for topic in library.site.topics
    )
    site = re.sub(r"(^topics:\n(?:  - .*\n)+)", lambda found: found[1] + listed, site, flags=re.M)
    for rule, names in (
        ("wording_names_its_country_and_disease", ("DISEASE_WORDS", "EXCEPTIONS")),
        ("absence_is_proved", ("EXCEPTIONS",)),
    ):
        # A guide about further diseases teaches the rules their words; exceptions are by id.
        path = target / "scripts" / "guide" / "checks" / "rules" / f"{rule}.py"
        told = {
            name: getattr(importlib.import_module(f"guide.checks.rules.{rule}"), name)
            for name in names
        }
        more = {
            name: {
                changed[key]: (
                    WORD.sub(
                        lambda word, changed=changed: changed.get(word[0], word[0]),
                        value.replace(r"\b", "\0"),
                    ).replace("\0", r"\b")
                )
                for number in range(1, worlds)
                for changed in [words(library, number)]
                for key, value in known.items()
                if key in changed
            }
            for name, known in told.items()
        }
        path.write_text(
            path.read_text(encoding="utf-8")
            + "".join(f"\n{name} |= {extra!r}\n" for name, extra in more.items()),
            encoding="utf-8",
        )
    for rule in QUIET:
        with (target / "scripts" / "guide" / "checks" / "rules" / f"{rule}.py").open(
            "a", encoding="utf-8"
        ) as file:
            file.write(_RUN_ONLY)
    people = "".join(
        f"  {code}: {name}\n"
        for number in range(1, worlds)
        for code, name in population_names(library, number).items()
    )
    site = re.sub(r"^populations:\n", f"populations:\n{people}", site, flags=re.M)
    _put(target / "content" / "site.yml", site)
    (target / "content" / LEDGER).unlink(missing_ok=True)
    return worlds * len(library.topics)


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    print(write(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
