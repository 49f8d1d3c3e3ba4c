"""The merchant's manners over real HTTP: read, kept, refused, and never overwritten unseen."""

from datetime import time

import pytest

from gateway.domain.people import PERMISSIONS, Permission, Role
from gateway.resources import new_id
from gateway.services.merchants.google_issuers import Setter
from gateway.services.merchants.sms_senders import set_sms_sender
from tests.shopfront import EMAIL, Browser, Shopfront, served
from tests.shops import ORIGIN

SETTER = Setter(actor="operator", origin=ORIGIN, new_id=new_id)
PAGE = "/merchant/messages"
MANNERS = {
    "revision": "0",
    "quiet_begins": "22:30",
    "quiet_ends": "07:00",
    "quiet_sundays": "yes",
    "a_day": "1",
    "a_week": "40",
    "reply_to": EMAIL,
    "welcome": "yes",
    "stamp": "yes",
}


async def test_manners_are_kept_as_they_were_typed(shop: Shopfront, browser: Browser) -> None:
    """And what was not ticked is silent from now on."""
    response = await browser.send(PAGE, MANNERS)

    assert response.headers["Location"] == f"{PAGE}?done=saved"
    async with shop.resources.units(shop.merchant.id) as unit:
        kept = await unit.manners.read()
    assert (kept.policy.quiet.begins, kept.policy.quiet.ends) == (time(22, 30), time(7))
    assert kept.policy.quiet.sundays
    assert (kept.policy.budget.a_day, kept.policy.budget.a_week) == (1, 40)
    assert (kept.reply_to, kept.sms_sender) == (EMAIL, None)
    assert kept.silent_events == {
        "reward_earned",
        "redeemed",
        "expiring",
        "tier_change",
        "tier_notice",
        "program_ended",
    }
    page = await browser.read(f"{PAGE}?done=saved")
    assert 'value="22:30"' in page
    assert page.count(" checked") == 3


async def test_the_sender_of_texts_is_shown_and_never_changed(
    shop: Shopfront, browser: Browser
) -> None:
    """Whatever a form says: the operator assigns it."""
    forged = {"sms_sender": "Post"}
    await browser.send(PAGE, MANNERS | forged)
    assert "You send no text messages" in await browser.read(PAGE)
    async with shop.resources.units(shop.merchant.id) as unit:
        await set_sms_sender(unit, "+352621123456", SETTER)
    await browser.send(PAGE, MANNERS | forged | {"revision": "2"})

    page = await browser.read(PAGE)
    assert "come from <b>+352621123456</b>" in page
    assert 'name="sms_sender"' not in page
    async with shop.resources.units(shop.merchant.id) as unit:
        kept = await unit.manners.read()
    assert (kept.sms_sender, kept.revision) == ("+352621123456", 3)


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("quiet_begins", "25:00", "Please give a time such as 21:00."),
        ("quiet_ends", "", "Please give a time such as 21:00."),
        ("a_day", "-1", "Please choose from 0 to 20."),
        ("a_day", "21", "Please choose from 0 to 20."),
        ("a_week", "0", "Please choose at least what a day allows, and at most 50."),
        ("a_week", "many", "Please choose at least what a day allows, and at most 50."),
        ("reply_to", f"{EMAIL}, c@d.example", "Please give the address with which one of"),
        ("reply_to", "victim@elsewhere.example", "Please give the address with which one of"),
    ],
)
async def test_each_mistake_stands_beside_its_field(
    browser: Browser, name: str, typed: str, sentence: str
) -> None:
    """What was typed is there again, and nothing is kept."""
    response = await browser.send(PAGE, MANNERS | {name: typed})
    text = await response.text()

    assert response.status == 400
    assert f'id="{name}-hint" class="mistake">{sentence}' in text
    assert text.count('aria-invalid="true"') == 1
    assert 'value="22:30"' in text or name == "quiet_begins"
    assert 'value="21:00"' in await browser.read(PAGE)


async def test_of_two_tabs_the_later_one_is_told(shop: Shopfront, browser: Browser) -> None:
    """It overwrites nothing, and shows what holds now."""
    await browser.send(PAGE, MANNERS)

    late = await browser.send(PAGE, MANNERS | {"quiet_begins": "20:15"})

    text = await late.text()
    assert late.status == 409
    assert "Somebody else changed this meanwhile." in text
    assert 'value="22:30"' in text
    async with shop.resources.units(shop.merchant.id) as unit:
        assert (await unit.manners.read()).policy.quiet.begins == time(22, 30)


@pytest.mark.parametrize("revision", ["", "x", "-1", "99", "1" * 30])
async def test_a_form_about_a_state_that_never_was_is_late(
    browser: Browser, revision: str
) -> None:
    """Whatever stands in the hidden field."""
    response = await browser.send(PAGE, MANNERS | {"revision": revision})

    assert response.status == 409


async def test_who_is_not_logged_in_sees_nothing(shop: Shopfront) -> None:
    """The pages lead to the log-in."""
    async with served(shop.resources) as stranger:
        for path in (PAGE, f"{PAGE}/stamp/mail/en", f"{PAGE}/stamp/mail/en/mail"):
            await stranger.read(path, 303)


def test_people_at_the_till_do_not_decide_what_is_written() -> None:
    """Managers and owners do."""
    allowed = {role for role in Role if Permission.MESSAGES_WRITE in PERMISSIONS[role]}

    assert allowed == {Role.MANAGER, Role.OWNER}
