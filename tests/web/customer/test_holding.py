"""Knowing an address is not owning the customer: it shows the card, and chooses nothing."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from gateway.domain.attempts import CARD_LINK_PER_CUSTOMER
from gateway.domain.consents import Medium
from gateway.domain.contacts import Contact, ContactKind
from gateway.domain.events.wishes import CardLinkWanted
from gateway.domain.programs import Look, ProgramCommand
from gateway.resources import new_id
from gateway.services.merchants.designing import Author, Design, create_program
from gateway.services.merchants.steering import command_program
from gateway.services.messages.links import (
    MessageLinks,
    PreferenceHolder,
    make_preferences_token,
)
from gateway.storage.messages.suppressions import SuppressionReason
from tests.shopfront import ORIGIN, Browser, served
from tests.web.customer.conftest import ANNA, Customer

PHONE = Contact(kind=ContactKind.PHONE, address="+352621123456")
SMS_YES = {"do": "choose", "shown": "service_sms marketing_sms", "marketing_sms": "yes"}
TITLE = "Your choices are behind a link"


def card_id(anna: Customer) -> UUID:
    return UUID(anna.card.rpartition("/")[2])


def card_link(anna: Customer) -> str:
    links = MessageLinks(anna.shop.resources.keys.links, "")
    return links.card(anna.shop.merchant.slug, card_id(anna))


def choices_link(anna: Customer) -> str:
    holder = PreferenceHolder(merchant_id=anna.shop.merchant.id, customer_id=anna.id)
    return f"/choices/{make_preferences_token(anna.shop.resources.keys.links, holder)}"


async def stop(anna: Customer) -> None:
    """Have Anna answer STOP from her number."""
    async with anna.shop.resources.units(anna.shop.merchant.id) as unit:
        index = unit.customers.index(PHONE)
        await unit.suppressions.add(Medium.SMS, index, SuppressionReason.STOPPED, unit.now)


async def links_wanted(anna: Customer) -> int:
    """Count how often the link was to be sent."""
    rows = await anna.rows("SELECT count(*) FROM outbox WHERE type = $1", CardLinkWanted.type)
    return int(rows[0][0])


@pytest.fixture
async def stranger(anna: Customer) -> AsyncIterator[Browser]:
    """Another browser, whose owner knows Anna's address and typed it on the joining page."""
    async with served(anna.shop.resources) as browser:
        assert await browser.join(ANNA) == anna.card
        yield browser


async def test_who_types_a_known_address_sees_the_card_and_nothing_of_the_customer(
    anna: Customer, stranger: Browser
) -> None:
    """Neither addresses, nor boxes, nor what was sent: one button, and a sentence in English."""
    assert "0 of 10" in await stranger.read(anna.card)

    page = await stranger.read(anna.page)

    assert TITLE in page
    for told in ("…", "checkbox", "What we sent you", "Where we write to", "@"):
        assert told not in page


@pytest.mark.parametrize(
    "wish",
    [
        {"do": "add", "contact": "mallory@mail.example"},
        {"do": "add", "contact": "+352 691 000 000"},
        {"do": "remove", "kind": "phone"},
        {"do": "choose", "shown": "service_mail marketing_mail", "service_mail": "yes"},
        {"do": "nothing", "shown": "service_mail marketing_mail service_wallet"},
        SMS_YES,
        {"do": "speak", "language": "fr"},
        {"do": "erase"},
        {},
    ],
)
async def test_who_types_a_known_address_changes_nothing(
    anna: Customer, stranger: Browser, wish: dict[str, str]
) -> None:
    """The victim keeps mail, phone, language, consents and STOP, whatever form is sent."""
    await anna.browser.send(anna.page, {"do": "add", "contact": PHONE.address})
    await stop(anna)
    async with anna.shop.resources.units(anna.shop.merchant.id) as unit:
        before = await unit.customers.one(anna.id)

    refused = await stranger.send(anna.page, wish)

    assert refused.status == 403
    assert TITLE in await refused.text()
    async with anna.shop.resources.units(anna.shop.merchant.id) as unit:
        assert await unit.customers.one(anna.id) == before
    assert await anna.log() == []
    assert await anna.rows("SELECT reason FROM suppressions") == [("stopped",)]
    assert await links_wanted(anna) == 0


async def test_a_new_card_of_a_known_customer_proves_nothing_either(anna: Customer) -> None:
    """A second program is another card, and still the same customer."""
    shop = anna.shop
    author = Author(principal=shop.owner, origin=ORIGIN, new_id=new_id)
    design = Design(name="Tea card", plan=shop.program.version.plan, look=Look())
    async with shop.resources.units(shop.merchant.id) as unit:
        tea = await create_program(unit, design, author)
        await command_program(unit, tea.id, ProgramCommand.ACTIVATE, author, revision=tea.revision)
    async with served(shop.resources) as browser:
        card = await browser.join(ANNA)
        assert card != anna.card
        assert TITLE in await browser.read(f"{card}/preferences")


async def test_the_link_in_a_message_opens_the_choices(anna: Customer, stranger: Browser) -> None:
    """The same browser may choose once it came by the link; joining again takes nothing back."""
    await stranger.read(card_link(anna), 303)
    assert "checkbox" in await stranger.read(anna.page)

    await stranger.join(ANNA)

    assert "checkbox" in await stranger.read(anna.page)
    assert "checkbox" in await anna.browser.read(anna.page)


async def test_a_proof_is_of_one_sort_and_one_card(anna: Customer, stranger: Browser) -> None:
    """The proof to show is none to choose, under whichever name it comes, and no other card's."""
    other = await stranger.join("mallory@mail.example")
    cookies = {each.key: each.value for each in stranger.client.session.cookie_jar}
    theirs, mine = card_id(anna).hex, UUID(other.rpartition("/")[2]).hex

    for proof in (cookies[f"passgate_card_{theirs}"], cookies[f"passgate_choices_{mine}"]):
        stranger.client.session.cookie_jar.update_cookies({f"passgate_choices_{theirs}": proof})
        assert TITLE in await stranger.read(anna.page)


async def test_the_link_is_sent_a_few_times_a_day_and_the_answer_never_changes(
    anna: Customer, stranger: Browser
) -> None:
    """A stranger who presses the button all day writes three messages, and learns nothing."""
    answers = set()
    for _ in range(CARD_LINK_PER_CUSTOMER.tries + 2):
        answer = await stranger.send(anna.page, {"do": "link"})
        answers.add((answer.status, answer.headers["Location"]))

    assert answers == {(303, f"{anna.page}?done=link")}
    assert await links_wanted(anna) == CARD_LINK_PER_CUSTOMER.tries
    assert "the link will be there in a moment" in await stranger.read(f"{anna.page}?done=link")


async def test_the_button_needs_its_page_and_the_card(anna: Customer, stranger: Browser) -> None:
    """Another site's form sends nothing, and neither does who does not hold the card."""
    async with stranger.client.post(anna.page, data={"do": "link"}) as refused:
        assert refused.status == 403
    async with served(anna.shop.resources) as nobody:
        answer = await nobody.send("/join/cafe", {"do": "link"}, to=anna.page)
        assert answer.status == 404
    by_link = await anna.browser.send(choices_link(anna), {"do": "link"})
    assert by_link.status == 404
    assert await links_wanted(anna) == 0


async def test_two_tabs_of_which_one_was_proved_meanwhile(
    anna: Customer, stranger: Browser
) -> None:
    """The old tab's button still answers, and the page after it is the one with the choices."""
    token = await stranger.token(anna.page)
    await stranger.read(card_link(anna), 303)

    async with stranger.client.post(
        anna.page, data={"csrf_token": token, "do": "link"}, allow_redirects=False
    ) as answer:
        assert answer.status == 303
    page = await stranger.read(f"{anna.page}?done=link")

    assert "the link will be there in a moment" in page
    assert "checkbox" in page


async def test_a_late_answer_of_another_tab_takes_no_proof_back(
    anna: Customer, stranger: Browser
) -> None:
    """A form that joins again and the link from the mail, at once, end with the choices open."""
    await asyncio.gather(stranger.join(ANNA), stranger.read(card_link(anna), 303))

    assert "checkbox" in await stranger.read(anna.page)


async def test_a_stop_is_not_lifted_by_the_browser_that_holds_the_card(anna: Customer) -> None:
    """The box is off and grey, and a form that says yes all the same is not heard."""
    await anna.browser.send(anna.page, {"do": "add", "contact": PHONE.address})
    await anna.browser.send(anna.page, SMS_YES)
    await stop(anna)

    page = await anna.browser.read(anna.page)
    await anna.browser.send(anna.page, SMS_YES | {"service_sms": "yes"})

    assert page.count(" disabled") == 2
    assert 'name="marketing_sms" value="yes" disabled' in page
    assert "Send us START by SMS" in page
    assert [row[:3] for row in await anna.log()] == [("sms", "marketing", True)]
    assert await anna.rows("SELECT reason FROM suppressions") == [("stopped",)]


async def test_a_form_as_it_was_shown_takes_no_yes_back_from_a_grey_box(anna: Customer) -> None:
    """Nobody could tick it, so its silence is no no; the button that ends everything does."""
    await anna.browser.send(anna.page, {"do": "add", "contact": PHONE.address})
    await anna.browser.send(anna.page, SMS_YES)
    await stop(anna)
    shown = {"shown": "service_sms marketing_sms"}

    await anna.browser.send(anna.page, {"do": "choose"} | shown)
    assert [row[:3] for row in await anna.log()] == [("sms", "marketing", True)]

    await anna.browser.send(anna.page, {"do": "nothing"} | shown)
    assert [row[:3] for row in await anna.log()][1:] == [("sms", "marketing", False)]


async def test_a_stop_is_lifted_by_the_link(anna: Customer) -> None:
    """Also when the consents never heard of it: the box was off, and was ticked on purpose."""
    await anna.browser.send(anna.page, {"do": "add", "contact": PHONE.address})
    await anna.browser.send(anna.page, SMS_YES)
    await stop(anna)
    link = choices_link(anna)

    page = await anna.browser.read(link)
    await anna.browser.send(link, SMS_YES)

    assert 'name="marketing_sms" value="yes">' in page
    assert await anna.rows("SELECT reason FROM suppressions") == []
