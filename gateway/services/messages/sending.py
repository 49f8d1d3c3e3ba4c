"""The last look before a message leaves: whether it still may, and what it has to say now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from gateway.domain.campaigns import Campaign, CampaignStatus
from gateway.domain.contacting import Go, Judgement, Later, Skip, judge
from gateway.domain.messages import Channel, MessageState, SkipReason
from gateway.domain.wording import MessageEvent
from gateway.services.messages.reaching import Aimed, as_asked_for, reach_of
from gateway.storage.messages.messages import Message, Move
from gateway.storage.queues.deliveries import BULK, INTERACTIVE, Wanted
from gateway.storage.queues.delivery_queue import Delivery, Verdict
from gateway.storage.unit import Unit

WAIT_MAX = timedelta(days=3)
"""News of a card that is older is none any more."""
OUTCOME_UNKNOWN = "outcome_unknown"
"""A provider may have taken it; a report may still tell."""
TOO_LATE = "too_late"

SETTLED = Verdict(state="done", reason="Settled")
"""What was to be done is done, by an attempt before this one or by another hand."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a message does not leave now: how its delivery goes on, and the message itself."""

    verdict: Verdict
    move: Move
    wanted: Wanted | None = None


def is_sent_once(message: Message) -> bool:
    """Return whether it must rather be lost than come twice: what is paid for, and offers."""
    return message.channel is Channel.SMS or message.event is MessageEvent.CAMPAIGN


def is_trial(message: Message) -> bool:
    """Return whether it is a test send, which goes to whoever asked for it."""
    return message.address is not None


async def admit(
    unit: Unit, due: Sequence[Delivery], channel: Channel, new_id: Callable[[], UUID]
) -> dict[UUID, Message | Verdict]:
    """Return for each delivery the message that may leave now, or how the delivery ends.

    A message is marked as being sent before any provider hears of it, so that whoever finds an
    interrupted delivery knows that it may be out. Consent, stop list, budget and hour are judged
    again by the same rule as when it was planned.
    """
    found = await unit.messages.many(UUID(each.target) for each in due)
    admitted: dict[UUID, Message | Verdict] = {each.id: SETTLED for each in due}
    messages = {
        each.id: found[UUID(each.target)]
        for each in due
        if UUID(each.target) in found and found[UUID(each.target)].channel is channel
    }
    await _mark_as_sending(unit, messages)
    stops = await _stops(unit, [each for each in due if each.id in messages], messages, new_id)
    await unit.messages.move([stop.move for stop in stops.values()], unit.now)
    await unit.deliveries.plan([each.wanted for each in stops.values() if each.wanted], unit.now)
    return admitted | messages | {each: stop.verdict for each, stop in stops.items()}


def go_on(
    message: Message, delivery: Delivery, failed: Move, new_id: Callable[[], UUID]
) -> tuple[Move, Wanted | None]:
    """Return what follows when a channel cannot: the next one, or `failed` after the last."""
    if not message.fallbacks:
        return failed, None
    channel, *rest = message.fallbacks
    move = Move(
        message_id=message.id,
        state=MessageState.QUEUED,
        reason=failed.reason,
        channel=channel,
        fallbacks=tuple(rest),
    )
    wanted = Wanted(
        id=new_id(),
        event_id=delivery.event_id,
        channel=channel,
        topic=message.event,
        target=str(message.id),
        lane=BULK if message.event is MessageEvent.CAMPAIGN else INTERACTIVE,
    )
    return move, wanted


async def _mark_as_sending(unit: Unit, messages: dict[UUID, Message]) -> None:
    """Mark queued messages; take out of `messages` those that somebody else ended."""
    queued = {
        message.id: delivery_id
        for delivery_id, message in messages.items()
        if message.state is not MessageState.SENDING
    }
    marked = await unit.messages.move(
        [Move(message_id=each, state=MessageState.SENDING) for each in queued], unit.now
    )
    for message_id, delivery_id in queued.items():
        if message_id not in marked:
            del messages[delivery_id]


async def _stops(
    unit: Unit,
    due: Sequence[Delivery],
    messages: dict[UUID, Message],
    new_id: Callable[[], UUID],
) -> dict[UUID, Stop]:
    """Return what keeps messages from leaving, by delivery."""
    campaigns = {
        campaign_id: await unit.campaigns.one(campaign_id)
        for campaign_id in {message.campaign_id for message in messages.values()}
        if campaign_id is not None
    }
    overtaken = await unit.messages.overtaken([message.id for message in messages.values()])
    judgements = await _judgements(unit, list(messages.values()))
    stops: dict[UUID, Stop] = {}
    for delivery in due:
        message = messages[delivery.id]
        campaign = campaigns[message.campaign_id] if message.campaign_id else None
        stop = (
            _if_unsure(message, delivery)
            or _if_campaign_stopped(message, campaign)
            or _if_no_news(message, delivery, unit, is_overtaken=message.id in overtaken)
            or _if_unwanted(message, delivery, judgements[message.id], new_id)
        )
        if stop:
            stops[delivery.id] = stop
    return stops


async def _judgements(unit: Unit, messages: Sequence[Message]) -> dict[UUID, Judgement]:
    """Judge each message by what is known now; a test send may always leave."""
    judged: dict[UUID, Judgement] = {message.id: Go() for message in messages}
    policy = (await unit.manners.read()).policy
    aimed = {
        message.id: Aimed(message.customer_id, message.card_id, message.channel)
        for message in messages
        if message.customer_id is not None and message.card_id is not None
    }
    reaches = dict(zip(aimed, await reach_of(unit, list(aimed.values())), strict=True))
    for message in messages:
        if message.id in reaches:
            reach = as_asked_for(message.event, message.channel, reaches[message.id])
            judged[message.id] = judge(message.channel, message.purpose, reach, policy, unit.now)
    return judged


def _if_unsure(message: Message, delivery: Delivery) -> Stop | None:
    """Stop what may be out already, where twice is worse than never."""
    is_unsure = delivery.interrupted and message.state is MessageState.SENDING
    if not (is_unsure and is_sent_once(message)):
        return None
    move = Move(message_id=message.id, state=MessageState.FAILED, reason=OUTCOME_UNKNOWN)
    return Stop(Verdict(state="dead", reason="OutcomeUnknown"), move)


def _if_campaign_stopped(message: Message, campaign: Campaign | None) -> Stop | None:
    """Stop what its author stopped; the pump releases what was paused again."""
    if campaign is None or is_trial(message):
        return None
    match campaign.status:
        case CampaignStatus.CANCELLED | CampaignStatus.FAILED:
            return _skip(message, SkipReason.CANCELLED)
        case CampaignStatus.PAUSED:
            move = Move(message_id=message.id, state=MessageState.QUEUED)
            return Stop(Verdict(state="done", reason="Paused"), move)
    return None


def _if_no_news(
    message: Message, delivery: Delivery, unit: Unit, *, is_overtaken: bool
) -> Stop | None:
    """Stop news that a newer message tells better, and news that is old."""
    if is_overtaken:
        return _skip(message, SkipReason.OVERTAKEN)
    if unit.now - delivery.created_at <= WAIT_MAX:
        return None
    move = Move(message_id=message.id, state=MessageState.FAILED, reason=TOO_LATE)
    return Stop(Verdict(state="dead", reason="TooLate"), move)


def _if_unwanted(
    message: Message, delivery: Delivery, judgement: Judgement, new_id: Callable[[], UUID]
) -> Stop | None:
    """Stop what the customer does not want, or not at this hour."""
    match judgement:
        case Skip(reason):
            stop = _skip(message, reason)
            move, wanted = go_on(message, delivery, stop.move, new_id)
            return Stop(stop.verdict, move, wanted)
        case Later(at):
            move = Move(message_id=message.id, state=MessageState.QUEUED, not_before=at)
            return Stop(_until(message, judgement), move)
    return None


def _until(message: Message, later: Later) -> Verdict:
    """Let a message about a card wait; the pump releases a campaign's again."""
    if message.event is MessageEvent.CAMPAIGN:
        return Verdict(state="done", reason="QuietHours")
    return Verdict(state="waiting", reason="QuietHours", next_at=later.at, counted=False)


def _skip(message: Message, reason: SkipReason) -> Stop:
    move = Move(message_id=message.id, state=MessageState.SKIPPED, reason=reason)
    return Stop(Verdict(state="done", reason=reason), move)
