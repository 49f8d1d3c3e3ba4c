"""Sending on request: a test event, one message again, or all of some hours again."""

from datetime import UTC
from uuid import UUID

from gateway.domain.attempts import (
    WEBHOOK_REPLAYS_PER_ENDPOINT,
    WEBHOOK_TESTS_PER_ENDPOINT,
    AttemptLimit,
)
from gateway.domain.errors import Invalid, TooManyAttempts
from gateway.domain.events.wishes import ReplayWanted, WebhookWanted
from gateway.domain.webhooks import EndpointStatus, matches
from gateway.presenters.cloud_events import Occurrence, cloud_event
from gateway.services.webhooks.office import Keeper, record
from gateway.services.webhooks.refusals import EndpointDisabled, TooManyMessages
from gateway.storage.events.webhook_endpoints import WebhookEndpoint
from gateway.storage.events.webhook_messages import Span, WebhookMessage
from gateway.storage.queues.housekeeping import WEBHOOKS_KEPT
from gateway.storage.unit import Unit

TEST_TYPE = "passgate.test"
REPLAY_MESSAGES_MAX = 10_000


async def send_test(unit: Unit, endpoint_id: UUID, keeper: Keeper) -> UUID:
    """Send an event that says nothing, whatever the endpoint wants to hear; return its id.

    Raises `NotFound`, `EndpointDisabled` or `TooManyAttempts`.
    """
    endpoint = await _enabled(unit, endpoint_id)
    await _count(unit, WEBHOOK_TESTS_PER_ENDPOINT, endpoint)
    occurrence = Occurrence(
        id=keeper.office.new_id(),
        merchant_id=unit.merchant_id,
        type=TEST_TYPE,
        data={"endpoint_id": str(endpoint.id)},
        announced_at=unit.now,
    )
    body = cloud_event(occurrence, keeper.office.site)
    message = WebhookMessage(id=occurrence.id, type=TEST_TYPE, body=body)
    await unit.webhook_messages.add([message], unit.now)
    unit.announce(WebhookWanted(endpoint_id=endpoint.id, message_id=message.id))
    await record(unit, keeper, "tested", endpoint)
    return message.id


async def replay_message(unit: Unit, endpoint_id: UUID, message_id: UUID, keeper: Keeper) -> None:
    """Send one message to an endpoint again, under the same id.

    Raises `NotFound`, `EndpointDisabled` or `TooManyAttempts`.
    """
    endpoint = await _enabled(unit, endpoint_id)
    await _count(unit, WEBHOOK_REPLAYS_PER_ENDPOINT, endpoint)
    message = await unit.webhook_messages.one(message_id)
    unit.announce(WebhookWanted(endpoint_id=endpoint.id, message_id=message.id))
    await record(unit, keeper, "replayed", endpoint)


async def replay_span(unit: Unit, endpoint_id: UUID, span: Span, keeper: Keeper) -> int:
    """Send an endpoint all it wants of a span again, and return how many messages that is.

    They go behind what is new, and whatever still waits from before is not doubled. Raises
    `Invalid`, `NotFound`, `EndpointDisabled`, `TooManyAttempts` or `TooManyMessages`.
    """
    endpoint = await _enabled(unit, endpoint_id)
    await _count(unit, WEBHOOK_REPLAYS_PER_ENDPOINT, endpoint)
    # Nothing older is kept; and not every moment that can be written is one in UTC.
    span = Span(max(span.since, unit.now - WEBHOOKS_KEPT), min(span.until, unit.now))
    if span.since >= span.until:
        sentence = "Please begin before the end, and in the past."
        raise Invalid("Please check the time.", errors={"since": sentence})
    counts = await unit.webhook_messages.counts(span)
    messages = sum(
        count for event_type, count in counts.items() if matches(endpoint.events, event_type)
    )
    if messages > REPLAY_MESSAGES_MAX:
        raise TooManyMessages(messages=messages, messages_max=REPLAY_MESSAGES_MAX)
    if messages:
        since, until = (moment.astimezone(UTC).isoformat() for moment in (span.since, span.until))
        unit.announce(
            ReplayWanted(endpoint_id=endpoint.id, since=since, until=until, after_id=UUID(int=0))
        )
    await record(unit, keeper, "replayed", endpoint)
    return messages


async def _enabled(unit: Unit, endpoint_id: UUID) -> WebhookEndpoint:
    endpoint = await unit.webhook_endpoints.one(endpoint_id)
    if endpoint.status is not EndpointStatus.ENABLED:
        raise EndpointDisabled
    return endpoint


async def _count(unit: Unit, limit: AttemptLimit, endpoint: WebhookEndpoint) -> None:
    """Count what is sent, in its own transaction; what is refused counts for nothing."""
    closed_until = await unit.attempts.reserve(limit, str(endpoint.id), unit.now)
    if closed_until is not None:
        raise TooManyAttempts(retry_at=closed_until)
