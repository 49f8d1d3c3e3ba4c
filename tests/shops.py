"""A shop to test with: one merchant with a location, a program and cards."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils.compat import uuid7

from gateway.domain.business_day import BusinessClock
from gateway.domain.contacts import Contact, ContactKind
from gateway.domain.ledger import TransactionKind
from gateway.domain.people import Origin, Permission, Principal
from gateway.domain.programs import Look, Program, ProgramStatus, ProgramVersion
from gateway.domain.rewards import Reward
from gateway.domain.rules.keys import STAMP
from gateway.domain.rules.plan import Plan
from gateway.services.cards.commands import (
    Answer,
    EndRedemption,
    ReserveReward,
    StampCard,
    UndoStamp,
)
from gateway.services.cards.stamping import Books, Reply, stamp
from gateway.services.cards.undoing import undo_stamp
from gateway.services.rewards.ending import end_redemption, take_reward_back
from gateway.services.rewards.reserving import reserve_reward
from gateway.storage.auditing import invariants
from gateway.storage.cards.cards import NewCard
from gateway.storage.cards.customers import Customer
from gateway.storage.cards.vault import Vault
from gateway.storage.database import Database, open_database
from gateway.storage.people.merchants import Location, Merchant
from tests.plans import stamp_plan

CLOCK = BusinessClock(time_zone="Europe/Luxembourg", cutoff_hour=4)
ORIGIN = Origin(source="test", remote_address="192.0.2.1", user_agent="tests", request_id="r")
VAULT = Vault(b"w" * 32, b"i" * 32)
FINGERPRINT = b"f" * 32


@asynccontextmanager
async def opened(
    url: str, *, pool_size: int = 16, seconds_max: float = 10
) -> AsyncIterator[Database]:
    """Open the database as a process does."""
    async with open_database(
        url, pool_size=pool_size, seconds_max=seconds_max, vault=VAULT, new_id=uuid7
    ) as database:
        yield database


@dataclass(frozen=True, slots=True)
class Shop:
    """A merchant's ids, and commands on its cards."""

    database: Database
    principal: Principal
    location: Location
    program: Program
    rewards: tuple[Reward, ...]
    cards: tuple[UUID, ...]

    @property
    def merchant_id(self) -> UUID:
        """The merchant."""
        return self.principal.merchant_id

    @property
    def reward(self) -> Reward:
        """The first that its program promises."""
        return self.rewards[0]

    @property
    def books(self) -> Books:
        """What stamps are written into."""
        return Books(self.database.ledger, self.database.versions, uuid7, self.database.bell.ring)

    def stamp_command(self, card: UUID | None = None, key: str | None = None) -> StampCard:
        """Return a command that stamps a card, the first unless told otherwise."""
        return StampCard(
            principal=self.principal,
            origin=ORIGIN,
            key=key or uuid7().hex,
            fingerprint=FINGERPRINT,
            card_id=card or self.cards[0],
            location_id=self.location.id,
            clock=CLOCK,
        )

    def undo_command(
        self, transaction_id: UUID, key: str | None = None, card: UUID | None = None
    ) -> UndoStamp:
        """Return a command that takes a stamp back, of the first card unless told otherwise."""
        return UndoStamp(
            principal=self.principal,
            origin=ORIGIN,
            key=key or uuid7().hex,
            fingerprint=FINGERPRINT,
            card_id=card or self.cards[0],
            transaction_id=transaction_id,
        )

    def reserve_command(
        self, key: str | None = None, card: UUID | None = None, reward: UUID | None = None
    ) -> ReserveReward:
        """Return a command that reserves a reward, the first, for the first card."""
        return ReserveReward(
            principal=self.principal,
            origin=ORIGIN,
            key=key or uuid7().hex,
            fingerprint=FINGERPRINT,
            card_id=card or self.cards[0],
            reward_id=reward or self.reward.id,
        )

    def end_command(
        self, redemption_id: UUID, key: str | None = None, card: UUID | None = None
    ) -> EndRedemption:
        """Return a command that ends a redemption, of the first card unless told otherwise."""
        return EndRedemption(
            principal=self.principal,
            origin=ORIGIN,
            key=key or uuid7().hex,
            fingerprint=FINGERPRINT,
            card_id=card or self.cards[0],
            redemption_id=redemption_id,
        )

    async def stamp(self, *commands: StampCard) -> list[Reply]:
        """Stamp a set of cards; without commands, the first card."""
        return await stamp(self.books, commands or (self.stamp_command(),))

    async def fill(self, stamps: int, card: UUID | None = None) -> UUID:
        """Give a card stamps one after another; return the transaction of the last one."""
        for _ in range(stamps):
            (reply,) = await self.stamp(self.stamp_command(card))
        return UUID(str(body(reply)["transaction_id"]))

    async def undo(self, command: UndoStamp) -> Answer:
        """Take a stamp back."""
        return await undo_stamp(self.database.units, command, uuid7)

    async def reserve(self, command: ReserveReward | None = None) -> Answer:
        """Reserve the reward, for the first card unless told otherwise."""
        command = command or self.reserve_command()
        return await reserve_reward(self.database.units, command, uuid7, "K7Q2")

    async def end(self, command: EndRedemption, how: TransactionKind) -> Answer:
        """End a redemption."""
        return await end_redemption(self.database.units, command, how, uuid7)

    async def take_back(self, command: EndRedemption) -> Answer:
        """Take a redeemed reward back."""
        return await take_reward_back(self.database.units, command, uuid7)

    @property
    def version(self) -> ProgramVersion:
        """What the program promises."""
        return self.program.version

    async def balances(
        self, card: UUID | None = None, unit_name: str = STAMP
    ) -> tuple[int, int, int]:
        """Return what is available and reserved on a card of a unit, and the card's version."""
        async with self.database.units(self.merchant_id) as unit:
            found = await unit.cards.one(card or self.cards[0])
        return found.available(unit_name), found.reserved(unit_name), found.version

    async def facts(self) -> list[str]:
        """Return the types of everything announced, in order."""
        rows = await self.rows("SELECT type FROM outbox ORDER BY announced_at, id")
        return [str(row[0]) for row in rows]

    async def rows(self, query: str, **values: object) -> list[tuple[Any, ...]]:
        """Return what a query finds in the merchant's house."""
        async with self._inside() as connection:
            return [tuple(row) for row in await connection.execute(text(query), values)]

    async def execute(self, statement: str, **values: object) -> None:
        """Change something in the merchant's house behind the services' back."""
        async with self._inside() as connection:
            await connection.execute(text(statement), values)

    @asynccontextmanager
    async def _inside(self) -> AsyncIterator[AsyncConnection]:
        async with self.database.engine.begin() as connection:
            await connection.execute(
                text("SELECT set_config('app.merchant', :merchant, true)"),
                {"merchant": str(self.merchant_id)},
            )
            yield connection

    async def violations(self) -> list[str]:
        """Return what the merchant's books show that should never be."""
        async with self.database.engine.connect() as connection:
            return await invariants.violations(connection, self.merchant_id)


async def open_shop(
    database: Database,
    *,
    plan: Plan | None = None,
    cards: int = 1,
    slug: str = "shop",
) -> Shop:
    """Keep a merchant with everything it needs; by default a stamp card without cooldown."""
    merchant_id, program_id, version_id = uuid7(), uuid7(), uuid7()
    location = Location(id=uuid7(), name="Here", code="HERE", clock=CLOCK)
    version = ProgramVersion(
        id=version_id,
        program_id=program_id,
        number=1,
        name="Card",
        plan=plan or stamp_plan(),
        look=Look(),
    )
    program = Program(id=program_id, status=ProgramStatus.ACTIVE, revision=1, version=version)
    merchant = Merchant(id=merchant_id, slug=slug, name="Shop", country="LU", language="en")
    async with database.units(merchant_id) as unit:
        await unit.merchants.add(merchant, unit.now)
        await unit.merchants.add_location(location, unit.now)
        await unit.programs.add(program, unit.now)
        await unit.programs.add_version(version, None, unit.now)
        rewards = await unit.rewards.add_promised(version, uuid7, unit.now)
    principal = Principal(
        merchant_id=merchant_id,
        name="till:test",
        permissions=frozenset(Permission),
        location_id=location.id,
    )
    shop = Shop(database, principal, location, program, tuple(rewards), ())
    return replace(shop, cards=tuple(await add_cards(shop, cards)))


async def add_cards(shop: Shop, count: int) -> Sequence[UUID]:
    """Open cards, each of a customer of its own."""
    added = []
    async with shop.database.units(shop.merchant_id) as unit:
        for _ in range(count):
            card_id = uuid7()
            contact = Contact(kind=ContactKind.MAIL, address=f"{card_id.hex}@example.org")
            customer = Customer(id=uuid7(), contacts=(contact,), language="en", time_zone="UTC")
            customer_id = await unit.customers.claim(customer, unit.now)
            card = NewCard(
                id=card_id,
                code=f"LC1-{card_id.hex.upper()}",
                program_id=shop.program.id,
                customer_id=customer_id,
            )
            assert await unit.cards.open(card, unit.now)
            added.append(card_id)
    return added


def body(reply: Reply) -> dict[str, object]:
    """Return the JSON an answer carries."""
    assert not isinstance(reply, Exception), reply
    decoded: dict[str, object] = msgspec.json.decode(reply.body)
    return decoded
