"""What cannot be in a plan's promotions and caps, which raise and hold back what rules give."""

from collections.abc import Collection, Iterator

from gateway.domain.configurations.faults import Fault
from gateway.domain.configurations.pointers import pointed
from gateway.domain.rules.audience_faults import audience_faults
from gateway.domain.rules.plan import Plan, Rule, rule_of
from gateway.domain.rules.points import PointsRule
from gateway.domain.rules.promotions import Promotion
from gateway.domain.rules.repeats import repeated
from gateway.domain.rules.stamps import PunchRule, StampRule
from gateway.domain.rules.time_faults import schedule_faults, window_faults


def promotion_faults(
    plan: Plan, promotion: Promotion, tiers: Collection[str], pointer: str
) -> Iterator[Fault]:
    """Give the faults of one promotion of a plan that has tiers of these keys."""
    yield from window_faults(promotion.starts_at, promotion.ends_at, pointer)
    yield from schedule_faults(promotion.schedule, pointed(pointer, "schedule"))
    yield from audience_faults(promotion.audience, tiers, pointed(pointer, "audience"))
    rule = rule_of(plan, promotion.rule)
    if not isinstance(rule, PointsRule | PunchRule | StampRule):
        yield Fault(pointed(pointer, "rule"), "No rule of this key gives points or stamps.")
        return
    category = promotion.category_filter
    if category in plan.excluded_categories:
        place = pointed(pointer, "category_filter")
        yield Fault(place, "This category never earns: the plan excludes it.")
    elif category and rule.category_filter not in {None, category}:
        place = pointed(pointer, "category_filter")
        yield Fault(place, f"The rule counts {rule.category_filter} only.")


def cap_faults(plan: Plan, units: Collection[str]) -> Iterator[Fault]:
    """Give the faults of a plan's caps; its rules give these units."""
    for index, cap in enumerate(plan.caps):
        if cap.unit not in units:
            yield Fault(f"/caps/{index}/unit", f"No rule of this plan gives {cap.unit}.")
        elif cap.rule and not _gives(rule_of(plan, cap.rule), cap.unit):
            yield Fault(f"/caps/{index}/rule", f"No rule of this key gives {cap.unit}.")
    for index in repeated((cap.unit, cap.rule, cap.per) for cap in plan.caps):
        yield Fault(f"/caps/{index}", "Another cap holds back the same.")


def _gives(rule: Rule | None, unit: str) -> bool:
    return isinstance(rule, PointsRule | PunchRule | StampRule) and rule.unit == unit
