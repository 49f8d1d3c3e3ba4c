"""The consent log: every yes and no, appended; the newest per medium and purpose holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.consents import Medium, Purpose
from gateway.storage.among import among
from gateway.storage.tables import consents

LOG_ROWS_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A yes or no to one purpose by one medium, with the words that were agreed to."""

    id: UUID
    customer_id: UUID
    medium: Medium
    purpose: Purpose
    granted: bool
    wording: str
    source: str
    remote_address: str | None


@dataclass(frozen=True, slots=True)
class Given:
    """A line of the log: a yes or no, and when it was said."""

    consent: Consent
    given_at: datetime


class ConsentLog:
    """What the merchant's customers agreed to."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def add(self, consent: Consent, now: datetime) -> None:
        """Append a yes or no."""
        await self._connection.execute(
            insert(consents).values(
                merchant_id=self._merchant_id,
                id=consent.id,
                customer_id=consent.customer_id,
                channel=consent.medium,
                purpose=consent.purpose,
                granted=consent.granted,
                wording=consent.wording,
                source=consent.source,
                remote_address=consent.remote_address,
                given_at=now,
            )
        )

    async def log(self, customer_id: UUID) -> list[Given]:
        """Return what a customer said lately, newest first, at most `LOG_ROWS_MAX` lines."""
        table = consents.c
        found = await self._connection.execute(
            select(consents)
            .where(table.merchant_id == self._merchant_id, table.customer_id == customer_id)
            .order_by(table.given_at.desc(), table.id.desc())
            .limit(LOG_ROWS_MAX)
        )
        return [
            Given(
                Consent(
                    id=row.id,
                    customer_id=row.customer_id,
                    medium=Medium(row.channel),
                    purpose=Purpose(row.purpose),
                    granted=row.granted,
                    wording=row.wording,
                    source=row.source,
                    remote_address=row.remote_address,
                ),
                row.given_at,
            )
            for row in found
        ]

    async def of(self, customer_id: UUID) -> dict[tuple[str, str], bool]:
        """Return what a customer agrees to now, by medium and purpose."""
        return (await self.of_many([customer_id]))[customer_id]

    async def of_many(
        self, customer_ids: Sequence[UUID]
    ) -> dict[UUID, dict[tuple[str, str], bool]]:
        """Return what each of these customers agrees to now, by medium and purpose."""
        table = consents.c
        found = await self._connection.execute(
            select(table.customer_id, table.channel, table.purpose, table.granted)
            .ext(distinct_on(table.customer_id, table.channel, table.purpose))
            .where(table.merchant_id == self._merchant_id, among(table.customer_id, customer_ids))
            .order_by(
                table.customer_id,
                table.channel,
                table.purpose,
                table.given_at.desc(),
                table.id.desc(),
            )
        )
        agreed: dict[UUID, dict[tuple[str, str], bool]] = {
            customer_id: {} for customer_id in customer_ids
        }
        for row in found:
            agreed[row.customer_id][row.channel, row.purpose] = row.granted
        return agreed
