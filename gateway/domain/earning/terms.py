"""Terms: by what a happening is judged, as the card and the clock stand at that moment."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from gateway.domain.audiences import matches
from gateway.domain.business_day import BusinessClock, business_day
from gateway.domain.cards import Standing
from gateway.domain.ledger import Account, balance
from gateway.domain.rules.budgets import budget_key
from gateway.domain.rules.caps import Cap, CapSpan, headroom, headroom_key
from gateway.domain.rules.keys import remainder
from gateway.domain.rules.outcomes import Basis
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.points import PointsRule
from gateway.domain.rules.promotions import Promotion
from gateway.domain.rules.schedules import holds, within_hours
from gateway.domain.rules.stamps import PunchRule, StampRule
from gateway.domain.rules.tiers import TierRule

GivingRule = PointsRule | PunchRule | StampRule


def giving_rules(plan: Plan) -> tuple[GivingRule, ...]:
    """Return the rules that give points or stamps for a single visit or sale, in plan order."""
    return tuple(rule for rule in plan.rules if isinstance(rule, GivingRule))


def basis_of(plan: Plan, standing: Standing, clock: BusinessClock, now: datetime) -> Basis:
    """Return everything about the card and the moment that what is earned depends on."""
    return Basis(
        earned_at=now,
        clock=clock,
        tier=standing.tier,
        multipliers=_multipliers(plan, standing),
        promotions=tuple(_holding(plan, standing, clock, now)),
        closed=_closed(plan, clock, now),
        headroom=rooms(plan, standing, business_day(now, clock)),
        carried={
            rule.key: standing.available(remainder(rule.key))
            for rule in plan.rules
            if isinstance(rule, StampRule) and rule.stamp_earn_rule.carry_remainder
        },
        collected=collected(plan, standing),
    )


def collected(plan: Plan, standing: Standing) -> dict[str, int]:
    """Return how many stamps or punches of each unit are on a card, usable yet or not."""
    return {
        rule.unit: standing.available(rule.unit)
        + balance(standing.balances, rule.unit, Account.PENDING)
        for rule in plan.rules
        if isinstance(rule, StampRule | PunchRule)
    }


def rooms(plan: Plan, standing: Standing, day: date) -> dict[str, int]:
    """Return how much each cap has left on a business day, by `caps.headroom_key`."""
    return {headroom_key(cap): _room(plan, cap, standing, day) for cap in plan.caps}


def _multipliers(plan: Plan, standing: Standing) -> dict[str, Decimal]:
    tiers = [rule for rule in plan.rules if isinstance(rule, TierRule)]
    return {
        rule.unit: tier_rule.multiplier(standing.tier, rule.unit)
        for tier_rule in tiers
        for rule in giving_rules(plan)
    }


def _closed(plan: Plan, clock: BusinessClock, now: datetime) -> tuple[str, ...]:
    return tuple(
        rule.key
        for rule in plan.rules
        if isinstance(rule, PunchRule)
        and rule.valid_hours is not None
        and not within_hours(rule.valid_hours, now, clock)
    )


def _holding(plan: Plan, standing: Standing, clock: BusinessClock, now: datetime) -> Iterator[str]:
    newest_first = sorted(plan.promotions, key=lambda each: each.starts_at, reverse=True)
    for promotion in newest_first:
        if _holds(promotion, standing, clock, now):
            yield promotion.key


def _holds(promotion: Promotion, standing: Standing, clock: BusinessClock, now: datetime) -> bool:
    return (
        promotion.starts_at <= now < promotion.ends_at
        and holds(promotion.schedule, now, clock)
        and (promotion.audience is None or matches(promotion.audience, standing, now))
    )


def _room(plan: Plan, cap: Cap, standing: Standing, day: date) -> int:
    if cap.per is CapSpan.PROGRAM:
        return max(cap.amount - standing.budgets.get(budget_key(cap), 0), 0)
    rules = {rule.key for rule in giving_rules(plan) if rule.unit == cap.unit}
    return headroom(cap, day, standing.days, rules)
