"""Giving: what the points, punches and stamps of a plan come to for a visit or a sale."""

from dataclasses import dataclass, field

from gateway.domain.earning.conditions import unmet
from gateway.domain.earning.terms import GivingRule, giving_rules
from gateway.domain.earning.wanting import wanted
from gateway.domain.rules.caps import Cap, covers, headroom_key
from gateway.domain.rules.keys import remainder, voucher
from gateway.domain.rules.outcomes import Basis, Explanation
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.points import PointsRule
from gateway.domain.rules.qualifying import Counted, of_category
from gateway.domain.rules.stamps import PunchRule, StampRule, Surplus, fitting, reached


@dataclass(frozen=True, slots=True)
class Gifts:
    """What was given so far, by (rule, unit), while one rule after the other has its turn."""

    given: dict[tuple[str, str], int] = field(default_factory=dict)
    explanations: list[Explanation] = field(default_factory=list)

    def of(self, unit: str) -> int:
        """Return how much of a unit the rules before gave."""
        return sum(amount for (_, each), amount in self.given.items() if each == unit)


def give(plan: Plan, basis: Basis, lines: tuple[Counted, ...] | None) -> Gifts:
    """Return what each rule gives for the lines that count of a sale; None is a bare visit.

    The same basis and lines always come to the same, which is what makes refunds exact.
    """
    gifts = Gifts()
    for rule in giving_rules(plan):
        counting = of_category(lines or (), rule.category_filter)
        why_not = unmet(plan, rule, basis, None if lines is None else counting)
        if why_not:
            gifts.explanations.append(_explained(rule, 0, 0, why_not, is_met=False))
        else:
            _give_one(plan, rule, basis, counting, gifts)
    return gifts


def _give_one(
    plan: Plan, rule: GivingRule, basis: Basis, lines: tuple[Counted, ...], gifts: Gifts
) -> None:
    wants, left_over = wanted(plan, rule, basis, lines)
    gives, why = wants, ("given", "")
    if not wants:
        why = _too_little(rule, basis)
    for cap in plan.caps:
        room = _room(cap, rule, basis, gifts)
        if room is not None and room < gives:
            gives = room
            why = "capped", f"{gives} of {wants}: at most {cap.amount:,} per {cap.per}."
    before = basis.collected.get(rule.unit, 0) + gifts.of(rule.unit)
    if isinstance(rule, StampRule) and rule.surplus is Surplus.DISCARD:
        fits = fitting(gives, before, rule.target)
        if fits < gives:
            gives = fits
            why = "surplus_discarded", f"{gives} of {wants}: the card is full."
    gifts.given[rule.key, rule.unit] = gives
    gifts.explanations.append(_explained(rule, wants, gives, why, is_met=True))
    if rule.key in basis.carried:
        gifts.given[rule.key, remainder(rule.key)] = left_over - basis.carried[rule.key]
    if not isinstance(rule, PointsRule):
        _pass_milestones(rule, before, before + gives, gifts)


def _too_little(rule: GivingRule, basis: Basis) -> tuple[str, str]:
    if rule.key in basis.carried:
        return "carried", f"Too little for one {rule.unit}: it counts with the next purchase."
    return "too_little", f"This is too little for one {rule.unit}."


def _room(cap: Cap, rule: GivingRule, basis: Basis, gifts: Gifts) -> int | None:
    if not covers(cap, rule.key, rule.unit):
        return None
    used = sum(amount for key, amount in gifts.given.items() if covers(cap, *key))
    return basis.headroom[headroom_key(cap)] - used


def _pass_milestones(rule: StampRule | PunchRule, before: int, now: int, gifts: Gifts) -> None:
    for milestone in rule.intermediate_rewards:
        times = reached(milestone.at, rule.target, before, now)
        if times:
            unit = voucher(milestone.key)
            gifts.given[rule.key, unit] = times
            gifts.explanations.append(
                Explanation(
                    rule=milestone.key,
                    unit=unit,
                    matched=True,
                    wanted=times,
                    given=times,
                    reason="milestone_reached",
                    sentence=milestone.reward.description,
                )
            )


def _explained(
    rule: GivingRule, wants: int, gives: int, why: tuple[str, str], *, is_met: bool
) -> Explanation:
    reason, sentence = why
    return Explanation(
        rule=rule.key,
        unit=rule.unit,
        matched=is_met and reason != "too_little",
        wanted=wants,
        given=gives,
        reason=reason,
        sentence=sentence,
    )
