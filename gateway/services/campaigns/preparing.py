"""Preparing: who gets a campaign and who does not, and why, written down or only counted."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from gateway.domain.campaign_words import differs_by_card
from gateway.domain.campaigns import Campaign, Plan
from gateway.domain.contacting import Judgement, Skip
from gateway.domain.messages import Channel, MessageState
from gateway.domain.wording import MessageEvent
from gateway.services.campaigns.judging import judge_offers
from gateway.services.campaigns.targeting import audience_now
from gateway.services.messages.reaching import Aimed
from gateway.storage.messages.audiences import Chunk
from gateway.storage.messages.campaigns import Headway
from gateway.storage.messages.messages import Message
from gateway.storage.unit import Unit

CHUNK_CUSTOMERS = 1_000
"""At most so many cards in one transaction, each with a message per channel."""

TO_CLASS, TO_OBJECTS = "class", "object"


@dataclass(slots=True)
class Estimate:
    """How many holders a campaign is for, and by channel how many would get it or why not.

    The reason None counts those who would.
    """

    holders: int = 0
    messages: Counter[tuple[Channel, str | None]] = field(default_factory=Counter)


async def estimate(unit: Unit, plan: Plan, now: datetime) -> Estimate:
    """Count by the rules of the preparation, writing nothing; that it is night excludes nobody.

    Raises `NotFound` for a draft whose saved segment is not there.
    """
    plan = replace(plan, audience=await audience_now(unit, plan.audience))
    counted, after = Estimate(), None
    while True:
        chunk, judged = await _judged(unit, plan, after, now)
        counted.holders += len(chunk.holders)
        counted.messages.update((aimed.channel, _reason(judgement)) for aimed, judgement in judged)
        after = chunk.looked_after
        if after is None:
            return counted


async def prepare(
    unit: Unit, campaign: Campaign, headway: Headway, now: datetime, new_id: Callable[[], UUID]
) -> Headway | None:
    """Write down the next chunk of recipients; return how far that is, None when it was the last.

    Whoever takes over after a crash goes on there, and meets nobody twice.
    """
    chunk, judged = await _judged(unit, campaign.plan, headway.prepared_after, now)
    written = [_message(campaign, aimed, judgement, now, new_id()) for aimed, judgement in judged]
    # By card, as everywhere: a message holds its card while it is written.
    await unit.messages.add(sorted(written, key=lambda one: (one.card_id, one.id)), unit.now)
    if chunk.looked_after is None:
        return None
    return replace(headway, prepared_after=chunk.looked_after)


async def google_mode(unit: Unit, campaign: Campaign) -> str | None:
    """Return how Google is told: one message for everybody, or one per card.

    A message to everybody reaches all who have a card of the program in their wallet, and says
    the same to each.
    """
    if Channel.GOOGLE not in campaign.plan.channels:
        return None
    audience = campaign.plan.audience
    is_for_all = (
        audience.is_everybody
        and not differs_by_card(campaign.plan)
        and await unit.class_messages.reaches_all(campaign.id, audience.program_id)
    )
    return TO_CLASS if is_for_all else TO_OBJECTS


async def _judged(
    unit: Unit, plan: Plan, after: UUID | None, now: datetime
) -> tuple[Chunk, list[tuple[Aimed, Judgement]]]:
    chunk = await unit.audiences.chunk(plan.audience, after, CHUNK_CUSTOMERS, now)
    aimed = [
        Aimed(holder.customer_id, holder.card_id, channel)
        for holder in chunk.holders
        for channel in plan.channels
    ]
    judged = await judge_offers(unit, aimed, now)
    return chunk, list(zip(aimed, judged, strict=True))


def _message(
    campaign: Campaign, aimed: Aimed, judgement: Judgement, now: datetime, message_id: UUID
) -> Message:
    reason = _reason(judgement)
    return Message(
        id=message_id,
        event=MessageEvent.CAMPAIGN,
        channel=aimed.channel,
        customer_id=aimed.customer_id,
        card_id=aimed.card_id,
        campaign_id=campaign.id,
        state=MessageState.SKIPPED if reason else MessageState.QUEUED,
        reason=reason,
        not_before=now,
    )


def _reason(judgement: Judgement) -> str | None:
    return judgement.reason if isinstance(judgement, Skip) else None
