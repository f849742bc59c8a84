"""Results of trials: people out of a number for patients; counts and points for clinicians."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from markupsafe import Markup

from guide.base import language, statistics
from guide.base.language import gettext as _
from guide.base.text import sentence, text
from guide.content import models as m
from guide.content import wording
from guide.content.values import (
    Contrast,
    arm_name,
    arm_percent,
    contrasts,
    out_of,
    shares,
    shown_time,
)
from guide.view.accuracy import accuracy_arms, accuracy_for_patients
from guide.view.badges import badges_of, is_licensed
from guide.view.context import ConditionContext, Context
from guide.view.result_kinds import (
    arm_words,
    difference_words,
    effect_words,
    endpoint_words,
    patients_outcome,
    people_difference,
    people_value,
    rate_beside_counts,
    remarks,
)
from guide.view.result_shown import (
    ArmPair,
    CountsArm,
    CountsLine,
    CountsResult,
    PeopleArm,
    PeopleDifference,
    PeopleLine,
    PeopleResult,
    PointsDifference,
)
from guide.view.shown import why_not_rated


def result_of(page: Context, result_id: str) -> m.Result:
    """The result of this id. Raises KeyError for an id that is no result's."""
    record = page.library.records[result_id]
    if not isinstance(record, m.Result):
        raise KeyError(result_id)
    return record


def trial_of(page: Context, result: m.Result) -> m.Trial:
    """The trial that a result is of."""
    return page.library.trials[page.library.subject[result.id]]


def tests_medicine(page: Context, trial: m.Trial) -> bool:
    """Whether what a trial tested is a medicine."""
    return page.library.medicines[trial.medicine].is_medicine


def results_for_reader(page: Context, results: Iterable[m.Result]) -> list[m.Result]:
    """The results that this reader is shown: patients are not shown all."""
    return [result for result in results if not (page.patient and result.clinician_only)]


def denominator_for(results: Iterable[m.Result]) -> int:
    """One denominator for a whole table: 1,000 when any arm is under 1 in 100 or a difference
    would vanish, else 100. Means have none.
    """
    for result in results:
        rates = shares(result)
        if rates and (min(rates) < 1 or (len(result.arms) > 1 and abs(rates[0] - rates[-1]) < 2)):
            return 1000
    return 100


def own_denominator(result: m.Result, denominator: int) -> int:
    """The denominator of a result in a table with others. Nobody compares a test's shares with
    them, and they must be the same numbers on every page and sheet: so they have their own.
    """
    return denominator_for([result]) if result.accuracy is not None else denominator


def people_result(
    page: ConditionContext, result: m.Result, denominator: int, about: str | None = None
) -> PeopleResult:
    """A result as a row of people out of `denominator`; of a test, see `own_denominator`."""
    denominator = own_denominator(result, denominator)
    return PeopleResult(
        id=result.id,
        anchor=page.anchor_of(result.id),
        cites=page.cites(result.id),
        badges=badges_of(page, result, about),
        remarks=remarks(result, denominator),
        kind=outcome_kind(result),
        outcome=patients_outcome(result),
        who=_who_else(page, result),
        when=shown_time(result.week, patient=True),
        arms=people_arms(page, result, denominator),
        differences=people_differences(page, result, denominator),
        certainty=certainty_words(result),
    )


def counts_result(
    page: ConditionContext, result: m.Result, about: str | None = None
) -> CountsResult:
    """A result as a row of counts."""
    return CountsResult(
        id=result.id,
        anchor=page.anchor_of(result.id),
        cites=page.cites(result.id),
        badges=badges_of(page, result, about),
        remarks=remarks(result, None),
        kind=outcome_kind(result),
        endpoint=endpoint_words(result),
        when=shown_time(result.week, patient=False),
        who=people_studied(page, result),
        arms=counts_arms(result),
        differences=points_differences(result),
        certainty=certainty_words(result),
        primary=result.primary is True,
        measured=result.kind in ("means", "accuracy"),
        no_time=text(result.week.unknown) if isinstance(result.week, m.Unknown) else Markup(""),
    )


def people_line(
    page: ConditionContext, result: m.Result, denominator: int, about: str | None = None
) -> PeopleLine:
    """A result in sentences about people out of `denominator`; of a test, see `own_denominator`."""
    denominator = own_denominator(result, denominator)
    time = shown_time(result.week, patient=True)
    arms = people_arms(page, result, denominator)
    listed = len(arms) != 2 or result.kind != "counts"
    return PeopleLine(
        id=result.id,
        anchor=page.anchor_of(result.id),
        cites=page.cites(result.id),
        badges=badges_of(page, result, about),
        trial=text(trial_of(page, result).name),
        who=people_studied(page, result),
        remarks=remarks(result, denominator),
        when=_("Over an unknown time") if isinstance(result.week, m.Unknown) else sentence(time),
        outcome=patients_outcome(result),
        denominator=wording.shown_number(denominator),
        pair=None if listed else ArmPair(arms[0], arms[-1]),
        arms=arms if listed else (),
        differences=(
            () if result.kind == "counts" else people_differences(page, result, denominator)
        ),
        measured=result.kind == "means",
        often=result.kind == "rates",
        of_medicine=tests_medicine(page, trial_of(page, result)),
    )


def counts_line(page: ConditionContext, result: m.Result, about: str | None = None) -> CountsLine:
    """A result in one line of counts."""
    return CountsLine(
        id=result.id,
        anchor=page.anchor_of(result.id),
        cites=page.cites(result.id),
        badges=badges_of(page, result, about),
        remarks=remarks(result, None),
        trial=text(trial_of(page, result).name),
        endpoint=endpoint_words(result),
        when=shown_time(result.week, patient=False),
        who=text(sentence(people_studied(page, result).unescape())),
        arms=counts_arms(result),
        differences=points_differences(result),
    )


def outcome_kind(result: m.Result) -> Markup:
    """Whether people hope for the outcome; of a scale or a test, that it was measured."""
    if result.accuracy is not None:
        return text(_("Test"))
    if result.scale is not None:
        return text(_("Measured"))
    return text(_("Unwanted") if result.outcome == "bad" else _("Hoped for"))


def people_studied(page: Context, result: m.Result) -> Markup:
    """Who was analysed: the population, and the subgroup where it was one."""
    population = population_name(page, result.population)
    return text(f"{population}, {result.who}" if result.who else population)


def population_name(page: Context, population: str) -> str:
    """The name of a population, or what the guide calls its people: those who are screened do not
    have the disease.
    """
    return page.site.own_people(population) or page.site.populations[population]


def _who_else(page: Context, result: m.Result) -> Markup:
    """Who was analysed, where that was not everybody of the trial, whom the caption names."""
    if result.population != trial_of(page, result).population:
        return people_phrase(page, result.population, result.who)
    return text(result.who or "")


def people_phrase(page: Context, population: str, who: str | None = None) -> Markup:
    """The same inside a sentence: 'people with example disease, aged 40 or more'."""
    people = page.site.people(population)
    return text(f"{people}, {who}" if who else people)


def certainty_words(result: m.Result) -> Markup:
    """How certain the evidence is, or why nobody has rated it."""
    if result.certainty:
        said = {
            "high": _("High certainty"),
            "moderate": _("Moderate certainty"),
            "low": _("Low certainty"),
            "very low": _("Very low certainty"),
        }
        return text(said[result.certainty])
    reason = why_not_rated(result.not_rated or "")
    return text(_("Not rated: {reason}").format(reason=reason) if reason else _("Not rated"))


def shows_dose(page: ConditionContext, result: m.Result) -> bool:
    """Whether this reader is shown doses: patients only those of a medicine that is approved for
    their condition, and for the people who were studied.
    """
    medicine = trial_of(page, result).medicine
    return not page.patient or (
        is_licensed(page, medicine) and page.library.licensed_for(medicine, result.population)
    )


def people_arms(
    page: ConditionContext, result: m.Result, denominator: int
) -> tuple[PeopleArm, ...]:
    """The groups of a result; with their doses where there are several of medicines. Of a test,
    what it told of those with the condition and of those without.
    """
    if result.accuracy is not None:
        tested = page.library.medicines[trial_of(page, result).medicine]
        sentences = accuracy_for_patients(result, denominator, tested)
        return tuple(PeopleArm(Markup(""), "", text(one)) for one in sentences)
    several, dose = len(result.arms) > 2, shows_dose(page, result)
    return tuple(
        PeopleArm(
            text(arm_name(arm, several, dose)),
            count="" if value else wording.shown_number(out_of(arm, denominator)),
            value=text(value),
        )
        for arm in result.arms
        for value in (people_value(result, arm, denominator),)
    )


def counts_arms(result: m.Result) -> tuple[CountsArm, ...]:
    """The groups of a result with doses and counts; of a test, its sensitivity and specificity."""
    if result.accuracy is not None:
        return accuracy_arms(result.accuracy)
    return tuple(counts_arm(result, arm) for arm in result.arms)


def counts_arm(result: m.Result, arm: m.Arm) -> CountsArm:
    """A group with its dose and counts, or what stands for them."""
    name, value = text(arm_name(arm, several=True)), arm_words(result, arm)
    if value:
        return CountsArm(name=name, percent="", value=text(value))
    return CountsArm(
        name=name,
        percent=language.current().percent(statistics.rounded(arm_percent(arm), 1)),
        responders=wording.shown_number(arm.responders) if arm.responders is not None else "",
        n=wording.shown_number(arm.n) if arm.n else "",
        derived=arm.responders_derived,
        rate=text(rate_beside_counts(arm)),
    )


def people_differences(
    page: ConditionContext, result: m.Result, denominator: int
) -> tuple[PeopleDifference, ...]:
    """Each arm against the comparator, in people out of `denominator`; none where nothing was
    compared.
    """
    compared = contrasts(result)
    names = _names(compared, shows_dose(page, result))
    return tuple(
        _people_difference(result, contrast, denominator, name)
        for contrast, name in zip(compared, names, strict=True)
    )


def _people_difference(
    result: m.Result, contrast: Contrast, denominator: int, name: Markup
) -> PeopleDifference:
    said = people_difference(result, contrast, denominator)
    if said:
        return PeopleDifference(text(said), name=name, whole=True)
    scale = Decimal(denominator) / 100
    whole = abs(int(statistics.rounded(contrast.difference * scale)))
    if whole == 0:
        return PeopleDifference(text(_("no difference")), name=name)
    between_rounded = abs(
        statistics.rounded(arm_percent(contrast.arm) * scale)
        - statistics.rounded(arm_percent(contrast.comparator) * scale)
    )
    exact, more = between_rounded == whole, contrast.difference > 0
    if exact:
        label = _("{number} more") if more else _("{number} fewer")
    else:
        label = _("about {number} more") if more else _("about {number} fewer")
    return PeopleDifference(text(label.format(number=wording.shown_number(whole))), not exact, name)


def points_differences(result: m.Result) -> tuple[PointsDifference, ...]:
    """Each arm against the comparator, in percentage points with the 95% interval, or as the kind
    of the result has it; none where nothing was compared.
    """
    compared = contrasts(result)
    return tuple(
        _points_difference(result, contrast, name)
        for contrast, name in zip(compared, _names(compared, dose=True), strict=True)
    )


def _points_difference(result: m.Result, contrast: Contrast, name: Markup) -> PointsDifference:
    effect = text(effect_words(result, contrast.effect) if contrast.effect else "")
    if result.kind != "counts":
        value = text(difference_words(result, contrast))
        return PointsDifference(
            "",
            name=name,
            value=value or effect,
            effect=effect if value else Markup(""),
            called=not value,
        )
    return PointsDifference(
        points=contrast.shown(contrast.difference),
        interval=(
            _("{low} to {high}").format(
                low=contrast.shown(contrast.low), high=contrast.shown(contrast.high)
            )
            if contrast.low is not None and contrast.high is not None
            else ""
        ),
        needed=_number_needed(contrast),
        name=name,
        effect=effect,
    )


def _number_needed(contrast: Contrast) -> str:
    for said, needed in (
        (_("NNT {number} ({low} to {high})"), contrast.treat),
        (_("NNH {number} ({low} to {high})"), contrast.harm),
    ):
        if needed:
            return said.format(
                **dict(zip(needed._fields, map(wording.shown_number, needed), strict=True))
            )
    return ""


def _names(compared: Sequence[Contrast], dose: bool) -> list[Markup]:
    """Which groups each difference is between; empty for one alone against no medicine."""
    several = len(compared) > 1
    return [
        text(
            _("{arm} v {comparator}").format(
                arm=arm_name(contrast.arm, several, dose), comparator=contrast.comparator.arm
            )
        )
        if several or contrast.comparator.medicine
        else Markup("")
        for contrast in compared
    ]
