"""What ends soon and what level was reached, from the books to the mailbox, word for word."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from gateway.domain.consents import Medium
from gateway.domain.events.tiers import TierDowngradeAnnounced, TierDowngraded
from gateway.domain.people import Permission, Principal
from gateway.domain.wording import Language
from gateway.presenters.counting import day_text
from gateway.services.ledger.maturing import give_notice
from tests.ledgers import grant
from tests.plans import hybrid_plan
from tests.sales import Till
from tests.shops import Shop
from tests.wallets import OTHER_PASS_TYPE, open_cafe
from tests.workers.couriers.message_stage import PHONE, SERVICE, MessageStage

ZONE = ZoneInfo("Europe/Luxembourg")
MOVES_ON = date(2030, 12, 31)


@pytest.fixture
async def points(post: MessageStage) -> MessageStage:
    """A shop of stamps, points and levels that writes mails and text messages."""
    resources = post.stage.shop.resources
    cafe = await open_cafe(resources, pass_type=OTHER_PASS_TYPE, slug="points", plan=hybrid_plan())
    points = replace(post, stage=replace(post.stage, shop=cafe))
    await points.manners()
    return points


def till_of(points: MessageStage) -> Till:
    """Return the same shop's till."""
    cafe = points.stage.shop
    principal = Principal(
        merchant_id=cafe.merchant.id, name="till:test", permissions=frozenset(Permission)
    )
    shop = Shop(cafe.resources.database, principal, cafe.location, cafe.program, (), ())
    return Till(shop)


async def notice(points: MessageStage, card: UUID, amount: int, last: datetime) -> int:
    """Let an amount be usable up to the end of a day, and announce what ends soon."""
    ends = (last + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    shop = till_of(points).shop
    await grant(shop, card, amount, expires_at=ends)
    return await give_notice(shop.database.units, shop.merchant_id, card)


async def fall(points: MessageStage, card: UUID) -> None:
    """Announce that the card is to lose its level, as the review of levels does."""
    async with points.stage.shop.resources.units(points.merchant_id) as unit:
        unit.announce(
            TierDowngradeAnnounced(
                card_id=card, before="silver", tier=None, moves_on=MOVES_ON.isoformat()
            )
        )


@pytest.mark.parametrize(
    ("language", "amount"),
    [("en", "120 points"), ("fr", "120 points"), ("de", "120 Punkte"), ("lb", "120 Punkten")],
)
async def test_what_ends_soon_is_said_with_how_much_and_the_last_day(
    points: MessageStage, language: str, amount: str
) -> None:
    """By mail, once, in the customer's words; the last day is one on which it can be used."""
    card = await points.customer(language=language)
    last = datetime.now(ZONE) + timedelta(days=5)

    assert await notice(points, card, 120, last) == 1
    await points.run()
    await points.run()

    (letter,) = points.letters
    words = letter.body("plain")
    assert letter.faults == ()
    assert amount in words
    assert day_text(last.date(), Language(language)) in words
    assert "{{" not in words
    assert await points.messages() == [("expiring", "mail", "sent", None)]


async def test_what_ends_soon_fits_a_text_message(points: MessageStage) -> None:
    """With the short day."""
    card = await points.customer(mail=None, phone=PHONE, agreed=[(Medium.SMS, SERVICE)])
    last = datetime.now(ZONE) + timedelta(days=5)

    await notice(points, card, 120, last)
    await points.run()

    (text,) = points.texts
    assert "120 points" in text.words
    assert day_text(last.date(), Language.EN, is_short=True) in text.words


async def test_two_days_on_which_something_ends_are_two_letters(points: MessageStage) -> None:
    """None of them tells better what the other one says."""
    card = await points.customer()
    first = datetime.now(ZONE) + timedelta(days=5)
    await notice(points, card, 120, first)
    await notice(points, card, 30, first + timedelta(days=2))

    await points.run()

    assert [("120 points" in each.body("plain")) for each in points.letters] in (
        [True, False],
        [False, True],
    )


async def test_a_level_that_a_purchase_reached_is_told_by_its_name(points: MessageStage) -> None:
    """Beside what the purchase earned, each in one letter."""
    card = await points.customer()
    await till_of(points).tell(20_000, card=card)

    await points.run()

    events = sorted((event, state) for event, _, state, _ in await points.messages())
    subjects = sorted(letter.subject for letter in points.letters)
    assert ("tier_change", "sent") in events
    assert "Your status at Café Sonne: Silver" in subjects
    assert [letter.faults for letter in points.letters] == [()] * len(points.letters)
    assert [event for event, state in events if state == "sent"] == ["stamp", "tier_change"]


async def test_who_lost_every_level_reads_that_there_is_none(points: MessageStage) -> None:
    """A sentence that says so instead of an empty gap."""
    card = await points.customer()
    async with points.stage.shop.resources.units(points.merchant_id) as unit:
        unit.announce(TierDowngraded(card_id=card, before="silver", tier=None))

    await points.run()

    (letter,) = points.letters
    assert letter.faults == ()
    assert "It is now" in letter.body("plain")
    assert "now ." not in letter.body("plain")
    assert await points.messages() == [("tier_change", "mail", "sent", None)]


@pytest.mark.parametrize("language", list(Language))
async def test_a_level_that_ends_soon_is_told_by_its_name_and_day(
    points: MessageStage, language: Language
) -> None:
    """By mail, once, in the customer's words, while it can still be kept."""
    card = await points.customer(language=language)
    await fall(points, card)

    await points.run()
    await points.run()

    (letter,) = points.letters
    words = letter.body("plain")
    assert letter.faults == ()
    assert "Silver" in words
    assert day_text(MOVES_ON, language) in words
    assert "{{" not in words
    assert await points.messages() == [("tier_notice", "mail", "sent", None)]


async def test_a_level_that_ends_soon_fits_a_text_message(points: MessageStage) -> None:
    """The same news, where there is no mail."""
    card = await points.customer(mail=None, phone=PHONE, agreed=[(Medium.SMS, SERVICE)])
    await fall(points, card)

    await points.run()

    (text,) = points.texts
    assert "Silver" in text.words
    assert day_text(MOVES_ON, Language.EN, is_short=True) in text.words


async def test_what_a_merchant_keeps_silent_about_is_not_sent(points: MessageStage) -> None:
    """It is written down why."""
    card = await points.customer()
    settings = points.stage.shop.resources
    async with settings.units(points.merchant_id) as unit:
        manners = await unit.manners.read()
        silent = replace(manners, silent_events=frozenset({"expiring"}))
        await unit.manners.write(silent, revision=manners.revision)

    await notice(points, card, 120, datetime.now(ZONE) + timedelta(days=5))
    await points.run()

    assert points.letters == []
    assert await points.messages() == [("expiring", "mail", "skipped", "switched_off")]
