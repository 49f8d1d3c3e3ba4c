"""Unsubscribing over real HTTP: by the page and by one click, and never by looking (RFC 8058)."""

import asyncio

import pytest
import structlog
from aiohttp import FormData

from gateway.domain.consents import Medium, Purpose
from gateway.resources import new_id
from gateway.services.messages.links import (
    PreferenceHolder,
    Unsubscription,
    make_preferences_token,
    make_unsubscribe_token,
)
from tests.shopfront import open_shop, served
from tests.web.customer.conftest import Customer

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def token_of(anna: Customer, medium: Medium = Medium.MAIL, **other: object) -> str:
    values = {"merchant_id": anna.shop.merchant.id, "customer_id": anna.id} | other
    wish = Unsubscription(medium=medium, purpose=Purpose.MARKETING, **values)  # type: ignore[arg-type]
    return make_unsubscribe_token(anna.shop.resources.keys.links, wish)


async def agree(anna: Customer) -> None:
    fields = {"do": "choose", "shown": "marketing_mail", "marketing_mail": "yes"}
    await anna.browser.send(anna.page, fields)


async def test_looking_ends_nothing(anna: Customer) -> None:
    """A scanner that opens every link of a mail decides for nobody; nor does HEAD."""
    await agree(anna)
    link = f"/unsubscribe/{token_of(anna)}"
    async with served(anna.shop.resources) as scanner:
        page = await scanner.read(link)
        async with scanner.client.head(link) as looked:
            assert looked.status == 200

    assert "You will get no more offers from Café Sonne by mail." in page
    assert len(await anna.log()) == 1


@pytest.mark.parametrize("is_multipart", [True, False])
async def test_one_click_needs_no_cookie_and_no_page(anna: Customer, is_multipart: bool) -> None:  # noqa: FBT001
    """As a mail provider sends it, in either form it may choose; doing it again is fine."""
    await agree(anna)
    async with served(anna.shop.resources) as provider:
        for _ in range(2):
            form = FormData(ONE_CLICK, default_to_multipart=is_multipart)
            async with provider.client.post(
                f"/unsubscribe/{token_of(anna)}", data=form, allow_redirects=False
            ) as answer:
                assert answer.status == 200
                assert "Set-Cookie" not in answer.headers
                assert answer.headers["Referrer-Policy"] == "no-referrer"

    (_, ended) = await anna.log()
    assert ended[:3] == ("mail", "marketing", False)
    assert ended[4] == "unsubscribe link"


async def test_the_button_works_without_cookies_or_scripts(anna: Customer) -> None:
    """From another site's frame or a mail program's own browser: the address is the proof."""
    await agree(anna)
    async with served(anna.shop.resources) as mail_program:
        headers = {"Sec-Fetch-Site": "cross-site", "Origin": "null"}
        async with mail_program.client.post(
            f"/unsubscribe/{token_of(anna)}", headers=headers
        ) as done:
            text = await done.text()

    assert (done.status, "Your card at Café Sonne stays" in text) == (200, True)
    assert [row[2] for row in await anna.log()] == [True, False]


async def test_a_double_click_is_one_no(anna: Customer) -> None:
    """Six at once, and every one is told that it is done."""
    await agree(anna)
    link = f"/unsubscribe/{token_of(anna)}"

    async def click() -> int:
        async with anna.browser.client.post(link, data=ONE_CLICK) as answer:
            return answer.status

    assert await asyncio.gather(*(click() for _ in range(6))) == [200] * 6
    assert [row[2] for row in await anna.log()] == [True, False]


async def test_a_mistake_can_be_taken_back(anna: Customer) -> None:
    """The same link agrees again, in the words of the preference page."""
    await agree(anna)
    link = f"/unsubscribe/{token_of(anna)}"
    for path in (link, f"{link}/undo"):
        async with anna.browser.client.post(path) as answer:
            text = await answer.text()

    assert "You will get offers from Café Sonne again." in text
    log = await anna.log()
    assert [row[2] for row in log] == [True, False, True]
    assert log[0][3] == log[2][3]


async def test_each_way_ends_alone(anna: Customer) -> None:
    """Who wants no offers on the card still gets them by mail."""
    await agree(anna)
    async with anna.browser.client.post(f"/unsubscribe/{token_of(anna, Medium.WALLET)}") as done:
        text = await done.text()

    assert "You will see no more offers from Café Sonne on your wallet card." in text
    assert [row[:3] for row in await anna.log()] == [
        ("mail", "marketing", True),
        ("wallet", "marketing", False),
    ]


async def test_a_link_that_is_not_ours_ends_nothing(anna: Customer) -> None:
    """Forged, cut, of another use, of nobody and of another merchant: the same 404."""
    other = await open_shop(anna.shop.resources, slug="other")
    key, token = anna.shop.resources.keys.links, token_of(anna)
    holder = PreferenceHolder(merchant_id=anna.shop.merchant.id, customer_id=anna.id)
    wrong = (
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token[:40],
        "x",
        make_preferences_token(key, holder),
        token_of(anna, merchant_id=other.merchant.id),
        token_of(anna, customer_id=new_id()),
    )
    answers = set()
    for each in wrong:
        answers.add(await anna.browser.read(f"/unsubscribe/{each}", 404))
        async with anna.browser.client.post(f"/unsubscribe/{each}", data=ONE_CLICK) as refused:
            answers.add(await refused.text())
            assert refused.status == 404

    assert len(answers) == 1
    assert await anna.log() == []


async def test_no_token_reaches_the_log(anna: Customer) -> None:
    """The log names the route: who reads it cannot decide for a customer."""
    token = token_of(anna)
    with structlog.testing.capture_logs() as lines:
        for path in (f"/unsubscribe/{token}", f"/unsubscribe/{token}x"):
            async with anna.browser.client.post(path, data=ONE_CLICK) as answer:
                await answer.read()

    assert {line["route"] for line in lines} == {"/unsubscribe/{token}"}
    assert token not in str(lines)
