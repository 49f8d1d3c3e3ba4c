"""Callbacks of text message providers over HTTP: believed when signed, and obeyed at once."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from gateway.domain.consents import Medium, Purpose
from gateway.domain.messages import Channel, MessageState
from gateway.domain.wording import MessageEvent
from gateway.resources import new_id
from gateway.services.merchants.google_issuers import Setter
from gateway.services.merchants.sms_senders import set_sms_sender
from gateway.storage.messages.messages import Message, Move
from gateway.web.callbacks.sms import SMS_CALLBACK_BYTES_MAX
from sandbox.sms import callbacks
from sandbox.sms.accounts import TWILIO_ACCOUNT, VONAGE_API_KEY, accounts_of
from sandbox.sms.callbacks import Callback
from sandbox.sms.inbox import State, Text
from tests.database import Database
from tests.shopfront import Browser, Shopfront, open_shop, opened, served
from tests.shops import ORIGIN

ACCOUNTS, FORGER = accounts_of("a secret of ours"), accounts_of("a secret of somebody else's")
PHONE, NUMBER = "+352621123456", "+352621000001"
REFERENCES = {"twilio": "SM" + "a" * 32, "vonage": str(UUID(int=9))}
PROVIDERS = pytest.mark.parametrize("provider", ["twilio", "vonage"])


@dataclass(frozen=True, slots=True)
class Line:
    """A shop with a customer who has a phone, and what was written down about both."""

    shop: Shopfront
    browser: Browser
    card_id: UUID
    sql: asyncpg.Connection

    async def message(self, provider: str | None = None) -> Message:
        """Keep a text that is on its way; who takes it is noted if `provider` did."""
        async with self.shop.resources.units(self.shop.merchant.id) as unit:
            card = await unit.cards.one(self.card_id)
            message = Message(
                id=new_id(),
                event=MessageEvent.STAMP,
                channel=Channel.SMS,
                customer_id=card.customer_id,
                card_id=card.id,
                state=MessageState.SENDING,
            )
            await unit.messages.add([message], unit.now)
            if provider:
                sent = Move(
                    message_id=message.id,
                    state=MessageState.SENT,
                    provider=provider,
                    reference=REFERENCES[provider],
                )
                await unit.messages.move([sent], unit.now)
        return message

    def text(self, provider: str, words: str = "", *, named: UUID | None = None) -> Text:
        """Make a text as the provider knows it."""
        place = f"{self.shop.resources.settings.public_url}/callbacks/sms/{provider}/cafe/status"
        return Text(
            provider=provider,
            reference=REFERENCES[provider],
            merchant=NUMBER,
            person=PHONE,
            words=words,
            at=datetime.now(UTC),
            status_url=f"{place}?message={named}" if named else place,
        )

    async def post(self, callback: Callback | None) -> int:
        """Send a callback to where it is for, and return the status."""
        assert callback is not None
        path = callback.url.removeprefix(self.shop.resources.settings.public_url)
        async with self.browser.client.post(
            path, data=callback.body, headers=callback.headers
        ) as response:
            return response.status

    async def report(self, text: Text, state: State, accounts: Any = ACCOUNTS) -> int:  # noqa: ANN401 -- the sandbox's own
        """Report a state as the text's provider does."""
        text.state = state
        return await self.post(callbacks.report(text, accounts))

    async def say(self, provider: str, words: str) -> int:
        """Write to the shop as the customer."""
        return await self.post(callbacks.inbound(self.text(provider, words), ACCOUNTS))

    async def states(self) -> list[tuple[str, str, str | None]]:
        """Return event, state and reason of each message."""
        rows = await self.sql.fetch("SELECT event, state, reason FROM messages ORDER BY id")
        return [tuple(row) for row in rows]

    async def consents(self) -> set[tuple[str, str, bool, str]]:
        """Return what the customer said by SMS."""
        rows = await self.sql.fetch("SELECT channel, purpose, granted, wording FROM consents")
        return {tuple(row) for row in rows}

    async def suppressions(self) -> list[tuple[str, str]]:
        """Return the stop list."""
        return [
            tuple(row) for row in await self.sql.fetch("SELECT medium, reason FROM suppressions")
        ]

    async def answers_wanted(self) -> int:
        """Count the answers that were announced."""
        count: int = await self.sql.fetchval(
            "SELECT count(*) FROM outbox WHERE type = 'passgate.sms.answer_wanted'"
        )
        return count


async def assign(shop: Shopfront, sender: str) -> None:
    """Give a shop its number."""
    async with shop.resources.units(shop.merchant.id) as unit:
        await set_sms_sender(unit, sender, Setter(actor="test", origin=ORIGIN, new_id=new_id))


@pytest.fixture
async def line(database: Database) -> AsyncIterator[Line]:
    """A shop that both providers call back."""
    settings = {
        "SMS_PROVIDERS": "twilio vonage",
        "TWILIO_ACCOUNT": TWILIO_ACCOUNT,
        "TWILIO_TOKEN": ACCOUNTS.twilio_token,
        "VONAGE_API_KEY": VONAGE_API_KEY,
        "VONAGE_API_SECRET": ACCOUNTS.vonage_api_secret,
        "VONAGE_SIGNATURE_SECRET": ACCOUNTS.vonage_signature_secret,
    }
    sql = await asyncpg.connect(database.superuser_dsn)
    async with opened(database, **settings) as resources, served(resources) as browser:
        shop = await open_shop(resources)
        await assign(shop, NUMBER)
        card = await browser.join(PHONE)
        yield Line(shop, browser, UUID(card.rpartition("/")[2]), sql)
    await sql.close()


@PROVIDERS
async def test_a_report_moves_its_message(line: Line, provider: str) -> None:
    """Found by the provider's own name for it."""
    await line.message(provider)

    assert await line.report(line.text(provider), State.DELIVERED) == 200

    assert await line.states() == [("stamp", "delivered", None)]


@PROVIDERS
async def test_a_report_that_is_faster_than_we_finds_its_message(
    line: Line, provider: str
) -> None:
    """Before the reference was noted, the id in the address names it."""
    message = await line.message()

    assert await line.report(line.text(provider, named=message.id), State.DELIVERED) == 200

    assert await line.states() == [("stamp", "delivered", None)]


async def test_a_text_of_unknown_fate_may_turn_out_delivered(line: Line) -> None:
    """What failed for want of an answer is put right by the report."""
    message = await line.message()
    async with line.shop.resources.units(line.shop.merchant.id) as unit:
        failed = Move(message_id=message.id, state=MessageState.FAILED, reason="outcome_unknown")
        await unit.messages.move([failed], unit.now)

    await line.report(line.text("twilio", named=message.id), State.DELIVERED)

    assert await line.states() == [("stamp", "delivered", None)]


@PROVIDERS
async def test_a_forged_report_is_refused(line: Line, provider: str) -> None:
    """Whoever has not got the secret changes nothing."""
    await line.message(provider)

    assert await line.report(line.text(provider), State.DELIVERED, FORGER) == 401

    assert await line.states() == [("stamp", "sent", None)]


@PROVIDERS
async def test_an_unknown_message_is_passed_over(line: Line, provider: str) -> None:
    """The provider hears that all is well, and no row is made."""
    assert await line.report(line.text(provider, named=new_id()), State.DELIVERED) == 200
    assert await line.states() == []


async def test_a_message_of_another_merchant_is_not_found(line: Line) -> None:
    """A report that came to one merchant's door moves no other's message."""
    await line.message("twilio")
    other = await open_shop(line.shop.resources, slug="bakery")
    assert other.merchant.slug == "bakery"
    text = line.text("twilio")
    text.status_url = text.status_url.replace("/cafe/", "/bakery/")

    assert await line.report(text, State.DELIVERED) == 200

    assert await line.states() == [("stamp", "sent", None)]


async def test_a_phone_that_is_off_is_written_to_again(line: Line) -> None:
    """Its provider calls the text undelivered, and yet the number exists."""
    await line.message("twilio")
    text = line.text("twilio")
    text.state = State.FAILED

    assert await line.post(callbacks.report(text, ACCOUNTS)) == 200
    assert await line.states() == [("stamp", "failed", "Twilio30003")]
    assert await line.suppressions() == []


async def test_late_news_change_nothing(line: Line) -> None:
    """A report that took its time does not undo the delivery."""
    await line.message("twilio")
    await line.report(line.text("twilio"), State.DELIVERED)
    await line.report(line.text("twilio"), State.SENT)

    assert await line.states() == [("stamp", "delivered", None)]


@PROVIDERS
async def test_stop_ends_all_texts_and_is_confirmed_once(line: Line, provider: str) -> None:
    """Both purposes are refused in the log, the number is stopped, and one answer goes out."""
    assert await line.say(provider, "STOP please") == 200
    assert await line.say(provider, "Stop!") == 200

    assert await line.suppressions() == [("sms", "stopped")]
    assert await line.consents() == {
        ("sms", "service", False, "STOP"),
        ("sms", "marketing", False, "STOP"),
    }
    assert await line.answers_wanted() == 1
    assert await line.states() == [("stop", "queued", None)]


@PROVIDERS
async def test_a_stop_to_one_shop_stops_no_other(line: Line, provider: str) -> None:
    """Not even where the provider signed it: it counts for whose number it was written to."""
    other = await open_shop(line.shop.resources, slug="bakery")
    text = line.text(provider, "STOP")
    text.status_url = text.status_url.replace("/cafe/", "/bakery/")

    for number in (None, "+352621000002"):
        if number:
            await assign(other, number)
        assert await line.post(callbacks.inbound(text, ACCOUNTS)) == 200
    assert await line.suppressions() == []

    text.merchant = "+352621000002"
    assert await line.post(callbacks.inbound(text, ACCOUNTS)) == 200
    assert await line.suppressions() == [("sms", "stopped")]


async def test_stop_and_start_without_end_are_not_answered_without_end(line: Line) -> None:
    """Each STOP holds, and three a day are confirmed."""
    for _ in range(5):
        await line.say("twilio", "START")
        await line.say("twilio", "STOP")

    assert await line.suppressions() == [("sms", "stopped")]
    assert await line.answers_wanted() == 3


async def test_start_takes_stop_back(line: Line) -> None:
    """The news of the card begins again; offers need a yes of their own."""
    await line.say("twilio", "STOP")
    await line.say("twilio", "start")

    assert await line.suppressions() == []
    async with line.shop.resources.units(line.shop.merchant.id) as unit:
        card = await unit.cards.one(line.card_id)
        agreed = await unit.consents.of(card.customer_id)
    assert agreed[Medium.SMS, Purpose.SERVICE] is True
    assert agreed[Medium.SMS, Purpose.MARKETING] is False


async def test_help_is_answered_but_not_all_day_long(line: Line) -> None:
    """Each answer costs something, and the sender of HELP need not be a person."""
    for _ in range(5):
        assert await line.say("twilio", "HELP") == 200

    assert await line.answers_wanted() == 3


async def test_other_words_do_nothing(line: Line) -> None:
    """What a person wrote is neither kept nor answered."""
    assert await line.say("vonage", "When do you open?") == 200

    assert await line.states() == []
    assert await line.consents() == set()


async def test_a_forged_stop_stops_nothing(line: Line) -> None:
    """Nobody silences a shop from outside."""
    callback = callbacks.inbound(line.text("twilio", "STOP"), FORGER)

    assert await line.post(callback) == 401
    assert await line.suppressions() == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/callbacks/sms/pigeon/cafe/status", 404),
        ("/callbacks/sms/twilio/cafe/status", 401),
        ("/callbacks/sms/vonage/cafe/inbound", 401),
    ],
)
async def test_an_unsigned_callback_gets_nowhere(line: Line, path: str, status: int) -> None:
    """Without a signature, with rubbish in it, or for a provider nobody knows."""
    for body in (b"", b"\xff\x00", b"MessageSid=" + b"x" * 1_000):
        async with line.browser.client.post(path, data=body) as response:
            assert response.status == status


@pytest.mark.parametrize(
    ("provider", "header"), [("twilio", "X-Twilio-Signature"), ("vonage", "Authorization")]
)
async def test_a_signature_of_any_bytes_is_only_wrong(
    line: Line, provider: str, header: str
) -> None:
    """No stranger makes errors of ours by what stands in a header."""
    headers = {header: "Bearer \udce9\udcff"}
    path = f"/callbacks/sms/{provider}/cafe/inbound"
    async with line.browser.client.post(path, data=b"a=b", headers=headers) as response:
        assert response.status == 401


async def test_an_endless_callback_is_cut_off(line: Line) -> None:
    """A body has a limit, also before anybody looks at its signature."""
    body = b"x" * (SMS_CALLBACK_BYTES_MAX + 1)
    async with line.browser.client.post(
        "/callbacks/sms/twilio/cafe/status", data=body
    ) as response:
        assert response.status == 413
