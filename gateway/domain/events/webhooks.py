"""What happens to webhook endpoints."""

from dataclasses import dataclass
from uuid import UUID

from gateway.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEndpointDisabled(Event):
    """A webhook endpoint gets nothing any more, since nobody answered there."""

    type = "loyalty.webhook.endpoint_disabled"
    endpoint_id: UUID
    reason: str
