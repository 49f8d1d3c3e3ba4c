"""Segments: the database and the rules agree on every card about every condition."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from uuid_utils.compat import uuid7

from gateway.domain.audiences import matches
from gateway.domain.cards import Standing, Totals
from gateway.domain.errors import ChangedMeanwhile, NotFound
from gateway.domain.ledger import Account
from gateway.domain.programs import ProgramStatus
from gateway.domain.segments import Comparison, Condition, Match, Segment, SegmentField
from gateway.storage.cards.segment_conditions import belongs
from gateway.storage.cards.segments import SavedSegment
from gateway.storage.database import Database
from gateway.storage.tables import cards
from tests.shops import Shop, add_cards, open_shop

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
TIERS = (None, "silver", "gold")
MOMENTS = (
    None,
    NOW,
    NOW - timedelta(hours=23, minutes=59),
    NOW - timedelta(days=1),
    NOW - timedelta(days=2, seconds=1),
    NOW + timedelta(hours=1),
)
NUMBERS = (0, 1, 2, 5, 10**12)

conditions = st.builds(
    Condition,
    field=st.sampled_from(SegmentField),
    comparison=st.sampled_from(Comparison),
    value=st.one_of(
        st.sampled_from(NUMBERS),
        st.sampled_from(("silver", "gold", "none")),
        st.lists(st.sampled_from(("silver", "gold")), min_size=1, max_size=2).map(tuple),
    ),
)
segments = st.builds(
    Segment,
    match=st.sampled_from(Match),
    conditions=st.lists(conditions, min_size=1, max_size=3).map(tuple),
)


async def test_database_and_rules_agree_on_who_is_in_a_segment(
    books_of_record: Database,
) -> None:
    """Whatever is compared with whatever, on cards that have everything or nothing."""
    shop = await open_shop(books_of_record, cards=0)
    standings = await _people(shop)
    asked: list[Segment] = []

    @settings(
        max_examples=150,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(segments)
    def ask(segment: Segment) -> None:
        asked.append(segment)

    ask()
    async with shop.database.units(shop.merchant_id) as unit:
        connection = unit._connection
        for segment in asked:
            found = await connection.execute(select(cards.c.id).where(belongs(segment, NOW)))
            expected = {
                card_id
                for card_id, standing in standings.items()
                if matches(segment, standing, NOW)
            }
            assert set(found.scalars()) == expected, segment


async def test_a_segment_is_counted_over_usable_cards(books_of_record: Database) -> None:
    """Of one program or of all; blocked ones do not count."""
    shop = await open_shop(books_of_record, cards=3)
    await shop.execute("UPDATE cards SET status = 'blocked' WHERE id = :id", id=shop.cards[2])
    everybody = Segment(
        conditions=(Condition(field=SegmentField.VISITS, comparison=Comparison.AT_LEAST, value=0),)
    )
    async with shop.database.units(shop.merchant_id) as unit:
        assert await unit.segments.count(everybody, None, unit.now) == 2
        assert await unit.segments.count(everybody, shop.program.id, unit.now) == 2
        assert await unit.segments.count(everybody, uuid7(), unit.now) == 0


async def test_of_two_who_change_a_segment_one_wins(books_of_record: Database) -> None:
    """What was forgotten is neither found nor changed."""
    shop = await open_shop(books_of_record, cards=0)
    segment = Segment(
        conditions=(
            Condition(
                field=SegmentField.TIER, comparison=Comparison.ONE_OF, value=("gold", "silver")
            ),
        )
    )
    saved = SavedSegment(id=uuid7(), name="Best", segment=segment, revision=1)
    async with shop.database.units(shop.merchant_id) as unit:
        await unit.segments.add(saved, unit.now)
        assert await unit.segments.one(saved.id) == saved
        assert await unit.segments.all() == [saved]
        with pytest.raises(ChangedMeanwhile):
            await unit.segments.change(saved, revision=7)
        await unit.segments.delete(saved.id, unit.now, revision=1)
        with pytest.raises(NotFound):
            await unit.segments.one(saved.id)
        with pytest.raises(ChangedMeanwhile):
            await unit.segments.change(saved, revision=2)


async def _people(shop: Shop) -> dict[UUID, Standing]:
    """Open cards that differ in everything that can be asked, and return how each stands."""
    card_ids = await add_cards(shop, len(TIERS) * len(MOMENTS))
    standings = {}
    for n, card_id in enumerate(card_ids):
        tier, moment = TIERS[n % len(TIERS)], MOMENTS[n // len(TIERS)]
        visits, spent, points, stamps = n % 3, n % 6, n % 2, n % 4 - 1
        opened_at = NOW - timedelta(days=n % 7, hours=n)
        values: dict[str, Any] = {
            "id": card_id,
            "tier": tier,
            "moment": moment,
            "visits": visits,
            "spent": spent,
            "points": points,
            "opened_at": opened_at,
        }
        await shop.execute(
            "UPDATE cards SET tier = :tier, last_earned_at = :moment, visits_total = :visits,"
            " spent_total = :spent, points_total = :points, opened_at = :opened_at"
            " WHERE id = :id",
            **values,
        )
        if stamps:
            await shop.execute(
                "INSERT INTO accounts VALUES (:merchant, :id, 'stamp', 'available', :stamps, 1)",
                merchant=shop.merchant_id,
                id=card_id,
                stamps=stamps,
            )
        standings[card_id] = Standing(
            card_id=card_id,
            program_id=shop.program.id,
            program_version_id=shop.program.version.id,
            program_status=ProgramStatus.ACTIVE,
            version=1,
            opened_at=opened_at,
            balances={"stamp": {Account.AVAILABLE: stamps}} if stamps else {},
            last_earned_at=moment,
            totals=Totals(visits=visits, spent=spent, points=points),
            tier=tier,
        )
    return standings
