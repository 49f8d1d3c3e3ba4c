"""Webhook endpoints: where a merchant's events go, and whether anybody answers there."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.errors import ChangedMeanwhile, NotFound
from gateway.domain.webhooks import DisabledReason, EndpointStatus
from gateway.storage.among import among
from gateway.storage.events.signing_safe import SealedSecrets
from gateway.storage.tables import webhook_endpoints

ENDPOINTS_MAX = 20

# Of two who add at once the second counts the first one's.
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:merchant, 4))")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEndpoint:
    """An endpoint; `failing_since` is its first failure after its last success.

    Its address may hold a secret of the receiver's and is not shown.
    """

    id: UUID
    url: str = field(repr=False)
    description: str
    events: tuple[str, ...]
    secrets: SealedSecrets
    status: EndpointStatus = EndpointStatus.ENABLED
    disabled_reason: DisabledReason | None = None
    failing_since: datetime | None = None
    revision: int = 1
    created_at: datetime


class WebhookEndpoints:
    """The merchant's endpoints, without those that were deleted."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def add(self, endpoint: WebhookEndpoint) -> bool:
        """Keep a new endpoint; return False when there are `ENDPOINTS_MAX` already."""
        await self._connection.execute(_LOCK, {"merchant": str(self._merchant_id)})
        counted = await self._connection.execute(
            select(func.count()).select_from(webhook_endpoints).where(self._kept())
        )
        if counted.scalar_one() >= ENDPOINTS_MAX:
            return False
        await self._connection.execute(
            insert(webhook_endpoints).values(
                merchant_id=self._merchant_id,
                id=endpoint.id,
                created_at=endpoint.created_at,
                revision=endpoint.revision,
                **_changeable(endpoint),
            )
        )
        return True

    async def all(self) -> list[WebhookEndpoint]:
        """Return the endpoints, oldest first."""
        found = await self._connection.execute(
            select(webhook_endpoints)
            .where(self._kept())
            .order_by(webhook_endpoints.c.created_at, webhook_endpoints.c.id)
        )
        return [_endpoint(row) for row in found]

    async def one(self, endpoint_id: UUID) -> WebhookEndpoint:
        """Return an endpoint; raises `NotFound`."""
        found = await self.some([endpoint_id])
        if endpoint_id not in found:
            raise NotFound("This webhook endpoint does not exist.")
        return found[endpoint_id]

    async def some(self, endpoint_ids: Collection[UUID]) -> dict[UUID, WebhookEndpoint]:
        """Return those of these endpoints that still exist."""
        found = await self._connection.execute(
            select(webhook_endpoints).where(
                self._kept(), among(webhook_endpoints.c.id, endpoint_ids)
            )
        )
        return {row.id: _endpoint(row) for row in found}

    async def listening(self) -> dict[UUID, tuple[str, ...]]:
        """Return the enabled endpoints with the names of the events they want."""
        table = webhook_endpoints.c
        found = await self._connection.execute(
            select(table.id, table.events).where(
                self._kept(), table.status == EndpointStatus.ENABLED
            )
        )
        return {row.id: tuple(row.events) for row in found}

    async def change(self, endpoint: WebhookEndpoint, *, revision: int) -> None:
        """Write what somebody changed, if it still has the `revision` they saw.

        Raises `ChangedMeanwhile`.
        """
        await self._write(endpoint.id, revision, **_changeable(endpoint))

    async def delete(self, endpoint_id: UUID, now: datetime, *, revision: int) -> None:
        """Forget an endpoint's secrets, and hide it; its delivery log stays for its time.

        Raises `ChangedMeanwhile`.
        """
        await self._write(
            endpoint_id, revision, deleted_at=now, secret_sealed=b"", old_secret_sealed=None
        )

    async def note_answers(
        self, heard: Collection[UUID], failed: Collection[UUID], now: datetime
    ) -> None:
        """Remember which endpoints took something and which did not, the former going first."""
        table = webhook_endpoints.c
        await self._connection.execute(
            update(webhook_endpoints)
            .where(self._kept(), among(table.id, heard), table.failing_since.is_not(None))
            .values(failing_since=None)
        )
        await self._connection.execute(
            update(webhook_endpoints)
            .where(self._kept(), among(table.id, failed), table.failing_since.is_(None))
            .values(failing_since=now)
        )

    async def disable(self, endpoint_id: UUID, reason: DisabledReason) -> bool:
        """Send nothing more to an endpoint; return whether anything was sent there until now."""
        table = webhook_endpoints.c
        written = await self._connection.execute(
            update(webhook_endpoints)
            .where(self._kept(), table.id == endpoint_id, table.status == EndpointStatus.ENABLED)
            .values(
                status=EndpointStatus.DISABLED,
                disabled_reason=reason,
                revision=table.revision + 1,
            )
            .returning(table.id)
        )
        return written.first() is not None

    async def _write(self, endpoint_id: UUID, revision: int, **values: object) -> None:
        table = webhook_endpoints.c
        written = await self._connection.execute(
            update(webhook_endpoints)
            .where(self._kept(), table.id == endpoint_id, table.revision == revision)
            .values(revision=revision + 1, **values)
            .returning(table.id)
        )
        if written.first() is None:
            raise ChangedMeanwhile

    def _kept(self) -> ColumnElement[bool]:
        table = webhook_endpoints.c
        return (table.merchant_id == self._merchant_id) & table.deleted_at.is_(None)


def _changeable(endpoint: WebhookEndpoint) -> dict[str, object]:
    return {
        "url": endpoint.url,
        "description": endpoint.description,
        "events": list(endpoint.events),
        "status": endpoint.status,
        "disabled_reason": endpoint.disabled_reason,
        "secret_sealed": endpoint.secrets.current,
        "old_secret_sealed": endpoint.secrets.old,
        "old_secret_until": endpoint.secrets.old_until,
        "failing_since": endpoint.failing_since,
    }


def _endpoint(row: Row[Any]) -> WebhookEndpoint:
    reason = row.disabled_reason
    return WebhookEndpoint(
        id=row.id,
        url=row.url,
        description=row.description,
        events=tuple(row.events),
        secrets=SealedSecrets(
            current=row.secret_sealed, old=row.old_secret_sealed, old_until=row.old_secret_until
        ),
        status=EndpointStatus(row.status),
        disabled_reason=None if reason is None else DisabledReason(reason),
        failing_since=row.failing_since,
        revision=row.revision,
        created_at=row.created_at,
    )
