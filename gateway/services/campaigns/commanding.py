"""Commanding: a campaign is scheduled, held, let go on, or ended, at once."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from gateway.domain.campaigns import (
    Campaign,
    CampaignCommand,
    CampaignStatus,
    check_time,
    next_status,
)
from gateway.domain.errors import ChangedMeanwhile
from gateway.domain.events.campaigns import (
    CampaignCancelled,
    CampaignPaused,
    CampaignResumed,
    CampaignScheduled,
)
from gateway.domain.messages import MessageState
from gateway.services.campaigns.drafting import check, record
from gateway.services.campaigns.targeting import audience_now
from gateway.services.campaigns.withdrawing import announce_again, withdraw
from gateway.services.merchants.designing import Author
from gateway.storage.messages.campaigns import Headway
from gateway.storage.unit import Unit


async def schedule(
    unit: Unit,
    campaign_id: UUID,
    at: datetime | None,
    author: Author,
    *,
    revision: int | None = None,
) -> Campaign:
    """Let a draft begin at a moment, or as soon as may be; checked once more as it stands.

    Its saved segment stays what it is now, whatever somebody makes of that meanwhile.
    Raises `Invalid`, `NotFound`, `CampaignCannot`, or `ChangedMeanwhile` when it is not at the
    `revision` the author saw.
    """
    campaign, _ = await _hold(unit, campaign_id, revision)
    at = at or unit.now
    check_time(at, unit.now)
    await check(unit, campaign.plan)
    plan = replace(campaign.plan, audience=await audience_now(unit, campaign.plan.audience))
    changed = replace(campaign, plan=plan, scheduled_at=at)
    after = await _move(unit, changed, CampaignCommand.SCHEDULE, author)
    await unit.campaigns.aim(after)
    unit.announce(CampaignScheduled(campaign_id=campaign_id))
    return after


async def unschedule(
    unit: Unit, campaign_id: UUID, author: Author, *, revision: int | None = None
) -> Campaign:
    """Make a campaign that has not begun a draft again, for its saved segment as that stands.

    Raises `NotFound`, `CampaignCannot`, `ChangedMeanwhile`.
    """
    campaign, _ = await _hold(unit, campaign_id, revision)
    plan = replace(campaign.plan, audience=replace(campaign.plan.audience, segment=None))
    changed = replace(campaign, plan=plan, scheduled_at=None)
    after = await _move(unit, changed, CampaignCommand.UNSCHEDULE, author)
    await unit.campaigns.aim(after)
    return after


async def pause(
    unit: Unit, campaign_id: UUID, author: Author, *, revision: int | None = None
) -> Campaign:
    """Hold a campaign: what nobody has begun to deliver when this commits, waits.

    Raises `NotFound`, `CampaignCannot`, `ChangedMeanwhile`.
    """
    campaign, headway = await _hold(unit, campaign_id, revision)
    changed = await _move(unit, campaign, CampaignCommand.PAUSE, author)
    await withdraw(unit, campaign, headway, MessageState.QUEUED)
    unit.announce(CampaignPaused(campaign_id=campaign_id))
    return changed


async def resume(
    unit: Unit, campaign_id: UUID, author: Author, *, revision: int | None = None
) -> Campaign:
    """Let a campaign that was held go on.

    Raises `NotFound`, `CampaignCannot`, `ChangedMeanwhile`.
    """
    campaign, headway = await _hold(unit, campaign_id, revision)
    changed = await _move(unit, campaign, CampaignCommand.RESUME, author)
    await announce_again(unit, campaign, headway)
    unit.announce(CampaignResumed(campaign_id=campaign_id))
    return changed


async def cancel(
    unit: Unit, campaign_id: UUID, author: Author, *, revision: int | None = None
) -> Campaign:
    """End a campaign: what nobody has begun to deliver when this commits, is never sent.

    The many that are still queued are called skipped by the worker, in its own time. Raises
    `NotFound`, `CampaignCannot`, `ChangedMeanwhile`.
    """
    campaign, headway = await _hold(unit, campaign_id, revision)
    changed = await _move(unit, campaign, CampaignCommand.CANCEL, author)
    if campaign.status is CampaignStatus.SENDING:
        await withdraw(unit, campaign, headway, MessageState.SKIPPED)
    unit.announce(CampaignCancelled(campaign_id=campaign_id))
    return changed


async def _hold(unit: Unit, campaign_id: UUID, revision: int | None) -> tuple[Campaign, Headway]:
    """Keep others, the worker too, from moving the campaign before this unit ends."""
    campaign, headway = await unit.campaigns.hold(campaign_id)
    if revision is not None and campaign.revision != revision:
        raise ChangedMeanwhile
    return campaign, headway


async def _move(
    unit: Unit, campaign: Campaign, command: CampaignCommand, author: Author
) -> Campaign:
    status = next_status(campaign.status, command)
    changed = replace(campaign, status=status, revision=campaign.revision + 1)
    await unit.campaigns.move(changed)
    await record(unit, author, f"campaign.{command}", changed)
    return changed
