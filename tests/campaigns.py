"""Campaigns to test with: plans, holders who agreed, and a pump whose clock a test turns."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from gateway.domain.campaigns import Audience, Campaign, Content, Plan
from gateway.domain.consents import Medium, Purpose
from gateway.domain.contacting import ContactPolicy, QuietHours
from gateway.domain.contacts import Contact, ContactKind
from gateway.domain.messages import Channel, MessageState
from gateway.services.campaigns.commanding import schedule
from gateway.services.campaigns.drafting import write_draft
from gateway.services.campaigns.following import follow
from gateway.services.merchants.designing import Author
from gateway.storage.database import Database
from gateway.storage.messages.consents import Consent
from gateway.storage.messages.manners import MessageSettings
from gateway.storage.messages.messages import Move
from tests.database import Database as TestDatabase
from tests.shops import ORIGIN, Shop, add_cards, opened
from workers.campaigns import Pump

SAID = Content(
    subject="Cake at {{merchant}}",
    body="Come and try our cake.",
    sms="Cake today at {{merchant}}!",
    wallet="Cake today!",
)
_TODAY = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
NOON = _TODAY + timedelta(days=9 - _TODAY.weekday())
"""Noon on a Wednesday to come, when nobody sleeps: later than the database's own clock."""
TURNS_MAX = 200


def make_plan(
    *channels: Channel, audience: Audience | None = None, per_minute_max: int | None = None
) -> Plan:
    """Return a plan that can be carried out; by mail unless told otherwise."""
    return Plan(
        name="Cake",
        channels=channels or (Channel.MAIL,),
        contents={"en": SAID},
        audience=audience or Audience(),
        per_minute_max=per_minute_max,
    )


def author_of(shop: Shop) -> Author:
    """Return who writes the shop's campaigns."""
    return Author(principal=shop.principal, origin=ORIGIN, new_id=uuid7)


async def scheduled(shop: Shop, plan: Plan | None = None, at: datetime = NOON) -> UUID:
    """Write a campaign and schedule it; return its id."""
    async with shop.database.units(shop.merchant_id) as unit:
        campaign = await write_draft(unit, plan or make_plan(), author_of(shop))
        await schedule(unit, campaign.id, at, author_of(shop))
    return campaign.id


async def add_holders(shop: Shop, count: int, *media: Medium, phones: bool = False) -> list[UUID]:
    """Open cards of customers who agree to offers by these media; return the cards."""
    cards = list(await add_cards(shop, count))
    async with shop.database.units(shop.merchant_id) as unit:
        for n, card_id in enumerate(cards):
            customer_id = (await unit.cards.one(card_id)).customer_id
            for medium in media:
                await unit.consents.add(consent(customer_id, medium), unit.now)
            if phones:
                phone = Contact(kind=ContactKind.PHONE, address=f"+3526210{n:05}")
                await unit.customers.add_contact(customer_id, phone, unit.now)
    return cards


def consent(customer_id: UUID, medium: Medium, *, granted: bool = True) -> Consent:
    """Return a customer's yes, or no, to offers."""
    return Consent(
        id=uuid7(),
        customer_id=customer_id,
        medium=medium,
        purpose=Purpose.MARKETING,
        granted=granted,
        wording="Offers",
        source="test",
        remote_address=None,
    )


async def opt_out(shop: Shop, card_id: UUID, medium: Medium = Medium.MAIL) -> None:
    """Let a card's customer say no to offers."""
    async with shop.database.units(shop.merchant_id) as unit:
        customer_id = (await unit.cards.one(card_id)).customer_id
        await unit.consents.add(consent(customer_id, medium, granted=False), unit.now)


async def never_quiet(shop: Shop) -> None:
    """Let the shop ring at any hour, for workers with a clock of their own."""
    policy = ContactPolicy(quiet=QuietHours(begins=time(0), ends=time(0)))
    async with shop.database.units(shop.merchant_id) as unit:
        await unit.manners.write(MessageSettings(policy=policy), revision=0)


async def allow_sms(shop: Shop) -> None:
    """Give the shop a sender of text messages."""
    async with shop.database.units(shop.merchant_id) as unit:
        policy = (await unit.manners.read()).policy
        settings = MessageSettings(policy=policy, sms_sender="Shop")
        await unit.manners.write(settings, revision=0)


async def states(shop: Shop, campaign_id: UUID) -> Counter[tuple[str, str | None]]:
    """Count a campaign's messages by state and reason, as its page does."""
    async with shop.database.units(shop.merchant_id) as unit:
        progress = await follow(unit, campaign_id)
    counted: Counter[tuple[str, str | None]] = Counter()
    for count in progress.counts:
        counted[str(count.state), count.reason] += count.messages
    return counted


async def campaign_of(shop: Shop, campaign_id: UUID) -> Campaign:
    """Read a campaign."""
    async with shop.database.units(shop.merchant_id) as unit:
        return await unit.campaigns.one(campaign_id)


async def wanted(shop: Shop) -> list[tuple[str, str]]:
    """Return channel and target of each delivery that nobody has begun."""
    rows = await shop.rows("SELECT channel, target FROM deliveries WHERE state = 'waiting'")
    return [(row[0], row[1]) for row in rows]


async def deliver(shop: Shop, rows: int | None = None) -> list[str]:
    """Do what couriers of mail, SMS and Google do, every provider being well; return targets.

    The statement is the worker's, so the shop must be on the worker's role.
    """
    found = await shop.rows(
        "SELECT id, target FROM deliveries WHERE state = 'waiting' ORDER BY id LIMIT :rows",
        rows=rows or 1_000_000,
    )
    async with shop.database.units(shop.merchant_id) as unit:
        moves = [
            Move(message_id=UUID(target.removeprefix("message:")), state=MessageState.SENT)
            for _, target in found
            if not target.startswith("announcement:")
        ]
        await unit.messages.move(moves, unit.now)
    await shop.execute(
        "UPDATE deliveries SET state = 'done', reason = 'Delivered', ended_at = now()"
        " WHERE id = ANY(:ids)",
        ids=[row[0] for row in found],
    )
    return [row[1] for row in found]


@dataclass(slots=True)
class Pumping:
    """A pump that takes a turn when told to, and whose clock stands still."""

    pump: Pump
    now: datetime = NOON
    rung: list[str] = field(default_factory=list)

    async def turn(self) -> bool:
        """Take one turn with every merchant; return whether more should follow at once."""
        return await self.pump.turn(asyncio.Event())

    async def rest(self) -> None:
        """Take turns until nothing more is to be done at this hour."""
        for _ in range(TURNS_MAX):
            if not await self.turn():
                return
        raise AssertionError("the pump never rests")

    def later(self, by: timedelta) -> None:
        """Turn the clock."""
        self.now += by


@asynccontextmanager
async def pumping(database: Database) -> AsyncIterator[Pumping]:
    """Give a pump on an open database; two of them are two workers."""

    def now() -> datetime:
        return made.now

    rung: list[str] = []
    made = Pumping(Pump(database, uuid7, now, lambda: rung.append("ring")), rung=rung)
    yield made


@asynccontextmanager
async def workers_database(database: TestDatabase) -> AsyncIterator[Database]:
    """Open a test's database as a worker does."""
    async with opened(database.worker_dsn) as ready:
        yield ready


def sum_of(counted: Counter[tuple[str, str | None]], *wanted_states: str) -> int:
    """Return how many are in one of these states, for whatever reason."""
    return sum(count for (state, _), count in counted.items() if state in wanted_states)
