"""The files of a new topic."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from guide.base.all_or_none import put_all
from guide.base.language import ENGLISH, current, known_languages, use
from guide.base.problem import ContentErrors, Problem
from guide.base.text import slug
from guide.content import models as m
from guide.content.answered_headings import answered_headings
from guide.content.fields_of_kind import fields_of_kind
from guide.content.input_files import inputs_of, wrong_inputs
from guide.content.layout import TO_DO
from guide.content.site_text import with_population, with_topic
from guide.content.skeleton import skeleton
from guide.content.topic_files import Asked, Subject, topic_files
from guide.content.topic_id import topic_id
from guide.content.yaml_reader import read_yaml


@dataclass
class Made:
    """What `new_topic` did: the topic's id, files written, files kept as they were, and what to do
    by hand.
    """

    topic: str
    written: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    next: list[str] = field(default_factory=list)


def new_topic(
    root: Path,
    medicine: str,
    condition: str,
    new: Collection[str] = (),
    id_: str = "",
    kind: m.InterventionKind | None = None,
) -> Made:
    """Writes the files of a topic that do not exist yet and adds it to content/site.yml.

    Medicine and condition are ids or names; a name that is not known becomes a new one. `id_` is
    the topic's id; "" makes it from the names. `kind` is that of a new intervention, a medicine
    unless it says otherwise.
    Raises ContentErrors when a name is nearly that of a known one (unless `new` holds 'medicine' or
    'condition', which says that it is another one), when the medicine is a class, when a known
    intervention is of another kind, when the id cannot be taken, or when content/site.yml cannot be
    read.
    """
    content = root / "content"
    if wrong := [*inputs_of(root, "content").problems, *wrong_inputs(root)]:
        raise ContentErrors(wrong)
    site = _read_site(content)
    # Readers see some of what is written.
    spoken = current().code
    use(spoken_by(site))
    try:
        return _written(root, site, (medicine, condition), new, id_, kind)
    finally:
        use(spoken)


def spoken_by(site: dict[str, Any]) -> str:
    """The language of content/site.yml; English where it names none that the engine speaks."""
    said = site.get("language", ENGLISH)
    return said if said in known_languages() else ENGLISH


def _written(
    root: Path,
    site: dict[str, Any],
    names: tuple[str, str],
    new: Collection[str],
    id_: str,
    kind: m.InterventionKind | None,
) -> Made:
    """Writes the files, in the language that the process speaks."""
    content, (medicine, condition) = root / "content", names
    drug = _subject(content, "medicines", "medicine", medicine, "medicine" in new)
    drug = _of_kind(content, drug, kind)
    disease = _subject(content, "conditions", "condition", condition, "condition" in new)
    if drug.kind == "class":
        message = f"'{drug.id}' is a class: a topic is about one medicine, name one of its members"
        raise ContentErrors([Problem(f"content/medicines/{drug.id}/medicine.yml", 0, message)])
    made = Made(topic_id(root, drug, disease, id_))
    asked = _asked_of(root, site, drug.kind)
    disease, text = _with_its_population(content, site, disease)
    new_files: dict[str, bytes] = {}
    for name, fields in topic_files(made.topic, drug, disease, asked):
        path = content / name
        if path.exists():
            made.kept.append(f"content/{name}")
            continue
        text_of_file = skeleton(Path(name), fields, fields_of_kind(drug.kind))
        new_files[f"content/{name}"] = text_of_file.encode()
    if made.topic not in (site.get("topics") or ()):
        text = with_topic(text, made.topic)
    path = content / "site.yml"
    if text == path.read_text(encoding="utf-8"):
        made.kept.append("content/site.yml")
    else:
        new_files["content/site.yml"] = text.encode()
    put_all(root, new_files, last="content/site.yml")
    made.written.extend(new_files)
    made.next.extend(_next_steps(made, drug, disease))
    return made


def _read_site(content: Path) -> dict[str, Any]:
    """What content/site.yml says. Raises ContentErrors where it names no agencies."""
    path = content / "site.yml"
    if not path.is_file():
        message = "the file is missing: write the guide's name, publisher and agencies there first"
        raise ContentErrors([Problem("content/site.yml", 0, message)])
    site, _, problems = read_yaml(path, "content/site.yml")
    if problems:
        raise ContentErrors(problems)
    if not isinstance(site, dict) or not isinstance(site.get("agencies"), list):
        message = (
            "'agencies' is missing: a topic says what each agency answers; list them first, or"
            " write 'agencies: []' where nobody decides"
        )
        raise ContentErrors([Problem("content/site.yml", 0, message)])
    return site


def _with_its_population(
    content: Path, site: dict[str, Any], disease: Subject
) -> tuple[Subject, str]:
    """The condition with the code of the people its studies are about, and the text of
    content/site.yml: with that code, to be named, where a new condition has none there.
    """
    text = (content / "site.yml").read_text(encoding="utf-8")
    if (content / "conditions" / disease.id / "condition.yml").is_file():
        return disease, text
    code = disease.id if disease.id[0].isalpha() else f"people-{disease.id}"
    known = site.get("populations") or {}
    for one, words in known.items():
        name = words.get("name", "") if isinstance(words, dict) else words
        if str(name).casefold() == disease.name.casefold() or one == code:
            return replace(disease, population=str(one)), text
    return replace(disease, population=code), with_population(text, code, disease.name)


def _asked_of(root: Path, site: dict[str, Any], kind: m.InterventionKind) -> Asked:
    """Who decides about a kind of intervention, its safety set, the one country if the guide has no
    other, and the headings of its pages.
    """
    countries = [code for code in site.get("jurisdictions") or () if code != "any"]
    return Asked(
        [
            agency["id"]
            for agency in site["agencies"]
            if agency.get("decides", "approval") in m.DECISIONS[kind]
        ],
        {
            item["id"]: str(item.get("name", item["id"]))
            for item in site.get("safety_set") or ()
            if kind in item.get("kinds", m.MEDICINES)
        },
        countries[0] if len(countries) == 1 else TO_DO,
        answered_headings(root),
    )


def _of_kind(content: Path, subject: Subject, kind: m.InterventionKind | None) -> Subject:
    """The intervention with the kind that was asked for. Raises ContentErrors where it is known and
    of another kind.
    """
    path = f"medicines/{subject.id}/medicine.yml"
    if kind is None or subject.kind == kind:
        return subject
    if (content / path).is_file():
        message = f"'{subject.id}' is of kind '{subject.kind}': leave --kind out, or change it here"
        raise ContentErrors([Problem(f"content/{path}", 0, message)])
    return replace(subject, kind=kind)


def _next_steps(made: Made, drug: Subject, disease: Subject) -> Iterator[str]:
    """What a maintainer does by hand, because of what was written and what was there already."""
    comparison = f"content/conditions/{disease.id}/comparison.yml"
    medicine = f"content/medicines/{drug.id}/medicine.yml"
    if comparison in made.kept:
        yield (
            f"add {drug.name} to the options of {comparison}, if readers should see it beside the"
            " others"
        )
    if f"content/conditions/{disease.id}/condition.yml" in made.written:
        yield (
            "name the people that studies of it are about in content/site.yml (its 'populations'"
            " has the place), and its other options in the comparison"
        )
    if medicine in made.kept:
        yield (
            f"add the agencies' answers for {disease.name} to {medicine}, if they do not stand"
            " there"
        )
    yield "add what you read to content/sources.yml"


def _subject(content: Path, folder: str, file: str, given: str, new: bool) -> Subject:
    """The medicine or condition that a word names, by id, name, brand or abbreviation; else a new
    one.

    Raises ContentErrors for a word without letters, and for one that is nearly a known name unless
    `new` says that it is another one.
    """
    known = _known_subjects(content, folder, file)
    name, id_ = given.strip(), slug(given)
    if not id_:
        message = (
            f"'{given}' is no name: write a {file} in letters, such as {next(iter(known), file)}"
        )
        raise ContentErrors([Problem(f"content/{folder}", 0, message)])
    if id_ in known:
        return known[id_]
    near = nearest_subject(id_, known)
    if near and not new and not (content / folder / id_).is_dir():
        message = (
            f"there is no {file} '{given}' (nearest: '{near.id}'): use that name, or add"
            f" --new-{file} if it is another one; nothing was written"
        )
        raise ContentErrors([Problem(f"content/{folder}", 0, message)])
    # 'Madeupumab' was typed as a name is; 'ED' and 'ED in children' have their capitals on purpose.
    # In English alone: German nouns keep their capital.
    lowered = name == name.title() and current().code == ENGLISH
    return Subject(id_, name.lower() if lowered else name)


def _known_subjects(content: Path, folder: str, file: str) -> dict[str, Subject]:
    """The guide's medicines or conditions by everything that names them, as slugs."""
    known: dict[str, Subject] = {}
    for path in sorted(content.glob(f"{folder}/*/{file}.yml")):
        value, _, problems = read_yaml(path, path.name)
        fields = value if isinstance(value, dict) and not problems else {}
        name = str(fields.get("name", path.parent.name))
        subject = Subject(
            path.parent.name,
            name,
            str(fields.get("abbreviation", "")),
            kind if (kind := fields.get("kind")) in m.DECISIONS else "medicine",
            str(next(iter(fields.get("populations") or ()), TO_DO)),
        )
        names = (subject.id, name, subject.abbreviation, *fields.get("brands", []))
        for word in map(str, names):
            if word and not word.startswith(TO_DO):
                known.setdefault(slug(word), subject)
    return known


def nearest_subject(unknown_name: str, known: dict[str, Subject]) -> Subject | None:
    """The known one that a name was probably meant for: like the whole of its name, like one word
    of it, or its beginning.

    Strictly, because names of medicines of one class are alike.
    """
    words = dict(known)
    for name, subject in known.items():
        for word in name.split("-"):
            if len(word) > 4:
                words.setdefault(word, subject)
    close = difflib.get_close_matches(unknown_name, words, n=1, cutoff=0.88)
    longer = [name for name in known if len(unknown_name) > 3 and name.startswith(unknown_name)]
    return next((words[name] for name in [*close, *longer]), None)
