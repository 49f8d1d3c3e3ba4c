"""Campaigns as people command them: what is possible from where, and one of two wins."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from itertools import product
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from gateway.domain.campaigns import (
    Audience,
    Campaign,
    CampaignCannot,
    CampaignCommand,
    CampaignStatus,
    next_status,
)
from gateway.domain.consents import Medium
from gateway.domain.contacts import Contact, ContactKind
from gateway.domain.errors import ChangedMeanwhile, Invalid, NotFound, TooManyAttempts
from gateway.domain.messages import Channel
from gateway.domain.people import Role
from gateway.services.campaigns.commanding import cancel, pause, resume, schedule, unschedule
from gateway.services.campaigns.drafting import change_draft, write_draft
from gateway.services.campaigns.following import follow
from gateway.services.campaigns.trying import (
    SMS_PER_NUMBER,
    NoOwnAddress,
    NotOnThisChannel,
    NumberStopped,
    try_by_mail,
    try_by_sms,
    try_on_card,
)
from gateway.services.merchants.designing import Author
from gateway.storage.messages.suppressions import SuppressionReason
from gateway.storage.people.people import Member
from gateway.storage.unit import Unit
from tests.campaigns import NOON, SAID, author_of, campaign_of, make_plan
from tests.shops import Shop

NUMBER = Contact(kind=ContactKind.PHONE, address="+352621000001")
Command = Callable[[Unit, UUID, Author], Awaitable[Campaign]]


async def _schedule(unit: Unit, campaign_id: UUID, author: Author) -> Campaign:
    return await schedule(unit, campaign_id, None, author)


COMMANDS: dict[CampaignCommand, Command] = {
    CampaignCommand.SCHEDULE: _schedule,
    CampaignCommand.UNSCHEDULE: unschedule,
    CampaignCommand.PAUSE: pause,
    CampaignCommand.RESUME: resume,
    CampaignCommand.CANCEL: cancel,
}


async def draft(shop: Shop, *channels: Channel) -> Campaign:
    """Write a draft."""
    async with shop.database.units(shop.merchant_id) as unit:
        return await write_draft(unit, make_plan(*channels), author_of(shop))


async def in_status(shop: Shop, status: CampaignStatus) -> UUID:
    """Write a campaign and put it where it could stand."""
    campaign = await draft(shop)
    async with shop.database.units(shop.merchant_id) as unit:
        await unit.campaigns.move(replace(campaign, status=status, prepared_at=unit.now))
    return campaign.id


async def do(shop: Shop, campaign_id: UUID, command: CampaignCommand) -> CampaignStatus | None:
    """Command; return where that leads, or None when it was refused."""
    try:
        async with shop.database.units(shop.merchant_id) as unit:
            return (await COMMANDS[command](unit, campaign_id, author_of(shop))).status
    except CampaignCannot:
        return None


def leads_to(status: CampaignStatus, command: CampaignCommand) -> CampaignStatus | None:
    """Say by the rules where a command leads."""
    try:
        return next_status(status, command)
    except CampaignCannot:
        return None


@pytest.mark.parametrize("status", CampaignStatus)
async def test_commands_do_what_the_rules_say(bare_shop: Shop, status: CampaignStatus) -> None:
    """Every command from everywhere: what is refused changes nothing."""
    for command in COMMANDS:
        campaign_id = await in_status(bare_shop, status)
        expected = leads_to(status, command)
        assert await do(bare_shop, campaign_id, command) is expected
        campaign = await campaign_of(bare_shop, campaign_id)
        assert campaign.status is (expected or status)
        assert campaign.revision == (1 if expected is None else 2)


@pytest.mark.parametrize(
    "status", [status for status in CampaignStatus if not status.is_over], ids=str
)
async def test_of_two_commands_at_once_one_comes_first(
    bare_shop: Shop, status: CampaignStatus
) -> None:
    """Whatever two people do at once is what they could have done one after the other."""
    for one, two in product(COMMANDS, repeat=2):
        campaign_id = await in_status(bare_shop, status)
        done = await asyncio.gather(
            do(bare_shop, campaign_id, one), do(bare_shop, campaign_id, two)
        )
        first, second = leads_to(status, one), leads_to(status, two)
        possible = [
            (first, leads_to(first or status, two)),
            (leads_to(second or status, one), second),
        ]
        assert tuple(done) in possible, (one, two)


async def test_each_command_is_told_and_recorded(bare_shop: Shop) -> None:
    """What was done to a campaign is a fact for others, and in the audit with who did it."""
    campaign_id = await in_status(bare_shop, CampaignStatus.DRAFT)
    await do(bare_shop, campaign_id, CampaignCommand.SCHEDULE)
    await do(bare_shop, campaign_id, CampaignCommand.CANCEL)

    assert await bare_shop.facts() == ["loyalty.campaign.scheduled", "loyalty.campaign.cancelled"]
    actions = await bare_shop.rows("SELECT action FROM audit ORDER BY happened_at, id")
    assert [row[0] for row in actions] == [
        "campaign.written",
        "campaign.schedule",
        "campaign.cancel",
    ]


async def test_a_draft_is_changed_by_who_saw_it_last(bare_shop: Shop) -> None:
    """Of two who change the same draft, the second is told; a scheduled one stays as it is."""
    campaign, author = await draft(bare_shop), author_of(bare_shop)
    units, merchant_id = bare_shop.database.units, bare_shop.merchant_id
    plan = replace(campaign.plan, name="Bread")
    async with units(merchant_id) as unit:
        changed = await change_draft(unit, campaign.id, plan, author, revision=1)
    assert (changed.plan.name, changed.revision) == ("Bread", 2)
    assert (await campaign_of(bare_shop, campaign.id)) == changed

    with pytest.raises(ChangedMeanwhile):
        async with units(merchant_id) as unit:
            await change_draft(unit, campaign.id, plan, author, revision=1)
    with pytest.raises(ChangedMeanwhile):
        async with units(merchant_id) as unit:
            await schedule(unit, campaign.id, None, author, revision=1)
    await do(bare_shop, campaign.id, CampaignCommand.SCHEDULE)
    with pytest.raises(CampaignCannot):
        async with units(merchant_id) as unit:
            await change_draft(unit, campaign.id, plan, author, revision=3)


async def test_a_plan_names_what_exists(bare_shop: Shop) -> None:
    """An audience of an unknown program or place, and words nobody may send, are refused."""
    author, units = author_of(bare_shop), bare_shop.database.units
    plans = {
        "audience": make_plan(audience=Audience(program_id=uuid7())),
        "contents.en.body": replace(
            make_plan(), contents={"en": replace(SAID, body="{{ nonsense }}")}
        ),
        "contents": replace(make_plan(), contents={"fr": SAID}),
    }
    for field, plan in plans.items():
        with pytest.raises(Invalid) as refused:
            async with units(bare_shop.merchant_id) as unit:
                await write_draft(unit, plan, author)
        errors = refused.value.detail["errors"]
        assert isinstance(errors, dict)
        assert list(errors) == [field]
    nowhere = make_plan(audience=Audience(location_id=uuid7()))
    with pytest.raises(Invalid):
        async with units(bare_shop.merchant_id) as unit:
            await write_draft(unit, nowhere, author)
    good = make_plan(
        audience=Audience(program_id=bare_shop.program.id, location_id=bare_shop.location.id)
    )
    async with units(bare_shop.merchant_id) as unit:
        assert (await write_draft(unit, good, author)).plan == good


async def test_campaigns_are_paged_newest_first(bare_shop: Shop) -> None:
    """A page goes on after the last one seen."""
    written = [(await draft(bare_shop)).id for _ in range(3)]
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        first = await unit.campaigns.page(2)
        last = first[-1]
        rest = await unit.campaigns.page(2, after=(last.created_at, last.id))
        with pytest.raises(NotFound):
            await unit.campaigns.one(uuid7())
    assert [campaign.id for campaign in (*first, *rest)] == written[::-1]


async def test_it_cannot_begin_in_years(bare_shop: Shop) -> None:
    """A time too far ahead is a slip of the finger."""
    campaign, at = await draft(bare_shop), NOON + timedelta(days=400)
    with pytest.raises(Invalid):
        async with bare_shop.database.units(bare_shop.merchant_id) as unit:
            await schedule(unit, campaign.id, at, author_of(bare_shop))


async def _member(shop: Shop, email: str | None) -> Author:
    member = Member(id=uuid7(), name="Olga", role=Role.OWNER, email=email)
    async with shop.database.units(shop.merchant_id) as unit:
        await unit.staff.add(member, unit.now)
    principal = replace(shop.principal, staff_id=member.id)
    return replace(author_of(shop), principal=principal)


async def test_a_trial_goes_to_its_authors_own_mail(bare_shop: Shop) -> None:
    """The address is read from the log-in, sealed in the row, and counted for no recipient."""
    campaign = await draft(bare_shop, Channel.MAIL)
    units, merchant_id = bare_shop.database.units, bare_shop.merchant_id
    author = await _member(bare_shop, "olga@example.org")
    async with units(merchant_id) as unit:
        message_id = await try_by_mail(unit, campaign.id, author)

    async with units(merchant_id) as unit:
        assert (await unit.messages.one(message_id)).address == "olga@example.org"
        assert (await follow(unit, campaign.id)).messages == 0
    assert "passgate.campaign.trial_wanted" in await bare_shop.facts()
    (row,) = await bare_shop.rows("SELECT * FROM messages")
    assert "olga" not in repr(row)

    with pytest.raises(NoOwnAddress):
        async with units(merchant_id) as unit:
            await try_by_mail(unit, campaign.id, await _member(bare_shop, None))
    with pytest.raises(NoOwnAddress):
        async with units(merchant_id) as unit:
            await try_by_mail(unit, campaign.id, author_of(bare_shop))


async def test_trials_by_sms_are_few(bare_shop: Shop) -> None:
    """Each costs money: a number gets some a day, whoever asks, and is written nowhere."""
    campaign = await draft(bare_shop, Channel.SMS)
    units, merchant_id = bare_shop.database.units, bare_shop.merchant_id
    for _ in range(SMS_PER_NUMBER.tries):
        await try_by_sms(units, merchant_id, campaign.id, NUMBER, author_of(bare_shop))
    with pytest.raises(TooManyAttempts):
        await try_by_sms(units, merchant_id, campaign.id, NUMBER, author_of(bare_shop))

    assert len(await bare_shop.rows("SELECT id FROM messages")) == SMS_PER_NUMBER.tries
    kept = await bare_shop.rows("SELECT subject FROM attempts")
    assert NUMBER.address not in repr(kept)


async def test_a_stop_holds_for_trials(bare_shop: Shop) -> None:
    """Nobody goes on writing to a stopped number under the name of a test."""
    campaign, merchant_id = await draft(bare_shop, Channel.SMS), bare_shop.merchant_id
    units = bare_shop.database.units
    async with units(merchant_id) as unit:
        index = unit.customers.index(NUMBER)
        await unit.suppressions.add(Medium.SMS, index, SuppressionReason.STOPPED, unit.now)

    with pytest.raises(NumberStopped):
        await try_by_sms(units, merchant_id, campaign.id, NUMBER, author_of(bare_shop))


async def test_a_trial_needs_something_to_say_and_somewhere_to_say_it(bare_shop: Shop) -> None:
    """A channel the campaign does not use, or a card in no wallet, is refused."""
    mail, apple = await draft(bare_shop), await draft(bare_shop, Channel.APPLE)
    units, merchant_id = bare_shop.database.units, bare_shop.merchant_id
    author = author_of(bare_shop)
    with pytest.raises(NotOnThisChannel):
        await try_by_sms(units, merchant_id, mail.id, NUMBER, author)
    for campaign, refusal in ((mail, NotOnThisChannel), (apple, NotFound)):
        with pytest.raises(refusal):
            async with units(merchant_id) as unit:
                await try_on_card(unit, campaign.id, bare_shop.cards[0], Channel.APPLE, author)
