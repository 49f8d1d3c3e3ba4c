"""Cards and what belongs to them: found by what people have in hand, listed page by page."""

from dataclasses import replace
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from gateway.domain.errors import NotFound, RedemptionClosed
from gateway.domain.ledger import TransactionKind
from gateway.domain.redemptions import RedemptionStatus
from gateway.storage.database import Database
from tests.shops import body, open_shop


async def test_cards_are_listed_newest_first_without_a_gap(books_of_record: Database) -> None:
    """Page by page each card comes once, those opened at the same moment too."""
    shop = await open_shop(books_of_record, cards=7)
    listed: list[UUID] = []
    after = None
    async with shop.database.units(shop.merchant_id) as unit:
        while page := await unit.cards.page(3, after, shop.program.id):
            listed += [card.id for card in page]
            after = page[-1].opened_at, page[-1].id
        assert await unit.cards.page(3, program_id=uuid7()) == []
    assert listed == sorted(shop.cards, reverse=True)


async def test_a_card_is_found_by_its_code_and_by_its_customer(books_of_record: Database) -> None:
    """Both lead to the same card; a strange code to none."""
    shop = await open_shop(books_of_record)
    async with shop.database.units(shop.merchant_id) as unit:
        card = await unit.cards.one(shop.cards[0])
        assert await unit.cards.by_code(card.code) == card
        assert await unit.cards.of_customer(card.customer_id, shop.program.id) == card
        with pytest.raises(NotFound):
            await unit.cards.by_code("LC1-NOBODY")


async def test_a_new_look_counts_up_every_card_once(books_of_record: Database) -> None:
    """In pieces, in the order of the cards, and a stamp decided before is decided again."""
    shop = await open_shop(books_of_record, cards=5)
    seen: list[UUID] = []
    while True:
        async with shop.database.units(shop.merchant_id) as unit:
            after = seen[-1] if seen else UUID(int=0)
            piece = await unit.cards.change_look(shop.program.id, after, 2)
        if not piece:
            break
        seen += piece
    assert seen == sorted(shop.cards)
    assert [(await shop.balances(card))[2] for card in shop.cards] == [2] * 5
    await shop.fill(1)
    assert not await shop.violations()


async def test_open_reservations_of_a_card_are_shown(books_of_record: Database) -> None:
    """The oldest first, and only those that did not end."""
    shop = await open_shop(books_of_record, cards=2)
    await shop.fill(9)
    made = [UUID(str(body(await shop.reserve())["redemption_id"])) for _ in range(3)]
    await shop.end(shop.end_command(made[1]), TransactionKind.CANCEL)
    async with shop.database.units(shop.merchant_id) as unit:
        shown = await unit.redemptions.open_of_card(shop.cards[0])
        assert await unit.redemptions.open_of_card(shop.cards[1]) == []
    assert [redemption.id for redemption in shown] == [made[0], made[2]]
    assert {redemption.reward_id for redemption in shown} == {shop.reward.id}


async def test_a_redemption_ends_once_even_without_the_ledger(books_of_record: Database) -> None:
    """The status itself moves once: a second end is refused before anything is posted."""
    shop = await open_shop(books_of_record)
    await shop.fill(3)
    redemption = UUID(str(body(await shop.reserve())["redemption_id"]))
    async with shop.database.units(shop.merchant_id) as unit:
        open_one = await unit.redemptions.one(redemption)
        await unit.redemptions.end(open_one, RedemptionStatus.CANCELLED, uuid7(), unit.now)
        with pytest.raises(RedemptionClosed):
            await unit.redemptions.end(open_one, RedemptionStatus.REDEEMED, uuid7(), unit.now)
        assert (await unit.redemptions.one(redemption)).status is RedemptionStatus.CANCELLED


async def test_a_merchant_is_found_by_name_and_changed_by_itself_only(
    books_of_record: Database,
) -> None:
    """The directory is public; a unit of another merchant sees neither place nor program."""
    ours = await open_shop(books_of_record)
    theirs = await open_shop(books_of_record, slug="other")
    async with books_of_record.directory() as directory:
        assert (await directory.merchant("shop")).id == ours.merchant_id
        with pytest.raises(NotFound):
            await directory.merchant("nobody")
    stranger = replace(ours, principal=replace(ours.principal, merchant_id=theirs.merchant_id))
    async with books_of_record.units(stranger.merchant_id) as unit:
        with pytest.raises(NotFound):
            await unit.merchants.location(ours.location.id)
        with pytest.raises(NotFound):
            await unit.programs.version(ours.program.version.id)
        assert [place.id for place in await unit.merchants.locations()] == [theirs.location.id]
        assert (await unit.merchants.location_by_code("HERE")).id == theirs.location.id
