"""The courier of the event stream: publishes each public fact as the same CloudEvent."""

from collections.abc import Sequence
from uuid import UUID

from gateway.presenters.cloud_events import Occurrence, cloud_event
from gateway.storage.queues.delivery_queue import Delivery, Verdict
from gateway.storage.queues.outbox import Fact
from gateway.storage.unit import Units
from workers.channels.base import Channel, Outcome
from workers.channels.stream.channel import DEFAULT_LIMITS
from workers.channels.stream.message import StreamMessage
from workers.couriers.base import Ended
from workers.reactions import Attempt, react

NOT_KEPT = Verdict(state="done", reason="FactNoLongerKept")


class StreamCourier:
    """Publishes at least once; the server drops repetitions of the same id for an hour."""

    channel = "stream"
    seconds_max = DEFAULT_LIMITS.publish_seconds + 2.0

    def __init__(self, units: Units, channel: Channel[StreamMessage], site: str) -> None:
        """Take the merchants' units, the way out, and where this installation is reached."""
        self._units = units
        self._stream = channel
        self._site = site

    async def look_up(self, sent: Sequence[Delivery]) -> list[StreamMessage | Verdict]:
        """Compose each fact as it was announced."""
        found: dict[UUID, StreamMessage | Verdict] = {}
        for merchant_id in {delivery.merchant_id for delivery in sent}:
            mine = [delivery for delivery in sent if delivery.merchant_id == merchant_id]
            async with self._units(merchant_id) as unit:
                slug = (await unit.merchants.me()).slug
                facts = await unit.outbox.some({UUID(delivery.target) for delivery in mine})
            for delivery in mine:
                fact = facts.get(UUID(delivery.target))
                found[delivery.id] = (
                    NOT_KEPT if fact is None else self._message(merchant_id, slug, fact)
                )
        return [found[delivery.id] for delivery in sent]

    async def send(self, parcel: StreamMessage) -> Outcome:
        """Publish once."""
        return await self._stream.send(parcel)

    def react(self, outcome: Outcome, attempt: Attempt) -> Verdict:
        """Publish again what may have got lost, for about a day."""
        return react(outcome, attempt)

    async def settle(self, ended: Sequence[Ended[StreamMessage]]) -> list[Verdict]:
        """Nothing follows: the delivery itself says how it went."""
        return [each.verdict for each in ended]

    def _message(self, merchant_id: UUID, slug: str, fact: Fact) -> StreamMessage:
        occurrence = Occurrence(
            id=fact.id,
            merchant_id=merchant_id,
            type=fact.type,
            data=fact.data,
            announced_at=fact.announced_at,
        )
        return StreamMessage(fact.id, slug, fact.type, cloud_event(occurrence, self._site))
