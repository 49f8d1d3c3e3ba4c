"""Messages from the fact to the mailbox: once, only to who agreed, and never silently lost."""

from dataclasses import replace

import pytest

from gateway.domain.consents import Medium
from gateway.domain.contacting import ContactPolicy
from gateway.domain.events.wishes import CardLinkWanted, TrialWanted
from gateway.domain.messages import Channel
from gateway.domain.wording import Language, MessageEvent, Wording
from gateway.resources import new_id
from gateway.services.messages.letters import LANGUAGE
from gateway.storage.messages.messages import Message
from gateway.storage.messages.wordings import UNWRITTEN, OwnWording
from sandbox.mail.stand_in import BOUNCES
from tests.wallets import open_cafe
from tests.workers.couriers.message_stage import MAIL, PHONE, SERVICE, MessageStage

BOTH = ((Medium.MAIL, SERVICE), (Medium.SMS, SERVICE))


async def test_a_stamp_arrives_once_in_the_mailbox(post: MessageStage) -> None:
    """Whoever agreed gets one mail, without a fault, however often facts are relayed."""
    card = await post.customer()
    await post.stamp(card)

    await post.run()
    await post.run()

    (letter,) = post.letters
    assert letter.recipient == MAIL
    assert letter.faults == ()
    assert "1 of 10" in letter.subject
    assert await post.messages() == [("stamp", "mail", "sent", None)]


async def test_ten_stamps_are_one_mail_with_the_newest_state(post: MessageStage) -> None:
    """What a newer message tells better is not sent, and says so."""
    card = await post.customer()
    await post.stamp(card, 9)

    await post.run()

    (letter,) = post.letters
    assert "9 of 10" in letter.subject
    states = [state for _, _, state, _ in await post.messages()]
    assert states == ["skipped"] * 8 + ["sent"]
    assert {reason for *_, reason in await post.messages()} == {"overtaken", None}


async def test_a_waiting_mail_says_what_is_true_when_it_leaves(post: MessageStage) -> None:
    """The card is read at the sending, not at the planning."""
    card = await post.customer()
    await post.stamp(card)
    async with post.working() as worker:
        await worker.relay()
        await post.stamp(card)
        await worker.deliver()

    assert ["2 of 10" in letter.subject for letter in post.letters] == [True]


async def test_the_stamp_that_earns_a_reward_is_not_news_of_its_own(post: MessageStage) -> None:
    """The tenth stamp is one mail, about the reward."""
    card = await post.customer()
    await post.stamp(card, 10)

    await post.run()

    events = [(event, state) for event, _, state, _ in await post.messages()]
    assert events.count(("reward_earned", "sent")) == 1
    assert ("stamp", "sent") not in events
    assert len(post.letters) == 1


@pytest.mark.parametrize("has_said_no", [False, True])
async def test_without_consent_nothing_is_sent(post: MessageStage, *, has_said_no: bool) -> None:
    """Who was never asked has no row; who said no has one that says why."""
    card = await post.customer(agreed=())
    if has_said_no:
        await post.answer(card, Medium.MAIL, granted=False)
    await post.stamp(card)

    await post.run()

    assert post.letters == []
    skipped = [("stamp", "mail", "skipped", "no_consent")]
    assert await post.messages() == (skipped if has_said_no else [])


async def test_who_says_no_while_the_mail_waits_gets_none(post: MessageStage) -> None:
    """Consent is judged again right before the sending."""
    card = await post.customer()
    await post.stamp(card)
    async with post.working() as worker:
        await worker.relay()
        await post.answer(card, Medium.MAIL, granted=False)
        await worker.deliver()

    assert post.letters == []
    assert await post.messages() == [("stamp", "mail", "skipped", "no_consent")]


async def test_the_card_that_was_asked_for_is_sent_without_a_tick(post: MessageStage) -> None:
    """The welcome carries the link to the card; it comes once, and stamps stay silent."""
    card = await post.customer(agreed=(), is_announced=True)
    await post.run()
    await post.stamp(card)
    await post.run()

    (letter,) = post.letters
    assert f"/card/cafe/{card}/open?proof=" in letter.body("plain")
    assert await post.messages() == [("welcome", "mail", "sent", None)]


async def test_the_link_that_was_asked_for_is_sent_without_a_tick(post: MessageStage) -> None:
    """The welcome comes again, to the address on file, with both links; a no stays a no."""
    card = await post.customer(agreed=())
    shop = post.stage.shop
    for has_said_no in (False, True):
        if has_said_no:
            await post.answer(card, Medium.MAIL, granted=False)
        async with shop.resources.units(shop.merchant.id) as unit:
            unit.announce(CardLinkWanted(card_id=card))
        await post.run()

    (letter,) = post.letters
    assert letter.recipient == MAIL
    assert f"/card/cafe/{card}/open?proof=" in letter.body("plain")
    assert "/choices/" in letter.body("plain")


async def test_a_silenced_event_is_silent(post: MessageStage) -> None:
    """A merchant may keep an event to itself; the row says that it did."""
    await post.manners(ContactPolicy(), "stamp")
    await post.stamp(await post.customer())

    await post.run()

    assert post.letters == []
    assert await post.messages() == [("stamp", "mail", "skipped", "switched_off")]


async def test_nobody_writes_to_a_dead_address_again(post: MessageStage) -> None:
    """A bounce ends the message and stops the address; the next mail is skipped."""
    card = await post.customer(mail=f"{BOUNCES}@example.org")
    await post.stamp(card)
    await post.run()
    await post.stamp(card)
    await post.run()

    assert await post.messages() == [
        ("stamp", "mail", "bounced", "Recipient550"),
        ("stamp", "mail", "skipped", "suppressed"),
    ]


async def test_after_three_tries_a_mail_goes_on_as_a_text(post: MessageStage) -> None:
    """The same message, by the next way its customer agreed to."""
    await post.manners()
    await post.stamp(await post.customer(phone=PHONE, agreed=BOTH))
    post.mail.next("greylist", 3)

    await post.run()
    for _ in range(2):
        await post.hasten()
        await post.run()

    assert post.letters == []
    assert [text.person for text in post.texts] == [PHONE]
    assert await post.messages() == [("stamp", "sms", "sent", None)]


async def test_a_mail_that_nobody_takes_has_failed(post: MessageStage) -> None:
    """After the last try on the last channel the message says so."""
    await post.stamp(await post.customer())
    post.mail.next("greylist", 5)

    await post.run()
    for _ in range(2):
        await post.hasten()
        await post.run()

    assert await post.messages() == [("stamp", "mail", "failed", "Recipient450")]
    assert (await post.delivery())["attempts"] == 3


async def test_each_try_is_the_same_mail(post: MessageStage) -> None:
    """A mail that arrived without a receipt comes again under the same Message-ID."""
    await post.stamp(await post.customer())
    post.mail.next("drop-after-keeping")

    await post.run()
    await post.hasten()
    await post.run()

    first, second = post.letters
    assert first.message["Message-ID"] == second.message["Message-ID"]
    assert str((await post.delivery())["id"]) in first.message["Message-ID"]
    assert first.message["Date"] == second.message["Date"]


async def test_the_merchants_own_words_come_before_ours(post: MessageStage) -> None:
    """In the customer's language if it wrote some, else in its own, else ours are sent."""
    words = Wording("Bonjour de {{ merchant }} : {{ progress }}", "Merci")
    shop = post.stage.shop
    async with shop.resources.units(shop.merchant.id) as unit:
        own = OwnWording(
            event=MessageEvent.STAMP,
            medium=Medium.MAIL,
            language=Language.FR,
            wording=words,
            revision=UNWRITTEN,
        )
        await unit.wordings.write(own, unit.now)
    await post.stamp(await post.customer(language="fr"))
    await post.stamp(await post.customer(mail="bob@example.org", language="de"))

    await post.run()

    subjects = {letter.recipient: letter.subject for letter in post.letters}
    assert subjects[MAIL] == "Merci"
    assert "1 von 10" in subjects["bob@example.org"]


async def test_each_merchant_sees_its_own_messages_only(post: MessageStage) -> None:
    """What one shop was told of its customer, the other never sees."""
    await post.stamp(await post.customer())
    await post.run()
    shop = post.stage.shop
    other = await open_cafe(shop.resources, pass_type="pass.com.example.bakery", slug="other")
    (row,) = await post.sql.fetch("SELECT id, customer_id FROM messages")

    async with shop.resources.units(other.merchant.id) as unit:
        assert await unit.messages.many([row["id"]]) == {}
        assert await unit.messages.history(row["customer_id"]) == []
        assert await unit.recipients.addresses([row["customer_id"]]) == {}


async def test_an_installation_without_mail_says_so(post: MessageStage) -> None:
    """Nothing waits for ever for a server that nobody named."""
    mute = replace(post, others={"MAIL_URL": ""})
    await mute.stamp(await mute.customer())

    await mute.run()

    assert await mute.messages() == [("stamp", "mail", "failed", "channel_not_configured")]


async def test_a_test_send_goes_to_whoever_asked(post: MessageStage) -> None:
    """With an example card, in the language that was asked for, whatever anybody agreed to."""
    shop = post.stage.shop
    message = Message(
        id=new_id(),
        event=MessageEvent.REWARD_EARNED,
        channel=Channel.MAIL,
        address="chef@example.org",
        facts={LANGUAGE: "fr"},
    )
    async with shop.resources.units(shop.merchant.id) as unit:
        await unit.messages.add([message], unit.now)
        unit.announce(TrialWanted(message_id=message.id))

    await post.run()

    (letter,) = post.letters
    assert letter.recipient == "chef@example.org"
    assert letter.faults == ()
    assert "Café Sonne" in letter.body("plain")
    assert "récompense" in letter.body("plain")
