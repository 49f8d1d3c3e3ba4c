"""What cannot be in a plan's tiers: thresholds that do not rise, units nobody earns."""

from collections.abc import Collection, Iterator
from itertools import pairwise

from gateway.domain.configurations.faults import Fault
from gateway.domain.configurations.pointers import pointed
from gateway.domain.rules.keys import POINT
from gateway.domain.rules.repeats import repeated
from gateway.domain.rules.tiers import Measure, Threshold, TierRule, Window
from gateway.domain.rules.windows import Period


def tier_faults(rule: TierRule, units: Collection[str], pointer: str) -> Iterator[Fault]:
    """Give the faults of the tiers of a plan whose rules give these units."""
    yield from _period_faults(rule, pointer)
    yield from _threshold_faults(rule, pointed(pointer, "tiers"))
    first = rule.tiers[0].threshold
    if first.type is Measure.POINTS and POINT not in units:
        place = pointed(pointer, "tiers", 0, "threshold", "type")
        yield Fault(place, "Tiers by points need a rule that gives points.")
    for index in repeated(tier.key for tier in rule.tiers):
        yield Fault(pointed(pointer, "tiers", index, "key"), "Another tier has this key.")
    for index, tier in enumerate(rule.tiers):
        for unit in tier.multipliers:
            if unit not in units:
                place = pointed(pointer, "tiers", index, "multipliers", unit)
                yield Fault(place, f"No rule of this plan gives {unit}.")


def _period_faults(rule: TierRule, pointer: str) -> Iterator[Fault]:
    if rule.evaluation_period is Period.LIFETIME:
        place = pointed(pointer, "evaluation_period")
        yield Fault(place, "Tiers are looked at monthly, quarterly or yearly.")
    if rule.window is Window.ROLLING and rule.tiers[0].threshold.period is Period.LIFETIME:
        yield Fault(pointed(pointer, "window"), "A lifetime has no rolling window.")


def _threshold_faults(rule: TierRule, pointer: str) -> Iterator[Fault]:
    first = _measured(rule.tiers[0].threshold)
    thresholds = (tier.threshold for tier in rule.tiers)
    for index, (lower, upper) in enumerate(pairwise(thresholds), start=1):
        place = pointed(pointer, index, "threshold")
        if _measured(upper) != first:
            yield Fault(place, "All tiers must measure the same thing over the same period")
        elif upper.value <= lower.value:
            yield Fault(pointed(place, "value"), "Each tier must need more than the one before.")


def _measured(threshold: Threshold) -> tuple[Measure, Period]:
    return threshold.type, threshold.period
