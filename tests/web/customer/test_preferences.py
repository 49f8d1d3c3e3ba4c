"""A customer's choices over real HTTP: each change is appended, once, as it was said."""

import asyncio
from uuid import UUID

import pytest

from gateway.domain.consents import Medium, Purpose
from gateway.domain.contacting import Skip, default_policy, judge
from gateway.domain.contacts import Contact, ContactKind
from gateway.domain.events.wishes import LanguageChosen
from gateway.domain.messages import Channel, MessageState, SkipReason
from gateway.domain.wording import MessageEvent
from gateway.resources import new_id
from gateway.services.messages.links import (
    PreferenceHolder,
    Unsubscription,
    make_preferences_token,
    make_unsubscribe_token,
)
from gateway.services.messages.reaching import Aimed, reach_of
from gateway.storage.messages.messages import Message
from gateway.storage.messages.suppressions import SuppressionReason
from tests.shopfront import open_shop, served
from tests.web.customer.conftest import ANNA, Customer

SHOWN = "service_mail service_wallet marketing_mail marketing_wallet"
AS_IT_WAS = {"do": "choose", "shown": SHOWN, "service_wallet": "yes", "marketing_wallet": "yes"}
OFFERS = "Yes, Café Sonne may send me offers by mail."


def link_of(anna: Customer, customer_id: UUID | None = None) -> str:
    holder = PreferenceHolder(
        merchant_id=anna.shop.merchant.id, customer_id=customer_id or anna.id
    )
    return f"/choices/{make_preferences_token(anna.shop.resources.keys.links, holder)}"


async def test_a_choice_is_appended_with_the_words_that_stood_beside_it(anna: Customer) -> None:
    """And with where it was made; what stayed as it was is not written again."""
    response = await anna.browser.send(anna.page, AS_IT_WAS | {"marketing_mail": "yes"})

    assert response.headers["Location"] == f"{anna.page}?done=choices"
    assert await anna.log() == [("mail", "marketing", True, OFFERS, "preferences", "127.0.0.1")]
    page = await anna.browser.read(f"{anna.page}?done=choices")
    assert "Saved. This holds from now on." in page
    assert page.count(" checked") == 3


async def test_saying_the_same_again_appends_nothing(anna: Customer) -> None:
    """Neither a form sent as it was shown, nor the same yes twice."""
    await anna.browser.send(anna.page, AS_IT_WAS)
    assert await anna.log() == []

    for _ in range(2):
        await anna.browser.send(anna.page, AS_IT_WAS | {"service_mail": "yes"})
    assert len(await anna.log()) == 1


async def test_a_double_click_is_heard_once(anna: Customer) -> None:
    """Eight equal forms at once leave one line."""
    sent = {"csrf_token": await anna.browser.token(anna.page), "marketing_mail": "yes"} | AS_IT_WAS

    async def click() -> int:
        async with anna.browser.client.post(anna.page, data=sent, allow_redirects=False) as answer:
            return answer.status

    assert await asyncio.gather(*(click() for _ in range(8))) == [303] * 8
    assert len(await anna.log()) == 1


async def test_one_button_ends_everything(anna: Customer) -> None:
    """Every box there is becomes a no, also those that were never asked about."""
    await anna.browser.send(anna.page, AS_IT_WAS | {"marketing_mail": "yes"})

    await anna.browser.send(anna.page, {"do": "nothing", "shown": SHOWN, "marketing_mail": "yes"})

    said = {(row[0], row[1]): row[2] for row in await anna.log()}
    assert said == {
        ("mail", "marketing"): False,
        ("wallet", "marketing"): False,
        ("wallet", "service"): False,
    }


async def test_a_box_that_was_not_on_the_page_is_no_no(anna: Customer) -> None:
    """A page left open since before there was a number does not take its yes away."""
    await anna.browser.send(anna.page, {"do": "add", "contact": "+352 621 123 456"})
    by_sms = {"do": "choose", "shown": "marketing_sms", "marketing_sms": "yes"}
    await anna.browser.send(anna.page, by_sms)

    await anna.browser.send(anna.page, AS_IT_WAS)

    assert [row[:3] for row in await anna.log()] == [("sms", "marketing", True)]


async def test_an_opt_out_is_seen_by_what_is_queued(anna: Customer) -> None:
    """The judge who lets a waiting message go sees the no at once (case J6)."""
    await anna.browser.send(anna.page, AS_IT_WAS | {"marketing_mail": "yes"})
    aimed = [Aimed(anna.id, UUID(anna.card.rpartition("/")[2]), Channel.MAIL)]
    judged = []
    for goes_on in (True, False):
        async with anna.shop.resources.units(anna.shop.merchant.id) as unit:
            (reach,) = await reach_of(unit, aimed)
            policy = default_policy("LU")
            judged.append(judge(Channel.MAIL, Purpose.MARKETING, reach, policy, unit.now))
        if goes_on:
            await anna.browser.send(anna.page, AS_IT_WAS)

    assert not isinstance(judged[0], Skip)
    assert judged[1] == Skip(SkipReason.NO_CONSENT)


async def test_a_yes_by_the_link_lifts_a_stop_but_not_a_bounce(anna: Customer) -> None:
    """Who answered STOP and now says yes is written to again; a dead address stays dead."""
    link = link_of(anna)
    units, merchant_id = anna.shop.resources.units, anna.shop.merchant.id
    mail = Contact(kind=ContactKind.MAIL, address=ANNA)
    left = []
    for reason in (SuppressionReason.STOPPED, SuppressionReason.BOUNCED):
        async with units(merchant_id) as unit:
            index = unit.customers.index(mail)
            await unit.suppressions.add(Medium.MAIL, index, reason, unit.now)
        await anna.browser.send(link, AS_IT_WAS | {"marketing_mail": "yes"})
        await anna.browser.send(link, AS_IT_WAS)
        left.append(await anna.rows("SELECT reason FROM suppressions"))

    assert left == [[], [("bounced",)]]


async def test_somebody_elses_address_changes_nothing_and_nothing_says_so(anna: Customer) -> None:
    """The same answer for a free address and for one with a card (case L1)."""
    async with served(anna.shop.resources) as other:
        await other.join("ben@mail.example")
    answers = []
    for contact in ("ben@mail.example", "+352 621 123 456"):
        response = await anna.browser.send(anna.page, {"do": "add", "contact": contact})
        answers.append((response.status, response.headers["Location"]))

    assert answers[0] == answers[1] == (303, f"{anna.page}?done=address")
    assert await anna.addresses() == 3
    async with anna.shop.resources.units(anna.shop.merchant.id) as unit:
        customer = await unit.customers.one(anna.id)
    assert customer.address(ContactKind.MAIL) == ANNA
    assert customer.address(ContactKind.PHONE) == "+352621123456"


async def test_an_address_is_replaced_and_removed_but_never_the_last(anna: Customer) -> None:
    """A new one takes the place of its kind; without any, nobody would find the card again."""
    await anna.browser.send(anna.page, {"do": "add", "contact": "new@mail.example"})
    assert await anna.addresses() == 1
    refused = await anna.browser.send(anna.page, {"do": "remove", "kind": "mail"})
    assert refused.headers["Location"] == f"{anna.page}?done=last-address"
    assert await anna.addresses() == 1

    await anna.browser.send(anna.page, {"do": "add", "contact": "+352 621 123 456"})
    await anna.browser.send(anna.page, {"do": "remove", "kind": "mail"})

    assert await anna.rows("SELECT kind FROM contacts") == [("phone",)]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("nobody", "Please enter a mail address or a mobile number."),
        ("", "Please enter a mail address or a mobile number."),
        ("+1 907 555 0123", "We cannot send text messages to numbers of this country."),
    ],
)
async def test_what_is_no_address_is_said_beside_the_field(
    anna: Customer, typed: str, sentence: str
) -> None:
    """In the customer's language, and nothing is kept."""
    response = await anna.browser.send(anna.page, {"do": "add", "contact": typed})

    assert response.status == 400
    assert sentence in await response.text()
    assert await anna.addresses() == 1


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("fr", "Que souhaitez-vous recevoir"),
        ("de", "Was dürfen wir Ihnen schreiben?"),
        ("lb", "Wat däerfe mir Iech schreiwen?"),
    ],
)
async def test_the_page_speaks_the_chosen_language(
    anna: Customer, language: str, title: str
) -> None:
    """And so do the words that are kept with the next choice."""
    await anna.browser.send(anna.page, {"do": "speak", "language": language})
    page = await anna.browser.read(anna.page)
    await anna.browser.send(anna.page, AS_IT_WAS | {"marketing_mail": "yes"})

    assert f'<html lang="{language}">' in page
    assert title in page
    assert "Not needed" not in page
    assert (await anna.log())[0][3] != OFFERS


async def test_another_language_is_spoken_by_every_card(anna: Customer) -> None:
    """The page at once, and wallets are told to fetch; the same language again changes nothing."""
    before = await anna.browser.read(anna.card)
    for _ in range(2):
        await anna.browser.send(anna.page, {"do": "speak", "language": "de"})
    page = await anna.browser.read(anna.card)

    assert "10 more stamps to go." in before
    assert '<html lang="de">' in page
    assert "Noch 10 Stempel." in page
    told = await anna.rows("SELECT count(*) FROM outbox WHERE type = $1", LanguageChosen.type)
    versions = await anna.rows("SELECT version FROM cards")
    assert (told[0][0], versions[0][0]) == (1, 2)


async def test_every_message_has_its_fate_and_every_skip_its_reason(anna: Customer) -> None:
    """The last twenty, newest first, in words."""
    card_id = UUID(anna.card.rpartition("/")[2])
    async with anna.shop.resources.units(anna.shop.merchant.id) as unit:
        for reason in (None, *SkipReason, *SkipReason, *SkipReason):
            message = Message(
                id=new_id(),
                event=MessageEvent.STAMP,
                channel=Channel.MAIL,
                customer_id=anna.id,
                card_id=card_id,
                state=MessageState.SKIPPED if reason else MessageState.QUEUED,
                reason=reason,
            )
            await unit.messages.add([message], unit.now)
    page = await anna.browser.read(anna.page)

    assert page.count("Stamp, by mail") == 20
    for reason in ("you did not want it", "we had no address", "the card was blocked"):
        assert f"Not sent: {reason}" in page
    assert "On its way" not in page


async def test_the_link_in_a_message_needs_no_card_in_the_browser(anna: Customer) -> None:
    """Another browser decides the same, by the link."""
    async with served(anna.shop.resources) as other:
        await other.read(anna.page, 404)
        link = link_of(anna)
        page = await other.read(link)
        response = await other.send(link, AS_IT_WAS | {"service_mail": "yes"})

    assert "Yes, tell me by mail about my stamps" in page
    assert response.headers["Location"] == f"{link}?done=choices"
    assert [row[:3] for row in await anna.log()] == [("mail", "service", True)]


async def test_a_link_that_is_not_ours_leads_nowhere(anna: Customer) -> None:
    """Forged, cut, of another use, of nobody and of another merchant: the same 404."""
    other = await open_shop(anna.shop.resources, slug="other")
    key, link = anna.shop.resources.keys.links, link_of(anna)
    unsubscription = Unsubscription(
        merchant_id=anna.shop.merchant.id,
        customer_id=anna.id,
        medium=Medium.MAIL,
        purpose=Purpose.MARKETING,
    )
    theirs = PreferenceHolder(merchant_id=other.merchant.id, customer_id=anna.id)
    wrong = (
        link[:-1] + ("A" if link[-1] != "A" else "B"),
        link[:40],
        "/choices/x",
        f"/choices/{make_unsubscribe_token(key, unsubscription)}",
        f"/choices/{make_preferences_token(key, theirs)}",
        link_of(anna, new_id()),
    )
    answers = {await anna.browser.read(each, 404) for each in wrong}

    assert len(answers) == 1


async def test_a_form_of_another_page_changes_nothing(anna: Customer) -> None:
    """Without the page's token, or with a wish we do not know."""
    for path in (anna.page, link_of(anna)):
        async with anna.browser.client.post(path, data=AS_IT_WAS) as refused:
            assert refused.status == 403
    unknown = await anna.browser.send(anna.page, {"do": "erase"})
    assert unknown.status == 404
    assert await anna.log() == []
