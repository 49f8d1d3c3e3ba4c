"""Drafting: a campaign is written and changed until somebody schedules it."""

from dataclasses import replace
from uuid import UUID

from gateway.domain.campaign_words import check_words
from gateway.domain.campaigns import Campaign, CampaignCannot, CampaignStatus, Plan, check_plan
from gateway.domain.errors import Invalid, NotFound
from gateway.services.merchants.designing import Author
from gateway.storage.people.audit import Record
from gateway.storage.unit import Unit


async def write_draft(unit: Unit, plan: Plan, author: Author) -> Campaign:
    """Keep a new campaign as a draft.

    Raises `Invalid` with a sentence per field, or `NotFound` for a segment that is not there.
    """
    await check(unit, plan)
    campaign = Campaign(
        id=author.new_id(),
        status=CampaignStatus.DRAFT,
        revision=1,
        plan=plan,
        created_at=unit.now,
    )
    await unit.campaigns.add(campaign, author.principal.staff_id)
    await record(unit, author, "campaign.written", campaign)
    return campaign


async def change_draft(
    unit: Unit, campaign_id: UUID, plan: Plan, author: Author, *, revision: int
) -> Campaign:
    """Write a draft anew; `revision` is the one the author saw.

    Raises `Invalid`, `NotFound`, `ChangedMeanwhile`, or `CampaignCannot` once it is scheduled.
    """
    await check(unit, plan)
    campaign = await unit.campaigns.one(campaign_id)
    if campaign.status is not CampaignStatus.DRAFT:
        raise CampaignCannot("Only a draft can be changed.", status=campaign.status)
    changed = replace(campaign, plan=plan, revision=revision + 1)
    await unit.campaigns.change(changed, revision=revision)
    await record(unit, author, "campaign.changed", changed)
    return changed


async def check(unit: Unit, plan: Plan) -> None:
    """Raise `Invalid` for a plan that cannot be carried out, or words that cannot be sent.

    Raises `NotFound` for a segment that is not there.
    """
    check_plan(plan, (await unit.merchants.me()).language)
    check_words(plan)
    audience = plan.audience
    if audience.segment_id is not None:
        await unit.segments.one(audience.segment_id)
    try:
        if audience.program_id is not None:
            await unit.programs.one(audience.program_id)
        if audience.location_id is not None:
            await unit.merchants.location(audience.location_id)
    except NotFound as missing:
        raise Invalid(
            "Please check the campaign.", errors={"audience": missing.sentence}
        ) from None


async def record(unit: Unit, author: Author, action: str, campaign: Campaign) -> None:
    """Write into the audit what somebody did with a campaign."""
    entry = Record(
        id=author.new_id(),
        actor=author.principal.name,
        action=action,
        subject=f"campaign:{campaign.id}",
        detail={"status": campaign.status, "revision": campaign.revision},
    )
    await unit.audit.add(entry, author.origin, unit.now)
