"""Customers to be written to about their cards: one message per fact, and how it travels."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from gateway.domain.attempts import WELCOME_MAILS_PER_MERCHANT, WELCOME_TEXTS_PER_MERCHANT
from gateway.domain.contacting import Judgement, Later, Skip, judge
from gateway.domain.messages import Channel, MessageState, SkipReason
from gateway.domain.wording import MessageEvent
from gateway.services.messages.reaching import Aimed, as_asked_for, has_answered, reach_of
from gateway.storage.messages.manners import MessageSettings
from gateway.storage.messages.messages import Message
from gateway.storage.queues.deliveries import BULK, INTERACTIVE, Wanted
from gateway.storage.unit import Unit
from workers.consequences import Notice

# The cheaper one first.
CHANNELS = (Channel.MAIL, Channel.SMS)


async def plan_messages(
    unit: Unit, notices: Sequence[Notice], new_id: Callable[[], UUID]
) -> list[Wanted]:
    """Write down who is written to about these facts, and want what is to be sent.

    Who was never asked whether they want to be written to, or has no address, gets no row: that
    is how most cards are, and nobody wonders. Who has answered and gets nothing all the same
    gets a skipped one that says why.
    """
    notices = _without_overshadowed(notices)
    if not notices:
        return []
    settings = await unit.manners.read()
    cards = await unit.recipients.cards([notice.about.card_id for notice in notices])
    customers = [cards[notice.about.card_id].customer_id for notice in notices]
    judged = await _judged(unit, notices, customers, settings)
    planned = [
        _message(notice, customer_id, judgements, settings, new_id())
        for notice, customer_id, judgements in zip(notices, customers, judged, strict=True)
        if judgements
    ]
    planned = [await _unless_flooded(unit, message) for message in planned]
    # By card, as everywhere: a message holds its card while it is written.
    planned.sort(key=lambda message: (message.card_id, message.id))
    added = await unit.messages.add(planned, unit.now)
    return [
        _wanted(message, new_id())
        for message in planned
        if message.id in added and message.state is MessageState.QUEUED
    ]


def _without_overshadowed(notices: Sequence[Notice]) -> list[Notice]:
    """Leave out the stamp that earned a reward: the news of the reward says it all."""
    rewarded = {
        (notice.about.card_id, notice.announced_at)
        for notice in notices
        if notice.about.event is MessageEvent.REWARD_EARNED
    }
    return [
        notice
        for notice in notices
        if notice.about.event is not MessageEvent.STAMP
        or (notice.about.card_id, notice.announced_at) not in rewarded
    ]


async def _judged(
    unit: Unit, notices: Sequence[Notice], customers: Sequence[UUID], settings: MessageSettings
) -> list[dict[Channel, Judgement]]:
    """Judge each way to each customer, but for the ways nobody ever asked them about."""
    aimed = [
        Aimed(customer_id, notice.about.card_id, channel)
        for notice, customer_id in zip(notices, customers, strict=True)
        for channel in CHANNELS
    ]
    reaches = iter(await reach_of(unit, aimed))
    judged: list[dict[Channel, Judgement]] = []
    for notice in notices:
        event, judgements = notice.about.event, {}
        for channel in CHANNELS:
            reach = as_asked_for(event, channel, next(reaches))
            if has_answered(reach, channel, event.purpose):
                judgements[channel] = judge(
                    channel, event.purpose, reach, settings.policy, unit.now
                )
        judged.append(judgements)
    return judged


def _message(
    notice: Notice,
    customer_id: UUID,
    judgements: dict[Channel, Judgement],
    settings: MessageSettings,
    message_id: UUID,
) -> Message:
    event = notice.about.event
    channel, *others = [
        channel for channel, judged in judgements.items() if not isinstance(judged, Skip)
    ] or judgements
    judged: Judgement = judgements[channel]
    if event in settings.silent_events:
        judged = Skip(SkipReason.SWITCHED_OFF)
    is_skipped = isinstance(judged, Skip)
    return Message(
        id=message_id,
        event=event,
        channel=channel,
        customer_id=customer_id,
        card_id=notice.about.card_id,
        fact_id=notice.fact_id,
        facts=notice.about.facts,
        # The answer to a request goes one way; the other was not asked for.
        fallbacks=() if is_skipped or event is MessageEvent.WELCOME else tuple(others),
        state=MessageState.SKIPPED if is_skipped else MessageState.QUEUED,
        reason=judged.reason if isinstance(judged, Skip) else None,
        not_before=judged.at if isinstance(judged, Later) else None,
    )


async def _unless_flooded(unit: Unit, message: Message) -> Message:
    """Skip the welcome that nobody agreed to, when somebody has a shop write hundreds of them."""
    if message.event is not MessageEvent.WELCOME or message.state is not MessageState.QUEUED:
        return message
    is_text = message.channel is Channel.SMS
    limit = WELCOME_TEXTS_PER_MERCHANT if is_text else WELCOME_MAILS_PER_MERCHANT
    subject = str(unit.merchant_id)
    if await unit.attempts.reserve(limit, subject, unit.now) is None:
        return message
    return replace(message, state=MessageState.SKIPPED, reason=SkipReason.FLOOD, not_before=None)


def _wanted(message: Message, delivery_id: UUID) -> Wanted:
    assert message.fact_id is not None, "it is about a fact"
    return Wanted(
        id=delivery_id,
        event_id=message.fact_id,
        channel=message.channel,
        topic=message.event,
        target=str(message.id),
        not_before=message.not_before,
        # The end of a program is news for all of its customers: who just got a stamp goes first.
        lane=BULK if message.event is MessageEvent.PROGRAM_ENDED else INTERACTIVE,
    )
