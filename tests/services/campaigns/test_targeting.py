"""Targeting: a scheduled campaign keeps whom it is for, whatever becomes of its segment."""

from dataclasses import replace
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from gateway.domain.campaigns import Audience, CampaignStatus
from gateway.domain.errors import NotFound
from gateway.domain.messages import Channel
from gateway.domain.segments import Comparison, Condition, Segment, SegmentField
from gateway.services.campaigns.commanding import schedule, unschedule
from gateway.services.campaigns.drafting import write_draft
from gateway.services.campaigns.preparing import estimate, prepare
from gateway.storage.cards.segments import SavedSegment
from gateway.storage.messages.campaigns import Headway
from tests.campaigns import NOON, add_holders, author_of, campaign_of, make_plan
from tests.shops import Shop


def at_least(visits: int) -> Segment:
    """Return who came so often."""
    often = Condition(field=SegmentField.VISITS, comparison=Comparison.AT_LEAST, value=visits)
    return Segment(conditions=(often,))


async def saved(shop: Shop, segment: Segment) -> SavedSegment:
    """Keep a segment of the shop."""
    made = SavedSegment(id=uuid7(), name="Regulars", segment=segment, revision=1)
    async with shop.database.units(shop.merchant_id) as unit:
        await unit.segments.add(made, unit.now)
    return made


async def drafted(shop: Shop, audience: Audience) -> UUID:
    """Write a campaign by mail for an audience."""
    plan = make_plan(Channel.MAIL, audience=audience)
    async with shop.database.units(shop.merchant_id) as unit:
        return (await write_draft(unit, plan, author_of(shop))).id


async def estimated(shop: Shop, campaign_id: UUID) -> int:
    """Return how many holders a campaign is for by its estimate."""
    async with shop.database.units(shop.merchant_id) as unit:
        campaign = await unit.campaigns.one(campaign_id)
        return (await estimate(unit, campaign.plan, unit.now)).holders


async def written_down(shop: Shop, campaign_id: UUID) -> int:
    """Write a campaign's recipients down as the worker does, and return how many there are."""
    async with shop.database.units(shop.merchant_id) as unit:
        campaign, _ = await unit.campaigns.hold(campaign_id)
        assert await prepare(unit, campaign, Headway(), unit.now, uuid7) is None
    rows = await shop.rows("SELECT count(*) FROM messages WHERE campaign_id = :id", id=campaign_id)
    return int(rows[0][0])


async def come(shop: Shop, cards: list[UUID]) -> None:
    """Let cards have come three times, and be gold."""
    await shop.execute(
        "UPDATE cards SET visits_total = 3, tier = 'gold' WHERE id = ANY(:ids)", ids=cards
    )


@pytest.fixture
async def crowd(bare_shop: Shop) -> Shop:
    """A shop with six holders of whom two come often."""
    cards = await add_holders(bare_shop, 5)
    await come(bare_shop, cards[:2])
    return bare_shop


async def test_estimate_and_snapshot_agree_on_a_segment_and_on_a_tier(crowd: Shop) -> None:
    """Whoever was counted is written down, and nobody else."""
    regulars = await saved(crowd, at_least(3))
    for audience in (Audience(segment_id=regulars.id), Audience(tier="gold")):
        campaign_id = await drafted(crowd, audience)
        counted = await estimated(crowd, campaign_id)
        async with crowd.database.units(crowd.merchant_id) as unit:
            await schedule(unit, campaign_id, NOON, author_of(crowd))

        assert counted == await estimated(crowd, campaign_id) == 2
        assert await written_down(crowd, campaign_id) == 2


@pytest.mark.parametrize("is_deleted", [False, True], ids=["changed", "deleted"])
async def test_what_becomes_of_a_segment_changes_no_campaign_under_way(
    crowd: Shop, *, is_deleted: bool
) -> None:
    """It goes to whom it was scheduled for."""
    regulars = await saved(crowd, at_least(3))
    campaign_id = await drafted(crowd, Audience(segment_id=regulars.id))
    async with crowd.database.units(crowd.merchant_id) as unit:
        await schedule(unit, campaign_id, NOON, author_of(crowd))
        if is_deleted:
            await unit.segments.delete(regulars.id, unit.now, revision=1)
        else:
            changed = replace(regulars, segment=at_least(0), revision=2)
            await unit.segments.change(changed, revision=1)

    assert await written_down(crowd, campaign_id) == 2


async def test_a_draft_follows_its_segment_also_once_it_is_one_again(crowd: Shop) -> None:
    """Taken back, it is for the segment as that stands, and scheduled anew for that."""
    regulars = await saved(crowd, at_least(3))
    campaign_id = await drafted(crowd, Audience(segment_id=regulars.id))
    author = author_of(crowd)
    async with crowd.database.units(crowd.merchant_id) as unit:
        await schedule(unit, campaign_id, NOON, author)
        await unit.segments.change(replace(regulars, segment=at_least(0), revision=2), revision=1)
        await unschedule(unit, campaign_id, author)

    assert (await campaign_of(crowd, campaign_id)).plan.audience.segment is None
    assert await estimated(crowd, campaign_id) == 6
    async with crowd.database.units(crowd.merchant_id) as unit:
        await schedule(unit, campaign_id, NOON, author)
    assert await written_down(crowd, campaign_id) == 6


async def test_a_segment_that_is_gone_is_nobodys(crowd: Shop) -> None:
    """It can neither be drafted for, counted, nor scheduled: never does it mean everybody."""
    regulars = await saved(crowd, at_least(3))
    campaign_id = await drafted(crowd, Audience(segment_id=regulars.id))
    async with crowd.database.units(crowd.merchant_id) as unit:
        await unit.segments.delete(regulars.id, unit.now, revision=1)

    for refused in (
        drafted(crowd, Audience(segment_id=regulars.id)),
        estimated(crowd, campaign_id),
        _scheduled(crowd, campaign_id),
    ):
        with pytest.raises(NotFound):
            await refused
    assert (await campaign_of(crowd, campaign_id)).status is CampaignStatus.DRAFT


async def _scheduled(shop: Shop, campaign_id: UUID) -> None:
    async with shop.database.units(shop.merchant_id) as unit:
        await schedule(unit, campaign_id, NOON, author_of(shop))
