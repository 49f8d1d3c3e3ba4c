"""What a campaign released, and test sends: from messages to the deliveries that carry them."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from gateway.domain.messages import Channel, MessageState
from gateway.domain.wording import MessageEvent
from gateway.services.campaigns.releasing import Portion
from gateway.services.campaigns.withdrawing import CLASS_PREFIX, OBJECT_PREFIX
from gateway.storage.messages.messages import Message, Move
from gateway.storage.queues.deliveries import BULK, INTERACTIVE, Wanted
from gateway.storage.unit import Unit
from workers.planning.passes import plan_pushes


async def plan_portion(
    unit: Unit, campaign_id: UUID, portion: Portion, new_id: Callable[[], UUID]
) -> list[Wanted]:
    """Publish the cards that announce and want a delivery for everything else, in no hurry."""
    cards = dict.fromkeys(portion.cards, campaign_id)
    pushes = await plan_pushes(unit, cards, new_id, lane=BULK)
    in_google = [one for one in portion.messages if one.channel is Channel.GOOGLE]
    objects = await unit.google.objects([one.card_id for one in in_google])
    classes = await unit.google.classes(portion.programs)
    targets = [
        *(
            (one.channel, str(MessageEvent.CAMPAIGN), str(one.id))
            for one in portion.messages
            if one.channel is not Channel.GOOGLE
        ),
        *(
            (Channel.GOOGLE, objects[one.card_id].issuer_id, f"{OBJECT_PREFIX}{one.id}")
            for one in in_google
        ),
        *(
            (Channel.GOOGLE, known.issuer_id, f"{CLASS_PREFIX}{campaign_id}:{program_id}")
            for program_id, known in classes.items()
        ),
    ]
    wanted = [
        Wanted(
            id=new_id(),
            event_id=campaign_id,
            channel=channel,
            topic=topic,
            target=target,
            lane=BULK,
        )
        for channel, topic, target in targets
    ]
    return [*pushes, *wanted]


async def plan_trials(
    unit: Unit, trials: Mapping[UUID, UUID], new_id: Callable[[], UUID]
) -> Sequence[Wanted]:
    """Want the test sends (with the fact each is for), at once: somebody looks at their phone."""
    wanted: list[Wanted] = []
    messages = await unit.messages.many(trials) if trials else {}
    for message_id, message in messages.items():
        fact_id = trials[message_id]
        if message.channel is Channel.APPLE:
            wanted += await _on_card(unit, message, fact_id, new_id)
            continue
        topic, target = str(message.event), str(message.id)
        if message.channel is Channel.GOOGLE:
            assert message.card_id is not None, "it is for one card"
            known = await unit.google.objects([message.card_id])
            topic, target = known[message.card_id].issuer_id, f"{OBJECT_PREFIX}{message.id}"
        wanted.append(
            Wanted(
                id=new_id(),
                event_id=fact_id,
                channel=message.channel,
                topic=topic,
                target=target,
                lane=INTERACTIVE,
            )
        )
    return wanted


async def _on_card(
    unit: Unit, message: Message, fact_id: UUID, new_id: Callable[[], UUID]
) -> Sequence[Wanted]:
    assert message.card_id is not None, "it is for one card"
    assert message.campaign_id is not None, "it is of one campaign"
    versions = await unit.announcements.put_on(message.campaign_id, [message.card_id])
    move = Move(
        message_id=message.id,
        state=MessageState.SENDING,
        card_version=versions[message.card_id],
    )
    await unit.messages.move([move], unit.now)
    return await plan_pushes(unit, {message.card_id: fact_id}, new_id)
