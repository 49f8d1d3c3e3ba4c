"""The delivery log of webhooks: each attempt with what came back, appended and never edited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, insert, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.storage.tables import webhook_attempts, webhook_messages

LOG_ROWS_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookAttempt:
    """One attempt: `status` is the answer's, None where none came; `outcome` says it in a word.

    `message_type` is None once the message is no longer kept.
    """

    id: UUID
    endpoint_id: UUID
    message_id: UUID
    number: int
    status: int | None
    outcome: str
    milliseconds: int
    excerpt: str
    attempted_at: datetime
    message_type: str | None = None


class WebhookAttempts:
    """The merchant's delivery logs."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def add(self, attempts: Sequence[WebhookAttempt]) -> None:
        """Append attempts."""
        if attempts:
            await self._connection.execute(
                insert(webhook_attempts),
                [
                    {
                        "merchant_id": self._merchant_id,
                        "id": attempt.id,
                        "endpoint_id": attempt.endpoint_id,
                        "message_id": attempt.message_id,
                        "number": attempt.number,
                        "status": attempt.status,
                        "outcome": attempt.outcome,
                        "milliseconds": attempt.milliseconds,
                        "excerpt": attempt.excerpt,
                        "attempted_at": attempt.attempted_at,
                    }
                    for attempt in attempts
                ],
            )

    async def page(
        self, endpoint_id: UUID, rows: int, before: tuple[datetime, UUID] | None = None
    ) -> list[WebhookAttempt]:
        """Return an endpoint's attempts, newest first, that come after the last one seen."""
        table = webhook_attempts.c
        seen = tuple_(table.attempted_at, table.id) < tuple_(*before) if before else true()
        found = await self._connection.execute(
            select(webhook_attempts, webhook_messages.c.type.label("message_type"))
            .join(
                webhook_messages,
                and_(
                    webhook_messages.c.merchant_id == table.merchant_id,
                    webhook_messages.c.id == table.message_id,
                ),
                isouter=True,
            )
            .where(table.merchant_id == self._merchant_id, table.endpoint_id == endpoint_id, seen)
            .order_by(table.attempted_at.desc(), table.id.desc())
            .limit(min(rows, LOG_ROWS_MAX))
        )
        return [
            WebhookAttempt(
                id=row.id,
                endpoint_id=row.endpoint_id,
                message_id=row.message_id,
                number=row.number,
                status=row.status,
                outcome=row.outcome,
                milliseconds=row.milliseconds,
                excerpt=row.excerpt,
                attempted_at=row.attempted_at,
                message_type=row.message_type,
            )
            for row in found
        ]
