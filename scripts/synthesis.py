"""A guide of any size, made of copies of the real one, to measure what size costs.

Each copy is a world of its own: a condition with its medicines, trials, guidelines, payers and
topics, as many and as long as in the real guide, under other names. Ids, names of medicines and
words for the disease are changed word by word in the YAML text, so that no rule, page or search
takes one world's facts for another's.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Collection
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent))

from guide.content.layout import LEDGER, VOCABULARY
from guide.content.library import Library
from guide.content.loading import load

WORD = re.compile(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*")
# A value called in a wording, of the fact itself or of another, or given under a fact.
VALUE_NAME = re.compile(
    r"\{(?:[a-z0-9-]+\.)?([a-z][a-z0-9_]*)\}|^ +([a-z][a-z0-9_]*)(?=: )|[{,]"
    r" *([a-z][a-z0-9_]*)(?=: )",
    re.M,
)
# Rules that copies break by being copies, by made-up names that are longer to say, and by the words
# that an edit adds: there they run, and nothing is said.
QUIET = ("facts_stand_once", "sources_stand_once", "patients_can_read_it", "answers_are_short")
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
SHARED = ("site.yml", VOCABULARY, "glossary.yml", "changes.yml", "audit.yml", "handout.yml")


def syllable(number: int) -> str:
    """A name for a world: three letters, no two worlds the same."""
    consonants, vowels = "bdfgklmnprtvz", "aeiou"
    return consonants[number % 13] + vowels[number // 13 % 5] + consonants[number // 65 % 13]


def words(library: Library, number: int) -> dict[str, str]:
    """The words that are others in the world of this number."""
    mark = syllable(number)

    def other(word: str) -> str:
        return mark + word[2:]

    replacements: dict[str, str] = {}
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
    replacements |= {key: f"{key}-{mark}" for key in ids}
    for medicine in library.medicines.values():
        if medicine.kind == "medicine":
            for name in (medicine.id, medicine.name, *medicine.brands):
                if re.fullmatch(r"\w+", name):
                    replacements |= {
                        name: other(name),
                        name.capitalize(): other(name).capitalize(),
                        name.lower(): other(name.lower()),
                    }
    disease = disease_words(library)
    for word in disease:
        start, hyphen, end = word.rpartition("-")
        if word.isupper():
            replacements[word] = other(word).upper()
        elif end in disease:
            replacements[word] = start + hyphen + other(end)
        else:
            replacements[word] = other(word)
        if not word.isupper():
            replacements[word.capitalize()] = replacements[word].capitalize()
    return replacements


def disease_words(library: Library) -> set[str]:
    """What the rules know the conditions by: the words of their names, and those that
    content/vocabulary.yml has for their populations. In a copy these are other words.
    """
    words: set[str] = set()
    for condition in library.conditions.values():
        words |= set(WORD.findall(condition.name))
        for code in (*condition.populations, *condition.related_populations):
            listed = library.vocabulary.diseases.get(code, [])
            words |= {code, *(part for word in listed for part in WORD.findall(word))}
    return words


def population_names(library: Library, number: int) -> dict[str, str]:
    """The world's own populations; their names are words that stand in no sentence."""
    changed = words(library, number)
    codes = {
        code
        for condition in library.conditions.values()
        for code in (*condition.populations, *condition.related_populations)
    }
    return {
        changed[code]: f"the {syllable(number)} group {place}"
        for code in sorted(codes)
        if code in changed
        for place in [
            ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"][
                sorted(codes).index(code) % 9
            ]
        ]
    }


def write(source: Path, target: Path, topics: int) -> int:
    """Writes a project with at least `topics` topics into `target`, which must not exist; returns
    how many it has.
    """
    library = load(source)
    worlds = -(-topics // len(library.topics))
    _copy_project(source, target)
    # The words that are others in each copy; the first world is the real guide's.
    renamed = [words(library, number) if number else {} for number in range(worlds)]
    for number, changed in enumerate(renamed):
        _write_world(source / "content", target / "content", library, number, changed)
    _mute_rules(target)
    if (target / "content" / VOCABULARY).is_file():
        _extend_vocabulary(target / "content" / VOCABULARY, library, renamed[1:])
    _list_topics_and_people(target / "content" / "site.yml", library, renamed)
    (target / "content" / LEDGER).unlink(missing_ok=True)
    return worlds * len(library.topics)


def _copy_project(source: Path, target: Path) -> None:
    """Everything but the content."""
    target.mkdir(parents=True)
    for name in ("docs", "overrides", "scripts", "mkdocs.yml", "requirements.lock"):
        if (source / name).is_dir():
            shutil.copytree(
                source / name, target / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(source / name, target / name)


def _write_world(
    content: Path, target: Path, library: Library, number: int, changed: dict[str, str]
) -> None:
    """The content of one world, its words changed."""
    first = library.topics[library.site.topics[0]].medicine
    first_class = library.medicines[first].class_ or first
    for path in sorted(content.rglob("*.yml")):
        name, text = path.relative_to(content).as_posix(), path.read_text(encoding="utf-8")
        # Nothing is published yet: no ledger, no old addresses, no printed versions.
        if path.name == "redirects.yml" or (name in SHARED and number):
            continue
        if number:
            # A handout calls words of the glossary, which all worlds share.
            shared = library.glossary if path.name == "handout.yml" else ()
            text = _renamed_text(text, changed, shared)
            name = _renamed_path(name, changed, syllable(number))
            if name.startswith("sources/") and path.parent == content:
                text = text.replace("$schema=schemas/", "$schema=../schemas/", 1)
        if name.startswith("guidelines/"):
            # A guideline for every disease would stand on the pages of every world: here it is
            # for its own class.
            own_class = changed.get(first_class, first_class)
            text = text.replace(
                "    population: all\n", f"    population: all\n    bears_on: [{own_class}]\n"
            )
        _put(target / name, text)


def _renamed_text(text: str, changed: dict[str, str], shared: Collection[str]) -> str:
    """A file's text in the words of its world."""
    # The name of a value is no id, though it may be spelt like one: '{walking} people'.
    values = {match.span(match.lastindex or 0) for match in VALUE_NAME.finditer(text)}

    def word(match: re.Match[str]) -> str:
        if match[0] in shared or match.span() in values:
            return match[0]
        return changed.get(match[0], match[0])

    return WORD.sub(word, text)


def _renamed_path(name: str, changed: dict[str, str], mark: str) -> str:
    """A file's path below content/ in its world; files of sources stand side by side."""
    parts = [part.removesuffix(".yml") for part in name.split("/")]
    name = f"{'/'.join(changed.get(part, part) for part in parts)}.yml"
    if name == "sources.yml":
        return f"sources/{mark}.yml"
    if name.startswith("sources/"):
        return f"{name.removesuffix('.yml')}-{mark}.yml"
    return name


def _mute_rules(target: Path) -> None:
    """Lets the rules that copies break say nothing."""
    folder = target / "scripts" / "guide" / "checks" / "rules"
    for rule in QUIET:
        with (folder / f"{rule}.py").open("a", encoding="utf-8") as file:
            file.write(_RUN_ONLY)


def _extend_vocabulary(file: Path, library: Library, renamed: list[dict[str, str]]) -> None:
    """Gives content/vocabulary.yml the disease words and exceptions of the copies."""
    vocabulary = library.vocabulary
    diseases, exceptions = dict(vocabulary.diseases), list(vocabulary.exceptions)
    for changed in renamed:
        for code, listed in vocabulary.diseases.items():
            if code in changed:
                diseases[changed[code]] = [_renamed_text(word, changed, ()) for word in listed]
        exceptions += [
            one.model_copy(update={"record": changed[one.record]})
            for one in vocabulary.exceptions
            if one.record in changed
        ]
    extended = vocabulary.model_copy(update={"diseases": diseases, "exceptions": exceptions})
    first, _, _ = file.read_text(encoding="utf-8").partition("\n")
    _put(file, f"{first}\n{yaml.safe_dump(extended.model_dump(), allow_unicode=True)}")


def _list_topics_and_people(site: Path, library: Library, renamed: list[dict[str, str]]) -> None:
    """Adds the topics and populations of the copies to site.yml."""
    text = site.read_text(encoding="utf-8")
    topics = "".join(
        f"  - {changed[topic]}\n" for changed in renamed[1:] for topic in library.site.topics
    )
    people = "".join(
        f"  {code}: {name}\n"
        for number in range(1, len(renamed))
        for code, name in population_names(library, number).items()
    )
    text = re.sub(r"(^topics:\n(?:  - .*\n)+)", lambda match: match[1] + topics, text, flags=re.M)
    _put(site, re.sub(r"^populations:\n", f"populations:\n{people}", text, flags=re.M))


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    print(write(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
