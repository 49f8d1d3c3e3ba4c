"""The levels of a program as its customers read them: names, benefits, which one they have."""

from dataclasses import dataclass

from gateway.domain.rewards import tiers_of
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.tier_progress import TierNeed, TierNeeds
from gateway.domain.rules.tiers import Measure
from gateway.presenters.amounts import money


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A tier by name, what it brings, and whether the customer has it.

    `to_go` says what is missing for it, or to keep it; "" where there is nothing to say.
    """

    name: str
    benefits: tuple[str, ...]
    is_held: bool
    to_go: str = ""


def levels(plan: Plan, tier: str | None, needs: TierNeeds | None = None) -> tuple[Level, ...]:
    """Return a plan's tiers, lowest first; none when it has none."""
    wanted = [need for need in (needs.next, needs.keep) if need] if needs else []
    to_go = {need.tier: _to_go(need, plan.currency, is_held=need.tier == tier) for need in wanted}
    return tuple(
        Level(
            name=each.name,
            benefits=each.benefits,
            is_held=each.key == tier,
            to_go=to_go.get(each.key, ""),
        )
        for each in tiers_of(plan)
    )


def _to_go(need: TierNeed, currency: str, *, is_held: bool) -> str:
    if not need.missing:
        return ""
    until = f" by {need.until.day} {need.until:%B %Y}" if need.until else ""
    return f"{_amount(need, currency)} more{until}{' to keep it' if is_held else ''}"


def _amount(need: TierNeed, currency: str) -> str:
    match need.type:
        case Measure.SPENDING:
            return money(need.missing, currency)
        case Measure.VISITS:
            return "1 visit" if need.missing == 1 else f"{need.missing:,} visits"
        case Measure.POINTS:
            return "1 point" if need.missing == 1 else f"{need.missing:,} points"
