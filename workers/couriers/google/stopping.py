"""What becomes of a campaign's words that may be at Google when their author holds or ends it."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from gateway.domain.campaigns import Campaign, CampaignStatus
from gateway.domain.messages import MessageState, SkipReason
from gateway.services.messages.sending import OUTCOME_UNKNOWN, is_trial
from gateway.storage.queues.delivery_queue import INTERRUPTED, Delivery, Verdict
from gateway.storage.unit import Unit

HELD, HELD_FOR = "Held", timedelta(seconds=15)
ENDED: Sequence[CampaignStatus] = (CampaignStatus.CANCELLED, CampaignStatus.FAILED)
NOTHING_TO_SAY = Verdict(state="done", reason="NothingToSay")
NOBODY_KNOWS = Verdict(state="dead", reason="OutcomeUnknown")


def is_repeat(delivery: Delivery) -> bool:
    """Return whether an earlier attempt may have reached Google."""
    return delivery.interrupted or delivery.attempts > 1


async def status_of(unit: Unit, message_id: UUID) -> CampaignStatus | None:
    """Return how a message's campaign stands; None for a test send, which nobody holds."""
    message = (await unit.messages.many([message_id])).get(message_id)
    if message is None or message.campaign_id is None or is_trial(message):
        return None
    return (await unit.campaigns.one(message.campaign_id)).status


def wait(unit: Unit, delivery: Delivery) -> Verdict:
    """Wait with what was tried until its campaign goes on.

    Were it released anew, nobody would know any more that Google has to be asked first.
    """
    reason = INTERRUPTED if delivery.interrupted else HELD
    return Verdict(state="waiting", reason=reason, next_at=unit.now + HELD_FOR, counted=False)


async def give_up(unit: Unit, delivery: Delivery, campaign: Campaign, program_id: UUID) -> Verdict:
    """Stop a message to all cards of a program, and say so of each that it stood for."""
    if campaign.status is CampaignStatus.PAUSED and is_repeat(delivery):
        return wait(unit, delivery)
    if campaign.status not in ENDED:
        return NOTHING_TO_SAY
    state, reason, verdict = MessageState.SKIPPED, str(SkipReason.CANCELLED), NOTHING_TO_SAY
    if delivery.interrupted:
        state, reason, verdict = MessageState.FAILED, OUTCOME_UNKNOWN, NOBODY_KNOWS
    await unit.class_messages.told_all((campaign.id, program_id), state, reason, unit.now)
    return verdict
