"""Giving: what the points, punches and stamps of a plan come to for a visit or a sale."""

from dataclasses import dataclass, field

from gateway.domain.earning.conditions import unmet
from gateway.domain.earning.raising import SoFar
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
    so_far: SoFar = field(default_factory=SoFar)

    def of(self, unit: str) -> int:
        """Return how much of a unit the rules before gave."""
        return sum(amount for (_, each), amount in self.given.items() if each == unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stand:
    """How much of a rule's unit is on the card without what the rule gives for the sale.

    `before` as the basis has it, `now` as it is; `gave` is what the rule gave until now.
    """

    before: int
    now: int
    gave: int

    @property
    def is_changed(self) -> bool:
        """Say whether something else came between."""
        return self.before != self.now


def give(
    plan: Plan, basis: Basis, lines: tuple[Counted, ...] | None, so_far: SoFar | None = None
) -> Gifts:
    """Return what each rule gives in all for the lines that count of a sale; None is a visit.

    The same basis and lines always come to the same while nothing else came between, which is
    what makes refunds exact. `so_far` is what the sale gave until now.
    """
    gifts = Gifts(so_far=so_far or SoFar())
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
    stand = _stand(rule, basis, gifts)
    if isinstance(rule, StampRule) and rule.surplus is Surplus.DISCARD:
        fits = _fitting(gives, rule, stand)
        if fits < gives:
            gives = fits
            why = "surplus_discarded", f"{gives} of {wants}: the card is full."
    gifts.given[rule.key, rule.unit] = gives
    gifts.explanations.append(_explained(rule, wants, gives, why, is_met=True))
    if rule.key in basis.carried:
        gifts.given[rule.key, remainder(rule.key)] = left_over - basis.carried[rule.key]
    if not isinstance(rule, PointsRule):
        _pass_milestones(rule, gives, stand, gifts)


def _stand(rule: GivingRule, basis: Basis, gifts: Gifts) -> _Stand:
    before = basis.collected.get(rule.unit, 0)
    now = gifts.so_far.collected.get(rule.unit, before)
    others = gifts.of(rule.unit)
    gave = gifts.so_far.given.get((rule.key, rule.unit), 0)
    return _Stand(before=before + others, now=now + others, gave=gave)


def _fitting(gives: int, rule: StampRule, stand: _Stand) -> int:
    """Return how much fits on the card; what the sale gave already has its place."""
    fits = fitting(gives, stand.now, rule.target)
    return max(fits, min(gives, stand.gave)) if stand.is_changed else fits


def _too_little(rule: GivingRule, basis: Basis) -> tuple[str, str]:
    if rule.key in basis.carried:
        return "carried", f"Too little for one {rule.unit}: it counts with the next purchase."
    return "too_little", f"This is too little for one {rule.unit}."


def _room(cap: Cap, rule: GivingRule, basis: Basis, gifts: Gifts) -> int | None:
    if not covers(cap, rule.key, rule.unit):
        return None
    used = sum(amount for key, amount in gifts.given.items() if covers(cap, *key))
    return basis.headroom[headroom_key(cap)] - used


def _pass_milestones(rule: StampRule | PunchRule, gives: int, stand: _Stand, gifts: Gifts) -> None:
    for milestone in rule.intermediate_rewards:
        unit = voucher(milestone.key)
        had = gifts.so_far.given.get((rule.key, unit), 0)
        times = _times(milestone.at, rule.target, gives, stand, had)
        if times:
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


def _times(at: int, target: int, gives: int, stand: _Stand, had: int) -> int:
    """Return how often a sale passes a milestone in all, of which it passed it `had` times.

    Once others came between, only what it gives more passes on from where the card is now, and
    what it gives less takes back no more than it had.
    """
    alone = reached(at, target, stand.before, stand.before + gives)
    if not stand.is_changed:
        return alone
    if gives < stand.gave:
        return min(had, alone)
    return had + reached(at, target, stand.now + stand.gave, stand.now + gives)


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
