"""Addresses that are not written to any more, known only by their blind index."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import and_, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.consents import Medium
from gateway.storage.tables import suppressions


class SuppressionReason(StrEnum):
    """Why an address is not written to any more."""

    BOUNCED = "bounced"
    STOPPED = "stopped"


class Suppressions:
    """The merchant's stop list; an index comes from `unit.customers.index`."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def add(
        self, medium: Medium, contact_index: bytes, reason: SuppressionReason, now: datetime
    ) -> bool:
        """Write to an address no more; return whether that is new.

        The first reason stays, but a person's own wish wins over a bounce.
        """
        added = insert(suppressions).values(
            merchant_id=self._merchant_id,
            medium=medium,
            contact_index=contact_index,
            reason=reason,
            suppressed_at=now,
        )
        written = await self._connection.execute(
            added.on_conflict_do_update(
                index_elements=["merchant_id", "medium", "contact_index"],
                set_={"reason": reason, "suppressed_at": now},
                where=and_(
                    suppressions.c.reason == SuppressionReason.BOUNCED,
                    suppressions.c.reason != reason,
                ),
            )
        )
        return bool(written.rowcount)

    async def holds(self, medium: Medium, contact_index: bytes) -> bool:
        """Return whether an address is on the list, whyever."""
        return await self.reason(medium, contact_index) is not None

    async def reason(self, medium: Medium, contact_index: bytes) -> SuppressionReason | None:
        """Return why an address is not written to, or None when it is."""
        found = await self._connection.execute(
            select(suppressions.c.reason).where(
                suppressions.c.merchant_id == self._merchant_id,
                suppressions.c.medium == medium,
                suppressions.c.contact_index == contact_index,
            )
        )
        reason: str | None = found.scalar()
        return None if reason is None else SuppressionReason(reason)

    async def lift(self, medium: Medium, contact_index: bytes, reason: SuppressionReason) -> bool:
        """Write to an address again, if this was the reason not to; return whether it was."""
        lifted = await self._connection.execute(
            delete(suppressions).where(
                suppressions.c.merchant_id == self._merchant_id,
                suppressions.c.medium == medium,
                suppressions.c.contact_index == contact_index,
                suppressions.c.reason == reason,
            )
        )
        return bool(lifted.rowcount)
