"""Checkpoints and the heads they were made over, appended and never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Exists, Row, and_, exists, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.checkpoints import Checkpoint, Head
from gateway.storage.tables import cards, checkpoint_heads, checkpoints, transactions

HEADS_ROWS_MAX = 10_000
# A transaction is dated when it is read for; its commit comes at most this much later.
COMMIT_LATER_MAX = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint, the public key (Ed25519, base64url) it was signed with, and the signature."""

    checkpoint: Checkpoint
    key_id: str
    signature: str


class Checkpoints:
    """The merchant's checkpoints."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def last(self) -> Signed | None:
        """Return the newest checkpoint."""
        found = await self._connection.execute(
            select(checkpoints)
            .where(checkpoints.c.merchant_id == self._merchant_id)
            .order_by(checkpoints.c.number.desc())
            .limit(1)
        )
        row = found.first()
        return _signed(row) if row else None

    async def all(self) -> list[Signed]:
        """Return every checkpoint, oldest first."""
        found = await self._connection.execute(
            select(checkpoints)
            .where(checkpoints.c.merchant_id == self._merchant_id)
            .order_by(checkpoints.c.number)
        )
        return [_signed(row) for row in found]

    async def heads(self, number: int) -> list[Head]:
        """Return the heads a checkpoint was made over, by card."""
        table = checkpoint_heads.c
        found = await self._connection.execute(
            select(table.card_id, table.number, table.hash)
            .where(table.merchant_id == self._merchant_id, table.checkpoint_number == number)
            .order_by(table.card_id)
        )
        return [Head(row.card_id, row.number, row.hash) for row in found]

    async def grown(self, since: Checkpoint | None) -> list[Head]:
        """Return the heads that no checkpoint saw, of cards that moved since this one was made."""
        table = transactions.c
        moved = select(table.card_id).where(table.merchant_id == self._merchant_id).distinct()
        grown = select(cards.c.id, cards.c.chain_number, cards.c.chain_hash).where(
            cards.c.merchant_id == self._merchant_id, cards.c.chain_number > 0
        )
        if since:
            edge = since.made_at - COMMIT_LATER_MAX
            moved = moved.where(table.occurred_at >= edge)
            # What moved after the edge was not seen by any checkpoint before it.
            grown = grown.where(~_seen(self._merchant_id, edge))
        found = await self._connection.execute(
            grown.where(cards.c.id.in_(moved)).order_by(cards.c.id)
        )
        return [Head(row.id, row.chain_number, row.chain_hash) for row in found]

    async def add(self, signed: Signed, heads: Sequence[Head]) -> None:
        """Keep a checkpoint with its heads."""
        made = signed.checkpoint
        await self._connection.execute(
            insert(checkpoints).values(
                merchant_id=self._merchant_id,
                number=made.number,
                made_at=made.made_at,
                previous=made.previous,
                root=made.root,
                heads=made.heads,
                key_id=signed.key_id,
                signature=signed.signature,
            )
        )
        for start in range(0, len(heads), HEADS_ROWS_MAX):
            await self._connection.execute(
                insert(checkpoint_heads),
                [
                    {
                        "merchant_id": self._merchant_id,
                        "checkpoint_number": made.number,
                        "card_id": head.card_id,
                        "number": head.number,
                        "hash": head.hash,
                    }
                    for head in heads[start : start + HEADS_ROWS_MAX]
                ],
            )


def _seen(merchant_id: UUID, edge: datetime) -> Exists:
    """Return the condition that a checkpoint made since `edge` saw the card's head as it is."""
    table = checkpoint_heads.c
    return exists(
        select(table.card_id)
        .join(
            checkpoints,
            and_(
                checkpoints.c.merchant_id == table.merchant_id,
                checkpoints.c.number == table.checkpoint_number,
            ),
        )
        .where(
            table.merchant_id == merchant_id,
            checkpoints.c.made_at >= edge,
            table.card_id == cards.c.id,
            table.number == cards.c.chain_number,
        )
    )


def _signed(row: Row[Any]) -> Signed:
    made = Checkpoint(
        merchant_id=row.merchant_id,
        number=row.number,
        made_at=row.made_at,
        previous=row.previous,
        root=row.root,
        heads=row.heads,
    )
    return Signed(made, row.key_id, row.signature)
