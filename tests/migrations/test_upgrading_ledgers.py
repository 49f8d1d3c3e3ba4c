"""A ledger of the first version, brought up to plans, lots and chains with all it holds."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from uuid_utils.compat import uuid7

from gateway.domain.ledger import TransactionKind
from gateway.domain.people import Permission, Principal
from gateway.services.ledger.verifying import verify_live
from gateway.storage.people.merchants import Location
from gateway.storage.server import migrating
from tests.database import Database
from tests.migrations.test_upgrading import old
from tests.shops import CLOCK, Shop, body, opened

__all__ = ["old"]

RESERVED = uuid7()
# Inside the month that the partitions of a fresh database begin with.
BEGAN = datetime.now(UTC) - timedelta(minutes=30)


@dataclass(slots=True)
class OldCard:
    """Writes a card's past as the first version did: no lots, no numbers, no hashes."""

    sql: asyncpg.Connection
    merchant: UUID
    program: UUID
    version: UUID
    location: UUID
    reward: UUID
    card: UUID
    at: datetime = BEGAN

    async def found(self) -> None:
        """Keep the merchant, its program and the card with its accounts."""
        run = self.sql.execute
        now = self.at
        await run(
            "INSERT INTO merchants VALUES ($1, 'shop', 'Shop', 'LU', 'en', $2)", self.merchant, now
        )
        await run(
            "INSERT INTO locations (merchant_id, id, name, code, time_zone, cutoff_hour,"
            " created_at) VALUES ($1, $2, 'Here', 'HERE', 'Europe/Luxembourg', 4, $3)",
            self.merchant,
            self.location,
            now,
        )
        await run(
            "INSERT INTO programs (merchant_id, id, status, revision, current_number, created_at)"
            " VALUES ($1, $2, 'active', 1, 1, $3)",
            self.merchant,
            self.program,
            now,
        )
        await run(
            "INSERT INTO program_versions (merchant_id, id, program_id, number, name, rule_kind,"
            " rule, look, published_at) VALUES ($1, $2, $3, 1, 'Card', 'stamp_card',"
            """ '{"target": 3, "reward": "Coffee", "cooldown_seconds": 0, "daily_limit": 50}',"""
            """ '{"background": "#1f4d3a", "foreground": "#ffffff", "label": "#cfe5d8"}', $4)""",
            self.merchant,
            self.version,
            self.program,
            now,
        )
        await run(
            "INSERT INTO rewards VALUES ($1, $2, $3, 'Coffee', 'stamp', 3)",
            self.merchant,
            self.reward,
            self.version,
        )
        customer = uuid7()
        await run(
            "INSERT INTO customers (merchant_id, id, contact_kind, language, created_at)"
            " VALUES ($1, $2, 'mail', 'en', $3)",
            self.merchant,
            customer,
            now,
        )
        await run(
            "INSERT INTO cards (merchant_id, id, program_id, customer_id, code, status, version,"
            " earned_that_day, opened_at) VALUES ($1, $2, $3, $4, 'LC1-OLD', 'active', 1, 0, $5)",
            self.merchant,
            self.card,
            self.program,
            customer,
            now,
        )
        for account in ("issued", "available", "reserved", "redeemed"):
            await run(
                "INSERT INTO accounts VALUES ($1, $2, 'stamp', $3, 0, 0)",
                self.merchant,
                self.card,
                account,
            )

    async def post(self, kind: str, source: str, target: str, amount: int) -> UUID:
        """Move stamps from one account to another, as one transaction."""
        self.at += timedelta(minutes=1)
        transaction = uuid7()
        await self.sql.execute(
            "INSERT INTO transactions (merchant_id, occurred_at, id, card_id, program_version_id,"
            " kind, location_id, source, explanation)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, 'staff', '[]')",
            self.merchant,
            self.at,
            transaction,
            self.card,
            self.version,
            kind,
            self.location,
        )
        for account, delta in ((source, -amount), (target, amount)):
            row = await self.sql.fetchrow(
                "UPDATE accounts SET balance = balance + $4, seq = seq + 1 WHERE merchant_id = $1"
                " AND card_id = $2 AND account = $3 RETURNING balance, seq",
                self.merchant,
                self.card,
                account,
                delta,
            )
            await self.sql.execute(
                "INSERT INTO entries (merchant_id, card_id, unit, account, seq, occurred_at,"
                " transaction_id, delta, balance_after)"
                " VALUES ($1, $2, 'stamp', $3, $4, $5, $6, $7, $8)",
                self.merchant,
                self.card,
                account,
                row["seq"],
                self.at,
                transaction,
                delta,
                row["balance"],
            )
        await self.sql.execute(
            "UPDATE cards SET version = version + 1, last_earned_at = $3"
            " WHERE merchant_id = $1 AND id = $2",
            self.merchant,
            self.card,
            self.at,
        )
        return transaction

    async def redeem(self, status: str, ending: tuple[str, str] | None, redemption: UUID) -> None:
        """Set a reward aside and, unless it stays open, end it."""
        reserved_at = self.at
        await self.post("reserve", "available", "reserved", 3)
        if ending:
            await self.post(ending[0], "reserved", ending[1], 3)
        await self.sql.execute(
            "INSERT INTO redemptions (merchant_id, id, card_id, reward_id, status, code,"
            " reserved_at, expires_at) VALUES ($1, $2, $3, $4, $5, 'K7Q2', $6, $7)",
            self.merchant,
            redemption,
            self.card,
            self.reward,
            status,
            reserved_at,
            self.at + timedelta(hours=1),
        )


@pytest.fixture
async def past(database: Database, old: str) -> OldCard:
    """A card that was stamped eleven times, once undone, and redeemed in every way."""
    sql = await asyncpg.connect(database.superuser_dsn.replace(database.name, old))
    merchant, program, version, location, reward, owner = (uuid7() for _ in range(6))
    card = OldCard(sql, merchant, program, version, location, reward, owner)
    await card.found()
    for _ in range(10):
        await card.post("earn", "issued", "available", 1)
    undone = await card.post("earn", "issued", "available", 1)
    taken = await card.post("reverse", "available", "issued", 1)
    await sql.execute(
        "INSERT INTO reversals VALUES ($1, $2, $3, $4)", card.merchant, undone, taken, card.at
    )
    await card.redeem("redeemed", ("redeem", "redeemed"), uuid7())
    await card.redeem("cancelled", ("cancel", "available"), uuid7())
    await card.redeem("expired", ("expire", "available"), uuid7())
    await card.redeem("reserved", None, RESERVED)
    await sql.close()
    return card


async def test_a_ledger_is_carried_over_whole(database: Database, old: str, past: OldCard) -> None:
    """Every invariant holds, the chain verifies, and everything on its way can go on."""
    await migrating.migrate(database.owner_dsn.replace(database.name, old))
    await migrating.check(database.owner_dsn.replace(database.name, old))
    async with opened(database.app_dsn.replace(database.name, old)) as ready:
        async with ready.units(past.merchant) as unit:
            program = await unit.programs.one(past.program)
            rewards = await unit.rewards.of_program(program.id, program.version.id)
            verdict = await verify_live(unit)
        assert verdict.faults == []
        assert verdict.transactions == 19
        shop = Shop(
            ready,
            Principal(
                merchant_id=past.merchant,
                name="till:test",
                permissions=frozenset(Permission),
                location_id=past.location,
            ),
            Location(id=past.location, name="Here", code="HERE", clock=CLOCK),
            program,
            tuple(rewards),
            (past.card,),
        )
        assert await shop.violations() == []
        assert (await shop.balances())[:2] == (4, 3)
        cancelled = await shop.end(shop.end_command(RESERVED), TransactionKind.CANCEL)
        assert cancelled.is_done, cancelled.body
        assert (await shop.balances())[:2] == (7, 0)
        assert body((await shop.stamp())[0])["given"] == [{"unit": "stamp", "amount": 1}]
        assert (await shop.reserve()).is_done
        assert await shop.violations() == []
