"""The merchant's pages about webhooks, in a browser without scripts."""

import re
from uuid import UUID

import asyncpg
import pytest
from aiohttp import ClientResponse

from gateway.domain.webhooks import DisabledReason
from gateway.resources import new_id
from tests.database import Database
from tests.shopfront import Browser, Shopfront, served
from tests.webhooks import refuse

PAGE = "/merchant/webhooks"
FIELDS = {
    "url": "https://shop.example/webhooks",
    "description": "Bookkeeping",
    "event:loyalty.card.stamped": "yes",
}


async def add(browser: Browser) -> tuple[str, str]:
    """Add an endpoint; return its page and its secret."""
    response = await browser.send(PAGE, FIELDS)
    text = await response.text()
    assert response.status == 200, text
    found = re.search(rf"{PAGE}/[0-9a-f-]{{36}}", text)
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", text)
    assert found is not None
    assert secret is not None
    return found[0], secret[0]


async def steer(browser: Browser, page: str, do: str, revision: int) -> ClientResponse:
    """Press one of an endpoint's buttons."""
    return await browser.send(page, {"do": do, "revision": str(revision)}, to=f"{page}/steer")


async def announced(database: Database) -> list[str]:
    """Return the types of the facts that are ours alone, oldest first."""
    connection = await asyncpg.connect(database.superuser_dsn)
    try:
        found = await connection.fetch(
            "SELECT type FROM outbox WHERE type LIKE 'passgate.%' ORDER BY announced_at"
        )
    finally:
        await connection.close()
    return [row["type"] for row in found]


async def test_the_secret_of_a_new_endpoint_is_shown_once(browser: Browser) -> None:
    """Afterwards no page has it; a second one comes only with a new secret."""
    page, secret = await add(browser)

    listed, shown = await browser.read(PAGE), await browser.read(page)
    rotated = await (await steer(browser, page, "rotate", 1)).text()

    assert "Bookkeeping" in listed
    assert secret not in listed + shown + rotated
    assert "whsec_" in rotated
    assert "is good until" in await browser.read(page)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"url": "https://10.0.0.1/"}, "Please give an address on the public internet."),
        ({"url": "javascript:alert(1)"}, "Please give an address like"),
        ({"event:loyalty.card.stamped": ""}, None),
        ({"event:loyalty.none": "yes"}, "There is no event called"),
    ],
)
async def test_a_mistake_is_answered_in_the_form(
    browser: Browser, wrong: dict[str, str], sentence: str | None
) -> None:
    """What was typed stays, with a sentence at the field, when adding and when changing."""
    page, _ = await add(browser)
    fields = {name: value for name, value in (FIELDS | wrong).items() if value}
    for place in (PAGE, page):
        response = await browser.send(place, fields | {"revision": "1"})
        text = await response.text()
        assert response.status == 400
        assert (sentence or "Please choose at least one event.") in text
        assert 'value="Bookkeeping"' in text


async def test_an_endpoint_is_changed_disabled_enabled_and_deleted(browser: Browser) -> None:
    """Each with a button; who has an old page before them is told so."""
    page, _ = await add(browser)
    changed = await browser.send(page, FIELDS | {"description": "Till", "revision": "1"})
    late = await steer(browser, page, "disable", 1)
    await steer(browser, page, "disable", 2)
    disabled = await browser.read(page)
    await steer(browser, page, "enable", 3)
    enabled = await browser.read(page)
    deleted = await steer(browser, page, "delete", 4)

    assert (changed.status, late.status) == (303, 412)
    assert "You disabled it." in disabled
    assert "Send a test" not in disabled
    assert "Send a test" in enabled
    assert deleted.headers["Location"] == PAGE
    assert "Till" not in await browser.read(PAGE)
    await browser.read(page, 404)


async def test_the_log_shows_each_answer_and_lets_it_be_sent_again(
    browser: Browser, shop: Shopfront, database: Database
) -> None:
    """What a stranger's server answered is text and nothing else."""
    page, _ = await add(browser)
    message_id = await refuse(
        shop.resources.database,
        shop.merchant.id,
        UUID(page.rpartition("/")[2]),
        number=2,
        excerpt="<script>alert(1)</script>",
    )
    shown = await browser.read(page)
    for fields in ({"message": str(message_id)}, {"hours": "24"}):
        again = await browser.send(page, fields, to=f"{page}/replays")
        assert (again.status, again.headers["Location"]) == (303, page)
    unknown = await browser.send(page, {"message": str(new_id())}, to=f"{page}/replays")
    tested = await steer(browser, page, "test", 1)

    assert "Answered 500" in shown
    assert "&lt;script&gt;" in shown
    assert "<script>alert" not in shown
    assert (unknown.status, tested.status) == (404, 303)
    assert await announced(database) == [
        "passgate.webhook.wanted",
        "passgate.webhook.replay_wanted",
        "passgate.webhook.wanted",
    ]


async def test_an_endpoint_that_was_disabled_for_its_failures_says_so(
    browser: Browser, shop: Shopfront
) -> None:
    """The merchant's first page says so, the list marks it, and its page says why."""
    page, _ = await add(browser)
    async with shop.resources.units(shop.merchant.id) as unit:
        await unit.webhook_endpoints.disable(UUID(page.rpartition("/")[2]), DisabledReason.FAILING)

    first = await browser.read("/merchant")
    assert f'Webhooks to <a href="{page}">Bookkeeping</a> have stopped.' in first
    assert "disabled" in await browser.read(PAGE)
    assert "for five days nobody took anything" in await browser.read(page)


async def test_what_the_merchant_disabled_is_no_news_to_them(browser: Browser) -> None:
    """Only what we disabled is told on the first page."""
    page, _ = await add(browser)
    await steer(browser, page, "disable", 1)

    assert "disabled" in await browser.read(PAGE)
    assert "have stopped" not in await browser.read("/merchant")


async def test_the_pages_are_for_who_may_look_after_webhooks(shop: Shopfront) -> None:
    """Nobody else sees them."""
    async with served(shop.resources) as visitor:
        response = await visitor.client.get(PAGE, allow_redirects=False)
        assert response.status in {303, 401}
