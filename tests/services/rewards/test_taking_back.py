"""Taking back: the same lots with their expiry and the piece, once, whatever happens meanwhile."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from gateway.domain.ledger import TransactionKind
from gateway.domain.people import PERMISSIONS, Role
from gateway.domain.redemptions import RedemptionStatus
from gateway.domain.rewards import Reward
from gateway.services.cards.commands import EndRedemption
from tests.catalogues import put_on_shelf, redemption_of, stock_of, take
from tests.shops import Shop, body

OPEN_LOTS = "SELECT transaction_id, remaining, expires_at FROM lots WHERE remaining > 0 ORDER BY 1"


@pytest.fixture
async def mug(bare_shop: Shop) -> Reward:
    """The one mug there is, for two stamps, beside a card that has three."""
    await bare_shop.fill(3)
    return await put_on_shelf(bare_shop, stock=1, cost=2)


@pytest.fixture
async def redeemed(bare_shop: Shop, mug: Reward) -> EndRedemption:
    """The command about the mug, which is over the counter."""
    command = bare_shop.end_command(redemption_of(await take(bare_shop, mug)))
    assert (await bare_shop.end(command, TransactionKind.REDEEM)).is_done
    return replace(command, key="take back")


async def test_a_redeemed_reward_is_taken_back(
    bare_shop: Shop, mug: Reward, redeemed: EndRedemption
) -> None:
    """Its stamps and its piece are there again, and the books say what was undone."""
    told = body(await bare_shop.take_back(redeemed))
    assert (told["status"], told["reward"]) == ("reversed", "Mug")
    assert (await bare_shop.balances())[:2] == (3, 0)
    assert await stock_of(bare_shop, mug) == 1
    assert (await bare_shop.facts())[-1] == "loyalty.reward.reversed"
    undone = await bare_shop.rows(
        "SELECT t.kind FROM reversals r JOIN transactions t ON t.id = r.transaction_id"
    )
    assert undone == [("redeem",)]
    assert not await bare_shop.violations()


async def test_ten_at_once_take_it_back_once(
    bare_shop: Shop, mug: Reward, redeemed: EndRedemption
) -> None:
    """By different hands and by the same one again."""
    keys = [f"key-{number % 5}" for number in range(10)]
    answers = await asyncio.gather(
        *(bare_shop.take_back(replace(redeemed, key=key)) for key in keys)
    )
    assert len({answer.body for answer in answers if answer.is_done}) == 1
    assert {body(a)["code"] for a in answers if not a.is_done} == {"redemption_closed"}
    assert (await bare_shop.balances())[:2] == (3, 0)
    assert await stock_of(bare_shop, mug) == 1


async def test_what_was_cancelled_is_not_taken_back_again(
    bare_shop: Shop, mug: Reward, redeemed: EndRedemption
) -> None:
    """Nor is a reversed one cancelled: what came back came back."""
    await bare_shop.take_back(redeemed)
    for how in (TransactionKind.CANCEL, TransactionKind.LAPSE, TransactionKind.REDEEM):
        closed = await bare_shop.end(replace(redeemed, key=how), how)
        assert body(closed)["code"] == "redemption_closed"
    assert (await bare_shop.balances())[:2] == (3, 0)
    assert await stock_of(bare_shop, mug) == 1


@pytest.mark.parametrize(
    ("expires", "becomes"),
    [
        ("now() + interval '2 days'", "between now() + interval '1 day' and now() + '3 days'"),
        ("now() - interval '1 day'", "between now() + interval '6 days' and now() + '8 days'"),
        ("NULL", "IS NULL"),
    ],
)
@pytest.mark.parametrize("how", ["cancel", "take back"])
async def test_the_same_lots_come_back(
    bare_shop: Shop, mug: Reward, expires: str, becomes: str, how: str
) -> None:
    """With their own expiry; one that ran out meanwhile can be spent for a week more."""
    before = await bare_shop.rows(OPEN_LOTS)
    command = bare_shop.end_command(redemption_of(await take(bare_shop, mug)))
    taken = [row for row in before if row not in await bare_shop.rows(OPEN_LOTS)]
    assert len(taken) == 2
    await bare_shop.execute(f"UPDATE lots SET expires_at = {expires} WHERE remaining = 0")  # noqa: S608
    if how == "cancel":
        await bare_shop.end(command, TransactionKind.CANCEL)
    else:
        await bare_shop.end(command, TransactionKind.REDEEM)
        await bare_shop.take_back(replace(command, key=how))
    back = await bare_shop.rows(
        f"SELECT transaction_id FROM lots WHERE remaining = 1 AND expires_at {becomes}"  # noqa: S608
    )
    assert {row[0] for row in taken} <= {row[0] for row in back}
    assert len(await bare_shop.rows(OPEN_LOTS)) == 3
    assert not await bare_shop.violations()


async def test_what_ended_while_it_was_set_aside_lives_on_once(
    bare_shop: Shop, mug: Reward
) -> None:
    """Set aside again in its last week and cancelled again, it is over."""
    over = "UPDATE lots SET expires_at = now() - interval '1 second' WHERE remaining = 0"
    await bare_shop.end(await _reserved_and(bare_shop, mug, over), TransactionKind.CANCEL)
    await bare_shop.end(await _reserved_and(bare_shop, mug, over), TransactionKind.CANCEL)
    ((end,),) = await bare_shop.rows("SELECT DISTINCT expires_at FROM lots WHERE had_grace")
    assert end < datetime.now(UTC)
    assert not await bare_shop.violations()


async def test_who_cancels_late_has_no_longer_than_who_lets_it_run_out(
    bare_shop: Shop, mug: Reward
) -> None:
    """The week counts from when the reservation would have ended."""
    over = "UPDATE lots SET expires_at = clock_timestamp() - interval '9 days' WHERE remaining = 0"
    command = await _reserved_and(bare_shop, mug, over)
    await bare_shop.execute("UPDATE redemptions SET expires_at = now() - interval '6 days'")
    await bare_shop.end(command, TransactionKind.CANCEL)
    ((end,),) = await bare_shop.rows("SELECT DISTINCT expires_at FROM lots WHERE had_grace")
    assert end < datetime.now(UTC) + timedelta(days=2)


async def _reserved_and(shop: Shop, mug: Reward, statement: str) -> EndRedemption:
    """Return the command about the mug, set aside before a statement."""
    command = shop.end_command(redemption_of(await take(shop, mug)))
    await shop.execute(statement)
    return command


async def test_a_day_later_a_manager_is_asked(bare_shop: Shop, redeemed: EndRedemption) -> None:
    """Who only has the till may not any more, and the manager still may."""
    await bare_shop.execute("UPDATE redemptions SET ended_at = ended_at - interval '25 hours'")
    staff = replace(redeemed.principal, name="till:2", permissions=PERMISSIONS[Role.STAFF])
    refused = await bare_shop.take_back(replace(redeemed, principal=staff))
    assert body(refused)["code"] == "not_reversible"
    assert (await bare_shop.take_back(redeemed)).is_done


@pytest.mark.parametrize("how", [TransactionKind.CANCEL, TransactionKind.LAPSE])
async def test_who_dies_half_way_gave_nothing_back(
    bare_shop: Shop, mug: Reward, how: TransactionKind
) -> None:
    """A crash after everything but the commit leaves the reservation, which ends once."""
    redemption = redemption_of(await take(bare_shop, mug))
    with pytest.raises(_CrashError):
        await _die_half_way(bare_shop, redemption, mug)
    assert (await bare_shop.balances())[:2] == (1, 2)
    assert await stock_of(bare_shop, mug) == 0
    await asyncio.gather(
        *(bare_shop.end(bare_shop.end_command(redemption), how) for _ in range(3))
    )
    assert (await bare_shop.balances())[:2] == (3, 0)
    assert await stock_of(bare_shop, mug) == 1
    assert not await bare_shop.violations()


class _CrashError(Exception):
    """The process is gone."""


async def _die_half_way(shop: Shop, redemption_id: UUID, mug: Reward) -> None:
    async with shop.database.units(shop.merchant_id) as unit:
        redemption = await unit.redemptions.one(redemption_id)
        cancelled = RedemptionStatus.CANCELLED
        await unit.redemptions.end(redemption, cancelled, redemption_id, unit.now)
        await unit.rewards.return_stock(mug.id)
        raise _CrashError
