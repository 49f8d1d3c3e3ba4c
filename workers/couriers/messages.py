"""The courier of messages to people: what mail and text messages have in common."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Generic, TypeVar
from uuid import UUID

from gateway.domain.contacts import KINDS, Contact
from gateway.domain.messages import Channel, MessageState, SkipReason
from gateway.domain.wording import MessageEvent
from gateway.services.messages.letters import Letter, letters
from gateway.services.messages.links import MessageLinks
from gateway.services.messages.sending import (
    OUTCOME_UNKNOWN,
    SETTLED,
    admit,
    go_on,
    is_sent_once,
)
from gateway.storage.messages.messages import Message, Move
from gateway.storage.messages.suppressions import SuppressionReason
from gateway.storage.queues.deliveries import Wanted
from gateway.storage.queues.delivery_queue import Delivery, Verdict
from gateway.storage.unit import Unit, Units
from workers.channels.base import Ambiguous, Delivered, Gone, Outcome, Permanent, Unclassified
from workers.channels.fallback import BoundedChannel
from workers.couriers.base import Ended
from workers.reactions import Attempt, react

TRIES_MAX = 3
PAUSE_SECONDS = 120
"""A server that knows nobody yet makes everybody wait some minutes (greylisting)."""
OPTED_OUT = "OptedOut"
"""By this reason a channel tells a person who said STOP to it from a number that is dead."""

Content = TypeVar("Content")


@dataclass(frozen=True, slots=True)
class Envelope:
    """A letter and the delivery that carries it."""

    letter: Letter
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class Way(Generic[Content]):
    """A channel, what leads out of it, and how a letter is written for it."""

    channel: Channel
    out: BoundedChannel[Content]
    write: Callable[[Envelope], Content]


@dataclass(frozen=True, slots=True)
class _Follow:
    """What follows from an attempt."""

    verdict: Verdict
    move: Move | None = None
    wanted: Wanted | None = None


class MessageCourier(Generic[Content]):
    """Writes a message when it leaves, and writes down what became of it.

    What may be out already is sent again only where twice is better than never: see
    `is_sent_once`. After `TRIES_MAX` tries a message goes on by its next channel.
    """

    def __init__(
        self, units: Units, way: Way[Content], links: MessageLinks, new_id: Callable[[], UUID]
    ) -> None:
        """Take the merchants' units, the way out, and where links and new ids come from."""
        self.channel = way.channel.value
        self.seconds_max = way.out.seconds_max
        self._units = units
        self._way = way
        self._links = links
        self._new_id = new_id

    async def look_up(self, sent: Sequence[Delivery]) -> list[Envelope | Verdict]:
        """Return each message as it reads now, if it still may leave."""
        found: dict[UUID, Envelope | Verdict] = {}
        for merchant_id in {delivery.merchant_id for delivery in sent}:
            mine = [delivery for delivery in sent if delivery.merchant_id == merchant_id]
            async with self._units(merchant_id) as unit:
                found |= await self._look_up(unit, mine)
        return [found[delivery.id] for delivery in sent]

    async def send(self, parcel: Envelope) -> Outcome:
        """Write it and hand it over once."""
        return await self._way.out.send(self._way.write(parcel))

    def react(self, outcome: Outcome, attempt: Attempt) -> Verdict:
        """Try `TRIES_MAX` times; somebody's full mailbox is not our alarm."""
        if isinstance(outcome, Permanent):
            return Verdict(state="done", reason=outcome.reason)
        verdict = react(outcome, attempt)
        if verdict.next_at is None or not verdict.counted:
            return verdict
        if attempt.number >= TRIES_MAX:
            return Verdict(state="dead", reason=verdict.reason)
        pause = timedelta(seconds=PAUSE_SECONDS * attempt.number * (1 + attempt.lot))
        return replace(verdict, next_at=max(verdict.next_at, attempt.ended_at + pause))

    async def settle(self, ended: Sequence[Ended[Envelope]]) -> list[Verdict]:
        """Move each message, write to dead addresses no more, and go on by the next channel."""
        follows = {each.delivery.id: _follow(each, self._new_id) for each in ended}
        for merchant_id in {each.delivery.merchant_id for each in ended}:
            mine = [each for each in ended if each.delivery.merchant_id == merchant_id]
            async with self._units(merchant_id) as unit:
                for each in mine:
                    await _suppress(unit, each)
                theirs = [follows[each.delivery.id] for each in mine]
                await unit.messages.move([each.move for each in theirs if each.move], unit.now)
                await unit.deliveries.plan(
                    [each.wanted for each in theirs if each.wanted], unit.now
                )
        return [follows[each.delivery.id].verdict for each in ended]

    async def _look_up(
        self, unit: Unit, due: Sequence[Delivery]
    ) -> dict[UUID, Envelope | Verdict]:
        admitted = await admit(unit, due, self._way.channel, self._new_id)
        leaving = {
            delivery_id: message
            for delivery_id, message in admitted.items()
            if isinstance(message, Message)
        }
        written = await letters(unit, list(leaving.values()), self._links)
        found: dict[UUID, Envelope | Verdict] = {}
        for delivery in due:
            message = admitted[delivery.id]
            if isinstance(message, Verdict):
                found[delivery.id] = message
            elif message.id in written:
                found[delivery.id] = Envelope(written[message.id], delivery)
            else:
                found[delivery.id] = SETTLED
        return found


def _follow(ended: Ended[Envelope], new_id: Callable[[], UUID]) -> _Follow:
    """Return what follows from how an attempt ended."""
    message, verdict = ended.parcel.letter.message, ended.verdict
    match ended.outcome:
        case Delivered(provider, reference):
            return _Follow(
                verdict,
                Move(
                    message_id=message.id,
                    state=MessageState.SENT,
                    provider=provider,
                    reference=reference,
                ),
            )
        case Ambiguous() | Unclassified() if is_sent_once(message):
            move = _failed(message, MessageState.FAILED, OUTCOME_UNKNOWN)
            return _Follow(Verdict(state="dead", reason=ended.outcome.reason), move)
        case Permanent(reason, Gone()) if reason == OPTED_OUT:
            failed = _failed(message, MessageState.SKIPPED, SkipReason.SUPPRESSED)
        case Permanent(reason, Gone()):
            failed = _failed(message, MessageState.BOUNCED, reason)
        case _ if verdict.state == "waiting":
            return _Follow(verdict, _waiting(message, ended.outcome, verdict))
        case _:
            failed = _failed(message, MessageState.FAILED, verdict.reason)
    move, wanted = go_on(message, ended.delivery, failed, new_id)
    return _Follow(verdict, move, wanted)


def _waiting(message: Message, outcome: Outcome, verdict: Verdict) -> Move | None:
    """Queue it again if it certainly is not out: what is found as being sent may be.

    A campaign's stays: what is queued, the pump would release a second time.
    """
    if isinstance(outcome, Ambiguous) or message.event is MessageEvent.CAMPAIGN:
        return None
    return Move(message_id=message.id, state=MessageState.QUEUED, reason=verdict.reason)


def _failed(message: Message, state: MessageState, reason: str) -> Move:
    return Move(message_id=message.id, state=state, reason=reason)


async def _suppress(unit: Unit, ended: Ended[Envelope]) -> None:
    """Put an address that is dead, or whose owner said STOP to the provider, on the stop list."""
    match ended.outcome:
        case Permanent(reason, Gone()):
            letter = ended.parcel.letter
            channel = letter.message.channel
            contact = Contact(kind=KINDS[channel.medium], address=letter.address)
            await unit.suppressions.add(
                channel.medium,
                unit.customers.index(contact),
                SuppressionReason.STOPPED if reason == OPTED_OUT else SuppressionReason.BOUNCED,
                unit.now,
            )
