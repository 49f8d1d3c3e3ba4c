"""Judging: what happened, perhaps a while ago, by what held then and what its card had done."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from gateway.domain.business_day import BusinessClock, business_day
from gateway.domain.cards import Standing
from gateway.domain.earning.evaluation import evaluate
from gateway.domain.programs import ProgramVersion
from gateway.domain.rules.happenings import Happening, Sale
from gateway.domain.rules.outcomes import Outcome
from gateway.domain.sales import ONLINE_HOURS_MAX, happened_at
from gateway.services.cards.commands import Command
from gateway.services.sales.histories import standing_then, version_of, with_history
from gateway.storage.unit import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling(Command):
    """Something that happened at a location, told of at once or later.

    `reference` names it for ever. `occurred_at` None is now; otherwise it is at most `age_max`
    ago, and counts from `synced_at` at the earliest.
    """

    follows = True

    reference: str
    location_id: UUID
    clock: BusinessClock
    occurred_at: datetime | None = None
    synced_at: datetime | None = None
    age_max: timedelta = timedelta(hours=ONLINE_HOURS_MAX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """When something happened, on which business day, by which version, and what came of it."""

    moment: datetime
    day: date
    version: ProgramVersion
    outcome: Outcome


async def judge(
    unit: Unit, command: Telling, standing: Standing, now: datetime, sale: Sale | None = None
) -> Judgement:
    """Return what a sale, or without one a visit, comes to; raises what refuses it."""
    moment = happened_at(
        command.occurred_at, now, age_max=command.age_max, synced_at=command.synced_at
    )
    version = await version_of(unit, standing, moment, now)
    day = business_day(moment, command.clock)
    then = await with_history(unit, standing, version, day, now)
    then = await standing_then(unit, then, version, moment)
    happening = Happening(clock=command.clock, location_id=command.location_id, sale=sale)
    outcome = evaluate(version, then, happening, moment)
    if outcome.refusal is not None:
        raise outcome.refusal
    return Judgement(moment=moment, day=day, version=version, outcome=outcome)
