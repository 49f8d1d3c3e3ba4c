"""Programs in the database: lists by index, versions read once, and never a stale status."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from gateway.domain.errors import NotFound
from gateway.domain.programs import Look, Program, ProgramStatus, ProgramVersion
from gateway.domain.rules.caps import Cap, CapSpan
from gateway.domain.rules.plan import Plan
from gateway.storage.cards.program_pages import Place, ProgramOrder, ProgramSearch
from gateway.storage.database import Database
from tests import database as databases
from tests.plans import hybrid_plan, points_plan, stamp_plan, tier_plan
from tests.shops import Shop, open_shop, opened

MANY = 20_000


async def test_what_another_process_changed_is_seen_at_once(
    database: databases.Database,
) -> None:
    """Though versions are remembered: the status and which version holds are read each time."""
    async with opened(database.app_dsn) as ours, opened(database.app_dsn) as theirs:
        shop = await open_shop(ours)
        program = shop.program
        async with ours.units(shop.merchant_id) as unit:
            assert await unit.programs.one(program.id) == program
        version = replace(program.version, id=uuid7(), number=2, name="Theirs")
        changed = replace(program, version=version, revision=2, status=ProgramStatus.PAUSED)
        async with theirs.units(shop.merchant_id) as unit:
            await unit.programs.change(changed, revision=1)
            await unit.programs.add_version(version, None, unit.now)
        async with ours.units(shop.merchant_id) as unit:
            assert await unit.programs.one(program.id) == changed
            assert await unit.programs.version(program.version.id) == program.version


async def test_a_version_is_read_once_per_process_and_merchant(books_of_record: Database) -> None:
    """It never changes; another merchant's is none of ours, remembered or not."""
    shop = await open_shop(books_of_record)
    other = await open_shop(books_of_record, slug="other")
    async with books_of_record.units(shop.merchant_id) as unit:
        first = await unit.programs.one(shop.program.id)
    async with books_of_record.units(shop.merchant_id) as unit:
        assert (await unit.programs.one(shop.program.id)).version is first.version
    async with books_of_record.units(other.merchant_id) as unit:
        with pytest.raises(NotFound):
            await unit.programs.version(shop.program.version.id)


async def test_what_a_program_gave_is_kept_by_budget(books_of_record: Database) -> None:
    """One for each cap on the whole of it, from nothing; another merchant sees none."""
    cap = Cap(unit="point", per=CapSpan.PROGRAM, amount=15)
    shop = await open_shop(books_of_record, plan=replace(points_plan(), caps=(cap,)))
    other = await open_shop(books_of_record, slug="other")
    async with books_of_record.units(shop.merchant_id) as unit:
        assert await unit.programs.budgets(shop.program.id) == {"point:": 0}
    async with books_of_record.units(other.merchant_id) as unit:
        assert await unit.programs.budgets(shop.program.id) == {}


async def test_programs_are_listed_by_what_is_asked(books_of_record: Database) -> None:
    """Status, kind of rule, location, a part of the name or the id, in three orders."""
    shop = await open_shop(books_of_record)
    plans = {
        "Alpha 10%": stamp_plan(),
        "Beta": points_plan(),
        "Gamma": replace(tier_plan(), locations=(shop.location.id,)),
        "Delta": replace(stamp_plan(), locations=(uuid7(),)),
    }
    ids = {name: await _add(shop, name, plan) for name, plan in plans.items()}
    for search, names in (
        (ProgramSearch(), ["Delta", "Gamma", "Beta", "Alpha 10%", "Card"]),
        (ProgramSearch(order=ProgramOrder.OLDEST), ["Card", *plans]),
        (
            ProgramSearch(order=ProgramOrder.NAME),
            ["Alpha 10%", "Beta", "Card", "Delta", "Gamma"],
        ),
        (ProgramSearch(status=ProgramStatus.ACTIVE), ["Card"]),
        (ProgramSearch(rule_type="points_based"), ["Gamma", "Beta"]),
        (ProgramSearch(rule_type="tier_based"), ["Gamma"]),
        (ProgramSearch(location_id=shop.location.id), ["Gamma", "Beta", "Alpha 10%", "Card"]),
        (ProgramSearch(text="ET"), ["Beta"]),
        (ProgramSearch(text="0%"), ["Alpha 10%"]),
        (ProgramSearch(text="%"), ["Alpha 10%"]),
        (ProgramSearch(text=str(ids["Delta"])), ["Delta"]),
        (
            ProgramSearch(text="a", status=ProgramStatus.DRAFT, rule_type="stamp_card"),
            ["Delta", "Alpha 10%"],
        ),
    ):
        assert await _names(shop, search, 100) == names
        assert await _names(shop, search, 2) == names


async def test_what_was_deleted_is_not_listed(books_of_record: Database) -> None:
    """Nor found; its cards are still there."""
    shop = await open_shop(books_of_record)
    async with shop.database.units(shop.merchant_id) as unit:
        gone = replace(shop.program, revision=2, deleted_at=unit.now)
        await unit.programs.change(gone, revision=1)
    async with shop.database.units(shop.merchant_id) as unit:
        pages = shop.database.program_pages
        assert await pages.page(shop.merchant_id, ProgramSearch(), 10) == []
        with pytest.raises(NotFound):
            await unit.programs.one(shop.program.id)
        assert (await unit.cards.one(shop.cards[0])).program_id == shop.program.id
        assert await unit.programs.of_cards([shop.program.id]) == {shop.program.id: gone}
        assert await unit.programs.running() is None
        assert await unit.programs.running_with("stamp_card", 10) == []
        assert await unit.programs.even_deleted(shop.program.id) == gone
        assert await unit.programs.deleted() == [gone]
        await unit.programs.change(replace(shop.program, revision=3), revision=2)
    async with shop.database.units(shop.merchant_id) as unit:
        assert await unit.programs.one(shop.program.id) == replace(shop.program, revision=3)
        assert await unit.programs.deleted() == []


async def test_programs_that_run_are_found_by_a_kind_of_rule(books_of_record: Database) -> None:
    """The newest first, no more than asked for, and no draft."""
    shop = await open_shop(books_of_record)
    newer = await _add(shop, "Newer", hybrid_plan())
    await shop.execute("UPDATE programs SET status = 'active' WHERE id = :id", id=newer)
    await _add(shop, "Draft", stamp_plan())
    async with shop.database.units(shop.merchant_id) as unit:
        found = [
            [each.id for each in await unit.programs.running_with(kind, rows)]
            for kind, rows in (("stamp_card", 9), ("stamp_card", 1), ("points_based", 9))
        ]
    assert found == [[newer, shop.program.id], [newer], [newer]]


async def test_the_newest_program_that_runs_at_a_place_is_what_it_offers(
    books_of_record: Database,
) -> None:
    """Not a draft, and not one that the place takes no part in."""
    shop = await open_shop(books_of_record)
    elsewhere = await _add(shop, "Elsewhere", replace(stamp_plan(), locations=(uuid7(),)))
    await _add(shop, "Draft", stamp_plan())
    await shop.execute("UPDATE programs SET status = 'active' WHERE id = :id", id=elsewhere)
    async with shop.database.units(shop.merchant_id) as unit:
        here, anywhere = (
            await unit.programs.running(shop.location.id),
            await unit.programs.running(),
        )
    assert here == shop.program
    assert anywhere is not None
    assert anywhere.id == elsewhere


async def test_versions_are_listed_with_who_published_them(books_of_record: Database) -> None:
    """Newest first, those before a number; one that never was is not found."""
    shop = await open_shop(books_of_record)
    async with shop.database.units(shop.merchant_id) as unit:
        for number in (2, 3):
            version = replace(shop.program.version, id=uuid7(), number=number)
            await unit.programs.add_version(version, None, unit.now)
    async with shop.database.units(shop.merchant_id) as unit:
        lists = unit.program_lists
        assert [each.version.number for each in await lists.versions(shop.program.id)] == [3, 2, 1]
        (first,) = await lists.versions(shop.program.id, before=2)
        assert (first.version, first.publisher) == (shop.program.version, None)
        assert await lists.version(shop.program.id, 1) == first
        with pytest.raises(NotFound):
            await lists.version(shop.program.id, 4)


@pytest.mark.parametrize(
    "search",
    [
        ProgramSearch(),
        ProgramSearch(order=ProgramOrder.OLDEST),
        ProgramSearch(order=ProgramOrder.NAME),
        ProgramSearch(status=ProgramStatus.PAUSED),
        ProgramSearch(status=ProgramStatus.PAUSED, rule_type="stamp_card"),
    ],
    ids=str,
)
async def test_a_page_of_very_many_programs_is_found_by_index(
    database: databases.Database, search: ProgramSearch
) -> None:
    """First and further pages alike: no table is read through and nothing is sorted."""
    async with opened(database.superuser_dsn) as everything:
        shop = await open_shop(everything)
        await shop.execute(
            "INSERT INTO programs (merchant_id, id, status, revision, current_number, name,"
            " rule_kinds, created_at) SELECT :merchant, gen_random_uuid(),"
            " (ARRAY['draft', 'active', 'paused', 'ended'])[1 + n % 4], 1, 1, 'Card ' || n,"
            " ARRAY['stamp_card'], now() - n * interval '1 second'"
            " FROM generate_series(1, :many) AS n",
            merchant=shop.merchant_id,
            many=MANY,
        )
        await shop.execute(
            "INSERT INTO program_versions (merchant_id, id, program_id, number, name,"
            " description, plan, look, look_back_days, has_budgets, published_at)"
            " SELECT merchant_id, gen_random_uuid(), id, 1, name, '', '{}', '{}', 0, false, now()"
            " FROM programs WHERE id <> :id",
            id=shop.program.id,
        )
        await shop.execute("ANALYZE programs, program_versions")
        for after in (None, _middle(search, shop)):
            plan = await _explained(shop, search, after)
            assert "Seq Scan" not in plan, plan
            assert "Sort" not in plan, plan


def _middle(search: ProgramSearch, shop: Shop) -> Place:
    key: str | datetime = "Card 5"
    if search.order is not ProgramOrder.NAME:
        key = datetime.fromisoformat("2200-01-01T00:00:00+00:00")
        if search.order is ProgramOrder.OLDEST:
            key = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
    return key, shop.program.id


async def _explained(shop: Shop, search: ProgramSearch, after: Place | None) -> str:
    """Return how PostgreSQL reads a page, asked with the values as `programs_page` asks."""
    async with shop.database.pool.acquire() as connection:
        query = await connection.fetchval(
            "SELECT programs_query($1, $2, $3, false, false, $4)",
            search.order,
            search.status is not None,
            search.rule_type is not None,
            after is not None,
        )
        key, program_id = after or ("", None)
        values = (shop.merchant_id, 50, search.status, search.rule_type, None, None, None)
        literals = await connection.fetchval(
            "SELECT array_agg(quote_nullable(value)) FROM unnest($1::text[]) AS value",
            [None if value is None else str(value) for value in (*values, key, program_id)],
        )
        for place in range(len(literals), 0, -1):
            query = query.replace(f"${place}", literals[place - 1])
        return "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN {query}"))


async def _add(shop: Shop, name: str, plan: Plan) -> UUID:
    program_id = uuid7()
    version = ProgramVersion(
        id=uuid7(), program_id=program_id, number=1, name=name, plan=plan, look=Look()
    )
    program = Program(id=program_id, status=ProgramStatus.DRAFT, revision=1, version=version)
    async with shop.database.units(shop.merchant_id) as unit:
        await unit.programs.add(program, unit.now)
        await unit.programs.add_version(version, None, unit.now)
    return program_id


async def _names(shop: Shop, search: ProgramSearch, rows: int) -> list[str]:
    names: list[str] = []
    after: Place | None = None
    while True:
        page = await shop.database.program_pages.page(shop.merchant_id, search, rows, after)
        names += [each.program.version.name for each in page]
        if len(page) < rows:
            return names
        after = page[-1].place(search.order)
