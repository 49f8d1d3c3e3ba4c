"""What cannot be in a single rule of a plan."""

from collections.abc import Collection, Iterator
from itertools import pairwise

from gateway.domain.configurations.faults import Fault
from gateway.domain.configurations.pointers import pointed
from gateway.domain.rules.plan import Rule
from gateway.domain.rules.points import PointsRule
from gateway.domain.rules.stamps import TARGET_MAX, EarnBasis, PunchRule, StampRule
from gateway.domain.rules.tier_faults import tier_faults
from gateway.domain.rules.tiers import TierRule
from gateway.domain.rules.time_faults import hours_faults
from gateway.domain.rules.visits import VisitRule


def rule_faults(rule: Rule, units: Collection[str], pointer: str) -> Iterator[Fault]:
    """Give the faults of a rule of a plan whose rules give these units."""
    match rule:
        case StampRule() | PunchRule():
            yield from _milestone_faults(rule, pointed(pointer, "intermediate_rewards"))
            yield from _earning_faults(rule, pointer)
        case TierRule():
            yield from tier_faults(rule, units, pointer)
        case VisitRule():
            yield from _visit_faults(rule, pointer)
        case _:
            return


def category_faults(rule: Rule, excluded: Collection[str], pointer: str) -> Iterator[Fault]:
    """Give the faults of a rule that counts on categories which never earn."""
    sentence = "This category never earns: the plan excludes it."
    if not isinstance(rule, TierRule | VisitRule) and rule.category_filter in excluded:
        yield Fault(pointed(pointer, "category_filter"), sentence)
    if isinstance(rule, PointsRule):
        for category in rule.category_multipliers:
            if category in excluded:
                yield Fault(pointed(pointer, "category_multipliers", category), sentence)


def _milestone_faults(rule: StampRule | PunchRule, pointer: str) -> Iterator[Fault]:
    for index, milestone in enumerate(rule.intermediate_rewards):
        if milestone.at >= rule.target:
            place = pointed(pointer, index, "at")
            yield Fault(place, f"This reward comes before the last of {rule.target}.")
    for index, (earlier, later) in enumerate(pairwise(rule.intermediate_rewards), start=1):
        if later.at <= earlier.at:
            place = pointed(pointer, index, "at")
            yield Fault(place, "Each reward on the way must come after the one before.")


def _earning_faults(rule: StampRule | PunchRule, pointer: str) -> Iterator[Fault]:
    if isinstance(rule, PunchRule):
        if rule.valid_hours:
            yield from hours_faults(rule.valid_hours, pointed(pointer, "valid_hours"))
        return
    earn = rule.stamp_earn_rule
    if earn.type is EarnBasis.PER_VISIT and earn.value > TARGET_MAX:
        place = pointed(pointer, "stamp_earn_rule", "value")
        yield Fault(place, f"A visit gives at most {TARGET_MAX} stamps.")


def _visit_faults(rule: VisitRule, pointer: str) -> Iterator[Fault]:
    if not rule.consecutive_required and rule.within_days < rule.visits_required:
        yield Fault(
            pointed(pointer, "within_days"),
            f"{rule.visits_required} visits need as many days: one counts per day.",
        )
