"""The audit: who changed what in a merchant's house, appended and never edited."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.people import Origin
from gateway.storage.tables import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Who did what to what; `detail` holds ids and numbers, never personal data."""

    id: UUID
    actor: str
    action: str
    subject: str
    detail: Mapping[str, object] = field(default_factory=dict)


class Audit:
    """The merchant's audit log."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def add(self, record: Record, origin: Origin, now: datetime) -> None:
        """Append one record."""
        await self._connection.execute(
            insert(audit),
            {
                "merchant_id": self._merchant_id,
                "id": record.id,
                "happened_at": now,
                "actor": record.actor,
                "action": record.action,
                "subject": record.subject,
                "detail": dict(record.detail),
                "request_id": origin.request_id,
                "remote_address": origin.remote_address,
            },
        )
