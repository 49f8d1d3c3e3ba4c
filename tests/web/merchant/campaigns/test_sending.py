"""A campaign is sent, held and ended from its pages, after somebody saw what it means."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from gateway.domain.campaigns import Campaign, CampaignStatus
from gateway.domain.messages import Channel
from gateway.web.campaigns.counting import COUNTING
from gateway.web.merchant.campaigns.forms import MOMENT_FORMAT
from tests.campaigns import pumping, workers_database
from tests.database import Database
from tests.shopfront import Browser, Shopfront
from tests.web.merchant.campaigns.desk import LIST, NEW, TYPED, drafted, welcome, written

ZONE = ZoneInfo("Europe/Luxembourg")


async def kept(shop: Shopfront) -> Campaign:
    async with shop.resources.units(shop.merchant.id) as unit:
        (campaign,) = await unit.campaigns.page(2)
    return campaign


async def test_before_it_is_sent_everything_is_said_once_more(
    shop: Shopfront, browser: Browser
) -> None:
    """Audience, numbers, time and words; nothing is sent by looking."""
    await welcome(shop)
    later = datetime.now(ZONE).replace(second=0, microsecond=0) + timedelta(days=2)
    typed = TYPED | {"do": "review", "when": "later", "at": later.strftime(MOMENT_FORMAT)}
    typed |= {"program_id": str(shop.program.id), "stamps_max": "9"}

    response = await browser.send(NEW, typed)
    page = " ".join((await browser.read(response.headers["Location"])).split())

    assert "Holders of “Coffee card”, with at most 9 stamps." in page
    assert "<b>Mail</b> reaches <b>3</b>" in page
    assert later.strftime("%a %d %b %Y, %H:%M") in page
    assert "Cake today!" in page
    assert (await kept(shop)).status is CampaignStatus.DRAFT


async def test_the_time_is_that_of_the_merchants_clock(shop: Shopfront, browser: Browser) -> None:
    """A time on the wall of the shop, wherever the browser is."""
    address = await written(browser)
    later = datetime.now(ZONE).replace(second=0, microsecond=0) + timedelta(days=2)
    fields = {"at": later.strftime(MOMENT_FORMAT), "revision": "1"}

    response = await browser.send(f"{address}/send?at={fields['at']}", fields, f"{address}/send")

    assert (response.status, response.headers["Location"]) == (303, address)
    campaign = await kept(shop)
    assert campaign.status is CampaignStatus.SCHEDULED
    assert campaign.scheduled_at == later.astimezone(UTC)
    assert later.strftime("%a %d %b %Y, %H:%M") in await browser.read(address)


async def test_what_was_changed_after_it_was_looked_over_is_not_sent(
    shop: Shopfront, browser: Browser
) -> None:
    """Nobody confirms words they have not seen."""
    address = await written(browser)
    await browser.send(address, TYPED | {"do": "save", "revision": "1", "name": "Pie"})

    response = await browser.send(f"{address}/send", {"at": "", "revision": "1"})

    assert response.status == 412
    assert (await kept(shop)).status is CampaignStatus.DRAFT


async def test_a_campaign_is_paused_resumed_and_cancelled(
    database: Database, shop: Shopfront, browser: Browser
) -> None:
    """Each button is there only while it does something; results stay afterwards."""
    await welcome(shop)
    address = f"{LIST}/{await drafted(shop)}"
    await browser.send(f"{address}/send", {"at": "", "revision": "1"})
    async with workers_database(database) as workers, pumping(workers) as pump:
        await pump.rest()
        for do, status, offered in (
            ("pause", "paused", {"resume"}),
            ("resume", "sending", {"pause"}),
            ("cancel", "cancelled", set()),
        ):
            response = await browser.send(address, {"do": do}, f"{address}/steer")
            assert response.status == 303
            page = await browser.read(address)
            buttons = re.findall(r'name="do" value="(\w+)" data-in="[\w ]+">', page)
            assert (set(buttons), f'data-status="{status}"' in page) == (offered, True)
        assert (await browser.send(address, {"do": "resume"}, f"{address}/steer")).status == 422
        await pump.rest()
    # As after the second for which a count is good.
    browser.client.app[COUNTING].forget(shop.merchant.id, (await kept(shop)).id)
    page = await browser.read(address)
    assert "Cancelled: 0 messages went out before." in page
    assert "not sent, as the campaign was cancelled" in page
    assert "http-equiv" not in page


async def test_a_page_without_scripts_renews_itself_until_it_is_over(
    shop: Shopfront, browser: Browser
) -> None:
    """And only where no script does it better."""
    address = f"{LIST}/{await drafted(shop)}"
    await browser.send(f"{address}/send", {"at": "", "revision": "1"})

    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in await browser.read(
        address
    )


async def test_cancelling_asks_first(shop: Shopfront, browser: Browser) -> None:
    """The page says what it means; the form on it does it."""
    address = f"{LIST}/{await drafted(shop)}"
    assert "Throw “Cake” away?" in await browser.read(f"{address}/cancel")
    assert (await kept(shop)).status is CampaignStatus.DRAFT

    response = await browser.send(f"{address}/cancel", {"do": "cancel"}, f"{address}/steer")
    assert (response.status, (await kept(shop)).status) == (303, CampaignStatus.CANCELLED)


async def test_a_draft_is_tried_by_its_author(shop: Shopfront, browser: Browser) -> None:
    """To the address they log in with; a card that is in no wallet is not there."""
    address = await written(browser)

    tried = await browser.send(address, {"channel": "mail"}, f"{address}/try")
    nowhere = await browser.send(
        address, {"channel": "apple", "code": "LC1-NONE"}, f"{address}/try"
    )
    unwritten = await browser.send(
        address, {"channel": "sms", "phone": "+352621123456"}, f"{address}/try"
    )
    no_way = await browser.send(address, {"channel": "pigeon"}, f"{address}/try")

    assert tried.headers["Location"] == f"{address}?done=tried#try"
    assert "On its way." in await browser.read(f"{address}?done=tried")
    refused = (nowhere.status, unwritten.status, no_way.status)
    assert refused == (404, 422, 404)
    page = await unwritten.text()
    assert '<p class="mistake" role="alert">The campaign says nothing by this channel.</p>' in page
    async with shop.resources.units(shop.merchant.id) as unit:
        assert await unit.campaign_messages.sending((await kept(shop)).id, [Channel.MAIL]) == {}


async def test_recipients_are_listed_masked_and_by_what_became_of_them(
    database: Database, shop: Shopfront, browser: Browser
) -> None:
    """Each with the reason in words; no address in full, and no page for another filter."""
    await welcome(shop)
    address = f"{LIST}/{await drafted(shop)}"
    await browser.send(f"{address}/send", {"at": "", "revision": "1"})
    async with workers_database(database) as workers, pumping(workers) as pump:
        await pump.rest()

    everybody = await browser.read(f"{address}/recipients")
    left_out = await browser.read(f"{address}/recipients?channel=mail&state=skipped")

    assert (everybody.count('<th scope="row">'), left_out.count('<th scope="row">')) == (5, 2)
    assert "did not agree to offers this way" in left_out
    assert "@example.org" not in everybody
    await browser.read(f"{address}/recipients?after=x", 400)
