"""Cataloguing: rewards added, changed, restocked and archived, each by what its author saw."""

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from gateway.domain.configurations.faults import ConfigurationInvalid
from gateway.domain.errors import ChangedMeanwhile, NotFound
from gateway.domain.ledger import TransactionKind
from gateway.domain.redemptions import Fulfilment, NothingToFulfil
from gateway.domain.reward_designs import RewardCannot, TooManyRewards
from gateway.domain.rewards import Reward
from gateway.services.cards.offering import claims_of, of_card
from gateway.services.merchants.designing import Author
from gateway.services.rewards import cataloguing
from gateway.services.rewards.fulfilling import fulfil_redemption
from gateway.storage.cards.rewards import CATALOGUE_REWARDS_MAX
from gateway.storage.database import Database
from tests.catalogues import put_on_shelf, redemption_of, stock_of, take
from tests.plans import points_plan
from tests.shops import ORIGIN, Shop, body, open_shop

MUG: dict[str, object] = {"name": "Mug", "unit": "stamp", "cost": 1}


def author(shop: Shop) -> Author:
    """Return who keeps a shop's catalogue."""
    return Author(principal=shop.principal, origin=ORIGIN, new_id=uuid7)


async def create(shop: Shop, stock: int | None = None) -> Reward:
    """Add a mug to a shop's catalogue."""
    async with shop.database.units(shop.merchant_id) as unit:
        return await cataloguing.create_reward(unit, shop.program.id, MUG, stock, author(shop))


async def restock(shop: Shop, reward: Reward, add: int | None, revision: int) -> Reward:
    """Add pieces of a reward."""
    async with shop.database.units(shop.merchant_id) as unit:
        return await cataloguing.restock_reward(
            unit, reward.id, add, author(shop), revision=revision
        )


async def change(shop: Shop, reward: Reward, revision: int, **fields: object) -> Reward:
    """Offer a mug otherwise."""
    async with shop.database.units(shop.merchant_id) as unit:
        return await cataloguing.change_reward(
            unit, reward.id, MUG | fields, author(shop), revision=revision
        )


async def archive(shop: Shop, reward: Reward, revision: int) -> None:
    """Take a reward off the shelf."""
    async with shop.database.units(shop.merchant_id) as unit:
        await cataloguing.archive_reward(unit, reward.id, author(shop), revision=revision)


async def offered(shop: Shop) -> list[tuple[str, bool]]:
    """Return what the first card is offered, and whether it can have it now."""
    async with shop.database.units(shop.merchant_id) as unit:
        card = await unit.cards.one(shop.cards[0])
        version = await unit.programs.version(card.program_version_id)
        claims = await claims_of(unit, of_card(card, version))
    return [(claim.reward.name, claim.is_ready) for claim in claims]


async def test_a_reward_lives_in_the_catalogue(bare_shop: Shop) -> None:
    """Added, changed and archived, with a fact and a line in the audit for each."""
    mug = await create(bare_shop, stock=3)
    cup = await change(bare_shop, mug, 1, name="Cup")
    assert (cup.name, cup.stock, cup.revision) == ("Cup", 3, 2)
    assert await offered(bare_shop) == [("Cup", False), ("Coffee", False)]
    await archive(bare_shop, mug, 2)
    assert await offered(bare_shop) == [("Coffee", False)]
    names = ["reward.created", "reward.updated", "reward.archived"]
    assert (await bare_shop.facts())[-3:] == [f"loyalty.{name}" for name in names]
    written = await bare_shop.rows("SELECT action FROM audit ORDER BY happened_at, id")
    assert [row[0] for row in written[-3:]] == names


async def test_nobody_overwrites_what_they_have_not_seen(bare_shop: Shop) -> None:
    """Of two authors with the same page open, the second is told."""
    mug = await create(bare_shop)
    await change(bare_shop, mug, 1, name="Cup")
    for late in (
        change(bare_shop, mug, 1, name="Jug"),
        restock(bare_shop, mug, 5, 1),
        archive(bare_shop, mug, 1),
    ):
        with pytest.raises(ChangedMeanwhile):
            await late
    await archive(bare_shop, mug, 2)
    with pytest.raises(NotFound):
        await change(bare_shop, mug, 3)


async def test_customers_take_pieces_while_more_are_put_there(books_of_record: Database) -> None:
    """What customers take does not get in the author's way, and nothing is counted twice."""
    shop = await open_shop(books_of_record, cards=5)
    await shop.stamp(*(shop.stamp_command(card) for card in shop.cards))
    mug = await put_on_shelf(shop, stock=5)
    await asyncio.gather(restock(shop, mug, 10, 1), *(take(shop, mug, c) for c in shop.cards))
    assert await stock_of(shop, mug) == 10
    with pytest.raises(ConfigurationInvalid, match="check"):
        await restock(shop, mug, -11, 2)
    await restock(shop, mug, None, 2)
    assert await stock_of(shop, mug) is None


async def test_what_a_version_promises_is_not_of_the_catalogue(bare_shop: Shop) -> None:
    """It changes with the version alone."""
    coffee = bare_shop.reward
    for attempt in (
        change(bare_shop, coffee, 1),
        restock(bare_shop, coffee, 5, 1),
        archive(bare_shop, coffee, 1),
    ):
        with pytest.raises(RewardCannot):
            await attempt


async def test_a_catalogue_ends_somewhere(bare_shop: Shop) -> None:
    """Of two who add the last one at once, one does."""
    for _ in range(CATALOGUE_REWARDS_MAX - 1):
        await put_on_shelf(bare_shop)
    ended = await asyncio.gather(*(create(bare_shop) for _ in range(2)), return_exceptions=True)
    assert {type(each) for each in ended} == {Reward, TooManyRewards}


async def test_nobody_reaches_into_another_shop(books_of_record: Database) -> None:
    """To each other their rewards do not exist, nor can their cards be redeemed for them."""
    ours = await open_shop(books_of_record)
    theirs = await open_shop(books_of_record, slug="other")
    mug = await create(theirs, stock=1)
    await ours.fill(1)
    for attempt in (
        take(ours, mug),
        change(ours, mug, 1),
        restock(ours, mug, 5, 1),
        archive(ours, mug, 1),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert await stock_of(theirs, mug) == 1


async def test_what_was_earned_under_a_version_that_is_gone_is_still_worth_its_reward(
    bare_shop: Shop,
) -> None:
    """Stamps buy what the last version with stamps gave for them, until they are gone."""
    await bare_shop.fill(3)
    points = replace(bare_shop.version, id=uuid7(), number=2, plan=points_plan())
    program = replace(bare_shop.program, version=points, revision=2)
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        await unit.programs.add_version(points, None, unit.now)
        await unit.rewards.add_promised(points, uuid7, unit.now)
        await unit.programs.change(program, revision=1)
    assert await offered(bare_shop) == [("Coffee", True)]
    command = bare_shop.end_command(redemption_of(await bare_shop.reserve()))
    assert (await bare_shop.end(command, TransactionKind.REDEEM)).is_done
    assert await offered(bare_shop) == []
    assert not await bare_shop.violations()


async def test_what_was_still_to_be_done_is_done_once(bare_shop: Shop) -> None:
    """Redeemed it waits under its code, fulfilled it waits no more, and it says who did it."""
    book = await put_on_shelf(bare_shop, name="Book", needs_fulfilment=True)
    await bare_shop.fill(1)
    command = bare_shop.end_command(redemption_of(await take(bare_shop, book)))
    with pytest.raises(NothingToFulfil):
        await _fulfil(bare_shop, command.redemption_id)
    told = body(await bare_shop.end(command, TransactionKind.REDEEM))
    assert told["fulfilment"] == "open"
    assert await _waiting(bare_shop) == [command.redemption_id]
    first = await _fulfil(bare_shop, command.redemption_id)
    assert (first, await _fulfil(bare_shop, command.redemption_id)) == (Fulfilment.FULFILLED,) * 2
    assert await _waiting(bare_shop) == []
    assert (await bare_shop.facts()).count("loyalty.reward.fulfilled") == 1
    by = await bare_shop.rows("SELECT fulfilled_by FROM redemptions")
    assert by == [(bare_shop.principal.name,)]
    await bare_shop.take_back(replace(command, key="back"))
    with pytest.raises(NotFound):
        await _fulfil(bare_shop, command.redemption_id, card=uuid7())


async def test_what_was_taken_back_waits_for_nothing(bare_shop: Shop) -> None:
    """Nobody sends a book whose price went back."""
    book = await put_on_shelf(bare_shop, name="Book", needs_fulfilment=True)
    await bare_shop.fill(1)
    command = bare_shop.end_command(redemption_of(await take(bare_shop, book)))
    await bare_shop.end(command, TransactionKind.REDEEM)
    told = body(await bare_shop.take_back(replace(command, key="back")))
    assert told["fulfilment"] == "none"
    with pytest.raises(NothingToFulfil):
        await _fulfil(bare_shop, command.redemption_id)


async def _fulfil(shop: Shop, redemption_id: UUID, card: UUID | None = None) -> Fulfilment:
    async with shop.database.units(shop.merchant_id) as unit:
        done = await fulfil_redemption(unit, card or shop.cards[0], redemption_id, author(shop))
    return done.fulfilment


async def _waiting(shop: Shop) -> list[UUID]:
    async with shop.database.units(shop.merchant_id) as unit:
        return [each.id for each in await unit.redemptions.waiting("K7Q2")]
