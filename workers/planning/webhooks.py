"""Facts the outside may know: one message for each that somebody listens to, and who gets it."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from gateway.domain.events.wishes import ReplayWanted
from gateway.domain.webhooks import is_public, matches
from gateway.presenters.cloud_events import Occurrence, cloud_event
from gateway.storage.events.webhook_messages import REPLAY_ROWS_MAX, Span, WebhookMessage
from gateway.storage.queues.deliveries import BULK, INTERACTIVE, Wanted
from gateway.storage.queues.outbox import Fact
from gateway.storage.unit import Unit
from workers.consequences import Follow, ReplayWebhooks

WEBHOOK = "webhook"

Filters = Mapping[UUID, Sequence[str]]
"""The endpoints that may be sent to, with the names of the events each wants."""


async def plan_webhooks(
    unit: Unit, facts: Sequence[Fact], follow: Follow, site: str, new_id: Callable[[], UUID]
) -> list[Wanted]:
    """Keep what is to be sent of these facts, and want it sent to whom it concerns.

    `site` is where this installation is reached. A body is written once, here, so that what is
    signed is the same at every try and for every endpoint.
    """
    public = [fact for fact in facts if is_public(fact.type)]
    filters: Filters = {}
    if public or follow.replays:
        filters = await unit.webhook_endpoints.listening()
    wanted = [
        _wanted(new_id(), fact.id, endpoint_id, fact.id)
        for fact in public
        for endpoint_id, names in filters.items()
        if matches(names, fact.type)
    ]
    heard = {one.event_id for one in wanted}
    messages = [_message(unit.merchant_id, fact, site) for fact in public if fact.id in heard]
    await unit.webhook_messages.add(messages, unit.now)
    wanted += [
        _wanted(new_id(), fact_id, asked.endpoint_id, asked.message_id, lane=BULK)
        for asked, fact_id in follow.webhooks.items()
    ]
    for asked, fact_id in follow.replays.items():
        rows = REPLAY_ROWS_MAX // len(follow.replays)
        again = await _again(unit, asked, filters, rows)
        wanted += [
            _wanted(new_id(), fact_id, asked.endpoint_id, message_id, lane=BULK)
            for message_id in again
        ]
    return wanted


async def _again(unit: Unit, asked: ReplayWebhooks, filters: Filters, rows: int) -> list[UUID]:
    """Return the next messages to send again, and announce the rest as a fact of its own."""
    names = filters.get(asked.endpoint_id)
    if names is None:
        return []
    found = await unit.webhook_messages.page(Span(asked.since, asked.until), asked.after_id, rows)
    if len(found) == rows:
        unit.announce(
            ReplayWanted(
                endpoint_id=asked.endpoint_id,
                since=asked.since.isoformat(),
                until=asked.until.isoformat(),
                after_id=found[-1][0],
            )
        )
    return [message_id for message_id, event_type in found if matches(names, event_type)]


def _message(merchant_id: UUID, fact: Fact, site: str) -> WebhookMessage:
    occurrence = Occurrence(
        id=fact.id,
        merchant_id=merchant_id,
        type=fact.type,
        data=fact.data,
        announced_at=fact.announced_at,
    )
    return WebhookMessage(id=fact.id, type=fact.type, body=cloud_event(occurrence, site))


def _wanted(
    delivery_id: UUID,
    fact_id: UUID,
    endpoint_id: UUID,
    message_id: UUID,
    *,
    lane: int = INTERACTIVE,
) -> Wanted:
    return Wanted(
        id=delivery_id,
        event_id=fact_id,
        channel=WEBHOOK,
        topic=str(endpoint_id),
        target=str(message_id),
        lane=lane,
    )
