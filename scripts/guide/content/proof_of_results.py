"""The numbers of a result that a source must hold."""

from __future__ import annotations

from collections.abc import Iterator

from guide.content import models as m

Path = tuple[str | int, ...]
# Nearly every interval has this level, and many papers say so once, in their methods.
USUAL_LEVEL = 95


def values_of_result(record: m.Result) -> Iterator[tuple[Path, m.Value]]:
    """Every number of a result, with the keys that lead to it.

    Means, margins and effects come without their sign: a minus looks like a dash in print.
    """
    if isinstance(record.week, int):
        yield ("week",), m.Quantity(value=record.week, unit="weeks")
    elif isinstance(record.week, m.FollowUp):
        yield ("week", "follow_up"), record.week.follow_up
    for index, arm in enumerate(record.arms):
        for name, value in _values_of_arm(arm):
            yield ("arms", index, name), value
    if isinstance(record.effect, list):
        for index, one in enumerate(record.effect):
            for name, value in _values_of_effect(one):
                yield ("effect", index, name), value
    elif record.effect is not None:
        for name, value in _values_of_effect(record.effect):
            yield ("effect", name), value
    if record.non_inferiority is not None:
        margin = record.non_inferiority.margin
        yield ("non_inferiority", "margin"), margin if margin > 0 else -margin
    if record.accuracy is not None:
        yield from _values_of_accuracy(record.accuracy)


def _values_of_accuracy(accuracy: m.Accuracy) -> Iterator[tuple[Path, m.Value]]:
    yield ("accuracy", "with_condition"), accuracy.with_condition
    yield ("accuracy", "true_positives"), accuracy.true_positives
    yield ("accuracy", "without_condition"), accuracy.without_condition
    yield ("accuracy", "true_negatives"), accuracy.true_negatives


def _values_of_arm(arm: m.Arm) -> Iterator[tuple[str, m.Value]]:
    if arm.n is not None:
        yield "n", arm.n
    if arm.responders is not None and not arm.responders_derived:
        yield "responders", arm.responders
    for name in ("percent", "events", "person_time", "rate", "sd", "quartiles"):
        value = getattr(arm, name)
        if value is not None:
            yield name, value
    for name in ("mean", "median"):
        value = getattr(arm, name)
        if value is not None:
            yield name, abs(value)


def _values_of_effect(effect: m.Effect) -> Iterator[tuple[str, m.Value]]:
    for name in ("value", "low", "high"):
        value = getattr(effect, name)
        if value is not None:
            yield name, abs(value)
    if effect.level != USUAL_LEVEL:
        yield "level", effect.level
