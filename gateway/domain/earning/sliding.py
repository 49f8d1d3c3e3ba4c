"""Sliding: what a card has lives on each time the card is used."""

from collections.abc import Iterable
from datetime import datetime

from gateway.domain.business_day import BusinessClock
from gateway.domain.earning.posting import expiry_of
from gateway.domain.rules.expiry import expires_at, slides
from gateway.domain.rules.plan import Plan


def ends_after_use(
    plan: Plan, units: Iterable[str], used_at: datetime, clock: BusinessClock
) -> dict[str, datetime]:
    """Return until when a card that was used has what it has, by unit; only what slides is in it.

    It is the least: what would have ended later ends then, and what never ends never does.
    """
    ends = {
        unit: expires_at(expiry, used_at, clock)
        for unit in units
        if slides(expiry := expiry_of(plan, unit))
    }
    return {unit: end for unit, end in ends.items() if end is not None}
