"""Audiences: the holders the database finds are those that a few lines of Python find."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from gateway.domain.campaigns import Audience
from gateway.domain.segments import Comparison, Condition, Match, Segment, SegmentField
from gateway.storage.cards.cards import NewCard
from gateway.storage.database import Database
from gateway.storage.people.merchants import Location
from tests.campaigns import NOON
from tests.shops import CLOCK, Shop, add_cards, open_shop

DAY = timedelta(days=1)
LANGUAGES = ("en", "fr", "fr-LU", "DE_de", "lb")
VISITS = (None, timedelta(0), DAY - timedelta(seconds=1), DAY, 7 * DAY, 30 * DAY, 90 * DAY)
HOLDERS = 40
TIERS = (None, "silver", "gold")
GOOD_ONES = Segment(
    match=Match.ANY,
    conditions=(
        Condition(
            field=SegmentField.TIER, comparison=Comparison.ONE_OF, value=("gold", "platinum")
        ),
        Condition(field=SegmentField.STAMPS, comparison=Comparison.AT_LEAST, value=4),
    ),
)


@dataclass(frozen=True, slots=True)
class Held:
    """A card as the model knows it."""

    customer_id: UUID
    card_id: UUID
    program_id: UUID
    language: str
    stamps: int
    visited_at: datetime | None
    locations: frozenset[UUID]
    tier: str | None


def belongs(held: Held, audience: Audience, now: datetime) -> bool:
    """Say whether all of an audience applies to a card."""
    days = None if held.visited_at is None else (now - held.visited_at) // DAY
    asked_days = (audience.visited_days_min, audience.visited_days_max)
    return all(
        (
            audience.program_id in {None, held.program_id},
            audience.location_id is None or audience.location_id in held.locations,
            audience.language in {None, held.language[:2].lower()},
            audience.tier in {None, held.tier},
            audience.segment is None or _is_in(audience.segment, held),
            (audience.stamps_min or 0) <= held.stamps,
            audience.stamps_max is None or held.stamps <= audience.stamps_max,
            asked_days == (None, None) or days is not None,
            asked_days[0] is None or days is None or days >= asked_days[0],
            asked_days[1] is None or days is None or days <= asked_days[1],
        )
    )


def _is_in(segment: Segment, held: Held) -> bool:
    assert segment is GOOD_ONES, "the model knows no other"
    return held.tier == "gold" or held.stamps >= 4


def expected(cards: Sequence[Held], audience: Audience) -> dict[UUID, UUID]:
    """Return for each holder the card, of those that belong, that was stamped last."""
    best: dict[UUID, Held] = {}
    for held in cards:
        if belongs(held, audience, NOON):
            known = best.get(held.customer_id)
            if known is None or _order(held) > _order(known):
                best[held.customer_id] = held
    return {customer_id: held.card_id for customer_id, held in best.items()}


def _order(held: Held) -> tuple[bool, datetime, UUID]:
    return held.visited_at is not None, held.visited_at or NOON, held.card_id


async def found(shop: Shop, audience: Audience, rows: int = 7) -> dict[UUID, UUID]:
    """Return what the database finds, chunk by chunk; a customer is met once."""
    holders: dict[UUID, UUID] = {}
    after: UUID | None = None
    async with shop.database.units(shop.merchant_id) as unit:
        while True:
            chunk = await unit.audiences.chunk(audience, after, rows, NOON)
            assert len(chunk.holders) <= rows
            for holder in chunk.holders:
                assert holder.customer_id not in holders
                holders[holder.customer_id] = holder.card_id
            after = chunk.looked_after
            if after is None:
                return holders


@pytest.fixture
async def crowd(books_of_record: Database, seed: int) -> tuple[Shop, list[Held], UUID]:
    """A shop with two programs and places, and holders of all kinds; the second place."""
    lots = random.Random(seed)
    shop = await open_shop(books_of_record, cards=0)
    other = await open_shop(books_of_record, cards=0, slug="other")
    await add_cards(other, 3)
    second = Location(id=uuid7(), name="There", code="THERE", clock=CLOCK)
    async with shop.database.units(shop.merchant_id) as unit:
        await unit.merchants.add_location(second, unit.now)
    program_id, version_id = await _second_program(shop)
    cards = [
        held
        for card_id in await add_cards(shop, HOLDERS)
        for held in await _hold(shop, card_id, (program_id, version_id), second.id, lots)
    ]
    return shop, cards, second.id


async def _second_program(shop: Shop) -> tuple[UUID, UUID]:
    program_id, version_id = uuid7(), uuid7()
    version = replace(shop.version, id=version_id, program_id=program_id)
    async with shop.database.units(shop.merchant_id) as unit:
        await unit.programs.add(replace(shop.program, id=program_id, version=version), unit.now)
        await unit.programs.add_version(version, None, unit.now)
    return program_id, version_id


async def _hold(
    shop: Shop,
    card_id: UUID,
    second: tuple[UUID, UUID],
    place: UUID,
    lots: random.Random,
) -> list[Held]:
    """Draw what is on a customer's card, and perhaps give them one of the second program."""
    language = lots.choice(LANGUAGES)
    (row,) = await shop.rows("SELECT customer_id FROM cards WHERE id = :id", id=card_id)
    customer_id: UUID = row[0]
    await shop.execute(
        "UPDATE customers SET language = :language WHERE id = :id",
        id=customer_id,
        language=language,
    )
    cards = [(card_id, shop.program.id, shop.program.version.id)]
    if lots.random() < 0.4:
        another = NewCard(
            id=uuid7(), code=uuid7().hex, program_id=second[0], customer_id=customer_id
        )
        async with shop.database.units(shop.merchant_id) as unit:
            await unit.cards.open(another, unit.now)
        cards.append((another.id, *second))
    return [await _fill(shop, (customer_id, language), card, place, lots) for card in cards]


async def _fill(
    shop: Shop,
    customer: tuple[UUID, str],
    card: tuple[UUID, UUID, UUID],
    place: UUID,
    lots: random.Random,
) -> Held:
    ago, stamps, tier = lots.choice(VISITS), lots.randrange(6), lots.choice(TIERS)
    visited_at = None if ago is None else NOON - ago
    places = frozenset(lots.sample([shop.location.id, place], lots.randrange(3)))
    await shop.execute(
        "UPDATE cards SET last_earned_at = :at, tier = :tier WHERE id = :id",
        at=visited_at,
        tier=tier,
        id=card[0],
    )
    if stamps or lots.random() < 0.5:
        await shop.execute(
            "INSERT INTO accounts (merchant_id, card_id, unit, account, balance, seq)"
            " VALUES (:merchant, :id, 'stamp', 'available', :n, 1)",
            merchant=shop.merchant_id,
            n=stamps,
            id=card[0],
        )
    for location_id in places:
        await shop.execute(
            "INSERT INTO transactions (merchant_id, occurred_at, id, card_id, kind, source,"
            " program_version_id, location_id, explanation, number, hash, business_day, earnings,"
            " visits, spent, given, actor, happened_at)"
            " VALUES (:merchant, now(), :id, :card, 'earn', 'test', :version, :place, '[]', 1, '',"
            " current_date, 1, 1, 0, '{}', 'test', now())",
            merchant=shop.merchant_id,
            id=uuid7(),
            card=card[0],
            version=card[2],
            place=location_id,
        )
    return Held(customer[0], card[0], card[1], customer[1], stamps, visited_at, places, tier)


async def test_the_database_finds_whom_the_model_finds(
    crowd: tuple[Shop, list[Held], UUID], seed: int
) -> None:
    """Each filter alone, and many drawn together, in chunks of any size."""
    shop, cards, place = crowd
    lots = random.Random(seed)
    alone = [
        Audience(),
        Audience(program_id=shop.program.id),
        Audience(location_id=place),
        Audience(language="fr"),
        Audience(language="de"),
        Audience(stamps_min=3),
        Audience(stamps_max=0),
        Audience(visited_days_min=1),
        Audience(visited_days_min=30, visited_days_max=90),
        Audience(visited_days_max=0),
        Audience(tier="gold"),
        Audience(tier="iron"),
        Audience(segment_id=uuid7(), segment=GOOD_ONES),
    ]
    drawn = [
        Audience(
            program_id=lots.choice([None, shop.program.id]),
            location_id=lots.choice([None, place, shop.location.id]),
            language=lots.choice([None, "fr", "en"]),
            stamps_min=lots.choice([None, 1, 2]),
            stamps_max=lots.choice([None, 4]),
            visited_days_min=lots.choice([None, 0, 7]),
            visited_days_max=lots.choice([None, 30]),
            tier=lots.choice([None, "silver"]),
            segment=lots.choice([None, GOOD_ONES]),
        )
        for _ in range(25)
    ]
    for audience in (*alone, *drawn):
        assert await found(shop, audience, lots.randrange(1, 50)) == expected(cards, audience)


async def test_who_was_erased_is_in_no_audience(
    crowd: tuple[Shop, list[Held], UUID],
) -> None:
    """An erased customer is looked past."""
    shop, cards, _ = crowd
    gone = cards[0].customer_id
    await shop.execute("UPDATE customers SET erased_at = now() WHERE id = :id", id=gone)
    assert gone not in await found(shop, Audience())


async def test_a_merged_card_brings_nobody_into_an_audience(
    crowd: tuple[Shop, list[Held], UUID],
) -> None:
    """What it had stands on the other, so it would look like one that never was used."""
    shop, cards, _ = crowd
    merged, into = cards[0], cards[-1]
    assert merged.customer_id != into.customer_id
    await shop.execute(
        "UPDATE cards SET status = 'merged', merged_into = :into WHERE customer_id = :customer",
        into=into.card_id,
        customer=merged.customer_id,
    )
    assert merged.customer_id not in await found(shop, Audience())


async def test_a_segment_without_its_definition_is_never_everybody(
    crowd: tuple[Shop, list[Held], UUID],
) -> None:
    """A campaign for a few must not go to all by a mistake of ours."""
    with pytest.raises(AssertionError):
        await found(crowd[0], Audience(segment_id=uuid7()))
