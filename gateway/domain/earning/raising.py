"""Raising: what a later state of a sale may still give, as its card and program stand by then."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from gateway.domain.cards import CardStatus, Standing
from gateway.domain.earning.terms import collected, rooms
from gateway.domain.errors import CardBlocked, ProgramNotActive, Refusal
from gateway.domain.program_life import redeemable_until
from gateway.domain.programs import ProgramStatus
from gateway.domain.rules.caps import covers, headroom_key
from gateway.domain.rules.keys import REMAINDER_PREFIX
from gateway.domain.rules.outcomes import Basis, Given, PastSale
from gateway.domain.rules.plan import Plan
from gateway.domain.sales import OFFLINE_DAYS_MAX, TooLongAgo


@dataclass(frozen=True, slots=True, kw_only=True)
class SoFar:
    """What a sale gave until now, and how much of each unit its card has now without that.

    `collected` is empty where nothing came between, as for the first state.
    """

    given: Given = field(default_factory=dict)
    collected: Mapping[str, int] = field(default_factory=dict)


def basis_now(plan: Plan, past: PastSale, standing: Standing) -> Basis:
    """Return what a sale is judged by now: its basis, as far as others left it.

    A cap has room for what it had for the first state, but for no more than it has now and the
    sale gave already. A unit of which the sale gave nothing is collected as it is now.
    """
    basis, now = past.basis, rooms(plan, standing, past.day)
    gave = {
        headroom_key(cap): sum(amount for key, amount in past.given.items() if covers(cap, *key))
        for cap in plan.caps
    }
    given_units = {unit for (_, unit), amount in past.given.items() if amount}
    others = _without_own(plan, past, standing)
    return replace(
        basis,
        headroom={key: min(room, now[key] + gave[key]) for key, room in basis.headroom.items()},
        collected={
            unit: amount if unit in given_units else others[unit]
            for unit, amount in basis.collected.items()
        },
    )


def so_far(plan: Plan, past: PastSale, standing: Standing) -> SoFar:
    """Return what a sale gave until now, and what its card has now beside that."""
    return SoFar(given=past.given, collected=_without_own(plan, past, standing))


def _without_own(plan: Plan, past: PastSale, standing: Standing) -> dict[str, int]:
    own = dict(past.basis.owed)
    for (_, unit), amount in past.given.items():
        own[unit] = own.get(unit, 0) + amount
    return {unit: amount - own.get(unit, 0) for unit, amount in collected(plan, standing).items()}


def gives_more(before: Given, now: Given) -> bool:
    """Say whether a rule gives more of something than before; what is left over is no gift."""
    return any(
        amount > before.get((rule, unit), 0)
        for (rule, unit), amount in now.items()
        if not unit.startswith(REMAINDER_PREFIX)
    )


def refused_raise(
    plan: Plan, standing: Standing, happened_at: datetime, now: datetime
) -> Refusal | None:
    """Return why a sale gives no more than it gave already, or None.

    It happened longer ago than any till may tell of, the card is not in use, or the program has
    ended and its days of grace are over.
    """
    oldest = now - timedelta(days=OFFLINE_DAYS_MAX)
    if happened_at < oldest:
        return TooLongAgo(oldest=oldest.isoformat())
    if standing.card_status is not CardStatus.ACTIVE:
        return CardBlocked()
    ended_at = standing.program_ended_at
    if standing.program_status is not ProgramStatus.ENDED or ended_at is None:
        return None
    if now < redeemable_until(ended_at, plan.grace_days):
        return None
    return ProgramNotActive(status=standing.program_status)
