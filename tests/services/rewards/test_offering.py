"""Offering: rewards on the way, after the end of a program, and on the right business day."""

from datetime import date

import pytest

from gateway.domain.ledger import TransactionKind
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.promises import FreeItem
from gateway.domain.rules.stamps import Milestone, StampRule
from gateway.storage.database import Database
from tests.catalogues import put_on_shelf, redemption_of, take
from tests.plans import UNLIMITED
from tests.shops import Shop, body, open_shop

COOKIE = Milestone(key="cookie", at=1, reward=FreeItem(description="Cookie"))
COFFEE = StampRule(
    stamps_required=3, reward=FreeItem(description="Coffee"), intermediate_rewards=(COOKIE,)
)


async def test_a_reward_on_the_way_costs_no_stamps(books_of_record: Database) -> None:
    """It is there once it was reached, once, and the stamps stay for the coffee."""
    shop = await open_shop(books_of_record, plan=Plan(rules=(COFFEE,), limits=UNLIMITED), cards=1)
    _, cookie = shop.rewards
    assert body(await take(shop, cookie))["detail"] == "Cookie is not earned yet."
    await shop.fill(1)
    command = shop.end_command(redemption_of(await take(shop, cookie)))
    assert (await shop.end(command, TransactionKind.REDEEM)).is_done
    assert (await shop.balances())[:2] == (1, 0)
    assert (await shop.balances(unit_name="voucher:cookie"))[:2] == (0, 0)
    assert body(await take(shop, cookie))["code"] == "not_enough"
    assert not await shop.violations()


@pytest.mark.parametrize(
    ("end", "code"),
    [
        ("status = 'paused'", None),
        ("status = 'ended', ended_at = now() - interval '89 days'", None),
        ("status = 'ended', ended_at = now() - interval '91 days'", "redeeming_over"),
        (
            "status = 'ended', ended_at = now() - interval '89 days', deleted_at = now()",
            None,
        ),
    ],
)
async def test_balances_stay_redeemable_for_the_days_of_grace(
    bare_shop: Shop, end: str, code: str | None
) -> None:
    """Promised or of the catalogue, paused, ended, or deleted and out of sight."""
    await bare_shop.fill(4)
    mug = await put_on_shelf(bare_shop)
    await bare_shop.execute(f"UPDATE programs SET {end}")  # noqa: S608
    for reward in (bare_shop.reward, mug):
        told = body(await take(bare_shop, reward))
        assert told.get("code" if code else "status") == (code or "reserved")


async def test_a_redemption_falls_on_its_locations_business_day(bare_shop: Shop) -> None:
    """It is no visit and earns nothing, so the day is as before."""
    await bare_shop.fill(3)
    before = await bare_shop.rows("SELECT day, earnings, visits FROM card_days")
    await bare_shop.reserve()
    assert await bare_shop.rows("SELECT day, earnings, visits FROM card_days") == before
    ((day, earnings, visits),) = await bare_shop.rows(
        "SELECT business_day, earnings, visits FROM transactions WHERE kind = 'reserve'"
    )
    assert isinstance(day, date)
    assert (day, earnings, visits) == (before[0][0], 0, 0)
