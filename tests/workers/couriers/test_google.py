"""Cards at Google Wallet: made when somebody wants them, and as our books have them ever after."""

import asyncio

from gateway.domain.wording import Language
from gateway.services.messages.preferring import speak
from sandbox.google.commands import ApplyAndDrop, Drop, Page, Say
from sandbox.google.refusals import quota_exceeded, rate_exceeded
from tests.workers.couriers.google_stage import GoogleStage
from tests.workers.stages import eventually, hastened

BURST = 10


async def test_a_card_that_is_wanted_is_made_with_its_class(google: GoogleStage) -> None:
    """Class first, then object, each once; asking again writes nothing."""
    card = await google.wanted_card()
    async with google.worker():
        await google.until_shows(card, "0/10")
        await google.want(card)
        await eventually(lambda: _quiet(google))

    assert len(google.calls("POST", "loyaltyClass")) == 1
    assert len(google.calls("POST")) == 1
    assert (await google.known(card)).written_version == 1


async def test_a_card_speaks_the_language_its_customer_chooses(google: GoogleStage) -> None:
    """Written anew though nothing was stamped, in that language alone, and silently."""
    card, shop = await google.wanted_card(), google.stage.shop

    async def label() -> str | None:
        found = await google.object_of(card)
        text = found["loyaltyPoints"].get("localizedLabel") if found else None
        return str(text["defaultValue"]["value"]) if text else None

    async def is_german() -> bool:
        return await label() == "Stempel"

    async with google.worker():
        await google.until_shows(card, "0/10")
        assert await label() is None
        async with shop.resources.units(shop.merchant.id) as unit:
            await speak(unit, (await unit.cards.one(card)).customer_id, Language.DE)
        await eventually(is_german)

    written = await google.object_of(card)
    assert written is not None
    assert written["textModulesData"][0]["body"].startswith("Sie haben 0 von 10 Stempeln.")
    assert len(google.calls("PATCH")) == 1


async def test_a_card_nobody_wants_is_not_made(google: GoogleStage) -> None:
    """A stamp on a card that is in no Google Wallet calls nobody."""
    card = await google.stage.shop.card()
    await google.stage.shop.stamp(card)
    async with google.worker():
        await eventually(lambda: _quiet(google))

    assert not google.stand_in.recorded


async def test_a_burst_of_stamps_is_one_write_of_the_newest_balance(google: GoogleStage) -> None:
    """Ten stamps that wait together are one PATCH, with what the database says."""
    card = await google.wanted_card()
    async with google.worker():
        await google.until_shows(card, "0/10")
    for _ in range(BURST):
        await google.stage.shop.stamp(card)
    async with google.worker():
        await google.until_shows(card, "10/10")
        await eventually(lambda: _quiet(google))

    assert len(google.calls("PATCH")) == 1


async def test_stamps_at_the_same_time_end_with_the_books_balance(google: GoogleStage) -> None:
    """Whatever order writes arrive in, Google shows in the end what the database has."""
    card = await google.wanted_card()
    async with google.worker():
        await google.until_shows(card, "0/10")
        for _ in range(3):
            await asyncio.gather(*(google.stage.shop.stamp(card) for _ in range(3)))
        await google.until_shows(card, "9/10")
        await eventually(lambda: _quiet(google))

    assert await google.balance_of(card) == "9/10"


async def test_a_stamp_lights_up_the_phone_three_times_a_day(google: GoogleStage) -> None:
    """We count before Google does, so that it never has to refuse."""
    card = await google.wanted_card()
    async with google.worker():
        await google.until_shows(card, "0/10")
        for count in range(1, 6):
            await google.stage.shop.stamp(card)
            await google.until_shows(card, f"{count}/10")
            await eventually(lambda: _quiet(google))

    asked = [
        "notifyPreference" in each.body
        for each in google.stand_in.recorded
        if each.verb == "PATCH"
    ]
    assert asked == [True, True, True, False, False]
    assert not [each for each in google.stand_in.recorded if each.status == 403]


async def test_a_spent_quota_is_written_in_silence_and_not_again(google: GoogleStage) -> None:
    """403 quotaExceeded: the same balance at once without a notification."""
    card = await google.wanted_card()
    async with google.worker():
        await google.until_shows(card, "0/10")
        google.stand_in.next(Say(quota_exceeded("x", "x")))
        await google.stage.shop.stamp(card)
        await google.until_shows(card, "1/10")
        await eventually(lambda: _quiet(google))

    patches = [each for each in google.stand_in.recorded if each.verb == "PATCH"]
    assert ["notifyPreference" in each.body for each in patches] == [True, False]


async def test_google_that_misbehaves_has_the_right_balance_in_the_end(
    google: GoogleStage,
) -> None:
    """Dropped, written and dropped, rate-limited, a proxy's page: each is tried again."""
    card = await google.wanted_card()
    async with google.worker(), hastened(google.stage):
        await google.until_shows(card, "0/10")
        for trouble in (Drop(), ApplyAndDrop(), Say(rate_exceeded()), Page(502)):
            google.stand_in.next(trouble)
        await google.stage.shop.stamp(card)
        await google.until_shows(card, "1/10")
        await eventually(lambda: _quiet(google))

    assert len(google.calls("PATCH")) >= 2


async def test_what_google_lost_is_made_again(google: GoogleStage) -> None:
    """An object or class that is not there any more is inserted, not missed for ever."""
    card = await google.wanted_card()
    async with google.worker():
        await google.until_shows(card, "0/10")
        google.stand_in.wallet.records._all.clear()
        await google.stage.shop.stamp(card)
        await google.until_shows(card, "1/10")


async def _quiet(google: GoogleStage) -> bool:
    waiting: int = await google.stage.sql.fetchval(
        "SELECT (SELECT count(*) FROM deliveries WHERE state = 'waiting')"
        " + (SELECT count(*) FROM outbox WHERE relayed_at IS NULL)"
    )
    return waiting == 0
