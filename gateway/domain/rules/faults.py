"""What cannot be promised together: the rules across the fields of a plan, in plain words."""

from collections.abc import Iterator
from itertools import islice

from gateway.domain.configurations.faults import ConfigurationInvalid, Fault
from gateway.domain.configurations.reading import FAULTS_MAX, read
from gateway.domain.money import CURRENCIES
from gateway.domain.rules.audience_faults import audience_faults
from gateway.domain.rules.keys import POINT
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.points import PointsRule
from gateway.domain.rules.raise_faults import cap_faults, promotion_faults
from gateway.domain.rules.repeats import repeated
from gateway.domain.rules.rule_faults import category_faults, rule_faults
from gateway.domain.rules.stamps import PunchRule, StampRule
from gateway.domain.rules.tiers import TierRule
from gateway.domain.rules.time_faults import expiry_faults, schedule_faults


def read_plan(value: object) -> Plan:
    """Return decoded JSON as a plan that can be promised.

    Raises `ConfigurationInvalid` with all faults of the fields; when there are none, with all
    faults between them.
    """
    plan = read(Plan, value)
    faults = plan_faults(plan)
    if faults:
        raise ConfigurationInvalid(faults)
    return plan


def plan_faults(plan: Plan) -> tuple[Fault, ...]:
    """Return what in a plan does not fit together, though each field is right.

    Those are all faults, or the first 100 if there are more.
    """
    return tuple(islice(_faults(plan), FAULTS_MAX))


def _faults(plan: Plan) -> Iterator[Fault]:
    tiers = [tier.key for rule in plan.rules if isinstance(rule, TierRule) for tier in rule.tiers]
    if plan.currency not in CURRENCIES:
        yield Fault("/currency", "This is no currency of ISO 4217.")
    yield from _key_faults(plan)
    yield from _number_faults(plan)
    yield from _unit_faults(plan)
    yield from _rule_faults(plan)
    for index, promotion in enumerate(plan.promotions):
        yield from promotion_faults(plan, promotion, tiers, f"/promotions/{index}")
    yield from cap_faults(plan, _units(plan))
    yield from schedule_faults(plan.schedule, "/schedule")
    yield from audience_faults(plan.audience, tiers, "/audience")
    yield from expiry_faults(plan)
    for index in repeated(plan.excluded_categories):
        yield Fault(f"/excluded_categories/{index}", "This category is there twice.")
    for index in repeated(plan.locations):
        yield Fault(f"/locations/{index}", "This location is there twice.")


def _units(plan: Plan) -> frozenset[str]:
    earning = (PointsRule, PunchRule, StampRule)
    return frozenset(rule.unit for rule in plan.rules if isinstance(rule, earning))


def _rule_faults(plan: Plan) -> Iterator[Fault]:
    for index, rule in enumerate(plan.rules):
        yield from rule_faults(rule, _units(plan), f"/rules/{index}")
        yield from category_faults(rule, plan.excluded_categories, f"/rules/{index}")


def _key_faults(plan: Plan) -> Iterator[Fault]:
    keys: list[tuple[str, str]] = []
    for index, rule in enumerate(plan.rules):
        keys.append((f"/rules/{index}/key", rule.key))
        if isinstance(rule, PunchRule | StampRule):
            keys.extend(
                (f"/rules/{index}/intermediate_rewards/{each}/key", milestone.key)
                for each, milestone in enumerate(rule.intermediate_rewards)
            )
    keys.extend(
        (f"/promotions/{index}/key", promotion.key)
        for index, promotion in enumerate(plan.promotions)
    )
    for index in repeated(key for _, key in keys):
        yield Fault(keys[index][0], "Another part of the plan has this key.")


def _number_faults(plan: Plan) -> Iterator[Fault]:
    for kind, words in ((PointsRule, "points rule"), (TierRule, "set of tiers")):
        places = [index for index, rule in enumerate(plan.rules) if isinstance(rule, kind)]
        for index in places[1:]:
            yield Fault(f"/rules/{index}", f"A plan has one {words} only.")


def _unit_faults(plan: Plan) -> Iterator[Fault]:
    collected: set[str] = set()
    for index, rule in enumerate(plan.rules):
        if not isinstance(rule, PunchRule | StampRule):
            continue
        if rule.unit == POINT:
            yield Fault(f"/rules/{index}/unit", "Only a points rule gives points.")
        elif rule.unit in collected:
            yield Fault(f"/rules/{index}/unit", f"Another rule collects {rule.unit} too.")
        collected.add(rule.unit)
