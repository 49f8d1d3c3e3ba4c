"""The face of a card in a wallet: what its points can be spent on, and until when."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import json

from gateway.domain.business_day import business_day
from gateway.domain.cards import CardStatus
from gateway.domain.programs import ProgramStatus
from gateway.domain.rules.outcomes import RuleMemory
from gateway.domain.rules.tier_reviews import next_evaluation
from gateway.domain.rules.tiers import Window
from gateway.domain.wording import Language
from gateway.presenters.card_face import Prize
from gateway.services.wallets.faces import Site, card_face, falls_on, prizes_of
from gateway.storage.database import Database
from tests.catalogues import put_on_shelf
from tests.plans import TIERS, points_plan, tier_plan
from tests.sales import open_till
from tests.shops import CLOCK, Shop, open_shop


async def prizes(shop: Shop) -> list[Prize]:
    """Return what the first card's points can be spent on."""
    async with shop.database.units(shop.merchant_id) as unit:
        return list(await prizes_of(unit, await unit.cards.one(shop.cards[0]), Language.EN))


async def test_points_can_be_spent_on_what_is_on_the_shelf(books_of_record: Database) -> None:
    """Cheapest first, with what needs more points, and without what the card may not have."""
    till = await open_till(books_of_record, plan=tier_plan())
    await put_on_shelf(till.shop, name="A cake", unit="point", cost=500)
    await put_on_shelf(till.shop, name="A cookie", unit="point", cost=100)
    await put_on_shelf(till.shop, name="A feast", unit="point", cost=90, tier_min="gold")
    await put_on_shelf(till.shop, stock=0, name="A mug", unit="point", cost=80)
    before = await prizes(till.shop)
    await till.tell(34_000)

    assert before == []
    assert await prizes(till.shop) == [
        Prize(name="A cookie", cost=100),
        Prize(name="A cake", cost=500),
    ]


async def test_the_card_of_a_program_that_ended_is_of_use_until_the_grace_is_over(
    books_of_record: Database,
) -> None:
    """In a wallet too: it says so by the shop's own day, and expires by itself."""
    shop = await open_shop(books_of_record)
    ended_at = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)
    async with shop.database.units(shop.merchant_id) as unit:
        merchant = await unit.merchants.me()
        card = await unit.cards.one(shop.cards[0])
    ended = replace(card, program_status=ProgramStatus.ENDED, program_ended_at=ended_at)
    site = Site("https://cards.example", ZoneInfo("Europe/Luxembourg"), Language.FR)

    running = card_face(card, merchant, shop.program.version, site)
    face = card_face(ended, merchant, shop.program.version, site)
    blocked = card_face(
        replace(ended, status=CardStatus.BLOCKED), merchant, shop.program.version, site
    )

    assert (running.is_usable, running.stage, running.expires_at) == (True, "", None)
    assert (face.is_usable, face.expires_at) == (True, ended_at + timedelta(days=90))
    assert face.stage == "Terminé. Vos récompenses sont à utiliser jusqu’au 1er avril 2027."
    assert not blocked.is_usable


async def test_a_level_that_was_announced_to_end_says_so_until_it_is_deserved_again(
    books_of_record: Database,
) -> None:
    """On the day that was told, before it comes; another day is nobody's business yet."""
    rolling = replace(TIERS, window=Window.ROLLING)
    plan = replace(tier_plan(), rules=(*points_plan().rules, rolling))
    till = await open_till(books_of_record, plan=plan)
    today = business_day(datetime.now(UTC), CLOCK)
    ends = next_evaluation(rolling, today)
    await till.shop.execute(
        "UPDATE cards SET tier = 'silver', tier_since = now() - interval '400 days'"
    )

    before = await _falls_on(till.shop, today)
    shown = {}
    for told in (ends, ends + timedelta(days=1), today):
        await _announce(till.shop, rolling.key, told)
        shown[told] = await _falls_on(till.shop, today)
    await _announce(till.shop, rolling.key, ends)
    await till.tell(34_000)

    assert before is None
    assert shown == {ends: ends, ends + timedelta(days=1): None, today: None}
    assert await _falls_on(till.shop, today) is None


async def test_a_card_without_levels_loses_none(books_of_record: Database) -> None:
    """Nothing is even looked up."""
    shop = await open_shop(books_of_record)
    assert await _falls_on(shop, date(2026, 11, 21)) is None


async def _announce(shop: Shop, key: str, told: date) -> None:
    memory = json.encode({key: RuleMemory(used_until=told)}).decode()
    await shop.execute("UPDATE cards SET memory = CAST(:memory AS jsonb)", memory=memory)


async def _falls_on(shop: Shop, today: date) -> date | None:
    async with shop.database.units(shop.merchant_id) as unit:
        return await falls_on(unit, await unit.cards.one(shop.cards[0]), today)
