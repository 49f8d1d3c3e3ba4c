"""Overseeing: what a merchant sees of their own shop at one glance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from gateway.domain.business_day import business_day, day_begins
from gateway.domain.program_figures import ACTIVE_DAYS, ProgramActivity, active_since
from gateway.domain.program_life import restorable_until
from gateway.domain.programs import Program
from gateway.domain.webhooks import DisabledReason
from gateway.storage.cards.cards import Card
from gateway.storage.cards.customers import Customer
from gateway.storage.cards.figures import ProgramFigures
from gateway.storage.events.webhook_endpoints import WebhookEndpoint
from gateway.storage.people.merchants import Location, Merchant
from gateway.storage.people.people import Member
from gateway.storage.people.tills import Till
from gateway.storage.unit import Unit

MEMBERS_PAGE_ROWS = 50
GIVEN_UP = frozenset({DisabledReason.GONE, DisabledReason.FAILING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The shop: its programs with their figures, its places, tills and people.

    `given_up` are the webhook endpoints that we disabled, not the merchant.
    """

    merchant: Merchant
    programs: Sequence[Program]
    figures: Mapping[UUID, ProgramFigures]
    locations: Sequence[Location]
    tills: Sequence[Till]
    members: Sequence[Member]
    given_up: Sequence[WebhookEndpoint]


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A card on the list, whose it is, and what it counts towards."""

    card: Card
    customer: Customer
    program: Program


async def overview(unit: Unit) -> Overview:
    """Read the shop."""
    endpoints = await unit.webhook_endpoints.all()
    return Overview(
        merchant=await unit.merchants.me(),
        programs=await unit.programs.all(),
        figures=await unit.figures.of_programs(unit.now - timedelta(days=ACTIVE_DAYS)),
        locations=await unit.merchants.locations(),
        tills=await unit.tills.all(),
        members=await unit.staff.all(),
        given_up=[each for each in endpoints if each.disabled_reason in GIVEN_UP],
    )


async def restorable_programs(unit: Unit) -> list[Program]:
    """Return the deleted programs that can still be brought back, the last one first."""
    return [
        program
        for program in await unit.programs.deleted()
        if (until := restorable_until(program)) and until > unit.now
    ]


async def program_activity(unit: Unit, program_id: UUID) -> ProgramActivity:
    """Return a program's figures of this moment; raises `NotFound`."""
    program = await unit.programs.one(program_id)
    clock = await unit.merchants.clock(None)
    since = active_since(business_day(unit.now, clock))
    return await unit.figures.activity(program.id, since, day_begins(since, clock))


async def list_members(
    unit: Unit, after: tuple[datetime, UUID] | None, program_id: UUID | None
) -> list[Membership]:
    """Return who joined, newest first, after the last one seen; at most `MEMBERS_PAGE_ROWS`."""
    cards = await unit.cards.page(MEMBERS_PAGE_ROWS, after, program_id)
    customers = await unit.customers.many([card.customer_id for card in cards])
    programs = await unit.programs.of_cards({card.program_id for card in cards})
    today = business_day(unit.now, await unit.merchants.clock(None))
    return [
        Membership(
            card=card.on(programs[card.program_id].version.plan, today),
            customer=customers[card.customer_id],
            program=programs[card.program_id],
        )
        for card in cards
    ]
