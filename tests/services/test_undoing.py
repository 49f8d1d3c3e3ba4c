"""Undoing: a stamp goes back once, and only while it can."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from gateway.domain.errors import Busy, NotFound
from gateway.domain.ledger import Account, TransactionKind
from gateway.services.cards.commands import Answer
from gateway.storage.cards.ledger import Ledger
from gateway.storage.cards.postings import Posting, Written
from gateway.storage.database import Database
from tests.plans import stamp_plan
from tests.shops import Shop, body, open_shop


async def test_an_undone_stamp_is_as_if_it_never_was(books_of_record: Database) -> None:
    """The balance, the cooldown and the daily limit are as before; the books show both steps."""
    plan = stamp_plan(3, cooldown_minutes=15, daily_limit=1)
    shop = await open_shop(books_of_record, plan=plan)
    given = await shop.fill(1)
    told = body(await shop.undo(shop.undo_command(given)))
    assert told["reversed_transaction_id"] == str(given)
    assert await shop.balances() == (0, 0, 3)
    assert await shop.facts() == ["loyalty.card.stamped", "loyalty.card.earning_reversed"]
    (again,) = await shop.stamp()
    assert isinstance(again, Answer)
    assert again.is_done
    async with shop.database.units(shop.merchant_id) as unit:
        history = await unit.transactions.history(shop.cards[0])
    at_hand = [
        (line.kind, movement.delta, line.reversed)
        for line in history
        for movement in line.movements
        if movement.account is Account.AVAILABLE
    ]
    assert at_hand == [
        (TransactionKind.EARN, 1, False),
        (TransactionKind.REVERSE, -1, False),
        (TransactionKind.EARN, 1, True),
    ]
    assert not await shop.violations()


async def test_an_undo_is_replayed_and_a_second_one_refused(bare_shop: Shop) -> None:
    """The same key gets the same answer, another key hears that it is done already."""
    command = bare_shop.undo_command(await bare_shop.fill(1))
    first = await bare_shop.undo(command)
    assert await bare_shop.undo(command) == replace(first, replayed=True)
    refused = await bare_shop.undo(bare_shop.undo_command(command.transaction_id))
    assert (refused.status, body(refused)["code"]) == (409, "already_reversed")
    assert (await bare_shop.balances())[0] == 0


async def test_ten_undos_at_once_take_one_stamp(bare_shop: Shop) -> None:
    """However many tills undo a stamp at the same moment, it goes back once."""
    given = await bare_shop.fill(2)
    answers = await asyncio.gather(
        *(bare_shop.undo(bare_shop.undo_command(given)) for _ in range(10))
    )
    assert sum(answer.is_done for answer in answers) == 1
    assert (await bare_shop.balances())[0] == 1
    assert not await bare_shop.violations()


async def test_undo_and_reserve_cannot_both_have_the_stamp(books_of_record: Database) -> None:
    """The third stamp is either taken back or part of the reward."""
    shop = await open_shop(books_of_record, cards=10)
    for card in shop.cards:
        given = await shop.fill(3, card)
        undone, reserved = await asyncio.gather(
            shop.undo(shop.undo_command(given, card=card)),
            shop.reserve(shop.reserve_command(card=card)),
        )
        assert undone.is_done is not reserved.is_done
        assert (await shop.balances(card))[:2] == ((2, 0) if undone.is_done else (0, 3))
    assert not await shop.violations()


@pytest.mark.parametrize("how", [None, TransactionKind.REDEEM, TransactionKind.CANCEL])
async def test_only_stamps_can_be_undone(bare_shop: Shop, how: TransactionKind | None) -> None:
    """A reservation and its ends have their own ways back."""
    await bare_shop.fill(3)
    redemption = UUID(str(body(await bare_shop.reserve())["redemption_id"]))
    if how:
        await bare_shop.end(bare_shop.end_command(redemption), how)
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        (latest, *_) = await unit.transactions.history(bare_shop.cards[0])
    refused = await bare_shop.undo(bare_shop.undo_command(latest.transaction_id))
    assert (refused.status, body(refused)["code"]) == (422, "not_reversible")


async def test_a_stamp_can_be_undone_for_a_while_only(
    bare_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After its time, by the database's clock, it stays."""
    given = await bare_shop.fill(1)
    monkeypatch.setattr("gateway.domain.reversals.UNDO_SECONDS_MAX", 0)
    refused = await bare_shop.undo(bare_shop.undo_command(given))
    assert (refused.status, body(refused)["code"]) == (422, "not_reversible")
    assert (await bare_shop.balances())[0] == 1


async def test_what_is_not_there_is_not_found(books_of_record: Database) -> None:
    """Unknown transactions, and those of another card or merchant, take no key."""
    ours = await open_shop(books_of_record, cards=2)
    theirs = await open_shop(books_of_record, slug="other")
    given, foreign = await ours.fill(1), await theirs.fill(1)
    for command in (
        ours.undo_command(uuid7()),
        ours.undo_command(foreign),
        ours.undo_command(given, card=ours.cards[1]),
        ours.undo_command(given, card=uuid7()),
    ):
        with pytest.raises(NotFound):
            await ours.undo(command)
    assert (await ours.undo(ours.undo_command(given))).is_done


async def test_only_who_loses_every_time_is_told_to_come_back(
    bare_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the card changes under every try the answer is busy, and nothing was written."""
    monkeypatch.setattr("gateway.services.cards.posting.TRIES_MAX", 2)
    command = bare_shop.undo_command(await bare_shop.fill(1))
    write = Ledger.write

    async def too_late(ledger: Ledger, postings: Sequence[Posting]) -> list[Written]:
        await bare_shop.execute("UPDATE cards SET version = version + 1")
        return await write(ledger, postings)

    with monkeypatch.context() as racing:
        racing.setattr(Ledger, "write", too_late)
        with pytest.raises(Busy):
            await bare_shop.undo(command)
    assert (await bare_shop.balances())[0] == 1
    answer = await bare_shop.undo(command)
    assert answer.is_done
    assert not answer.replayed
    assert (await bare_shop.balances())[0] == 0
