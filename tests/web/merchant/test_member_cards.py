"""A member's card on the merchant's pages: adjusted, blocked and merged without scripts."""

import re
from dataclasses import replace
from uuid import UUID

import pytest

from gateway.domain import merging
from gateway.domain.people import Role
from gateway.resources import new_id
from gateway.services.ledger.adjusting import AdjustCard, adjust
from gateway.storage.people.people import Member
from tests.shopfront import Browser, Shopfront
from tests.shops import FINGERPRINT, ORIGIN, Shop

_KEY = re.compile(r'name="form_key" value="([^"]+)"')


class Desk:
    """The page of the first member's card, in the owner's browser."""

    def __init__(self, shop: Shopfront, browser: Browser, card_id: UUID) -> None:
        """Sit down."""
        self.shop = shop
        self.browser = browser
        self.card_id = card_id

    @property
    def page(self) -> str:
        """The address."""
        return f"/merchant/cards/{self.card_id}"

    async def send(self, tail: str, **fields: str) -> tuple[int, str]:
        """Send one of the page's forms; return the status and what was said."""
        key = _KEY.search(await self.browser.read(self.page))
        assert key is not None
        sent = {"form_key": key[1]} | fields
        response = await self.browser.send(self.page, sent, f"{self.page}/{tail}")
        return response.status, await response.text()

    async def stamps(self) -> int:
        """Return what stands on the card."""
        async with self.shop.resources.units(self.shop.merchant.id) as unit:
            return (await unit.cards.one(self.card_id)).available("stamp")


@pytest.fixture
async def desk(shop: Shopfront, browser: Browser) -> Desk:
    """A shop whose first member just joined."""
    address = await browser.join("ana@example.org")
    return Desk(shop, browser, UUID(address.rstrip("/").split("/")[3].partition("?")[0]))


async def test_a_card_is_found_from_the_list_and_adjusted(desk: Desk) -> None:
    """The balance is on the page, and the same form sent twice counts once."""
    assert desk.page in await desk.browser.read("/merchant/members")
    fields = {"unit": "stamp", "amount": "+3", "reason": "Moved over", "form_key": "one"}
    for _ in range(2):
        assert (await desk.send("adjustments", **fields))[0] == 303
    assert await desk.stamps() == 3
    page = await desk.browser.read(desk.page)
    assert "Moved over" in page
    assert "ana@example.org" not in page


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"amount": "many", "reason": "x"}, 400, "whole number"),
        ({"amount": "5", "reason": " "}, 400, "reason in plain words"),
        ({"amount": "-5", "reason": "x"}, 422, "only 0 on this card"),
        ({"amount": "5", "reason": "x", "form_key": ""}, 400, "load the page again"),
    ],
)
async def test_a_mistake_is_said_where_it_was_made(
    desk: Desk, fields: dict[str, str], status: int, sentence: str
) -> None:
    """And nothing is posted."""
    answered, page = await desk.send("adjustments", unit="stamp", **fields)
    assert (answered, sentence in page) == (status, True)
    assert await desk.stamps() == 0


async def test_each_line_says_who_where_and_why(desk: Desk) -> None:
    """By hand it is a name and a reason; by software its door, the place and the rule's words."""
    await desk.send("adjustments", unit="stamp", amount="3", reason="Moved over")
    page = await desk.browser.read(desk.page)
    latest = page.partition('id="history"')[2].partition("</ul>")[0]
    assert "Adjusted by hand" in latest
    assert "+3 stamps available" in latest
    assert "Olga" in latest
    assert "Moved over" in latest

    shop = desk.shop
    counter = Shop(
        shop.resources.database,
        replace(shop.owner, staff_id=None),
        shop.location,
        shop.program,
        (),
        (desk.card_id,),
    )
    await counter.stamp()
    latest = (await desk.browser.read(desk.page)).partition('id="history"')[2]
    assert "+1 stamp available" in latest
    assert "test, Old Town" in latest
    assert "stamps: " in latest


async def test_a_card_is_blocked_and_unblocked(desk: Desk) -> None:
    """The reason is on the page until then."""
    await desk.send("block", do="block", reason="Lost in the tram")
    assert "Lost in the tram" in await desk.browser.read(desk.page)
    await desk.send("block", do="unblock")
    assert "Lost in the tram" not in await desk.browser.read(desk.page)


async def test_an_amount_is_transferred_to_the_other_ones_code(desk: Desk) -> None:
    """Less than nothing and more than there is are mistakes, and nothing moves."""
    address = await desk.browser.join("ben@example.org")
    other = Desk(desk.shop, desk.browser, UUID(address.rpartition("/")[2]))
    async with desk.shop.resources.units(desk.shop.merchant.id) as unit:
        code = (await unit.cards.one(other.card_id)).code
    await desk.send("adjustments", unit="stamp", amount="3", reason="Moved over")
    fields = {"unit": "stamp", "code": code, "reason": "A gift"}
    assert (await desk.send("transfers", amount="-1", **fields))[0] == 400
    assert (await desk.send("transfers", amount="4", **fields))[0] == 422
    assert (await desk.send("transfers", amount="2", **fields))[0] == 303
    assert (await desk.stamps(), await other.stamps()) == (1, 2)


async def test_a_card_is_merged_by_the_other_ones_code(desk: Desk) -> None:
    """A code of nobody's is a mistake; a merged card has nothing left to do."""
    address = await desk.browser.join("ben@example.org")
    other = UUID(address.rstrip("/").split("/")[3].partition("?")[0])
    async with desk.shop.resources.units(desk.shop.merchant.id) as unit:
        code = (await unit.cards.one(other)).code
    status, page = await desk.send("merger", code="LC1-NOBODY", reason="Two cards")
    assert (status, "does not exist" in page) == (422, True)
    status, _ = await desk.send("merger", code=code.lower(), reason="Two cards")
    assert status == 303
    assert f"{desk.page}/merger" not in await desk.browser.read(desk.page)


async def test_a_merger_that_is_too_much_says_so_on_the_page(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a sentence, and both cards stand as they stood."""
    monkeypatch.setattr(merging, "BALANCE_MAX", 5)
    address = await desk.browser.join("ben@example.org")
    other = Desk(
        desk.shop, desk.browser, UUID(address.rstrip("/").split("/")[3].partition("?")[0])
    )
    for each in (desk, other):
        await each.send("adjustments", unit="stamp", amount="3", reason="Moved over")
    async with desk.shop.resources.units(desk.shop.merchant.id) as unit:
        code = (await unit.cards.one(other.card_id)).code
    status, page = await desk.send("merger", code=code, reason="Two cards")
    assert (status, "would hold more than 5, which no card can" in page) == (422, True)
    assert (await desk.stamps(), await other.stamps()) == (3, 3)


async def test_somebody_elses_wish_is_approved_and_ones_own_waits(desk: Desk) -> None:
    """The owner decides on what a manager asked for, and not on what they asked for themselves."""
    shop = desk.shop
    manager = Member(id=new_id(), name="Mia", role=Role.MANAGER)
    async with shop.resources.units(shop.merchant.id) as unit:
        await unit.staff.add(manager, unit.now)
    wish = AdjustCard(
        principal=replace(shop.owner, name=f"staff:{manager.id}", staff_id=manager.id),
        origin=ORIGIN,
        key="wish",
        fingerprint=FINGERPRINT,
        card_id=desk.card_id,
        unit="stamp",
        amount=2_000,
        reason="A whole year",
    )
    await adjust(shop.resources.units, wish, new_id)
    await desk.send("adjustments", unit="stamp", amount="3000", reason="My own")
    page = await desk.browser.read("/merchant/adjustments")
    assert "waits for somebody else" in page
    assert "Mia" in page
    (asked,) = re.findall(r'action="(/merchant/adjustments/[0-9a-f-]{36}[^"]*)"', page)
    fields = {"form_key": "decided", "do": "approve"}
    response = await desk.browser.send("/merchant/adjustments", fields, asked)
    assert response.status == 303
    assert await desk.stamps() == 2_000
    again = await desk.browser.send("/merchant/adjustments", fields | {"form_key": "x"}, asked)
    assert again.status == 409


async def test_how_much_one_person_adjusts_alone_is_set_on_the_page(desk: Desk) -> None:
    """A page that is out of date changes nothing, and no limit is no number."""
    page = "/merchant/adjustments"

    async def limit(most: str, before: str) -> int:
        sent = {"most": most, "before": before}
        return (await desk.browser.send(page, sent, f"{page}/limit")).status

    assert await limit("many", "1000") == 400
    assert await limit("20", "1000") == 303
    assert await limit("30", "1000") == 412
    assert 'value="20"' in await desk.browser.read(page)
    await desk.send("adjustments", unit="stamp", amount="21", reason="Moved over")
    assert await desk.stamps() == 0
