"""Stamping: one effect per key, one answer for ever, and nobody fails because of a neighbour."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import asyncpg
import pytest
from uuid_utils.compat import uuid7

from gateway.domain.errors import AlreadyRecorded, Busy, KeyReused, NotFound
from gateway.services.cards.coalescing import Coalescer
from gateway.services.cards.commands import Answer, StampCard
from gateway.services.cards.stamping import Books, Reply, stamp
from gateway.storage.cards.ledger import Ledger, Row
from gateway.storage.database import Database
from tests.plans import stamp_plan
from tests.shops import Shop, body, open_shop

AT_ONCE = 50
COOLING = stamp_plan(10, cooldown_minutes=15, daily_limit=5)


async def test_a_stamp_is_posted_announced_and_answered(bare_shop: Shop) -> None:
    """A grant moves one stamp, counts up the card and tells what the visit was worth."""
    (reply,) = await bare_shop.stamp()
    assert isinstance(reply, Answer)
    assert (reply.status, reply.is_done, reply.replayed) == (200, True, False)
    told = body(reply)
    assert told["given"] == [{"unit": "stamp", "amount": 1}]
    assert told["progress"] == {
        "unit": "stamp",
        "count": 1,
        "target": 3,
        "rewards_ready": 0,
        "text": "1 of 3",
    }
    assert await bare_shop.balances() == (1, 0, 2)
    assert await bare_shop.facts() == ["loyalty.card.stamped"]
    assert not await bare_shop.violations()


async def test_the_last_stamp_earns_the_reward(bare_shop: Shop) -> None:
    """The stamp that reaches the target announces the reward too, and the card reads full."""
    await bare_shop.fill(2)
    (reply,) = await bare_shop.stamp()
    told = body(reply)
    assert told["rewards_earned"] == 1
    assert told["progress"] == {
        "unit": "stamp",
        "count": 3,
        "target": 3,
        "rewards_ready": 1,
        "text": "3 of 3",
    }
    assert (await bare_shop.facts()).count("loyalty.reward.earned") == 1


async def test_a_retry_gets_the_same_bytes(bare_shop: Shop) -> None:
    """The second try of a key has no effect and the very answer of the first."""
    command = bare_shop.stamp_command()
    (first,) = await bare_shop.stamp(command)
    (second,) = await bare_shop.stamp(command)
    assert isinstance(first, Answer)
    assert second == replace(first, replayed=True)
    assert (await bare_shop.balances())[0] == 1


async def test_a_refusal_is_final_for_its_key(books_of_record: Database) -> None:
    """Who was refused is refused again with the same words, even when a new key is not."""
    shop = await open_shop(books_of_record, plan=COOLING)
    await shop.stamp()
    command = shop.stamp_command()
    (refused,) = await shop.stamp(command)
    assert isinstance(refused, Answer)
    assert (refused.status, body(refused)["code"]) == (422, "cooldown_active")
    await shop.execute("UPDATE cards SET last_earned_at = NULL")
    (again,) = await shop.stamp(command)
    (fresh,) = await shop.stamp()
    assert again == replace(refused, replayed=True)
    assert isinstance(fresh, Answer)
    assert fresh.is_done


async def test_a_key_is_for_one_request(bare_shop: Shop) -> None:
    """The same key with another request is refused, and the refusal is not kept."""
    command = bare_shop.stamp_command()
    await bare_shop.stamp(command)
    (reply,) = await bare_shop.stamp(replace(command, fingerprint=b"o" * 32))
    (again,) = await bare_shop.stamp(command)
    assert isinstance(reply, KeyReused)
    assert isinstance(again, Answer)
    assert again.is_done
    assert again.replayed


async def test_an_unknown_card_takes_no_key(bare_shop: Shop) -> None:
    """A card that is not there is not found, and its key stays free."""
    command = bare_shop.stamp_command(uuid7())
    (reply,) = await bare_shop.stamp(command)
    (after,) = await bare_shop.stamp(replace(command, card_id=bare_shop.cards[0]))
    assert isinstance(reply, NotFound)
    assert isinstance(after, Answer)
    assert after.is_done
    assert not after.replayed


async def test_a_set_answers_each_command_in_its_place(books_of_record: Database) -> None:
    """Doubles of a card and of a key, unknown cards and good ones: each gets its own reply."""
    shop = await open_shop(books_of_record, cards=3)
    one, two, three = shop.cards
    twice = shop.stamp_command(one)
    replies = await shop.stamp(
        twice,
        shop.stamp_command(two),
        twice,
        shop.stamp_command(one),
        shop.stamp_command(uuid7()),
        shop.stamp_command(three),
    )
    done = [isinstance(reply, Answer) and reply.is_done for reply in replies]
    assert done == [True, True, True, True, False, True]
    assert replies[2] == replace(_answer(replies[0]), replayed=True)
    assert isinstance(replies[4], NotFound)
    assert [(await shop.balances(card))[0] for card in shop.cards] == [2, 1, 1]


async def test_a_merchant_cannot_stamp_the_card_of_another(books_of_record: Database) -> None:
    """Another merchant's card does not exist, alone and in a set."""
    ours = await open_shop(books_of_record)
    theirs = await open_shop(books_of_record, slug="other")
    foreign = ours.stamp_command(theirs.cards[0])
    replies = await ours.stamp(foreign, ours.stamp_command())
    assert isinstance(replies[0], NotFound)
    assert isinstance(replies[1], Answer)
    assert (await theirs.balances())[0] == 0


async def test_two_merchants_in_one_set_keep_apart(books_of_record: Database) -> None:
    """The same key of two merchants is two keys, and each row is written in its own house."""
    ours = await open_shop(books_of_record, cards=2)
    theirs = await open_shop(books_of_record, cards=2, slug="other")
    commands = [
        ours.stamp_command(ours.cards[1], "same"),
        theirs.stamp_command(theirs.cards[0], "same"),
        ours.stamp_command(theirs.cards[1]),
        ours.stamp_command(ours.cards[0]),
        theirs.stamp_command(theirs.cards[1]),
    ]
    replies = await ours.stamp(*commands)
    assert isinstance(replies[2], NotFound)
    assert all(_answer(replies[n]).is_done for n in (0, 1, 3, 4))
    for shop in (ours, theirs):
        assert [(await shop.balances(card))[0] for card in shop.cards] == [1, 1]
        assert len(await shop.facts()) == 2
        assert not await shop.violations()


async def test_who_loses_the_card_reads_and_decides_again(bare_shop: Shop) -> None:
    """A card that changed between reading and writing is read again, not overwritten."""
    outside = bare_shop.stamp_command()
    race = _Race(bare_shop, lambda: bare_shop.stamp(outside), times=1)
    books = replace(bare_shop.books, ledger=race.ledger)
    (reply,) = await stamp(books, [bare_shop.stamp_command()])
    assert race.lost == 1
    assert body(reply)["progress"] == {
        "unit": "stamp",
        "count": 2,
        "target": 3,
        "rewards_ready": 0,
        "text": "2 of 3",
    }
    assert (await bare_shop.balances())[0] == 2


async def test_only_who_loses_every_time_is_told_to_come_back(
    bare_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the last round the answer is busy, and its key is still free."""
    monkeypatch.setattr("gateway.services.cards.stamping.ROUNDS_MAX", 3)
    command = bare_shop.stamp_command()
    race = _Race(bare_shop, bare_shop.stamp, times=3)
    (reply,) = await stamp(replace(bare_shop.books, ledger=race.ledger), [command])
    (later,) = await bare_shop.stamp(command)
    assert isinstance(reply, Busy)
    assert _answer(later).is_done
    assert not _answer(later).replayed


async def test_the_bell_rings_after_a_stamp(bare_shop: Shop) -> None:
    """What was written wakes the workers; a retry, which writes nothing, does not."""
    rings: list[bool] = []
    books = replace(bare_shop.books, ring=lambda: rings.append(True))
    command = bare_shop.stamp_command()
    await stamp(books, [command])
    assert rings == [True]
    await stamp(books, [command])
    assert rings == [True]


async def test_fifty_at_once_give_one_stamp(books_of_record: Database) -> None:
    """Under a cooldown one of fifty till presses counts, and all others hear the same reason."""
    shop = await open_shop(books_of_record, plan=COOLING)
    replies = await asyncio.gather(*(shop.stamp() for _ in range(AT_ONCE)))
    answers = [_answer(reply) for (reply,) in replies]
    refused = [body(answer)["code"] for answer in answers if not answer.is_done]
    assert refused == ["cooldown_active"] * (AT_ONCE - 1)
    assert await shop.balances() == (1, 0, 2)
    assert not await shop.violations()


async def test_fifty_at_once_without_limits_all_count(bare_shop: Shop) -> None:
    """Without a cooldown nobody's stamp is lost, however often the card changed meanwhile."""
    coalescer = _coalescer(bare_shop.books)
    replies = await asyncio.gather(
        *(coalescer.ask(bare_shop.stamp_command()) for _ in range(AT_ONCE))
    )
    assert all(_answer(reply).is_done for reply in replies)
    assert (await bare_shop.balances())[0] == AT_ONCE
    assert not await bare_shop.violations()


@pytest.mark.parametrize("refused", [False, True])
@pytest.mark.parametrize("coalesced", [False, True])
async def test_fifty_retries_at_once_have_one_effect(
    books_of_record: Database, *, refused: bool, coalesced: bool
) -> None:
    """One key at once fifty times: one effect or none, and identical answers."""
    shop = await open_shop(books_of_record, plan=COOLING)
    if refused:
        await shop.stamp()
    command = shop.stamp_command()
    coalescer = _coalescer(shop.books)

    async def ask() -> Reply:
        return await coalescer.ask(command) if coalesced else (await shop.stamp(command))[0]

    answers = [_answer(reply) for reply in await asyncio.gather(*(ask() for _ in range(AT_ONCE)))]
    assert len({(answer.status, answer.body) for answer in answers}) == 1
    assert [answer.replayed for answer in answers].count(False) == 1
    assert answers[0].is_done is not refused
    assert (await shop.balances())[0] == 1


async def test_a_receipt_counts_once_and_harms_no_neighbour(books_of_record: Database) -> None:
    """A purchase recorded before is refused; the rest of its set is stamped all the same."""
    shop = await open_shop(books_of_record, cards=3)
    bought = replace(shop.stamp_command(shop.cards[0]), source_event_id="receipt-1")
    await shop.stamp(bought)
    again = replace(shop.stamp_command(shop.cards[1]), source_event_id="receipt-1")
    replies = await shop.stamp(shop.stamp_command(shop.cards[2]), again, bought)
    assert isinstance(replies[1], AlreadyRecorded)
    assert _answer(replies[0]).is_done
    assert _answer(replies[2]).replayed
    assert [(await shop.balances(card))[0] for card in shop.cards] == [1, 0, 1]
    assert not await shop.violations()


async def test_a_receipt_counts_once_among_many_at_once(books_of_record: Database) -> None:
    """Two cards cannot both be stamped for one purchase, even at the same moment."""
    shop = await open_shop(books_of_record, cards=8)
    replies = await asyncio.gather(
        *(
            shop.stamp(replace(shop.stamp_command(card), source_event_id="receipt"))
            for card in shop.cards
        )
    )
    done = [reply for (reply,) in replies if isinstance(reply, Answer) and reply.is_done]
    recorded = [reply for (reply,) in replies if isinstance(reply, AlreadyRecorded)]
    assert (len(done), len(recorded)) == (1, 7)


async def test_what_fails_a_set_fails_only_itself(books_of_record: Database) -> None:
    """A command the database refuses outright is found, and its neighbours are stamped."""
    shop = await open_shop(books_of_record, cards=6)
    coalescer = _coalescer(shop.books)
    commands = [shop.stamp_command(card) for card in shop.cards]
    commands[3] = replace(commands[3], location_id=uuid7())
    replies = await asyncio.gather(
        *(coalescer.ask(command) for command in commands), return_exceptions=True
    )
    assert isinstance(replies[3], asyncpg.ForeignKeyViolationError)
    stamps = [(await shop.balances(card))[0] for card in shop.cards]
    assert stamps == [1, 1, 1, 0, 1, 1]
    assert not await shop.violations()


async def test_refusals_retried_in_any_order_never_wait_for_each_other(
    books_of_record: Database,
) -> None:
    """Two sets of the same refused keys in opposite orders go through without a deadlock."""
    shop = await open_shop(books_of_record, plan=COOLING, cards=40)
    await shop.stamp(*(shop.stamp_command(card) for card in shop.cards))
    for _ in range(5):
        commands = [shop.stamp_command(card) for card in shop.cards]
        one, other = await asyncio.gather(shop.stamp(*commands), shop.stamp(*reversed(commands)))
        for first, second in zip(one, reversed(other), strict=True):
            assert _answer(first).body == _answer(second).body


@dataclass(slots=True)
class _Race:
    """Somebody else who is faster, in the gap between reading and writing."""

    shop: Shop
    other: Callable[[], Awaitable[object]]
    times: int
    lost: int = 0

    @asynccontextmanager
    async def ledger(self) -> AsyncIterator[Ledger]:
        """Open the ledger, and let the other go first before anything is written."""
        async with self.shop.database.pool.acquire() as connection:

            async def fetch(query: str, *values: object) -> Sequence[Row]:
                if "ledger_write" in query and self.times:
                    self.times -= 1
                    await self.other()
                rows: Sequence[Row] = await connection.fetch(query, *values)
                if "ledger_write" in query:
                    self.lost += sum(row["result"] == "lost" for row in rows)
                return rows

            yield Ledger(fetch)


def _coalescer(books: Books) -> Coalescer[StampCard, Reply]:
    return Coalescer(lambda commands: stamp(books, commands))


def _answer(reply: Reply) -> Answer:
    assert isinstance(reply, Answer), reply
    return reply
