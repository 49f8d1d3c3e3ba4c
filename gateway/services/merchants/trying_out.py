"""Trying out: what a program would give for an example, without writing anything."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from gateway.domain.business_day import BusinessClock
from gateway.domain.cards import Standing, Totals
from gateway.domain.earning.evaluation import evaluate
from gateway.domain.ledger import Account
from gateway.domain.programs import Program, ProgramStatus
from gateway.domain.rules.happenings import Happening, Line, Sale
from gateway.domain.rules.outcomes import Outcome
from gateway.storage.people.merchants import Location
from gateway.storage.unit import Unit

NOBODY, NOWHERE = UUID(int=0), UUID(int=0)
_NEW = Totals()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """A purchase of an example, in minor units of whatever currency the plan has."""

    total_paid: int
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A card and what happens to it; without a purchase it is a visit.

    `available` is what can be spent on the card, by unit. Without a location it happens at one
    that takes part; without a moment, now.
    """

    location_id: UUID | None = None
    at: datetime | None = None
    bought: Bought | None = None
    available: Mapping[str, int] = field(default_factory=dict)
    totals: Totals = _NEW
    tier: str | None = None
    opened_at: datetime | None = None
    last_earned_at: datetime | None = None


async def try_out(unit: Unit, program_id: UUID, example: Example) -> Outcome:
    """Return what a program's current version would give for an example, with all explanations.

    The program is judged as if it ran. Raises `NotFound` for an unknown program or location.
    """
    program = await unit.programs.one(program_id)
    now = example.at or unit.now
    location = await _location(unit, program, example.location_id)
    happening = Happening(
        clock=location.clock if location else BusinessClock(time_zone="UTC"),
        location_id=location.id if location else NOWHERE,
        sale=_sale(program, example.bought),
    )
    return evaluate(program.version, _standing(program, example, now), happening, now)


async def _location(unit: Unit, program: Program, location_id: UUID | None) -> Location | None:
    if location_id is not None:
        return await unit.merchants.location(location_id)
    places = program.version.plan.locations
    found = await unit.merchants.locations()
    return next((each for each in found if not places or each.id in places), None)


def _sale(program: Program, bought: Bought | None) -> Sale | None:
    if bought is None:
        return None
    return Sale(
        currency=program.version.plan.currency, total_paid=bought.total_paid, lines=bought.lines
    )


def _standing(program: Program, example: Example, now: datetime) -> Standing:
    return Standing(
        card_id=NOBODY,
        program_id=program.id,
        program_version_id=program.version.id,
        program_status=ProgramStatus.ACTIVE,
        version=1,
        opened_at=example.opened_at or now,
        balances={
            unit: {Account.ISSUED: -amount, Account.AVAILABLE: amount}
            for unit, amount in example.available.items()
        },
        last_earned_at=example.last_earned_at,
        totals=example.totals,
        tier=example.tier,
        tier_since=None if example.tier is None else example.opened_at or now,
    )
