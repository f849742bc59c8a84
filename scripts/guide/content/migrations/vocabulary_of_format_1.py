"""What the engine knew of its first guide's field while content had format 1.

Nothing reads these lists but the step to format 2, which hands on what a guide meets of them.
"""

from __future__ import annotations

from typing import NamedTuple

# The beginning of a new content/vocabulary.yml.
HEAD = """\
# yaml-language-server: $schema=schemas/vocabulary.json
# Words of this guide's own field, which the rules and the search go by.
# The step to format 2 wrote them: they stood in the engine before. Change what does not fit.
# In names '#' is any number and '*' any letters and digits; in words a '*' is any ending.
"""


# Names that hold digits and state no quantity. A part of an expression without capitals.
NAMES = (
    r"\b(?:"
    r"JAK ?[123](?:/[123])?|JAK1/JAK2|TYK2|IL-?\d+[A-F]?(?:/IL-?\d+[A-F]?)?|STAT[1-6]|gp130|OAT3"
    r"|CYP\w+|HLA-B27"
    r"|ASAS ?(?:20|40|5/6)|ACR ?(?:20|50|70|30|90)|BASDAI ?50|JIA-ACR"
    r" ?\d\d|COVID-19|SF-36|SARS-CoV-2"
    r"|SELECT-AXIS [12]|MEASURE [124]|BE MOBILE [12]|ABILITY-1|BUILDER-[12]|SELECT-PsA ?[12]?"
    r"|NCT\d{8}|TA\d{3}|ASAS-EULAR 2022|BSR 2025|ACR(?:/SAA/SPARTAN)? 2019|PANLAR 2023|B023|vitamin"
    r" [BD]\d*|CD4|T2T"
    r")(?!\w)"
)


class FalseClaim(NamedTuple):
    """A statement of the source article that was wrong. `needs` are the files that it is about."""

    pattern: str
    why: str
    needs: tuple[str, ...]


_BARICITINIB = "content/medicines/baricitinib/medicine.yml"


FALSE_CLAIMS = (
    FalseClaim(
        r"SELECT-AXIS[^.;]{0,60}\b(?:tested|of|with|gave|on|compared)\b[^.;]{0,25}\bbaricitinib\b",
        "SELECT-AXIS tested upadacitinib",
        (_BARICITINIB, "content/trials/select-axis-1.yml"),
    ),
    FalseClaim(
        r"\bbaricitinib\b[^.;]{0,40}\b(?:approved|licensed)\b[^.;]{0,20}\bfor\b[^.;]{0,10}"
        r"(?:ankylosing|AS\b)",
        "baricitinib is not approved for AS",
        (_BARICITINIB, "content/conditions/ankylosing-spondylitis/condition.yml"),
    ),
    FalseClaim(
        r"\bFDA\b[^.;]{0,30}\bapproved\b[^.;]{0,15}\bbaricitinib\b[^.;]{0,30}(?:ankylosing|AS\b)",
        "the FDA has not approved baricitinib for AS",
        (_BARICITINIB, "content/conditions/ankylosing-spondylitis/condition.yml"),
    ),
    FalseClaim(
        r"\b2\s?mg\b[^.;]{0,60}\b(?:eGFR|clearance)\b[^.;]{0,20}(?:<|below|under)\s?30",
        "below 30 it is not recommended at all",
        (_BARICITINIB,),
    ),
    FalseClaim(
        r"\bcontraception\b[^.;]{0,60}\bat least (?:one|1) month\b",
        "the EU text says at least one week for baricitinib",
        (_BARICITINIB,),
    ),
    FalseClaim(
        r"\bplatelets?\b[^.;]{0,30}(?:<|below|under)\s?100\b[^.;]{0,40}"
        r"\b(?:reduc|paus|stop|interrupt)",
        "no label read has a platelet rule",
        (_BARICITINIB,),
    ),
    FalseClaim(
        r"Medicare Safety Net[^.;]{0,30}\bcaps?\b[^.;]{0,30}\b(?:cost|expense)",
        "the Medicare Safety Net is for services, not medicines",
        ("content/health-systems/australia.yml",),
    ),
    FalseClaim(
        r"\bbaricitinib\b[^.;]{0,50}\bcomparable (?:to|with) biologics",
        "no head-to-head trial exists",
        (_BARICITINIB,),
    ),
    FalseClaim(
        r"\bbaricitinib\b[^.;]{0,60}\bbisphosphonates?\b[^.;]{0,40}\b(?:under way|ongoing|being"
        r" tested)",
        "no such study was found",
        (_BARICITINIB,),
    ),
)


# The words by which a sentence names a country or a disease; '*' is any ending.
COUNTRIES = {
    "US": ("US", "U.S.", "United States", "FDA", "American*"),
    "EU": ("EU", "Europe*", "EMA"),
    "UK": ("UK", "United Kingdom", "MHRA", "NICE", "British", "Britain"),
    "AU": ("Australia*", "TGA", "PBS"),
    "JP": ("Japan*", "PMDA"),
    "CA": ("Canad*",),
    "CH": ("Switzerland", "Swiss"),
}


DISEASES = {
    "AS": ("ankylosing", "AS", "spine*"),
    "axSpA": ("axial", "axSpA", "ankylosing", "AS"),
    "nr-axSpA": ("non-radiographic", "nr-axSpA", "axial"),
    "RA": ("rheumatoid*", "RA"),
    "JIA": ("child*", "juvenile", "JIA", "paediatric*", "teenage*", "young*"),
    "AA": ("alopecia", "hair*"),
    "AD": ("dermatitis*", "eczema"),
    "COVID-19": ("COVID*",),
}


class RuleException(NamedTuple):
    """A record that a rule let through."""

    rule: str
    record: str
    why: str


EXCEPTIONS = (
    RuleException("absence-is-proved", "ci-us", "the label's own section says that there are none"),
    RuleException(
        "wording-names-its-country-and-disease",
        "juve-basis-limits",
        "says what a trial in children cannot tell about adults with axial disease",
    ),
    RuleException(
        "wording-names-its-country-and-disease",
        "select-axis-2-nr-2y",
        "names the wider group the two studies belong to",
    ),
)


# Words of the first guide that stand in most questions: the search lets them decide little.
BACKGROUND = ("spine", "inhibitor")


# What the picture of the pathway said of every disease.
PATHWAY_TITLE = "Where medicines block the signals of inflammation"


PATHWAY_CAPTION = "How signals of inflammation reach a cell, and where medicines stop them."
