"""Tills: browsers that were paired once and are the first factor of every staff session."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.errors import NotFound
from gateway.storage.tables import tills


@dataclass(frozen=True, slots=True, kw_only=True)
class Till:
    """A till at a location; `secret_hash` is None until it is paired."""

    id: UUID
    location_id: UUID
    name: str
    secret_hash: bytes | None = field(default=None, repr=False)
    paired_at: datetime | None = None


class Tills:
    """The merchant's tills."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def add(
        self, till: Till, pairing_hash: bytes, pairing_expires_at: datetime, now: datetime
    ) -> None:
        """Keep a till that waits to be paired."""
        await self._connection.execute(
            insert(tills).values(
                merchant_id=self._merchant_id,
                id=till.id,
                location_id=till.location_id,
                name=till.name,
                pairing_hash=pairing_hash,
                pairing_expires_at=pairing_expires_at,
                created_at=now,
            )
        )

    async def pair(self, pairing_hash: bytes, secret_hash: bytes, now: datetime) -> Till | None:
        """Give the till with this pairing code its secret; a code works once.

        Return the till, or None when the code is wrong, used or too old.
        """
        table = tills.c
        paired = await self._connection.execute(
            update(tills)
            .where(
                table.merchant_id == self._merchant_id,
                table.pairing_hash == pairing_hash,
                table.pairing_expires_at > now,
                table.secret_hash.is_(None),
                table.revoked_at.is_(None),
            )
            .values(secret_hash=secret_hash, paired_at=now, pairing_hash=None)
            .returning(tills)
        )
        row = paired.first()
        return _till(row) if row else None

    async def one(self, till_id: UUID) -> Till | None:
        """Return a paired till, or None when it is not or no longer."""
        table = tills.c
        found = await self._connection.execute(
            select(tills).where(
                table.merchant_id == self._merchant_id,
                table.id == till_id,
                table.secret_hash.is_not(None),
                table.revoked_at.is_(None),
            )
        )
        row = found.first()
        return _till(row) if row else None

    async def all(self) -> list[Till]:
        """Return the tills that are not unpaired, by name."""
        found = await self._connection.execute(
            select(tills)
            .where(tills.c.merchant_id == self._merchant_id, tills.c.revoked_at.is_(None))
            .order_by(tills.c.name)
        )
        return [_till(row) for row in found]

    async def revoke(self, till_id: UUID, now: datetime) -> None:
        """Unpair a till, which ends its sessions; raises `NotFound` for what is none any more."""
        revoked = await self._connection.execute(
            update(tills)
            .where(
                tills.c.merchant_id == self._merchant_id,
                tills.c.id == till_id,
                tills.c.revoked_at.is_(None),
            )
            .values(revoked_at=now)
        )
        if not revoked.rowcount:
            raise NotFound("This till does not exist.")


def _till(row: Row[Any]) -> Till:
    return Till(
        id=row.id,
        location_id=row.location_id,
        name=row.name,
        secret_hash=row.secret_hash,
        paired_at=row.paired_at,
    )
