"""What the accuracy of a test says, for both readers and for the picture.

The sentences name the test and the people without the condition as the record does: a study may
have tried several tests, and may have left some people out.
"""

from __future__ import annotations

from decimal import Decimal

from guide.base import language, statistics
from guide.base.language import gettext as _
from guide.base.text import text
from guide.content import models as m
from guide.content import wording
from guide.content.values import accuracy_shares, whole_of
from guide.view.result_shown import CountsArm
from guide.view.svg.people_chart import Share


def accuracy_for_patients(
    result: m.Result, denominator: int, tested: m.Medicine
) -> tuple[str, str]:
    """How many people with the condition a test finds, and how many without it it alarms;
    `tested` is what the trial tested.
    """
    accuracy = _accuracy(result)
    found, cleared = accuracy_shares(accuracy)
    people = wording.shown_number(denominator)
    alarms = _few(100 - cleared, denominator)
    return (
        _("Of {people} people with {condition}, {test} finds {found}; {missed} are missed.").format(
            people=people,
            condition=result.patient,
            test=_test_of(accuracy, tested),
            found=wording.shown_number(denominator - whole_of(100 - found, denominator)),
            missed=_few(100 - found, denominator),
        ),
        _("Of {people} people with {condition}, {alarms} get a false alarm.").format(
            people=people, condition=accuracy.without, alarms=alarms
        )
        if accuracy.without
        else _("Of {people} people without it, {alarms} get a false alarm.").format(
            people=people, alarms=alarms
        ),
    )


def accuracy_arms(accuracy: m.Accuracy) -> tuple[CountsArm, ...]:
    """Sensitivity and specificity with their counts and Wilson's intervals."""
    specificity = (
        _("Specificity (people with {condition})").format(condition=accuracy.without)
        if accuracy.without
        else _("Specificity")
    )
    counts = (
        (_("Sensitivity"), accuracy.true_positives, accuracy.with_condition),
        (specificity, accuracy.true_negatives, accuracy.without_condition),
    )
    arms = []
    for (name, count, n), share in zip(counts, accuracy_shares(accuracy), strict=True):
        low, high = (statistics.rounded(end, 1) for end in statistics.wilson_percent(count, n))
        said = _("{share}; 95% interval {low} to {high}").format(
            share=language.current().percent(statistics.rounded(share, 1)),
            low=wording.shown_number(low),
            high=wording.shown_number(high),
        )
        shown = wording.shown_number
        arms.append(CountsArm(text(name), said, responders=shown(count), n=shown(n)))
    return tuple(arms)


def positive(result: m.Result) -> str:
    """What the filled people of the picture have in common."""
    test = _accuracy(result).test
    return _("had a positive test ({test})").format(test=test) if test else _("had a positive test")


def shares_of_test(result: m.Result, whole: int) -> tuple[Share, Share]:
    """The people with the condition whose test was positive, and those without it."""
    accuracy = _accuracy(result)
    found, cleared = accuracy_shares(accuracy)
    with_it = _("of the people with {condition}")
    return (
        Share(with_it.format(condition=result.patient), whole_of(found, whole)),
        Share(
            with_it.format(condition=accuracy.without)
            if accuracy.without
            else _("of the people without it"),
            whole - whole_of(cleared, whole),
        ),
    )


def _test_of(accuracy: m.Accuracy, tested: m.Medicine) -> str:
    """The test's name in a sentence: its own, else that of the intervention, else "the test"."""
    return accuracy.test or (tested.kind == "test" and tested.named) or _("the test")


def _accuracy(result: m.Result) -> m.Accuracy:
    assert result.accuracy is not None, "a result of accuracy"
    return result.accuracy


def _few(share: Decimal, denominator: int) -> str:
    """A number out of the denominator; of a few that round to none it does not say "0"."""
    whole = whole_of(share, denominator)
    return _("fewer than 1") if share > 0 and whole == 0 else wording.shown_number(whole)
