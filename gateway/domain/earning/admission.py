"""Admission: whether a card may earn at all, and how soon and how often."""

from datetime import datetime, timedelta

from gateway.domain.audiences import matches
from gateway.domain.business_day import business_day, next_day_begins
from gateway.domain.cards import CardStatus, Standing
from gateway.domain.errors import (
    CardBlocked,
    CooldownActive,
    DailyLimitReached,
    LocationNotParticipating,
    NotInAudience,
    NotValidNow,
    ProgramNotActive,
    Refusal,
)
from gateway.domain.programs import ProgramStatus
from gateway.domain.rules.happenings import Happening
from gateway.domain.rules.outcomes import Day
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.schedules import holds, next_opening


def refused_entry(
    plan: Plan, standing: Standing, happening: Happening, now: datetime
) -> Refusal | None:
    """Return why nothing can be earned here and now, or None: the first reason in this order.

    Program, card, location, audience, schedule, cooldown, daily limit.
    """
    return (
        _not_open(plan, standing, happening)
        or _not_for_this_card(plan, standing, now)
        or _not_now(plan, happening, now)
        or _too_soon(plan, standing, now)
        or too_often(plan, standing, happening, now)
    )


def too_often(
    plan: Plan, standing: Standing, happening: Happening, now: datetime
) -> Refusal | None:
    """Return why the card earned often enough on this business day, or None."""
    most = plan.limits.daily_limit
    if day_of(standing, happening, now).earnings < most:
        return None
    return DailyLimitReached(
        f"This card was used {most} times today, which is all it can be.",
        retry_at=next_day_begins(now, happening.clock),
        daily_limit=most,
    )


def day_of(standing: Standing, happening: Happening, now: datetime) -> Day:
    """Return what the card did on the happening's business day until now."""
    today = business_day(now, happening.clock)
    return next((day for day in standing.days if day.day == today), Day(day=today))


def _not_open(plan: Plan, standing: Standing, happening: Happening) -> Refusal | None:
    if standing.program_status is not ProgramStatus.ACTIVE:
        return ProgramNotActive(status=standing.program_status)
    if standing.card_status is not CardStatus.ACTIVE:
        return CardBlocked()
    if plan.locations and happening.location_id not in plan.locations:
        return LocationNotParticipating()
    return None


def _not_for_this_card(plan: Plan, standing: Standing, now: datetime) -> Refusal | None:
    if plan.audience and not matches(plan.audience, standing, now):
        return NotInAudience()
    return None


def _not_now(plan: Plan, happening: Happening, now: datetime) -> Refusal | None:
    if holds(plan.schedule, now, happening.clock):
        return None
    opens_at = next_opening(plan.schedule, now, happening.clock)
    return NotValidNow(retry_at=opens_at) if opens_at else NotValidNow()


def _too_soon(plan: Plan, standing: Standing, now: datetime) -> Refusal | None:
    if standing.last_earned_at is None:
        return None
    free_at = standing.last_earned_at + timedelta(minutes=plan.limits.cooldown_minutes)
    if now >= free_at:
        return None
    return CooldownActive(retry_at=free_at, last_earned_at=standing.last_earned_at)
