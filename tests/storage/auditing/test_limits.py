"""What may be is no violation: visits told of late, cards joined, and shares made smaller."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from gateway.domain.ledger import TransactionKind
from gateway.services.merchants.designing import Author
from gateway.services.rewards.cataloguing import change_reward
from gateway.services.sales.visiting import RecordVisit, record_visit
from gateway.storage.database import Database
from tests.catalogues import put_on_shelf, redemption_of, take
from tests.ledgers import join
from tests.plans import stamp_plan
from tests.shops import CLOCK, FINGERPRINT, ORIGIN, Shop, open_shop


async def visit(shop: Shop, card: UUID, happened: datetime | None = None) -> None:
    """Tell of a visit, now or as a till that was offline."""
    command = RecordVisit(
        principal=shop.principal,
        origin=replace(ORIGIN, source="till"),
        key=uuid7().hex,
        fingerprint=FINGERPRINT,
        card_id=card,
        reference=uuid7().hex,
        location_id=shop.location.id,
        clock=CLOCK,
        occurred_at=happened,
        age_max=timedelta(days=30),
    )
    assert (await record_visit(shop.database.units, command, uuid7)).is_done


async def test_visits_told_of_late_may_be_told_of_together(books_of_record: Database) -> None:
    """Days apart when they happened, and a moment apart in the books."""
    plan = stamp_plan(10, cooldown_minutes=15, daily_limit=5)
    shop = await open_shop(books_of_record, plan=plan, cards=1)
    for hours in (50, 26, 2):
        await visit(shop, shop.cards[0], datetime.now(UTC) - timedelta(hours=hours))
    await shop.stamp(shop.stamp_command(shop.cards[0]))
    assert await shop.violations() == []


async def test_two_full_days_of_joined_cards_are_no_violation(books_of_record: Database) -> None:
    """Each card kept to the limit before they were one."""
    plan = stamp_plan(10, cooldown_minutes=0, daily_limit=2)
    shop = await open_shop(books_of_record, plan=plan, cards=2)
    giver, taker = shop.cards
    for card in (giver, giver, taker, taker):
        await visit(shop, card)
    assert (await join(shop, giver, taker)).is_done
    assert await shop.violations() == []


async def test_a_share_can_be_made_smaller(books_of_record: Database) -> None:
    """Who had more before keeps it, and that is no alarm."""
    plan = stamp_plan(10, cooldown_minutes=0, daily_limit=50)
    shop = await open_shop(books_of_record, plan=plan, cards=1)
    await shop.fill(3)
    mug = await put_on_shelf(shop, per_member_max=3)
    for _ in range(2):
        redemption = redemption_of(await take(shop, mug))
        await shop.end(shop.end_command(redemption), TransactionKind.REDEEM)
    async with shop.database.units(shop.merchant_id) as unit:
        design: dict[str, object] = {"name": "Mug", "unit": "stamp", "cost": 1}
        keeper = Author(principal=shop.principal, origin=ORIGIN, new_id=uuid7)
        await change_reward(unit, mug.id, design | {"per_member_max": 1}, keeper, revision=1)
    assert await shop.violations() == []
