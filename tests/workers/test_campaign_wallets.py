"""Campaigns on cards in wallets: told by a push, proved by the fetch, taken back when stopped."""

import io
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from gateway.domain.campaigns import Audience, CampaignStatus, Content, Plan
from gateway.domain.consents import Medium
from gateway.domain.messages import Channel
from gateway.resources import now
from gateway.services.campaigns.commanding import cancel, pause, resume
from gateway.services.campaigns.trying import try_on_card
from gateway.services.wallets.issuing import download
from gateway.services.wallets.registering import PassClaim, fetch
from passes.apple.service import authentication_token
from sandbox.phone.fields import fields_of, update_between
from tests.campaigns import (
    NOON,
    SAID,
    Pumping,
    add_holders,
    author_of,
    campaign_of,
    deliver,
    make_plan,
    never_quiet,
    opt_out,
    pumping,
    scheduled,
    states,
    wanted,
    workers_database,
)
from tests.database import Database
from tests.shops import Shop, open_shop
from tests.workers.stages import Stage, eventually

APPLE, GOOGLE = make_plan(Channel.APPLE), make_plan(Channel.GOOGLE)
ISSUER = "3388000000012345678"


@pytest.fixture
async def shop(database: Database) -> AsyncIterator[Shop]:
    """A shop without cards, on the worker's role."""
    async with workers_database(database) as ready:
        yield await open_shop(ready, cards=0)


@pytest.fixture
async def pump(shop: Shop) -> AsyncIterator[Pumping]:
    """A pump at noon."""
    async with pumping(shop.database) as ready:
        yield ready


async def in_google(shop: Shop, count: int) -> list[UUID]:
    """Open cards that are saved in Google Wallet."""
    cards = await add_holders(shop, count)
    async with shop.database.units(shop.merchant_id) as unit:
        await unit.google.add_issuer(ISSUER)
        await unit.google.add_class(shop.program.id, ISSUER, f"{ISSUER}.c")
        for card_id in cards:
            await unit.google.add_object(card_id, ISSUER, f"{ISSUER}.{card_id.hex}", unit.now)
            await unit.google.mark_saved(f"{ISSUER}.{card_id.hex}", unit.now)
    return cards


@asynccontextmanager
async def on_stage(stage: Stage) -> AsyncIterator[tuple[Shop, Pumping]]:
    """Give the stage's café as a shop on the worker's role, and a pump."""
    async with workers_database(stage.database) as ready:
        bare = await open_shop(ready, cards=0)
        cafe = stage.shop
        principal = replace(bare.principal, merchant_id=cafe.merchant.id)
        shop = replace(bare, principal=principal, program=cafe.program)
        await never_quiet(shop)
        async with pumping(ready) as pump:
            yield shop, pump


async def pass_json(stage: Stage, card_id: UUID) -> dict[str, object]:
    """Return what a card's pass says, downloaded as a phone does."""
    signed = await download(stage.shop.resources.passes, stage.shop.merchant.id, card_id)
    with zipfile.ZipFile(io.BytesIO(signed.data)) as package:
        said: dict[str, object] = msgspec.json.decode(package.read("pass.json"))
    return said


async def fetch_pass(stage: Stage, card_id: UUID) -> None:
    """Fetch a card's pass as the phone that keeps it does."""
    stored = await stage.shop.stored(card_id)
    office = stage.shop.resources.passes
    names = (stored.pass_type_identifier, stored.serial_number)
    claim = PassClaim(*names, authentication_token(office.token_key, *names))
    assert await fetch(office, claim, None) is not None


async def test_every_phone_is_told_once_and_shows_it(stage: Stage) -> None:
    """A push for each card; the phone's lock screen says the campaign's words, alone."""
    cards = [await stage.card() for _ in range(3)]
    before = fields_of(await pass_json(stage, cards[0]), "storeCard")
    async with on_stage(stage) as (shop, _), stage.worker():
        campaign_id = await scheduled(shop, APPLE, at=now())

        async def is_sent() -> bool:
            return (await campaign_of(shop, campaign_id)).status is CampaignStatus.SENT

        await eventually(is_sent)
        assert [len(stage.pushes(card)) for card in cards] == [1, 1, 1]
        assert await states(shop, campaign_id) == {("sent", None): 3}

        await fetch_pass(stage, cards[0])
        assert await states(shop, campaign_id) == {("sent", None): 2, ("fetched", None): 1}
    after = fields_of(await pass_json(stage, cards[0]), "storeCard")
    assert update_between(before, after, "storeCard").message == "Cake today!"


async def test_a_customer_reads_their_own_language(stage: Stage) -> None:
    """Who reads French gets the French words, and everybody else the merchant's."""
    cards = [await stage.card() for _ in range(2)]
    await stage.sql.execute(
        "UPDATE customers SET language = 'fr-LU' WHERE id ="
        " (SELECT customer_id FROM cards WHERE id = $1)",
        cards[0],
    )
    contents = {"en": SAID, "fr": Content(wallet="Du gâteau, {{ progress }} !")}
    plan = Plan(name="Cake", channels=(Channel.APPLE,), contents=contents)
    async with on_stage(stage) as (shop, pump):
        await scheduled(shop, plan)
        await pump.rest()

    said = [fields_of(await pass_json(stage, card), "storeCard") for card in cards]
    values = [next(field.value for field in each if field.key == "announcement") for each in said]
    assert str(values[0]).startswith("Du gâteau, 0")
    assert values[1] == "Cake today!"


async def test_a_stamp_after_a_campaign_speaks_for_itself(stage: Stage) -> None:
    """What a campaign said of a card stays as it was said, so that a later stamp is heard."""
    card = await stage.card()
    contents = {"en": Content(wallet="You have {{ progress }}: come again!")}
    plan = Plan(name="Cake", channels=(Channel.APPLE,), contents=contents)
    async with on_stage(stage) as (shop, pump):
        await scheduled(shop, plan)
        await pump.rest()
    told = fields_of(await pass_json(stage, card), "storeCard")
    await stage.shop.stamp(card)
    stamped = fields_of(await pass_json(stage, card), "storeCard")

    message = update_between(told, stamped, "storeCard").message
    assert message is not None
    assert message.startswith("You have 1 of 10 stamps.")


async def test_a_card_that_was_told_of_nothing_announces_nothing(stage: Stage) -> None:
    """Cancelled before any push left, the words are off the cards; paused, they come again."""
    cards = [await stage.card() for _ in range(2)]
    async with on_stage(stage) as (shop, pump):
        campaign_id = await scheduled(shop, APPLE)
        await pump.rest()
        assert len(await wanted(shop)) == 2
        async with shop.database.units(shop.merchant_id) as unit:
            await pause(unit, campaign_id, author_of(shop))
        assert await wanted(shop) == []
        assert await states(shop, campaign_id) == {("queued", None): 2}

        async with shop.database.units(shop.merchant_id) as unit:
            await resume(unit, campaign_id, author_of(shop))
        await pump.rest()
        assert await states(shop, campaign_id) == {("sending", None): 2}

        async with shop.database.units(shop.merchant_id) as unit:
            await cancel(unit, campaign_id, author_of(shop))
        await pump.rest()
        assert await states(shop, campaign_id) == {("skipped", "cancelled"): 2}
        async with shop.database.units(shop.merchant_id) as unit:
            assert (await unit.cards.one(cards[0])).announcement_id is None


async def test_a_push_that_another_spoke_for_is_sent_all_the_same(stage: Stage) -> None:
    """A stamp's push that was waiting tells of the campaign too; once it arrived, it was sent."""
    card = await stage.card()
    async with on_stage(stage) as (shop, pump):
        campaign_id = await scheduled(shop, APPLE)
        async with stage.worker():
            await stage.shop.stamp(card)
            await pump.rest()

            async def is_told() -> bool:
                return not await wanted(shop)

            await eventually(is_told)
        await stage.sql.execute("UPDATE messages SET state = 'sending', sent_at = NULL")
        await stage.sql.execute("UPDATE campaigns SET status = 'sending', ended_at = NULL")
        pump.later(timedelta(days=9))
        await pump.rest()
        assert await states(shop, campaign_id) == {("sent", None): 1}


async def test_a_campaign_is_tried_on_one_card(stage: Stage) -> None:
    """A draft shows on the card it is tried on, at once, and counts for nobody."""
    card, other = await stage.card(), await stage.card()
    async with on_stage(stage) as (shop, _), stage.worker():
        campaign_id = await scheduled(shop, APPLE, at=NOON + timedelta(days=300))
        async with stage.shop.resources.units(shop.merchant_id) as unit:
            await try_on_card(unit, campaign_id, card, Channel.APPLE, author_of(shop))

        async def is_pushed() -> bool:
            return bool(stage.pushes(card))

        await eventually(is_pushed)
        assert stage.pushes(other) == []
        assert await states(shop, campaign_id) == {}


async def test_google_is_told_once_for_everybody(shop: Shop, pump: Pumping) -> None:
    """When nobody is left out, one message to the class reaches all."""
    await in_google(shop, 3)
    await add_holders(shop, 1)
    campaign_id = await scheduled(shop, GOOGLE)

    await pump.rest()

    assert await wanted(shop) == [("google", f"announcement:{campaign_id}:{shop.program.id}")]
    assert await states(shop, campaign_id) == {
        ("sending", None): 3,
        ("skipped", "not_in_wallet"): 1,
    }
    assert not await pump.turn(), "and not again"
    assert len(await wanted(shop)) == 1


@pytest.mark.parametrize(
    "plan",
    [
        make_plan(Channel.GOOGLE, audience=Audience(stamps_max=5)),
        replace(GOOGLE, contents={"en": Content(wallet="You have {{ progress }}.")}),
    ],
)
async def test_google_is_told_card_by_card_otherwise(
    shop: Shop, pump: Pumping, plan: Plan
) -> None:
    """A part of the holders, or words about one card, are no message for all."""
    await in_google(shop, 2)
    campaign_id = await scheduled(shop, plan)

    await pump.rest()

    assert [target.partition(":")[0] for _, target in await wanted(shop)] == ["message"] * 2
    await deliver(shop)
    await pump.rest()
    assert (await campaign_of(shop, campaign_id)).status is CampaignStatus.SENT


async def test_who_said_no_to_wallet_offers_keeps_google_from_telling_all(
    shop: Shop, pump: Pumping
) -> None:
    """One no before the preparation, and each of the others gets a message of their own."""
    cards = await in_google(shop, 3)
    await opt_out(shop, cards[0], Medium.WALLET)
    campaign_id = await scheduled(shop, GOOGLE)

    await pump.rest()

    assert [target.partition(":")[0] for _, target in await wanted(shop)] == ["message"] * 2
    assert await states(shop, campaign_id) == {("sending", None): 2, ("skipped", "no_consent"): 1}


@pytest.mark.parametrize("turns", [2, 3])
async def test_a_no_between_preparation_and_release_is_heard(
    shop: Shop, pump: Pumping, turns: int
) -> None:
    """Also when some are released already and only the one message to all is missing."""
    cards = await in_google(shop, 3)
    campaign_id = await scheduled(shop, GOOGLE)
    for _ in range(turns):
        await pump.turn()
    assert await wanted(shop) == []
    await opt_out(shop, cards[0], Medium.WALLET)

    await pump.rest()

    assert [target.partition(":")[0] for _, target in await wanted(shop)] == ["message"] * 2
    assert await states(shop, campaign_id) == {("sending", None): 2, ("skipped", "no_consent"): 1}


async def test_google_is_told_when_nobody_sleeps_any_more(shop: Shop, pump: Pumping) -> None:
    """One message to all waits for the last of them to wake up."""
    cards = await in_google(shop, 2)
    await shop.execute(
        "UPDATE customers SET time_zone = 'Asia/Tokyo' WHERE id ="
        " (SELECT customer_id FROM cards WHERE id = :id)",
        id=cards[0],
    )
    campaign_id = await scheduled(shop, GOOGLE)
    pump.now = NOON + timedelta(hours=1)
    await pump.rest()
    assert await states(shop, campaign_id) == {("queued", None): 1, ("sending", None): 1}

    # Tokyo wakes while Europe sleeps.
    pump.now = NOON + timedelta(hours=12)
    await pump.rest()
    assert await wanted(shop) == []

    pump.now = NOON + timedelta(hours=21)
    await pump.rest()
    assert len(await wanted(shop)) == 1


@pytest.mark.parametrize("mode", ["unannounced", "announced"])
async def test_a_message_to_all_can_be_cancelled(shop: Shop, pump: Pumping, mode: str) -> None:
    """Before anybody has begun to deliver it, nobody gets it."""
    await in_google(shop, 2)
    campaign_id = await scheduled(shop, GOOGLE)
    if mode == "announced":
        await pump.rest()
    else:
        for _ in range(3):
            await pump.turn()
    async with shop.database.units(shop.merchant_id) as unit:
        await cancel(unit, campaign_id, author_of(shop))
    await pump.rest()

    assert await wanted(shop) == []
    assert await states(shop, campaign_id) == {("skipped", "cancelled"): 2}


async def test_a_message_to_all_that_was_paused_goes_out_once(shop: Shop, pump: Pumping) -> None:
    """Held before anybody began to deliver it, it is wanted again when it goes on."""
    await in_google(shop, 2)
    campaign_id = await scheduled(shop, GOOGLE)
    await pump.rest()
    async with shop.database.units(shop.merchant_id) as unit:
        await pause(unit, campaign_id, author_of(shop))
    assert await wanted(shop) == []
    async with shop.database.units(shop.merchant_id) as unit:
        await resume(unit, campaign_id, author_of(shop))
    await pump.rest()
    assert len(await wanted(shop)) == 1


async def test_a_message_to_all_that_was_held_at_the_door_goes_out_later(
    shop: Shop, pump: Pumping
) -> None:
    """A worker had begun on it and found the campaign paused: it is wanted again, and once."""
    await in_google(shop, 2)
    campaign_id = await scheduled(shop, GOOGLE)
    await pump.rest()
    await shop.execute("UPDATE deliveries SET lease = id, leased_until = now()")
    for command, waiting in ((pause, 1), (resume, 1)):
        async with shop.database.units(shop.merchant_id) as unit:
            await command(unit, campaign_id, author_of(shop))
        await pump.rest()
        assert len(await wanted(shop)) == waiting, "it may be at Google already"

    async with shop.database.units(shop.merchant_id) as unit:
        await pause(unit, campaign_id, author_of(shop))
    await shop.execute("UPDATE deliveries SET state = 'done', reason = 'NothingToSay'")
    async with shop.database.units(shop.merchant_id) as unit:
        await resume(unit, campaign_id, author_of(shop))
    await pump.rest()
    assert len(await wanted(shop)) == 1


@pytest.mark.parametrize(
    ("plan", "target"),
    [
        (GOOGLE, "announcement"),
        (make_plan(Channel.GOOGLE, audience=Audience(stamps_min=0)), "message"),
    ],
)
async def test_what_google_never_answered_for_is_failed(
    shop: Shop, pump: Pumping, plan: Plan, target: str
) -> None:
    """A delivery that used up its attempts leaves no message on its way for ever."""
    await in_google(shop, 2)
    campaign_id = await scheduled(shop, plan)
    await pump.rest()
    assert {one.partition(":")[0] for _, one in await wanted(shop)} == {target}
    pump.later(timedelta(minutes=2))
    await pump.rest()
    assert await states(shop, campaign_id) == {("sending", None): 2}

    await shop.execute("UPDATE deliveries SET state = 'dead', reason = 'Tired', ended_at = now()")
    pump.later(timedelta(minutes=2))
    await pump.rest()
    assert await states(shop, campaign_id) == {("failed", "Tired"): 2}
    assert (await campaign_of(shop, campaign_id)).status is CampaignStatus.SENT


async def test_a_phone_that_is_gone_is_no_message_on_its_way(stage: Stage) -> None:
    """A card whose last device was forgotten before it was told counts as failed."""
    await stage.card()
    async with on_stage(stage) as (shop, pump):
        campaign_id = await scheduled(shop, APPLE)
        await pump.rest()
        await stage.sql.execute("DELETE FROM registrations")
        await stage.sql.execute("UPDATE deliveries SET state = 'done', reason = 'NobodyThere'")
        pump.later(timedelta(minutes=2))
        await pump.rest()
        assert await states(shop, campaign_id) == {("failed", "NoDelivery"): 1}
