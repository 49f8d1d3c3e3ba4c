"""A ledger as the database holds it, and its stored clock, which tests move instead of waiting."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from tests.storage.ledger_cards import GRACE_DAYS, LATER_DAYS
from tests.storage.ledger_shapes import Books

# What is given ends and becomes usable to the microsecond; the model knows days only.
_TO_DAYS = """
    UPDATE lots SET
        expires_at = CASE
            WHEN expires_at > $2::timestamptz + interval '300 days' THEN $2 + $3::interval
            WHEN expires_at BETWEEN $2 + interval '6 days' AND $2 + interval '8 days'
                THEN $2 + $4::interval
            ELSE expires_at END,
        usable_from = CASE WHEN usable_from > $2 THEN $2 + interval '3 days' ELSE usable_from END
    WHERE merchant_id = $1
"""
_RIPEN_LOTS = """
    UPDATE lots SET usable_from = $2::timestamptz - interval '1 day'
    WHERE card_id = $1 AND account = 'pending'
"""
_RIPEN_SALES = """
    UPDATE sales
    SET basis = jsonb_set(basis, '{earned_at}', to_jsonb($2::timestamptz - interval '10 days'))
    WHERE card_id = $1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredClock:
    """A merchant's lots and sales, by the days since `start`."""

    connection: asyncpg.Connection
    merchant_id: UUID
    start: datetime

    async def books(self, cards: dict[UUID, int]) -> Books:
        """Return what the ledger shows, its lots' ends brought to whole days."""
        later, grace = timedelta(days=LATER_DAYS), timedelta(days=GRACE_DAYS)
        await self.connection.execute(_TO_DAYS, self.merchant_id, self.start, later, grace)
        return Books(
            balances={
                (cards[row["card_id"]], row["unit"], row["account"]): row["balance"]
                for row in await self._rows("SELECT * FROM accounts WHERE balance <> 0")
            },
            lots={
                (
                    cards[row["card_id"]],
                    row["unit"],
                    row["account"],
                    self._day(row["expires_at"]),
                ): int(row["remaining"])
                for row in await self._rows(
                    "SELECT card_id, unit, account, expires_at, sum(remaining) AS remaining"
                    " FROM lots WHERE remaining > 0",
                    " GROUP BY card_id, unit, account, expires_at",
                )
            },
            changes={
                cards[row["id"]]: row["chain_number"]
                for row in await self._rows("SELECT * FROM cards WHERE true")
            },
        )

    async def age(self, card_id: UUID, before: int, ends: int) -> None:
        """Let a card's lots that end on one day end on another."""
        await self.connection.execute(
            "UPDATE lots SET expires_at = $3 WHERE card_id = $1 AND expires_at = $2",
            card_id,
            self.start + timedelta(days=before),
            self.start + timedelta(days=ends),
        )

    async def ripen(self, card_id: UUID) -> None:
        """Let what a card was given be held back long enough, its sales' own time as well."""
        await self.connection.execute(_RIPEN_LOTS, card_id, self.start)
        await self.connection.execute(_RIPEN_SALES, card_id, self.start)

    async def _rows(self, query: str, after: str = "") -> list[asyncpg.Record]:
        whole = f"{query} AND merchant_id = $1{after}"
        return list(await self.connection.fetch(whole, self.merchant_id))

    def _day(self, moment: datetime | None) -> int | None:
        if moment is None:
            return None
        days = (moment - self.start) / timedelta(days=1)
        return round(days)
