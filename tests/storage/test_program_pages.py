"""Programs read in one round trip: never stale, never another merchant's, and by index."""

from dataclasses import replace

import pytest
from uuid_utils.compat import uuid7

from gateway.domain.errors import NotFound
from gateway.domain.programs import Program, ProgramStatus, ProgramVersion
from gateway.storage.cards import versions as versions_module
from gateway.storage.cards.program_pages import Listed, ProgramSearch
from gateway.storage.database import Database
from tests import database as databases
from tests.shops import Shop, open_shop, opened


async def test_what_another_process_changed_is_listed_at_once(
    database: databases.Database,
) -> None:
    """Though versions are remembered: where a program stands is read each time."""
    async with opened(database.app_dsn) as ours, opened(database.app_dsn) as theirs:
        shop = await open_shop(ours)
        pages, merchant_id = ours.program_pages, shop.merchant_id
        assert await pages.one(merchant_id, shop.program.id) == shop.program
        assert _programs(await pages.page(merchant_id, ProgramSearch(), 9)) == [shop.program]
        paused = replace(shop.program, status=ProgramStatus.PAUSED, revision=2)
        async with theirs.units(merchant_id) as unit:
            await unit.programs.change(paused, revision=1)
        assert await pages.one(merchant_id, shop.program.id) == paused
        changed = await _publish(replace(shop, database=theirs), paused, "Theirs")
        assert await pages.one(merchant_id, shop.program.id) == changed
        assert _programs(await pages.page(merchant_id, ProgramSearch(), 9)) == [changed]


async def test_a_version_is_read_once_however_it_is_asked_for(bare_shop: Shop) -> None:
    """It never changes, so one and the same is on every list."""
    pages = bare_shop.database.program_pages
    first = await pages.one(bare_shop.merchant_id, bare_shop.program.id)
    (listed,) = await pages.page(bare_shop.merchant_id, ProgramSearch(), 9)
    assert listed.program.version is first.version
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        assert (await unit.programs.one(bare_shop.program.id)).version is first.version


async def test_a_version_that_was_taken_back_leaves_its_number(bare_shop: Shop) -> None:
    """What a unit read of itself before it failed is not what a number means to others."""
    shop, program = bare_shop, bare_shop.program
    taken_back = _next(program, "Taken back")

    async def fail() -> None:
        async with shop.database.units(shop.merchant_id) as unit:
            await unit.programs.change(taken_back, revision=1)
            await unit.programs.add_version(taken_back.version, None, unit.now)
            assert await unit.programs.one(program.id) == taken_back
            await unit.cards.one(uuid7())

    with pytest.raises(NotFound):
        await fail()
    published = await _publish(shop, program, "Published")
    assert await shop.database.program_pages.one(shop.merchant_id, program.id) == published


async def test_more_versions_than_are_remembered_are_listed_all_the_same(
    bare_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In their order, each with its own: those remembered and those read in between."""
    shop = bare_shop
    monkeypatch.setattr(versions_module, "VERSIONS_MAX", 2)
    made = [await _add(shop, f"Card {number}") for number in range(5)]
    expected = [*reversed(made), shop.program]
    for _ in range(3):
        listed = await shop.database.program_pages.page(shop.merchant_id, ProgramSearch(), 9)
        assert _programs(listed) == expected


async def test_programs_stay_with_their_merchant(books_of_record: Database) -> None:
    """Remembered or not; and no connection remembers whom it was asked for."""
    ours, theirs = await open_shop(books_of_record), await open_shop(books_of_record, slug="other")
    pages = books_of_record.program_pages
    for shop, other in ((ours, theirs), (theirs, ours)):
        assert await pages.one(shop.merchant_id, shop.program.id) == shop.program
        with pytest.raises(NotFound):
            await pages.one(shop.merchant_id, other.program.id)
        listed = await pages.page(shop.merchant_id, ProgramSearch(text=str(other.program.id)), 9)
        assert listed == []
    said = await books_of_record.pool.fetchval("SELECT current_setting('app.merchant', true)")
    assert not said


async def test_what_was_deleted_is_neither_found_nor_listed(bare_shop: Shop) -> None:
    """Who still holds its id hears that there is no such program."""
    await bare_shop.execute("UPDATE programs SET deleted_at = now()")
    pages = bare_shop.database.program_pages
    with pytest.raises(NotFound):
        await pages.one(bare_shop.merchant_id, bare_shop.program.id)
    assert await pages.page(bare_shop.merchant_id, ProgramSearch(), 9) == []


async def _publish(shop: Shop, program: Program, name: str) -> Program:
    after = _next(program, name)
    async with shop.database.units(shop.merchant_id) as unit:
        await unit.programs.change(after, revision=program.revision)
        await unit.programs.add_version(after.version, None, unit.now)
    return after


def _next(program: Program, name: str) -> Program:
    number = program.version.number + 1
    version = replace(program.version, id=uuid7(), number=number, name=name)
    return replace(program, version=version, revision=program.revision + 1)


async def _add(shop: Shop, name: str) -> Program:
    version: ProgramVersion = replace(
        shop.program.version, id=uuid7(), program_id=uuid7(), name=name
    )
    program = Program(
        id=version.program_id, status=ProgramStatus.DRAFT, revision=1, version=version
    )
    async with shop.database.units(shop.merchant_id) as unit:
        await unit.programs.add(program, unit.now)
        await unit.programs.add_version(version, None, unit.now)
    return program


def _programs(listed: list[Listed]) -> list[Program]:
    return [each.program for each in listed]
