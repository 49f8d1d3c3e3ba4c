"""A merchant with a great many cards beside one with a thousand, on one server.

What is done to one card or shows one page must cost the same; what looks at every card is counted
per thousand cards. `make bench ARGS="million --cards 1000000"` asks for a million.
"""

import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import asyncpg

from benchmarks.counter import BOTH, Counter
from benchmarks.history import SQL
from benchmarks.installation import Installation, installed
from benchmarks.shop import Shop, add_cards, open_merchant
from benchmarks.turns import Figures
from gateway.domain.segments import Comparison, Condition, Segment, SegmentField
from gateway.resources import Resources
from gateway.services.ledger.reporting import report
from gateway.services.merchants.overseeing import list_members
from gateway.storage.cards.cards import PAGE_ROWS_MAX
from gateway.storage.unit import Unit

CARDS, CARDS_BESIDE = 200_000, 1_000
ROUNDS, ROUNDS_BEFORE, ROUNDS_OF_ALL = 30, 10, 3
PERIOD = timedelta(days=28)
REGULARS = Segment(
    conditions=(Condition(field=SegmentField.VISITS, comparison=Comparison.AT_LEAST, value=1),)
)

Do = Callable[[Shop, UUID], Awaitable[object]]
Merchants = Mapping[int, Shop]


@dataclass(frozen=True, slots=True)
class Loaded:
    """How long it took to write all cards down, and what they take on disk."""

    seconds: float
    megabytes: float


async def measure(cards: int = CARDS) -> Figures:
    """Return milliseconds per operation for both merchants, and their ratios."""
    async with installed() as here, here.opened() as resources:
        beside, _ = await _merchant(resources, here, "beside", CARDS_BESIDE)
        large, loaded = await _merchant(resources, here, "large", cards)
        merchants = {CARDS_BESIDE: beside, cards: large}
        ones = await _compared(merchants, OF_ONE, ROUNDS)
        alls = await _compared(merchants, OF_ALL, ROUNDS_OF_ALL, per_cards=1_000)
    worst = max(value for name, value in ones.items() if name.endswith("ratio"))
    return {
        "cards": cards,
        "loading_seconds": loaded.seconds,
        "megabytes_on_disk": loaded.megabytes,
        **ones,
        "worst_ratio_of_one_card_or_page": worst,
        **alls,
    }


async def _merchant(
    resources: Resources, here: Installation, slug: str, cards: int
) -> tuple[Shop, Loaded]:
    """Keep a merchant whose cards have a stamp each."""
    shop = await open_merchant(resources, plan=BOTH, slug=slug)
    connection = await asyncpg.connect(here.superuser_url)
    try:
        size, began = await _megabytes(connection), time.perf_counter()
        added = await add_cards(shop, here.superuser_url, cards)
        await connection.execute(SQL.read_text())
        await connection.execute(
            "SELECT bench_past(min(n), max(n), 1) FROM bench_numbers WHERE merchant_id = $1",
            shop.principal.merchant_id,
        )
        await connection.execute("VACUUM ANALYZE")
        seconds = round(time.perf_counter() - began, 1)
        loaded = Loaded(seconds, round(await _megabytes(connection) - size, 1))
    finally:
        await connection.close()
    return replace(shop, cards=added[:: max(1, cards // CARDS_BESIDE)]), loaded


async def _megabytes(connection: asyncpg.Connection) -> float:
    size = await connection.fetchval("SELECT pg_database_size(current_database())")
    return int(size) / 2**20


async def _compared(
    merchants: Merchants, operations: Mapping[str, Do], rounds: int, *, per_cards: int = 0
) -> dict[str, float]:
    """Do everything to both merchants in turns; with `per_cards`, count the time per so many."""
    figures: dict[str, float] = {}
    for name, do in operations.items():
        times: dict[int, list[float]] = {cards: [] for cards in merchants}
        for turn in range(ROUNDS_BEFORE * (not per_cards) + rounds):
            for cards, shop in merchants.items():
                began = time.perf_counter()
                await do(shop, shop.cards[turn])
                share = cards / per_cards if per_cards else 1
                times[cards].append((time.perf_counter() - began) * 1_000 / share)
        beside, large = (each[-rounds:] for each in times.values())
        figures[f"{name}_ms_beside"] = round(statistics.median(beside), 2)
        figures[f"{name}_ms"] = round(statistics.median(large), 2)
        pairs = zip(large, beside, strict=True)
        figures[f"{name}_ratio"] = round(statistics.median(a / b for a, b in pairs), 2)
    return figures


def _inside(do: Callable[[Unit, Shop, UUID], Awaitable[object]], *, patient: bool = False) -> Do:
    async def inside(shop: Shop, card_id: UUID) -> None:
        database = shop.resources.database
        units = database.patient if patient else database.units
        async with units(shop.principal.merchant_id) as unit:
            await do(unit, shop, card_id)

    return inside


OF_ONE: Mapping[str, Do] = {
    "stamp": lambda shop, card_id: Counter(shop).visit(card_id),
    "sale": lambda shop, card_id: Counter(shop).sell(card_id),
    "card_by_code": _inside(lambda unit, _, card_id: unit.cards.by_code(str(card_id))),
    "show": lambda shop, card_id: Counter(shop).show(card_id),
    "page_of_cards": _inside(lambda unit, _shop, _card: unit.cards.page(PAGE_ROWS_MAX)),
    "page_of_a_program": _inside(
        lambda unit, shop, _: unit.cards.page(PAGE_ROWS_MAX, program_id=shop.program.id)
    ),
    "page_of_members": _inside(lambda unit, _shop, _card: list_members(unit, None, None)),
}
OF_ALL: Mapping[str, Do] = {
    "report_per_1000": _inside(
        lambda unit, shop, _: report(unit, shop.program.id, unit.now - PERIOD, unit.now),
        patient=True,
    ),
    "segment_count_per_1000": _inside(
        lambda unit, _shop, _card: unit.segments.count(REGULARS, None, unit.now)
    ),
    "invariants_per_1000": _inside(lambda unit, _shop, _card: _sound(unit), patient=True),
}


async def _sound(unit: Unit) -> None:
    found = await unit.audits.violations()
    assert not found, found
