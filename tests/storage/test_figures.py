"""Figures: what was undone or taken back is not counted, and a merged card's past goes along."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from gateway.domain.business_day import business_day, day_begins
from gateway.domain.ledger import TransactionKind
from gateway.domain.program_figures import ACTIVE_DAYS, ProgramActivity, active_since
from gateway.services.merchants.overseeing import program_activity
from gateway.storage.cards.figures import ACTIVITY
from gateway.storage.database import Database
from tests.catalogues import redemption_of
from tests.shops import Shop, body, open_shop


async def counted(shop: Shop) -> tuple[int, int, int]:
    """Return members, active members and redemptions of the shop's program."""
    activity = await _activity(shop)
    return activity.members, activity.active_members, activity.redemptions


async def _activity(shop: Shop) -> ProgramActivity:
    async with shop.database.units(shop.merchant_id) as unit:
        return await program_activity(unit, shop.program.id)


async def redeem(shop: Shop, card: UUID) -> UUID:
    """Fill a card, hand its reward out, and return the redemption."""
    await shop.fill(3, card)
    taken = redemption_of(await shop.reserve(shop.reserve_command(card=card)))
    await shop.end(shop.end_command(taken, card=card), TransactionKind.REDEEM)
    return taken


async def test_who_earned_or_redeemed_is_active(books_of_record: Database) -> None:
    """Each once, however often; who only joined is a member, blocked ones too."""
    shop = await open_shop(books_of_record, cards=4)
    assert await counted(shop) == (4, 0, 0)

    await shop.stamp(shop.stamp_command(shop.cards[0]))
    await redeem(shop, shop.cards[1])
    await shop.execute("UPDATE cards SET status = 'blocked' WHERE id = :id", id=shop.cards[3])

    assert await counted(shop) == (4, 2, 1)


async def test_what_was_undone_or_taken_back_does_not_count(books_of_record: Database) -> None:
    """A stamp by mistake makes nobody active, and a reward that came back is none."""
    shop = await open_shop(books_of_record, cards=2)
    (told,) = await shop.stamp(shop.stamp_command(shop.cards[0]))
    await shop.undo(shop.undo_command(UUID(str(body(told)["transaction_id"]))))
    taken = await redeem(shop, shop.cards[1])
    assert await counted(shop) == (2, 1, 1)

    await shop.take_back(shop.end_command(taken, card=shop.cards[1]))

    assert await counted(shop) == (2, 1, 0)


async def test_the_window_is_of_business_days(books_of_record: Database) -> None:
    """Its first day counts from when it began; the day before does not."""
    shop = await open_shop(books_of_record, cards=2)
    await shop.stamp(shop.stamp_command(shop.cards[0]))
    await redeem(shop, shop.cards[1])
    async with shop.database.units(shop.merchant_id) as unit:
        clock = await unit.merchants.clock(None)
        today = business_day(unit.now, clock)
    first = active_since(today)
    assert first == today - timedelta(days=ACTIVE_DAYS - 1)
    await shop.execute("UPDATE card_days SET earnings = 0 WHERE card_id = :id", id=shop.cards[1])

    for day, begins_at, active in (
        (first, day_begins(first, clock), 2),
        (first - timedelta(days=1), day_begins(first, clock) - timedelta(seconds=1), 0),
    ):
        await shop.execute("UPDATE card_days SET day = :day", day=day)
        await shop.execute("UPDATE redemptions SET ended_at = :at", at=begins_at)
        assert (await _activity(shop)).active_members == active
    assert (await _activity(shop)).active_since == first


async def test_a_merged_card_is_nobody_and_its_redemption_the_others(
    books_of_record: Database,
) -> None:
    """One member, who is active by what they had with the card that was merged."""
    shop = await open_shop(books_of_record, cards=2)
    merged, into = shop.cards
    await redeem(shop, merged)
    await shop.execute(
        "UPDATE cards SET status = 'merged', merged_into = :into WHERE id = :id",
        id=merged,
        into=into,
    )
    await shop.execute("UPDATE card_days SET earnings = 0")

    assert await counted(shop) == (1, 1, 1)

    await shop.stamp(shop.stamp_command(into))
    assert await counted(shop) == (1, 1, 1), "one member by both cards"


async def test_figures_are_found_by_index(books_of_record: Database) -> None:
    """Where tables are too large to be read through, none has to be."""
    shop = await open_shop(books_of_record)
    async with shop.database.engine.connect() as connection:
        await connection.execute(text("SET LOCAL enable_seqscan = off"))
        async with shop.database.units(shop.merchant_id) as unit:
            now = unit.now
        named = {"merchant": shop.merchant_id, "program": shop.program.id}
        since = {"since": now.date(), "begins_at": now}
        rows = await connection.execute(text(f"EXPLAIN {ACTIVITY.text}"), named | since)
        plan = "\n".join(str(row[0]) for row in rows)

    assert "Seq Scan" not in plan, plan
    assert "cards_program_index" in plan, plan
    assert plan.count("(card_id = c.id)") == 2, "days and redemptions, each by its card"
