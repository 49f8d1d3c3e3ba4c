"""The pump: counts that add up at every moment, nobody twice, and nobody who said no."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from gateway.domain.campaigns import CampaignStatus
from gateway.domain.consents import Medium
from gateway.domain.contacting import ContactBudget
from gateway.domain.messages import Channel
from gateway.services.campaigns.commanding import cancel, pause, resume
from gateway.services.campaigns.preparing import estimate
from gateway.storage.messages.manners import MessageSettings
from gateway.storage.messages.messages import Message, Messages
from gateway.storage.queues.deliveries import Deliveries, Wanted
from tests.campaigns import (
    NOON,
    Pumping,
    add_holders,
    allow_sms,
    author_of,
    campaign_of,
    deliver,
    make_plan,
    opt_out,
    pumping,
    scheduled,
    states,
    sum_of,
    wanted,
    workers_database,
)
from tests.database import Database
from tests.shops import Shop, open_shop


@pytest.fixture
async def shop(database: Database) -> AsyncIterator[Shop]:
    """A shop without cards, on the worker's role."""
    async with workers_database(database) as ready:
        yield await open_shop(ready, cards=0)


@pytest.fixture
async def pump(shop: Shop) -> AsyncIterator[Pumping]:
    """A pump at noon."""
    async with pumping(shop.database) as ready:
        yield ready


async def command(shop: Shop, what: object, campaign_id: UUID) -> None:
    """Pause, resume or cancel as somebody on the page does."""
    async with shop.database.units(shop.merchant_id) as unit:
        await what(unit, campaign_id, author_of(shop))  # type: ignore[operator]


async def test_a_campaign_goes_to_all_who_agreed(shop: Shop, pump: Pumping) -> None:
    """Each gets one message; who never agreed is counted with the reason, and nobody is lost."""
    await add_holders(shop, 5, Medium.MAIL)
    await add_holders(shop, 2)
    campaign_id = await scheduled(shop)

    await pump.rest()
    targets = [target for _, target in await wanted(shop)]
    assert len(targets) == len(set(targets)) == 5
    assert await states(shop, campaign_id) == {("sending", None): 5, ("skipped", "no_consent"): 2}

    await deliver(shop)
    await pump.rest()
    assert await states(shop, campaign_id) == {("sent", None): 5, ("skipped", "no_consent"): 2}
    campaign = await campaign_of(shop, campaign_id)
    assert campaign.status is CampaignStatus.SENT
    assert campaign.ended_at is not None
    assert await shop.facts() == [
        "loyalty.campaign.scheduled",
        "loyalty.campaign.started",
        "loyalty.campaign.sent",
    ]


async def test_an_estimate_is_what_the_preparation_writes(shop: Shop, pump: Pumping) -> None:
    """The same rules count beforehand, by channel and reason, and write nothing."""
    await allow_sms(shop)
    await add_holders(shop, 3, Medium.MAIL, Medium.SMS, phones=True)
    await add_holders(shop, 2, Medium.MAIL)
    (blocked,) = await add_holders(shop, 1, Medium.MAIL)
    await shop.execute("UPDATE cards SET status = 'blocked' WHERE id = :id", id=blocked)
    plan = make_plan(Channel.MAIL, Channel.SMS, Channel.APPLE)

    async with shop.database.units(shop.merchant_id) as unit:
        counted = await estimate(unit, plan, NOON)
    assert await shop.rows("SELECT id FROM messages") == []
    assert counted.holders == 6
    assert counted.messages == {
        (Channel.MAIL, None): 5,
        (Channel.MAIL, "card_blocked"): 1,
        (Channel.SMS, None): 3,
        (Channel.SMS, "no_address"): 3,
        (Channel.APPLE, "not_in_wallet"): 6,
    }

    campaign_id = await scheduled(shop, plan)
    await pump.rest()
    written = await states(shop, campaign_id)
    assert sum_of(written, "sending") == 8
    assert written["skipped", "no_address"] == 3


async def test_a_preparation_goes_on_where_it_stopped(
    shop: Shop, pump: Pumping, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever takes over after a crash writes down the rest, and nobody twice."""
    monkeypatch.setattr("gateway.services.campaigns.preparing.CHUNK_CUSTOMERS", 2)
    await add_holders(shop, 7, Medium.MAIL)
    campaign_id = await scheduled(shop)
    for _ in range(3):
        await pump.turn()
    assert sum_of(await states(shop, campaign_id), "queued") == 4
    assert (await campaign_of(shop, campaign_id)).status is CampaignStatus.PREPARING

    async with pumping(shop.database) as other:
        await other.rest()
    assert sum_of(await states(shop, campaign_id), "queued", "sending") == 7


async def some_turns(shop: Shop, pump: Pumping, campaign_id: UUID, count: int) -> Counter[str]:
    """Pump and deliver for a while; all recipients are counted at every moment."""
    sent: Counter[str] = Counter()
    for _ in range(count):
        await pump.turn()
        sent.update(await deliver(shop, 30))
        assert (await states(shop, campaign_id)).total() in {0, 300}
    return sent


async def test_counts_add_up_through_pause_resume_and_cancel(
    shop: Shop, pump: Pumping, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With hundreds of holders: at every moment all are counted, and in the end nobody waits."""
    monkeypatch.setattr("gateway.services.campaigns.releasing.RELEASE_ROWS_MAX", 15)
    monkeypatch.setattr("gateway.services.campaigns.releasing.OUTSTANDING_MAX", 30)
    await add_holders(shop, 290, Medium.MAIL)
    await add_holders(shop, 10)
    campaign_id = await scheduled(shop)

    sent = await some_turns(shop, pump, campaign_id, 8)
    await pump.turn()
    await command(shop, pause, campaign_id)
    assert await wanted(shop) == []
    assert await some_turns(shop, pump, campaign_id, 2) == {}, "nothing leaves while it is paused"
    assert sum_of(await states(shop, campaign_id), "sending") == 0

    await command(shop, resume, campaign_id)
    more = await some_turns(shop, pump, campaign_id, 4)
    assert more.total() > 0
    await pump.turn()
    await command(shop, cancel, campaign_id)
    assert await wanted(shop) == []
    await pump.rest()

    sent += more
    assert set(sent.values()) == {1}, "nobody twice"
    assert await states(shop, campaign_id) == {
        ("sent", None): len(sent),
        ("skipped", "no_consent"): 10,
        ("skipped", "cancelled"): 290 - len(sent),
    }
    campaign = await campaign_of(shop, campaign_id)
    assert (campaign.status, campaign.ended_at is None) == (CampaignStatus.CANCELLED, False)


async def test_two_pumps_release_nobody_twice(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many workers there are, each recipient has one delivery."""
    monkeypatch.setattr("gateway.services.campaigns.releasing.RELEASE_ROWS_MAX", 5)
    await add_holders(shop, 40, Medium.MAIL)
    await scheduled(shop)

    async with pumping(shop.database) as one, pumping(shop.database) as two:
        for _ in range(12):
            await asyncio.gather(one.turn(), two.turn())

    targets = [target for _, target in await wanted(shop)]
    assert len(targets) == len(set(targets)) == 40


async def test_a_merchants_turn_is_one_workers(shop: Shop, pump: Pumping) -> None:
    """While another worker looks after a merchant's campaigns, nobody else touches them.

    Two who look at one customer's budget at the same time would both find it unspent.
    """
    await add_holders(shop, 2, Medium.MAIL)
    campaign_id = await scheduled(shop)
    async with shop.database.units(shop.merchant_id) as unit:
        assert await unit.campaigns.take_turn()
        await pump.rest()
        assert (await campaign_of(shop, campaign_id)).status is CampaignStatus.SCHEDULED

    await pump.rest()
    assert (await campaign_of(shop, campaign_id)).status is CampaignStatus.SENDING


async def test_a_cancel_waits_for_a_portion_and_takes_it_back(
    shop: Shop, pump: Pumping, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A portion that is being released at this moment is not forgotten by the cancel."""
    await add_holders(shop, 5, Medium.MAIL)
    campaign_id = await scheduled(shop)
    while (await campaign_of(shop, campaign_id)).status is not CampaignStatus.SENDING:
        await pump.turn()
    at_work, go_on = asyncio.Event(), asyncio.Event()
    plan = Deliveries.plan

    async def slow(self: Deliveries, planned: Sequence[Wanted], now: datetime) -> int:
        at_work.set()
        await go_on.wait()
        return await plan(self, planned, now)

    monkeypatch.setattr(Deliveries, "plan", slow)
    releasing = asyncio.create_task(pump.turn())
    await at_work.wait()
    cancelling = asyncio.create_task(command(shop, cancel, campaign_id))
    done, _ = await asyncio.wait([cancelling], timeout=0.2)
    assert not done, "the campaign is held"
    go_on.set()
    await asyncio.gather(releasing, cancelling)

    assert await wanted(shop) == []
    assert await states(shop, campaign_id) == {("skipped", "cancelled"): 5}


async def test_who_says_no_while_queued_is_not_written_to(
    shop: Shop, pump: Pumping, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The consent is asked for again when a message is released."""
    monkeypatch.setattr("gateway.services.campaigns.releasing.RELEASE_ROWS_MAX", 1)
    cards = await add_holders(shop, 3, Medium.MAIL)
    campaign_id = await scheduled(shop)
    for _ in range(3):
        await pump.turn()
    assert sum_of(await states(shop, campaign_id), "sending") == 1
    for card in cards:
        await opt_out(shop, card)

    await pump.rest()

    assert await states(shop, campaign_id) == {
        ("sending", None): 1,
        ("skipped", "no_consent"): 2,
    }


async def test_campaigns_at_once_share_one_budget(shop: Shop, pump: Pumping) -> None:
    """Three campaigns by two ways are six offers; a customer gets the three that a day allows."""
    await allow_sms(shop)
    async with shop.database.units(shop.merchant_id) as unit:
        settings = await unit.manners.read()
        policy = replace(settings.policy, budget=ContactBudget(a_day=3, a_week=7))
        await unit.manners.write(
            MessageSettings(policy=policy, sms_sender="Shop"), revision=settings.revision
        )
    await add_holders(shop, 4, Medium.MAIL, Medium.SMS, phones=True)
    plan = make_plan(Channel.MAIL, Channel.SMS)
    campaigns = [await scheduled(shop, plan) for _ in range(3)]

    async with pumping(shop.database) as other:
        for _ in range(8):
            await asyncio.gather(pump.turn(), other.turn())

    counted = sum([await states(shop, one) for one in campaigns], Counter())
    assert counted == {("sending", None): 12, ("skipped", "contact_budget"): 12}
    per_customer = await shop.rows(
        "SELECT count(*) FROM messages WHERE state = 'sending' GROUP BY customer_id"
    )
    assert {row[0] for row in per_customer} == {3}


async def test_a_throttle_counts_by_the_clock(shop: Shop, pump: Pumping) -> None:
    """Sixty a minute are one a second, however often the pump looks."""
    await add_holders(shop, 30, Medium.MAIL)
    await scheduled(shop, make_plan(per_minute_max=60))
    await pump.rest()
    released = [len(await wanted(shop))]
    for seconds in (0, 1, 1, 3, 60):
        pump.later(timedelta(seconds=seconds))
        await pump.rest()
        released.append(len(await wanted(shop)))

    assert released == [1, 1, 2, 3, 6, 11]


async def test_few_are_on_their_way_at_once(
    shop: Shop, pump: Pumping, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a pause takes hold, and nobody who waits stands behind a hundred thousand."""
    monkeypatch.setattr("gateway.services.campaigns.releasing.OUTSTANDING_MAX", 4)
    await add_holders(shop, 10, Medium.MAIL)
    await scheduled(shop)

    await pump.rest()
    assert len(await wanted(shop)) == 4
    await deliver(shop, 1)
    await pump.rest()
    assert len(await wanted(shop)) == 4


async def test_the_next_go_when_a_quarter_is_free(
    shop: Shop, pump: Pumping, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One by one each would cost as many queries as all of them together."""
    monkeypatch.setattr("gateway.services.campaigns.releasing.OUTSTANDING_MAX", 8)
    await add_holders(shop, 20, Medium.MAIL)
    await scheduled(shop)

    await pump.rest()
    on_their_way = [len(await wanted(shop))]
    for _ in range(4):
        await deliver(shop, 1)
        await pump.rest()
        on_their_way.append(len(await wanted(shop)))
    assert on_their_way == [8, 7, 8, 7, 8]


async def test_at_night_nothing_rings(shop: Shop, pump: Pumping) -> None:
    """A text message waits for the morning of its reader, and the campaign with it."""
    await allow_sms(shop)
    await add_holders(shop, 2, Medium.SMS, phones=True)
    pump.now = NOON + timedelta(hours=11)
    campaign_id = await scheduled(shop, make_plan(Channel.SMS), at=pump.now)

    await pump.rest()
    assert await states(shop, campaign_id) == {("queued", None): 2}
    assert await wanted(shop) == []

    pump.now = NOON + timedelta(hours=20)
    await pump.rest()
    assert await states(shop, campaign_id) == {("sending", None): 2}


async def test_a_campaign_begins_at_its_hour(shop: Shop, pump: Pumping) -> None:
    """Before, nothing happens to it; at the hour, everything."""
    await add_holders(shop, 1, Medium.MAIL)
    campaign_id = await scheduled(shop, at=NOON + timedelta(hours=1))
    await pump.rest()
    assert (await campaign_of(shop, campaign_id)).status is CampaignStatus.SCHEDULED

    pump.later(timedelta(hours=1))
    await pump.rest()
    assert (await campaign_of(shop, campaign_id)).status is CampaignStatus.SENDING


async def test_what_no_courier_settled_is_failed(shop: Shop, pump: Pumping) -> None:
    """A message whose delivery ended or vanished is not on its way for ever."""
    await add_holders(shop, 3, Medium.MAIL)
    campaign_id = await scheduled(shop)
    await pump.rest()
    await shop.execute(
        "UPDATE deliveries SET state = 'dead', reason = 'AttemptsUsedUp', ended_at = now()"
        " WHERE id = (SELECT id FROM deliveries ORDER BY id LIMIT 1)"
    )
    await shop.execute(
        "DELETE FROM deliveries WHERE id = (SELECT id FROM deliveries ORDER BY id DESC LIMIT 1)"
    )
    pump.later(timedelta(seconds=30))
    await pump.rest()
    assert await states(shop, campaign_id) == {("sending", None): 3}

    pump.later(timedelta(seconds=60))
    await pump.rest()
    assert await states(shop, campaign_id) == {
        ("sending", None): 1,
        ("failed", "AttemptsUsedUp"): 1,
        ("failed", "NoDelivery"): 1,
    }


async def test_a_campaign_that_cannot_be_prepared_fails(
    shop: Shop, pump: Pumping, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After some tries it says so, and holds up no other campaign."""
    await add_holders(shop, 2, Medium.MAIL)
    broken, sound = await scheduled(shop), await scheduled(shop)

    add = Messages.add

    async def stumble(self: Messages, added: list[Message], now: datetime) -> set[UUID]:
        if any(message.campaign_id == broken for message in added):
            raise ValueError
        return await add(self, added, now)

    monkeypatch.setattr(Messages, "add", stumble)
    for _ in range(8):
        await pump.turn()

    campaign = await campaign_of(shop, broken)
    assert (campaign.status, campaign.failure) == (CampaignStatus.FAILED, "ValueError")
    assert (await campaign_of(shop, sound)).status is CampaignStatus.SENDING
    assert "loyalty.campaign.failed" in await shop.facts()


async def test_each_merchant_has_its_turn(shop: Shop, pump: Pumping) -> None:
    """Campaigns of two merchants go out, each to its own holders."""
    other = await open_shop(shop.database, cards=0, slug="other")
    await add_holders(shop, 2, Medium.MAIL)
    await add_holders(other, 3, Medium.MAIL)
    one, two = await scheduled(shop), await scheduled(other)

    await pump.rest()

    assert await states(shop, one) == {("sending", None): 2}
    assert await states(other, two) == {("sending", None): 3}


async def test_without_a_sender_nobody_gets_a_text_message(shop: Shop, pump: Pumping) -> None:
    """A merchant that never chose a sender is told so by each recipient's reason."""
    await add_holders(shop, 2, Medium.SMS, phones=True)
    campaign_id = await scheduled(shop, make_plan(Channel.SMS))
    await pump.rest()
    assert await states(shop, campaign_id) == {("skipped", "switched_off"): 2}
    assert (await campaign_of(shop, campaign_id)).status is CampaignStatus.SENT
