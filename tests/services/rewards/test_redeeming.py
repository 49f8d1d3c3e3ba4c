"""Redeeming: stamps leave once, come back at most once, and every pair of commands agrees."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import combinations_with_replacement
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from gateway.domain.errors import KeyReused, NotFound
from gateway.domain.ledger import TransactionKind
from gateway.services.cards.commands import Answer
from gateway.services.cards.viewing import view_card
from gateway.storage.database import Database
from tests.shops import Shop, body, open_shop

ENDS = (TransactionKind.REDEEM, TransactionKind.CANCEL, TransactionKind.LAPSE)
LONG_AGO = "UPDATE redemptions SET expires_at = clock_timestamp() - interval '1 second'"


@pytest.fixture
async def full(bare_shop: Shop) -> Shop:
    """A shop whose card has the three stamps of a coffee."""
    await bare_shop.fill(3)
    return bare_shop


async def test_a_reservation_sets_stamps_aside(full: Shop) -> None:
    """The stamps leave what is available, the code is told, and the facts name it."""
    told = body(await full.reserve())
    assert (told["status"], told["code"], told["reward"]) == ("reserved", "K7Q2", "Coffee")
    assert await full.balances() == (0, 3, 5)
    assert (await full.facts())[-1] == "loyalty.reward.reserved"
    assert not await full.violations()


@pytest.mark.parametrize(
    ("how", "status", "balances", "fact"),
    [
        (TransactionKind.REDEEM, "redeemed", (0, 0), "loyalty.reward.redeemed"),
        (TransactionKind.CANCEL, "cancelled", (3, 0), "loyalty.reward.reservation_released"),
        (TransactionKind.LAPSE, "expired", (3, 0), "loyalty.reward.reservation_released"),
    ],
)
async def test_a_reservation_comes_to_one_of_three_ends(
    full: Shop, how: TransactionKind, status: str, balances: tuple[int, int], fact: str
) -> None:
    """Handed out, its stamps are gone; cancelled or run out, they are back."""
    redemption = await _reserved(full)
    told = body(await full.end(full.end_command(redemption), how))
    assert told["status"] == status
    assert (await full.balances())[:2] == balances
    assert (await full.facts())[-1] == fact
    assert not await full.violations()


async def test_every_step_is_replayed(full: Shop) -> None:
    """A retry of a reservation or of its end gets the first bytes and moves nothing."""
    reserve = full.reserve_command()
    first = await full.reserve(reserve)
    assert await full.reserve(reserve) == replace(first, replayed=True)
    end = full.end_command(UUID(str(body(first)["redemption_id"])))
    redeemed = await full.end(end, TransactionKind.REDEEM)
    assert await full.end(end, TransactionKind.REDEEM) == replace(redeemed, replayed=True)
    assert await full.balances() == (0, 0, 6)
    with pytest.raises(KeyReused):
        await full.reserve(replace(reserve, fingerprint=b"o" * 32))


async def test_too_few_stamps_are_refused_for_good(bare_shop: Shop) -> None:
    """A refusal keeps its key: more stamps later do not turn it into a reservation."""
    command = bare_shop.reserve_command()
    refused = await bare_shop.reserve(command)
    assert (refused.status, body(refused)["code"]) == (422, "not_enough")
    assert body(refused)["missing"] == 3
    await bare_shop.fill(3)
    assert await bare_shop.reserve(command) == replace(refused, replayed=True)
    assert (await bare_shop.reserve()).is_done


async def test_a_blocked_card_cannot_reserve(full: Shop) -> None:
    """A card that was blocked keeps its stamps."""
    await full.execute("UPDATE cards SET status = 'blocked'")
    assert body(await full.reserve())["code"] == "card_blocked"
    assert (await full.balances())[:2] == (3, 0)


async def test_what_ended_stays_ended(full: Shop) -> None:
    """A second end is refused, final for its key, and says how it ended."""
    redemption = await _reserved(full)
    await full.end(full.end_command(redemption), TransactionKind.CANCEL)
    command = full.end_command(redemption)
    closed = await full.end(command, TransactionKind.REDEEM)
    assert (closed.status, body(closed)["code"]) == (409, "redemption_closed")
    assert await full.end(command, TransactionKind.REDEEM) == replace(closed, replayed=True)
    assert (await full.balances())[:2] == (3, 0)


async def test_a_reservation_cannot_be_handed_out_too_late(full: Shop) -> None:
    """After its quarter of an hour it is refused, and can still run out."""
    redemption = await _reserved(full)
    await full.execute(LONG_AGO)
    late = await full.end(full.end_command(redemption), TransactionKind.REDEEM)
    assert (late.status, body(late)["code"]) == (409, "redemption_expired")
    assert (await full.end(full.end_command(redemption), TransactionKind.LAPSE)).is_done
    assert (await full.balances())[:2] == (3, 0)


async def test_what_is_not_there_is_not_found(books_of_record: Database) -> None:
    """Unknown cards, rewards and redemptions, and those of others, take no key."""
    ours = await open_shop(books_of_record, cards=2)
    theirs = await open_shop(books_of_record, slug="other")
    for shop in (ours, theirs):
        await shop.fill(3)
    redemption, foreign = await _reserved(ours), await _reserved(theirs)
    attempts: list[Awaitable[Answer]] = [
        ours.reserve(ours.reserve_command(card=uuid7())),
        ours.reserve(replace(ours.reserve_command(), reward_id=uuid7())),
        ours.reserve(replace(ours.reserve_command(), reward_id=theirs.reward.id)),
        ours.end(ours.end_command(uuid7()), TransactionKind.REDEEM),
        ours.end(ours.end_command(foreign), TransactionKind.REDEEM),
        ours.end(ours.end_command(redemption, card=ours.cards[1]), TransactionKind.REDEEM),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound):
            await attempt
    assert (await ours.balances())[:2] == (0, 3)


@pytest.mark.parametrize(("one", "other"), list(combinations_with_replacement(ENDS, 2)))
async def test_of_two_ends_at_once_one_counts(
    full: Shop, one: TransactionKind, other: TransactionKind
) -> None:
    """Whatever two tills do to a redemption at the same moment, it ends once."""
    for _ in range(2):
        redemption = await _reserved(full)
        answers = await asyncio.gather(
            *(full.end(full.end_command(redemption), how) for how in (one, other, one, other))
        )
        done = [answer for answer in answers if answer.is_done]
        assert len(done) == 1
        assert {body(a)["code"] for a in answers if not a.is_done} == {"redemption_closed"}
        handed_out = body(done[0])["status"] == "redeemed"
        assert (await full.balances())[:2] == ((0, 0) if handed_out else (3, 0))
        assert not await full.violations()
        if handed_out:
            await full.fill(3)


async def test_ten_reservations_at_once_for_one_coffee(full: Shop) -> None:
    """Three stamps are set aside once, and nobody has to wait for the deadlock detector."""
    answers = await asyncio.gather(*(full.reserve() for _ in range(10)))
    assert sum(answer.is_done for answer in answers) == 1
    codes = {body(answer)["code"] for answer in answers if not answer.is_done}
    assert codes == {"not_enough"}
    assert (await full.balances())[:2] == (0, 3)
    assert not await full.violations()


async def test_ten_retries_of_a_reservation_at_once_are_one(full: Shop) -> None:
    """One key at once reserves once, and everybody reads the same code."""
    command = full.reserve_command()
    answers = await asyncio.gather(*(full.reserve(command) for _ in range(10)))
    assert len({answer.body for answer in answers}) == 1
    assert sum(not answer.replayed for answer in answers) == 1
    assert (await full.balances())[:2] == (0, 3)


async def test_every_pair_of_commands_agrees(books_of_record: Database) -> None:
    """Any two commands on one card at once: no effect twice, none lost, the books in order."""
    shop = await open_shop(books_of_record, cards=25)
    names = ["stamp", "undo", "reserve", "redeem", "cancel"]
    pairs = [(one, other) for one in names for other in names]
    for card, (one, other) in zip(shop.cards, pairs, strict=True):
        await shop.fill(6, card)
        redemption = await _reserved(shop, card)
        last = await shop.fill(1, card)
        before = (await shop.balances(card))[:2]
        assert before == (4, 3)
        commands = _commands(shop, card, redemption, last)
        answers = await asyncio.gather(commands[one](), commands[other]())
        done = [name for name, a in zip((one, other), answers, strict=True) if a.is_done]
        moved = {
            "stamp": (1, 0),
            "undo": (-1, 0),
            "reserve": (-3, 3),
            "redeem": (0, -3),
            "cancel": (3, -3),
        }
        expected = tuple(
            start + sum(moved[name][side] for name in done) for side, start in enumerate(before)
        )
        assert (await shop.balances(card))[:2] == expected, (one, other, done)
        assert done, (one, other)
    assert not await shop.violations()


async def _reserved(shop: Shop, card: UUID | None = None) -> UUID:
    answer = await shop.reserve(shop.reserve_command(card=card))
    return UUID(str(body(answer)["redemption_id"]))


def _commands(
    shop: Shop, card: UUID, redemption: UUID, last: UUID
) -> dict[str, Callable[[], Awaitable[Answer]]]:
    async def stamp() -> Answer:
        (reply,) = await shop.stamp(shop.stamp_command(card))
        assert isinstance(reply, Answer)
        return reply

    def end(how: TransactionKind) -> Callable[[], Awaitable[Answer]]:
        return lambda: shop.end(shop.end_command(redemption, card=card), how)

    return {
        "stamp": stamp,
        "undo": lambda: shop.undo(shop.undo_command(last, card=card)),
        "reserve": lambda: shop.reserve(shop.reserve_command(card=card)),
        "redeem": end(TransactionKind.REDEEM),
        "cancel": end(TransactionKind.CANCEL),
    }


async def test_a_program_for_other_locations_hands_out_nothing_here(bare_shop: Shop) -> None:
    """Where it does not take part, nothing is reserved; who names no place is not held to one."""
    await bare_shop.fill(3)
    version = replace(
        bare_shop.version,
        id=uuid7(),
        number=2,
        plan=replace(bare_shop.version.plan, locations=(uuid7(),)),
    )
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        program = replace(bare_shop.program, version=version, revision=2)
        await unit.programs.change(program, revision=1)
        await unit.programs.add_version(version, None, unit.now)
        await unit.rewards.add_promised(version, uuid7, unit.now)
        rewards = await unit.rewards.of_program(program.id, version.id)
    command = replace(bare_shop.reserve_command(), reward_id=rewards[0].id)
    refused = await bare_shop.reserve(command)
    assert body(refused)["code"] == "location_not_participating"
    nowhere = replace(bare_shop.principal, location_id=None)
    assert (await bare_shop.reserve(replace(command, principal=nowhere, key="k"))).is_done


async def test_what_ended_reserves_nothing_before_the_job_sees_it(full: Shop) -> None:
    """It ends first, in a transaction of its own, and the page shows no reward for it."""
    await full.execute("UPDATE lots SET expires_at = clock_timestamp() - interval '1 second'")
    async with full.database.units(full.merchant_id) as unit:
        view = await view_card(unit, await unit.cards.one(full.cards[0]))
    assert not any(claim.is_ready for claim in view.claims)
    refused = await full.reserve()
    assert (refused.status, body(refused)["code"]) == (422, "not_enough")
    assert (await full.balances())[:2] == (0, 0)
    assert (await full.facts())[-1] == "loyalty.points.expired"
    assert not await full.violations()


async def test_what_ended_leaves_the_rest_to_be_reserved(full: Shop) -> None:
    """Only what is still good is set aside."""
    await full.execute("UPDATE lots SET expires_at = clock_timestamp() - interval '1 second'")
    await full.fill(3)
    assert (await full.reserve()).is_done
    assert (await full.balances())[:2] == (0, 3)
    assert not await full.violations()
