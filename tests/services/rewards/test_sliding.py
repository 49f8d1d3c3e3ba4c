"""A card whose value slides: each use of it, and nothing else, lets everything live on."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from gateway.domain.ledger import TransactionKind
from gateway.domain.rules.expiry import SlidingExpiry, expires_at
from gateway.storage.database import Database as Opened
from tests.ledgers import grant, spend
from tests.plans import stamp_plan
from tests.shops import CLOCK, Shop, body, open_shop

SLIDING = SlidingExpiry(months=1)
SOON = timedelta(days=2)
Use = Callable[[Shop], Awaitable[object]]


@pytest.fixture
async def shop(books_of_record: Opened) -> Shop:
    """A shop whose card has three stamps of a coffee that end soon."""
    shop = await open_shop(books_of_record, plan=replace(stamp_plan(), expiry=SLIDING))
    await shop.fill(3)
    await _age(shop)
    return shop


async def _age(shop: Shop) -> None:
    """Let everything on the cards end soon."""
    await shop.execute("UPDATE lots SET expires_at = clock_timestamp() + :soon", soon=SOON)


async def _reserved(shop: Shop) -> UUID:
    return UUID(str(body(await shop.reserve())["redemption_id"]))


async def _days_left(shop: Shop) -> set[int]:
    rows = await shop.rows(
        "SELECT extract(day FROM expires_at - clock_timestamp())::int FROM lots"
        " WHERE remaining > 0 AND expires_at IS NOT NULL"
    )
    return {days for (days,) in rows}


def _whole_days() -> int:
    """Return how many whole days what is used now lives on."""
    now = datetime.now(UTC)
    end = expires_at(SLIDING, now, CLOCK)
    assert end is not None
    return (end - now - timedelta(minutes=1)).days


async def test_an_earning_moves_all_units_and_what_is_pending(shop: Shop) -> None:
    """Not only the lots of what was just earned."""
    card = shop.cards[0]
    end = datetime.now(UTC) + SOON
    await grant(shop, card, 7, expires_at=end)
    await grant(shop, card, 5, expires_at=end, usable_from=end - timedelta(days=1))
    await grant(shop, card, 1, unit="voucher:breakfast", expires_at=end)
    await shop.stamp()
    assert await _days_left(shop) == {_whole_days()}
    assert not await shop.violations()


async def test_setting_a_reward_aside_and_handing_it_out_are_uses(shop: Shop) -> None:
    """What else is on the card lives on, each time."""
    await grant(shop, shop.cards[0], 7, expires_at=datetime.now(UTC) + SOON)
    redemption = await _reserved(shop)
    assert await _days_left(shop) == {_whole_days()}
    await _age(shop)
    await shop.end(shop.end_command(redemption), TransactionKind.REDEEM)
    assert await _days_left(shop) == {_whole_days()}
    assert not await shop.violations()


@pytest.mark.parametrize("how", [TransactionKind.CANCEL, TransactionKind.LAPSE])
async def test_what_comes_back_catches_up_with_the_last_use(
    shop: Shop, how: TransactionKind
) -> None:
    """What was set aside did not move meanwhile; giving it back is no use of its own."""
    redemption = await _reserved(shop)
    used_at = datetime.now(UTC) - timedelta(days=5)
    await shop.execute("UPDATE redemptions SET reserved_at = :used_at", used_at=used_at)
    await shop.execute("UPDATE cards SET last_earned_at = :used_at", used_at=used_at)
    await shop.end(shop.end_command(redemption), how)
    end = expires_at(SLIDING, used_at, CLOCK)
    assert await shop.rows("SELECT DISTINCT expires_at FROM lots") == [(end,)]
    assert not await shop.violations()


async def test_what_is_taken_back_catches_up_too(shop: Shop) -> None:
    """Handing it out was the last use."""
    command = shop.end_command(await _reserved(shop))
    await shop.end(command, TransactionKind.REDEEM)
    await _age(shop)
    await shop.take_back(shop.end_command(command.redemption_id))
    assert await _days_left(shop) == {_whole_days()}


async def test_what_ends_later_or_never_stays_as_it_is(shop: Shop) -> None:
    """No use of a card makes anything on it end sooner."""
    card = shop.cards[0]
    later = datetime.now(UTC) + timedelta(days=900)
    await grant(shop, card, 7, expires_at=later)
    await grant(shop, card, 9)
    await shop.stamp()
    rows = await shop.rows("SELECT expires_at FROM lots WHERE unit = 'point' ORDER BY remaining")
    assert rows == [(later,), (None,)]


async def test_what_is_done_by_hand_is_no_use(shop: Shop) -> None:
    """A correction by the shop leaves every end where it was."""
    await spend(shop, shop.cards[0], "stamp", 1)
    assert await _days_left(shop) == {SOON.days - 1}
