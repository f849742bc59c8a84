"""The files of a new guide."""

from __future__ import annotations

import datetime
import json
import shlex
import shutil
from pathlib import Path
from typing import Annotated, Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import Field, StringConstraints

from guide.base.all_or_none import filled
from guide.base.language import ENGLISH, language
from guide.base.layers import ENGINE
from guide.base.problem import ContentErrors, Problem
from guide.content.models.common import Jurisdiction, LanguageCode, SiteName, Strict, Text
from guide.content.models.site import CC_BY, COLOUR, FORMAT, AgencyRecord, Licence
from guide.content.schemas import write_schemas

STARTER = Path(__file__).resolve().parent / "starter"
SUFFIX = ".jinja"
# The least contrast of small words, by the Web Content Accessibility Guidelines 2.2, 1.4.3.
_CONTRAST = 4.5

# What a topic can be about: any kind of intervention but a class, which is about several.
FirstKind = Literal["medicine", "therapy", "test", "programme", "no change"]


class GuideAnswers(Strict):
    """What `guide init` must know of a guide."""

    name: SiteName = Field(description="What the guide is called.")
    tagline: Text = Field("What is known, and where it says so", description="One line under it.")
    publisher: Text = Field(description="Who publishes it.")
    contact: Text = Field(description="How readers report a mistake.")
    condition: Text = Field(description="The first disease or situation it is about.")
    intervention: Text = Field(description="The first medicine, test or therapy.")
    kind: FirstKind = Field(
        "medicine",
        description="What that is. It decides which files and pages its topic has.",
    )
    first_topic: bool = Field(
        False,
        description=(
            "Whether the files of a topic on these two are written at once, as 'guide new-topic'"
            " writes them. Until they are filled in, the guide cannot be built."
        ),
    )
    address: Annotated[str, StringConstraints(pattern=r"^(?:https?://\S+/)?$")] = Field(
        "", description="The public address with a slash behind it; empty where there is none yet."
    )
    colour: Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")] = Field(
        COLOUR, description="Of the bar on top; white words on it must be easy to read."
    )
    logo: str = Field("", description="A square SVG file; empty for the engine's own.")
    language: LanguageCode = Field(
        ENGLISH, description="The language that it is written in, and that the engine speaks in it."
    )
    licence: Licence = Field(CC_BY, description="Of the content.")
    jurisdictions: dict[Jurisdiction, Text] = Field(
        description="The countries whose rules it tells apart: {UK: United Kingdom}."
    )
    agencies: list[AgencyRecord] = Field(
        default_factory=list,
        description=(
            "Who decides about it there, and what ('decides', an approval where it is left out);"
            " [] where nobody does."
        ),
    )
    funding: Text = Field("Not declared yet.", description="Who pays.")
    authorship: Text = Field("Not declared yet.", description="Who writes, and how.")
    interests: Text = Field("Not declared yet.", description="Interests of the people behind it.")
    updates: Text = Field("Not declared yet.", description="How the guide is kept current.")
    emergency: Text = Field(
        "Call your local emergency number now, or have someone take you to the nearest emergency"
        " department.",
        description="What to do in an emergency.",
    )


def new_guide(
    root: Path, answers: GuideAnswers, engine: str, today: datetime.date
) -> tuple[str, ...]:
    """Writes the files of a guide into an empty or new folder; returns their paths.

    `engine` is the release of the engine that the guide asks for. Raises ContentErrors, and writes
    nothing, for a folder that holds files, a logo that is no SVG file and a colour on which white
    words cannot be read.
    """
    problems = list(_problems(root, answers))
    if problems:
        raise ContentErrors(problems)
    with filled(root):
        return _written(root, answers, engine, today)


def _written(
    root: Path, answers: GuideAnswers, engine: str, today: datetime.date
) -> tuple[str, ...]:
    """Writes all files; returns their paths."""
    environment = Environment(
        loader=FileSystemLoader(STARTER),
        undefined=StrictUndefined,
        variable_start_string="[[",
        variable_end_string="]]",
        block_start_string="[%",
        block_end_string="%]",
        keep_trailing_newline=True,
    )
    # A JSON string is a YAML string.
    environment.filters["quoted"] = lambda words: json.dumps(words, ensure_ascii=False)
    known: dict[str, Any] = {
        **dict(answers),
        "engine": engine,
        "format": FORMAT,
        "today": today.isoformat(),
        "first_topic_typed": new_topic_arguments(
            answers.intervention, answers.condition, answers.kind
        ),
    }
    written = []
    for path in sorted(STARTER.rglob(f"*{SUFFIX}")):
        template = path.relative_to(STARTER).as_posix()
        _put(root, template.removesuffix(SUFFIX), environment.get_template(template).render(known))
        written.append(template.removesuffix(SUFFIX))
    _put(root, "content/units.yml", _units(answers.language).read_text(encoding="utf-8"))
    questions = language(answers.language).folder / "handout.yml"
    if questions.is_file():
        _put(root, "content/handout.yml", questions.read_text(encoding="utf-8"))
        written.append("content/handout.yml")
    if answers.logo:
        icon = root / "docs/assets/icons/icon.svg"
        icon.parent.mkdir(parents=True)
        shutil.copyfile(answers.logo, icon)
        written.append("docs/assets/icons/icon.svg")
    return (*written, "content/units.yml", *write_schemas(root))


def _units(code: str) -> Path:
    """The units that a guide in a language begins with; English ones where it has none."""
    own = language(code).folder / "units.yml"
    return own if own.is_file() else ENGINE / "content/units.yml"


def _put(root: Path, name: str, words: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(words, encoding="utf-8")


def _problems(root: Path, answers: GuideAnswers) -> list[Problem]:
    """What keeps a guide from being made, each with its remedy."""
    found = []
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        found.append("the folder holds something already: name an empty or a new one")
    ratio = contrast_with_white(answers.colour)
    if ratio < _CONTRAST:
        found.append(
            f"colour: white words on {answers.colour} have a contrast of {ratio:.1f} to 1, at least"
            f" {_CONTRAST} is needed: choose a darker one"
        )
    if answers.logo:
        logo = Path(answers.logo)
        if not logo.is_file() or "<svg" not in logo.read_text(encoding="utf-8", errors="replace"):
            found.append(f"logo: '{answers.logo}' is no SVG file: name one, or leave it out")
    codes = {agency.jurisdiction for agency in answers.agencies} - answers.jurisdictions.keys()
    found += [f"agencies: '{code}' is not among the jurisdictions" for code in sorted(codes)]
    return [Problem(root.name or str(root), 0, words) for words in found]


def new_topic_arguments(intervention: str, condition: str, kind: FirstKind) -> str:
    """What is typed behind 'guide' for a guide's first topic, quoted for a shell."""
    typed = ["new-topic", intervention, condition]
    return shlex.join(typed if kind == "medicine" else [*typed, "--kind", kind])


def contrast_with_white(colour: str) -> float:
    """The contrast of white on a colour `#rrggbb`, 1 to 21, as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
