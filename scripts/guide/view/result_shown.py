"""The forms in which a page shows a result: a row or a line, for each reader."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from guide.view.shown import Badge


@dataclass(frozen=True, kw_only=True)
class ResultShown:
    """What each form of a result has: its record, sources and badges. `anchor` is empty where the
    page shows the result already. `remarks` stand behind its numbers: that nothing was compared,
    the limit of a non-inferiority study.
    """

    id: str
    cites: tuple[str, ...]
    anchor: str = ""
    badges: tuple[Badge, ...] = ()
    remarks: tuple[Markup, ...] = ()


@dataclass(frozen=True)
class PeopleArm:
    """A group and how many of its people had the outcome, out of the table's denominator; `value`
    in place of the count where people were not counted. Without a name it is a whole sentence.
    """

    name: Markup
    count: str
    value: Markup = Markup("")


@dataclass(frozen=True)
class CountsArm:
    """A group with its counts; `responders` is empty where the count is not known, and `n` where
    the number of people is not. `derived`: the count was worked out from the percentage. `rate` is
    that over time beside the count. `value` stands for all of them where people were not counted.
    """

    name: Markup
    percent: str
    responders: str = ""
    n: str = ""
    derived: bool = False
    rate: Markup = Markup("")
    value: Markup = Markup("")


@dataclass(frozen=True)
class PeopleDifference:
    """How many people more or fewer: "about 12 more". `rounded`: the numbers of the groups are
    rounded and differ by another number. `name` says which groups, where there are several.
    `whole`: the words say out of how many, or no people were counted.
    """

    people: Markup
    rounded: bool = False
    name: Markup = Markup("")
    whole: bool = False


@dataclass(frozen=True)
class PointsDifference:
    """A difference in percentage points; `interval` is empty where counts are not known. `needed`
    is "NNT 4 (3 to 9)", "NNH …" or empty. `name` says which groups, where there are several.
    `value` stands for points where people were not counted. `effect` is what the source prints.
    `called`: the words say themselves that they are a difference.
    """

    points: str
    interval: str = ""
    needed: str = ""
    name: Markup = Markup("")
    value: Markup = Markup("")
    effect: Markup = Markup("")
    called: bool = False


@dataclass(frozen=True, kw_only=True)
class PeopleResult(ResultShown):
    """A row of a patient's table. `who` is empty where everybody of the trial was analysed."""

    kind: Markup
    outcome: Markup
    when: str
    arms: tuple[PeopleArm, ...]
    differences: tuple[PeopleDifference, ...]
    certainty: Markup
    who: Markup = Markup("")


@dataclass(frozen=True, kw_only=True)
class CountsResult(ResultShown):
    """A row of a clinician's table. `measured`: no people were counted who had an outcome, so that
    there is no number needed to treat. `no_time` says why it is not known when it was measured.
    """

    kind: Markup
    endpoint: Markup
    when: str
    who: Markup
    arms: tuple[CountsArm, ...]
    differences: tuple[PointsDifference, ...]
    certainty: Markup
    primary: bool = False
    measured: bool = False
    no_time: Markup = Markup("")


@dataclass(frozen=True)
class ArmPair:
    """The one group of a result that got the medicine, and the group it was compared with."""

    medicine: PeopleArm
    comparator: PeopleArm


@dataclass(frozen=True, kw_only=True)
class PeopleLine(ResultShown):
    """A result as sentences for patients: `pair` where it has two groups whose people were counted,
    else `arms`. `differences` are there where people were not counted. `measured`: the outcome is
    what was measured, such as a score; `often`: its numbers are rates over time. `of_medicine`: a
    medicine was tested.
    """

    trial: Markup
    who: Markup
    when: str
    outcome: Markup
    denominator: str
    pair: ArmPair | None = None
    arms: tuple[PeopleArm, ...] = ()
    differences: tuple[PeopleDifference, ...] = ()
    measured: bool = False
    often: bool = False
    of_medicine: bool = True


@dataclass(frozen=True, kw_only=True)
class CountsLine(ResultShown):
    """A result as a line for clinicians."""

    trial: Markup
    endpoint: Markup
    when: str
    who: Markup
    arms: tuple[CountsArm, ...]
    differences: tuple[PointsDifference, ...]
