"""The editor of words over real HTTP: kept, refused, looked at, tried, given up, never lost."""

import html
import re
from uuid import UUID

import asyncpg
import pytest

from gateway.domain.attempts import TEST_MAIL_PER_PERSON
from gateway.domain.consents import Medium
from gateway.domain.messages import Channel
from gateway.domain.wording import Language, MessageEvent, Wording
from gateway.presenters.wordings.defaults import default_wording
from gateway.storage.messages.wordings import OwnWording
from tests.database import Database
from tests.shopfront import EMAIL, Browser, Shopfront, open_shop

MAIL, SMS = "/merchant/messages/stamp/mail/en", "/merchant/messages/stamp/sms/fr"
WALLET = "/merchant/messages/stamp/wallet/en"
WORDS = {"revision": "0", "subject": "Merci, {{ progress }}", "body": "A line\r\n\r\nand one more"}


async def own(shop: Shopfront) -> list[OwnWording]:
    async with shop.resources.units(shop.merchant.id) as unit:
        return await unit.wordings.all()


async def test_words_are_kept_with_the_line_ends_of_messages(
    shop: Shopfront, browser: Browser
) -> None:
    """A browser's form sends two characters for each."""
    response = await browser.send(MAIL, WORDS)

    assert response.headers["Location"] == f"{MAIL}?done=saved"
    (kept,) = await own(shop)
    assert (kept.event, kept.medium, kept.language) == ("stamp", "mail", "en")
    assert kept.wording == Wording("A line\n\nand one more", "Merci, {{ progress }}")
    assert ">your words<" in await browser.read(f"{MAIL}?done=saved")


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("body", "{{7*7}}", "Please use braces only for placeholders"),
        ("body", "{{ merchant.name }}", "Please use braces only for placeholders"),
        ("body", "{% for x in y %}", "Please use braces only for placeholders"),
        ("body", "{{ tier }}", "There is no {{ tier }} here."),
        ("body", "see javascript:alert(1)", "Please use only links that begin with https://."),
        ("body", "see http://x.example", "Please use only links that begin with https://."),
        ("body", "https://a@evil.example/", "Please write each link in full"),
        ("body", "", "Please write something here."),
        ("body", "x" * 4001, "Please use at most 4000 characters."),
        ("subject", "Hi\r\nBcc: all@mail.example", "Please write this on one line."),
        ("subject", "=?utf-8?q?=0D=0A?=", "Please leave out"),
        ("subject", "\u202eHi", "Please leave out characters that cannot be seen."),
        ("subject", "", "Please write a subject."),
    ],
)
async def test_words_nobody_should_get_are_refused_beside_their_field(
    shop: Shopfront, browser: Browser, name: str, typed: str, sentence: str
) -> None:
    """Cases J1 and J5: nothing is kept, and what was typed is there again, escaped."""
    response = await browser.send(MAIL, WORDS | {name: typed})
    text = html.unescape(await response.text())

    assert response.status == 400
    assert re.search(rf'id="{name}-hint" class="mistake">{re.escape(sentence)}', text)
    assert await own(shop) == []


async def test_typed_markup_is_only_text(browser: Browser) -> None:
    """In the editor, in the mail, and in the line of a wallet."""
    typed = {"body": "<script>alert(1)</script><img src=x>", "subject": "<b>Hi</b>"}
    for page, to in ((MAIL, f"{MAIL}/mail"), (MAIL, MAIL), (WALLET, f"{WALLET}/preview")):
        subject = {} if page == WALLET else {"subject": typed["subject"]}
        response = await browser.send(
            page, {"revision": "0", "body": typed["body"], "do": "preview"} | subject, to
        )
        text = await response.text()
        assert response.status == 200
        assert "&lt;script&gt;" in text
        assert "<script>alert" not in text
        assert "<img" not in text


async def test_the_mail_stands_in_a_frame_where_nothing_runs(browser: Browser) -> None:
    """Its policy allows styles and nothing else, and only our own page may frame it."""
    async with browser.client.get(f"{MAIL}/mail") as framed:
        policy, text = framed.headers["Content-Security-Policy"], await framed.text()

    assert "sandbox" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "6 of 10" in text
    assert "Café Sonne" in text
    assert f'sandbox="" src="{MAIL}/mail"' in await browser.read(MAIL)


async def test_a_preview_keeps_nothing(shop: Shopfront, browser: Browser) -> None:
    """Of a mail, an SMS with its count, and a wallet's line."""
    mail = await browser.send(MAIL, WORDS, f"{MAIL}/mail")
    sms = await browser.send(SMS, {"body": "{{ merchant }} : merci ☕"}, f"{SMS}/preview")
    line = await browser.send(
        WALLET, {"revision": "0", "body": "Only {{ stamps_missing }}", "do": "preview"}
    )

    assert "and one more" in await mail.text()
    assert "Café Sonne : merci ☕" in await sms.text()
    assert "20 characters, 1 SMS<" in await sms.text()
    assert "Only 4 stamps" in await line.text()
    assert await own(shop) == []


async def test_what_cannot_be_sent_is_said_in_the_frame(browser: Browser) -> None:
    """Instead of a mail that nobody would get."""
    response = await browser.send(MAIL, WORDS | {"body": "{{"}, f"{MAIL}/mail")

    assert response.status == 400
    assert "Please use braces only" in await response.text()
    assert "sandbox" in response.headers["Content-Security-Policy"]


async def test_of_two_tabs_the_later_one_sees_both(shop: Shopfront, browser: Browser) -> None:
    """Nothing is overwritten unseen; saving again, with both in view, is a decision."""
    await browser.send(MAIL, WORDS)
    late = await browser.send(MAIL, WORDS | {"body": "Mine"})
    text = await late.text()

    assert late.status == 409
    assert "Somebody else changed these words meanwhile." in text
    assert ">\nMine</textarea>" in text
    assert "and one more" in text
    assert 'name="revision" value="1"' in text
    assert (await own(shop))[0].wording.body == "A line\n\nand one more"

    await browser.send(MAIL, WORDS | {"body": "Mine", "revision": "1"})
    assert (await own(shop))[0].wording.body == "Mine"


async def test_going_back_to_our_words(shop: Shopfront, browser: Browser) -> None:
    """Only by who saw what is dropped."""
    await browser.send(MAIL, WORDS)
    late = await browser.send(MAIL, {"do": "reset", "revision": "0"})
    assert (late.status, len(await own(shop))) == (409, 1)

    done = await browser.send(MAIL, {"do": "reset", "revision": "1"})

    assert done.headers["Location"] == f"{MAIL}?done=reset"
    assert await own(shop) == []
    ours = default_wording(MessageEvent.STAMP, Medium.MAIL, Language.EN)
    assert html.escape(ours.subject) in await browser.read(MAIL)


async def test_a_test_goes_to_who_is_logged_in_ten_times_an_hour(
    shop: Shopfront, browser: Browser, database: Database
) -> None:
    """As a message of its own, sealed, in the language of the page."""
    page = "/merchant/messages/welcome/mail/de"
    for _ in range(TEST_MAIL_PER_PERSON.tries):
        sent = await browser.send(page, {}, f"{page}/test")
        assert sent.headers["Location"] == f"{page}?done=tested"
    refused = await browser.send(page, {}, f"{page}/test")

    assert refused.status == 429
    connection = await asyncpg.connect(database.superuser_dsn)
    try:
        facts = await connection.fetch(
            "SELECT data->>'message_id' AS id FROM outbox WHERE type LIKE '%trial_wanted'"
        )
    finally:
        await connection.close()
    ids = [UUID(fact["id"]) for fact in facts]
    assert len(ids) == TEST_MAIL_PER_PERSON.tries
    async with shop.resources.units(shop.merchant.id) as unit:
        message = await unit.messages.one(ids[0])
    assert (message.address, message.customer_id) == (EMAIL, None)
    assert (message.event, message.channel) == (MessageEvent.WELCOME, Channel.MAIL)
    assert message.facts == {"language": "de"}


async def test_only_a_mail_can_be_tried(browser: Browser) -> None:
    """And only what exists can be written about."""
    response = await browser.send(SMS, {}, f"{SMS}/test")
    assert response.status == 404
    for path in ("campaign/mail/en", "stamp/fax/en", "stamp/mail/it", "nothing/mail/en"):
        await browser.read(f"/merchant/messages/{path}", 404)
    await browser.read("/merchant/messages/campaign", 404)


async def test_another_merchants_words_are_not_touched(shop: Shopfront, browser: Browser) -> None:
    """The address names no merchant: each changes its own."""
    other = await open_shop(shop.resources, slug="other")

    await browser.send(MAIL, WORDS)

    assert await own(other) == []
    assert len(await own(shop)) == 1
