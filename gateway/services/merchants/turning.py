"""Turning: when a period of a program's rules ends, its cards count from zero again."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from gateway.domain.business_day import BusinessClock, business_day, day_begins
from gateway.domain.memories import has_turned, next_turn
from gateway.domain.program_life import redeemable_until
from gateway.domain.programs import Program
from gateway.storage.cards.periods import Remembering, Turn
from gateway.storage.unit import Unit

MORNING_HOUR = 9
"""When phones are told that a period ended: at night they would wake people for it."""
NEVER = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """A program whose cards may read otherwise today than on a business day `before`."""

    program_id: UUID
    before: date
    today: date


async def turn_periods(unit: Unit, program_id: UUID) -> Turned | None:
    """Return between which days periods of a program ended, or None; each end is returned once.

    With it the program's next turn is kept: the morning on which the next period begins, or never
    when its days of grace are over. Raises `NotFound`.
    """
    program = await unit.programs.even_deleted(program_id)
    turn = await unit.periods.turn(program_id)
    clock = await unit.merchants.clock(None)
    today, before = business_day(unit.now, clock), _day_before(turn, clock)
    if not await unit.periods.move(program, turn, _next(program, today, clock, unit.now)):
        return None
    if next_turn(program.version.plan, before) > today:
        return None
    return Turned(program_id=program_id, before=before, today=today)


async def refresh_turned(unit: Unit, turned: Turned, cards: list[Remembering]) -> list[UUID]:
    """Count up the versions of those of a program's cards that read otherwise; return which.

    Each by the version it is under. One that earned today shows today already.
    """
    clock = await unit.merchants.clock(None)
    began = day_begins(turned.today, clock)
    versions = await unit.programs.versions({card.version_id for card in cards})
    changed = [
        card.card_id
        for card in cards
        if (card.last_earned_at is None or card.last_earned_at < began)
        and has_turned(versions[card.version_id].plan, card.memory, turned.before, turned.today)
    ]
    if changed:
        await unit.periods.count_up(changed)
    return changed


def _day_before(turn: Turn, clock: BusinessClock) -> date:
    """Return the last day that cards were seen to read: since then a period may have ended."""
    if turn.at is None:
        return business_day(turn.published_at, clock)
    return business_day(turn.at, clock) - timedelta(days=1)


def _next(program: Program, today: date, clock: BusinessClock, now: datetime) -> datetime:
    plan = program.version.plan
    if program.ended_at and redeemable_until(program.ended_at, plan.grace_days) <= now:
        return NEVER
    day = next_turn(plan, today)
    if day == date.max:
        return NEVER
    morning = datetime.combine(day, time(MORNING_HOUR), ZoneInfo(clock.time_zone))
    return max(morning, day_begins(day, clock))
