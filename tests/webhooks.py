"""Webhooks of a test: what a worker writes down when an endpoint refuses."""

from uuid import UUID

from gateway.resources import new_id
from gateway.storage.database import Database
from gateway.storage.events.webhook_attempts import WebhookAttempt
from gateway.storage.events.webhook_messages import WebhookMessage


async def refuse(
    database: Database, merchant_id: UUID, endpoint_id: UUID, *, number: int, excerpt: str
) -> UUID:
    """Write down an attempt that failed, with what the endpoint said; return the message."""
    message_id = new_id()
    async with database.units(merchant_id) as unit:
        message = WebhookMessage(id=message_id, type="loyalty.card.stamped", body=b"{}")
        await unit.webhook_messages.add([message], unit.now)
        attempt = WebhookAttempt(
            id=new_id(),
            endpoint_id=endpoint_id,
            message_id=message_id,
            number=number,
            status=500,
            outcome="Status500",
            milliseconds=12,
            excerpt=excerpt,
            attempted_at=unit.now,
        )
        await unit.webhook_attempts.add([attempt])
    return message_id
