"""Text messages: never twice, never at night, and never to who said STOP."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from gateway.domain.attempts import WELCOME_MAILS_PER_MERCHANT, WELCOME_TEXTS_PER_MERCHANT
from gateway.domain.consents import Medium
from gateway.domain.contacting import ContactPolicy, QuietHours
from gateway.domain.contacts import Contact, ContactKind
from gateway.domain.keywords import Keyword
from gateway.resources import new_id, now
from gateway.services.messages.stopping import hear
from sandbox.sms.answers import Misbehaviour
from tests.workers.couriers.message_stage import PHONE, SENDER, SERVICE, MessageStage

BY_SMS = ((Medium.SMS, SERVICE),)
NUMBER = Contact(kind=ContactKind.PHONE, address=PHONE)


async def stamped(post: MessageStage) -> UUID:
    """Stamp the card of a customer who agreed to text messages."""
    card = await post.customer(mail=None, phone=PHONE, agreed=BY_SMS)
    await post.stamp(card)
    return card


async def interrupt(post: MessageStage, message_state: str) -> None:
    """Leave the delivery and its message as a worker does that was killed."""
    await post.sql.execute(
        "UPDATE deliveries SET lease = gen_random_uuid(), attempts = 1,"
        " leased_until = now() - interval '1 second' WHERE channel IN ('mail', 'sms')"
    )
    await post.sql.execute("UPDATE messages SET state = $1", message_state)


async def test_a_stamp_arrives_on_the_phone(post: MessageStage) -> None:
    """From the merchant's own number, once, and noted under the provider's name for it."""
    await post.manners()
    await stamped(post)

    await post.run()
    await post.run()

    (text,) = post.texts
    assert (text.merchant, text.provider) == (SENDER, "twilio")
    assert "1 of 10" in text.words
    found = await post.sql.fetchrow("SELECT state, provider, reference FROM messages")
    assert tuple(found) == ("sent", "twilio", text.reference)


async def test_a_text_that_may_be_out_is_never_sent_again(post: MessageStage) -> None:
    """A worker that was killed while it sent leaves a message of unknown fate."""
    await post.manners()
    await stamped(post)
    async with post.working() as worker:
        await worker.relay()
        await interrupt(post, "sending")
        await worker.deliver()

    assert post.texts == []
    assert await post.messages() == [("stamp", "sms", "failed", "outcome_unknown")]
    assert (await post.delivery())["state"] == "dead"


async def test_a_text_that_was_only_claimed_is_sent(post: MessageStage) -> None:
    """A worker that was killed before it marked the message had sent nothing."""
    await post.manners()
    await stamped(post)
    async with post.working() as worker:
        await worker.relay()
        await interrupt(post, "queued")
        await worker.deliver()

    assert len(post.texts) == 1


async def test_a_mail_that_may_be_out_is_sent_again(post: MessageStage) -> None:
    """News of a card by mail may rather come twice than never, and under one Message-ID."""
    await post.stamp(await post.customer())
    async with post.working() as worker:
        await worker.relay()
        await interrupt(post, "sending")
        await worker.deliver()

    assert len(post.letters) == 1
    assert await post.messages() == [("stamp", "mail", "sent", None)]


async def test_a_text_without_an_answer_is_not_sent_by_the_next_provider(
    post: MessageStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taken and never answered: neither a second try nor the other provider."""
    monkeypatch.setattr("workers.channels.sms.posting._TIMEOUT", aiohttp.ClientTimeout(total=1.0))
    await post.manners()
    await stamped(post)
    post.sms.next(Misbehaviour.HANG_AFTER_TAKING)

    await post.run()
    await post.hasten()
    await post.run()

    assert len(post.texts) == 1
    assert await post.messages() == [("stamp", "sms", "failed", "outcome_unknown")]


async def test_a_provider_that_is_away_is_stood_in_for(post: MessageStage) -> None:
    """The second provider takes what the first certainly did not."""
    await post.manners()
    await stamped(post)
    post.sms.next(Misbehaviour.UNAVAILABLE)

    await post.run()

    assert [text.provider for text in post.texts] == ["vonage"]


async def test_who_told_the_provider_to_stop_is_stopped_here_too(post: MessageStage) -> None:
    """A provider that knows of a STOP tells us, and the next text is not tried."""
    await post.manners()
    card = await stamped(post)
    post.sms.next(Misbehaviour.OPTED_OUT)
    await post.run()
    await post.stamp(card)
    await post.run()

    assert await post.messages() == [("stamp", "sms", "skipped", "suppressed")] * 2
    stops = await post.sql.fetch("SELECT medium, reason FROM suppressions")
    assert [tuple(stop) for stop in stops] == [("sms", "stopped")]


async def test_stop_overtakes_a_text_that_waits(post: MessageStage) -> None:
    """Only the confirmation goes out, and that although the number is stopped."""
    await post.manners()
    await stamped(post)
    async with post.working() as worker:
        await worker.relay()
        asked = await hear(worker.resources.units, post.merchant_id, NUMBER, "STOP", new_id)
        assert asked is Keyword.STOP
        await worker.relay()
        await worker.deliver()

    (text,) = post.texts
    assert text.words == "Café Sonne: you will get no more SMS from us. Your card stays as it is."
    assert await post.messages() == [
        ("stamp", "sms", "skipped", "suppressed"),
        ("stop", "sms", "sent", None),
    ]


async def test_two_stops_at_once_are_confirmed_once(post: MessageStage) -> None:
    """A person who taps twice, or a provider that repeats itself."""
    await post.manners()
    await post.customer(mail=None, phone=PHONE, agreed=BY_SMS)
    units = post.stage.shop.resources.units
    await asyncio.gather(
        *(hear(units, post.merchant_id, NUMBER, "stop", new_id) for _ in range(4))
    )

    await post.run()

    assert len(post.texts) == 1


async def test_help_leads_to_the_choices(post: MessageStage) -> None:
    """It says who we are, and where to choose, in the customer's language."""
    await post.manners()
    await post.customer(mail=None, phone=PHONE, agreed=BY_SMS, language="de")
    units = post.stage.shop.resources.units
    await hear(units, post.merchant_id, NUMBER, "Hilfe", new_id)

    await post.run()

    (text,) = post.texts
    assert "/choices/" in text.words
    assert "Café Sonne" in text.words


async def test_a_text_waits_for_the_morning(post: MessageStage) -> None:
    """In the quiet hours it is planned for when they are over, by the customer's own clock."""
    here = now().astimezone(ZoneInfo("Europe/Luxembourg"))
    began, ends = here - timedelta(hours=1), here + timedelta(hours=2)
    quiet = QuietHours(begins=began.time(), ends=ends.time().replace(second=0, microsecond=0))
    await post.manners(ContactPolicy(quiet=quiet))
    await stamped(post)

    await post.run()

    assert post.texts == []
    assert await post.messages() == [("stamp", "sms", "queued", None)]
    assert (await post.delivery())["next_at"] == ends.replace(second=0, microsecond=0)


async def test_a_channel_that_is_not_set_up_fails_visibly(post: MessageStage) -> None:
    """A shop without a number for text messages does not keep them waiting for ever."""
    await post.manners(sms_sender=None)
    await stamped(post)

    await post.run()

    assert await post.messages() == [("stamp", "sms", "failed", "channel_not_configured")]


async def test_a_text_that_became_due_at_night_waits_again(
    post: MessageStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hour is judged again at the sending, and waiting costs no try."""
    await post.manners()
    await stamped(post)
    async with post.working() as worker:
        await worker.relay()
        tomorrow = await post.sql.fetchval("SELECT now() + interval '9 hours'")
        monkeypatch.setattr("gateway.domain.contacting.quiet_until", lambda *_: tomorrow)
        await worker.deliver()

    row = await post.delivery()
    assert (row["state"], row["reason"], row["attempts"]) == ("waiting", "QuietHours", 0)
    assert row["next_at"] == tomorrow
    assert await post.messages() == [("stamp", "sms", "queued", None)]
    assert post.texts == []


async def test_a_flood_of_numbers_is_not_written_to(
    post: MessageStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has a shop welcome one number after the other soon costs it nothing any more."""
    limit = replace(WELCOME_TEXTS_PER_MERCHANT, tries=2)
    monkeypatch.setattr("workers.planning.messages.WELCOME_TEXTS_PER_MERCHANT", limit)
    await post.manners()
    for n in range(4):
        await post.customer(mail=None, phone=f"+35262112345{n}", agreed=(), is_announced=True)

    await post.run()

    reasons = [reason for *_, reason in await post.messages()]
    assert sorted(reasons, key=str) == [None, None, "flood", "flood"]


async def test_a_flood_of_addresses_is_not_written_to(
    post: MessageStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mail has its own limit, which the texts do not use up."""
    limit = replace(WELCOME_MAILS_PER_MERCHANT, tries=2)
    monkeypatch.setattr("workers.planning.messages.WELCOME_MAILS_PER_MERCHANT", limit)
    await post.manners()
    for n in range(4):
        await post.customer(mail=f"ada{n}@mail.example", agreed=(), is_announced=True)
    await post.customer(mail=None, phone=PHONE, agreed=(), is_announced=True)

    await post.run()

    ended = sorted((channel, reason or "") for _, channel, _, reason in await post.messages())
    assert ended == [("mail", "")] * 2 + [("mail", "flood")] * 2 + [("sms", "")]
