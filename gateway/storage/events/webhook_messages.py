"""Webhook messages: what endpoints are told, once per fact and byte for byte as it is signed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.errors import NotFound
from gateway.storage.among import among
from gateway.storage.tables import webhook_messages

REPLAY_ROWS_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookMessage:
    """A message; `id` is its fact's, by which receivers know a repetition."""

    id: UUID
    type: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Span:
    """Messages that were written from `since` until before `until`."""

    since: datetime
    until: datetime


class WebhookMessages:
    """The merchant's messages, for as long as they may be sent again."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def add(self, messages: Sequence[WebhookMessage], now: datetime) -> None:
        """Keep messages."""
        if messages:
            await self._connection.execute(
                insert(webhook_messages),
                [
                    {
                        "merchant_id": self._merchant_id,
                        "id": message.id,
                        "type": message.type,
                        "body": message.body.decode(),
                        "created_at": now,
                    }
                    for message in messages
                ],
            )

    async def one(self, message_id: UUID) -> WebhookMessage:
        """Return a message; raises `NotFound`."""
        found = await self.some([message_id])
        if message_id not in found:
            raise NotFound("This message does not exist, or is no longer kept.")
        return found[message_id]

    async def some(self, message_ids: Collection[UUID]) -> dict[UUID, WebhookMessage]:
        """Return those of these messages that are still kept."""
        table = webhook_messages.c
        found = await self._connection.execute(
            select(table.id, table.type, table.body).where(
                self._ours(), among(table.id, message_ids)
            )
        )
        return {
            row.id: WebhookMessage(id=row.id, type=row.type, body=row.body.encode())
            for row in found
        }

    async def counts(self, span: Span) -> dict[str, int]:
        """Return how many messages of each type there are in a span."""
        table = webhook_messages.c
        found = await self._connection.execute(
            select(table.type, func.count().label("messages"))
            .where(self._ours(), _within(span))
            .group_by(table.type)
        )
        return {row.type: row.messages for row in found}

    async def page(self, span: Span, after: UUID, rows: int) -> list[tuple[UUID, str]]:
        """Return ids and types of a span's messages after one, by id; at most `rows`."""
        table = webhook_messages.c
        found = await self._connection.execute(
            select(table.id, table.type)
            .where(self._ours(), _within(span), table.id > after)
            .order_by(table.id)
            .limit(min(rows, REPLAY_ROWS_MAX))
        )
        return [(row.id, row.type) for row in found]

    def _ours(self) -> ColumnElement[bool]:
        return webhook_messages.c.merchant_id == self._merchant_id


def _within(span: Span) -> ColumnElement[bool]:
    created_at = webhook_messages.c.created_at
    return (created_at >= span.since) & (created_at < span.until)
