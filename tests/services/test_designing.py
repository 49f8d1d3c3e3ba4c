"""Designing: of two who change a program one wins, and every change is told and in the audit."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from uuid_utils.compat import uuid7

from gateway.domain.configurations.faults import ConfigurationInvalid
from gateway.domain.errors import ChangedMeanwhile, NotFound
from gateway.domain.programs import Look, Program, ProgramCannot, ProgramCommand, ProgramStatus
from gateway.services.cards.commands import Answer
from gateway.services.merchants.designing import (
    Author,
    Design,
    Term,
    create_program,
    design_of,
    duplicate_program,
    publish_version,
)
from gateway.services.merchants.steering import command_program
from gateway.storage.database import Database
from tests.plans import stamp_plan
from tests.shops import ORIGIN, Shop, body, open_shop

PLAN = stamp_plan(2, "Tea", cooldown_minutes=7, daily_limit=3)
DESIGN = Design(name=" Tea card ", plan=PLAN, look=Look(background="#000000"))
LATER = datetime(2200, 1, 1, tzinfo=UTC)


async def test_a_program_is_made_published_and_started(bare_shop: Shop) -> None:
    """Each step counts the revision, is read back as written, is told and audited."""
    author = author_of(bare_shop)
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        program = await create_program(unit, DESIGN, author)
    assert (program.status, program.revision, program.version.number) == ("draft", 1, 1)
    program = await _publish(bare_shop, program, replace(DESIGN, description="Tea"), 1)
    program = await _command(bare_shop, program, ProgramCommand.ACTIVATE, 2)
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        assert await unit.programs.one(program.id) == program
        assert [kept.id for kept in await unit.programs.all()] == [
            program.id,
            bare_shop.program.id,
        ]
        (reward,) = await unit.rewards.of_program(program.id, program.version.id)
    assert (program.status, program.revision, program.version.number) == ("active", 3, 2)
    assert (program.version.name, program.version.plan) == ("Tea card", PLAN)
    assert (reward.design.name, reward.design.cost) == ("Tea", 2)
    records = await bare_shop.rows(
        "SELECT action, actor, subject, detail->>'version', host(remote_address::inet)"
        " FROM audit ORDER BY happened_at, id"
    )
    subject = f"program:{program.id}"
    assert records == [
        ("program.created", "till:test", subject, "1", "192.0.2.1"),
        ("program.published", "till:test", subject, "2", "192.0.2.1"),
        ("program.activate", "till:test", subject, "2", "192.0.2.1"),
    ]
    assert await bare_shop.facts() == [
        "loyalty.program.created",
        "loyalty.program.published",
        "loyalty.program.updated",
        "loyalty.program.published",
        "loyalty.program.activated",
    ]


async def test_what_is_the_same_makes_no_version(bare_shop: Shop) -> None:
    """A program published as it is, or at another time only, keeps its version."""
    same = replace(design_of(bare_shop.program.version), term=Term(ends_at=LATER))
    program = await _publish(bare_shop, bare_shop.program, same, 1)
    assert (program.version.number, program.revision, program.ends_at) == (1, 2, LATER)
    kept = await _publish(bare_shop, program, replace(same, term=None), 2)
    assert kept.ends_at == LATER
    assert await bare_shop.rows("SELECT count(*) FROM program_versions") == [(1,)]
    assert await bare_shop.rows("SELECT DISTINCT action FROM audit") == [("program.rescheduled",)]


async def test_a_copy_begins_anew_under_another_name(bare_shop: Shop) -> None:
    """Cut where a name is too long; the schedule is not copied."""
    long = Design(name="x" * 60, plan=PLAN, look=Look(), term=Term(ends_at=LATER))
    author = author_of(bare_shop)
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        original = await create_program(unit, long, author)
        copy = await duplicate_program(unit, original.id, author)
    assert copy.version.name == "x" * 53 + " (copy)"
    assert (copy.status, copy.version.number, copy.ends_at) == ("draft", 1, None)
    assert copy.version.plan == PLAN


async def test_of_two_who_publish_at_once_one_wins(bare_shop: Shop) -> None:
    """Both saw the same revision: one version is kept, the others hear that they are late."""
    outcomes = await asyncio.gather(
        *(_publish(bare_shop, bare_shop.program, DESIGN, 1) for _ in range(6)),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, Program) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, ChangedMeanwhile) for outcome in outcomes) == 5
    assert await bare_shop.rows("SELECT count(*) FROM program_versions") == [(2,)]
    assert await bare_shop.rows("SELECT count(*) FROM audit") == [(1,)]


async def test_a_stale_revision_changes_nothing(bare_shop: Shop) -> None:
    """Who looks at an old page is told so, and no version is left behind."""
    with pytest.raises(ChangedMeanwhile):
        await _publish(bare_shop, bare_shop.program, DESIGN, 0)
    with pytest.raises(ChangedMeanwhile):
        await _command(bare_shop, bare_shop.program, ProgramCommand.PAUSE, 7)
    assert await bare_shop.rows("SELECT count(*) FROM program_versions") == [(1,)]
    assert await bare_shop.facts() == []


async def test_what_ended_is_over(bare_shop: Shop) -> None:
    """An ended program is neither changed nor started again."""
    ended = await _command(bare_shop, bare_shop.program, ProgramCommand.END, 1)
    assert ended.status is ProgramStatus.ENDED
    with pytest.raises(ProgramCannot):
        await _publish(bare_shop, ended, DESIGN, 2)
    with pytest.raises(ProgramCannot):
        await _command(bare_shop, ended, ProgramCommand.ACTIVATE, 2)


async def test_what_cannot_be_promised_is_not_kept(bare_shop: Shop) -> None:
    """An invalid design points at its fields; an unknown program is not found."""
    with pytest.raises(ConfigurationInvalid) as refused:
        await _publish(bare_shop, bare_shop.program, replace(DESIGN, name=" "), 1)
    assert [fault.pointer for fault in refused.value.faults] == ["/name"]
    backwards = replace(DESIGN, term=Term(starts_at=LATER, ends_at=LATER - timedelta(days=1)))
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        with pytest.raises(ConfigurationInvalid):
            await create_program(unit, backwards, author_of(bare_shop))
    unknown = replace(bare_shop.program, id=uuid7())
    with pytest.raises(NotFound):
        await _publish(bare_shop, unknown, DESIGN, 1)


async def test_stamps_follow_the_newest_promise(bare_shop: Shop) -> None:
    """What was earned stays; the next visit is judged by the plan that holds now."""
    await bare_shop.fill(1)
    await _publish(bare_shop, bare_shop.program, DESIGN, 1)
    (refused,) = await bare_shop.stamp()
    assert isinstance(refused, Answer)
    assert body(refused)["code"] == "cooldown_active"
    free = replace(DESIGN, plan=stamp_plan(2, "Tea"))
    await _publish(bare_shop, bare_shop.program, free, 2)
    (given,) = await bare_shop.stamp()
    progress = body(given)["progress"]
    assert isinstance(progress, dict)
    assert progress["text"] == "2 of 2"


async def test_a_program_is_for_locations_of_its_own_merchant(books_of_record: Database) -> None:
    """Not for another's and not for nobody's, when it is made and when it is changed."""
    shop, other = [await open_shop(books_of_record, slug=slug) for slug in ("shop", "other")]
    own = replace(DESIGN, plan=replace(PLAN, locations=(shop.location.id,)))
    foreign = replace(
        DESIGN, plan=replace(PLAN, locations=(shop.location.id, other.location.id, uuid7()))
    )
    async with shop.database.units(shop.merchant_id) as unit:
        program = await create_program(unit, own, author_of(shop))
        for design in (
            create_program(unit, foreign, author_of(shop)),
            publish_version(unit, program.id, foreign, author_of(shop), revision=1),
        ):
            with pytest.raises(ConfigurationInvalid) as refused:
                await design
            assert [fault.pointer for fault in refused.value.faults] == [
                "/plan/locations/1",
                "/plan/locations/2",
            ]


def author_of(shop: Shop) -> Author:
    return Author(principal=shop.principal, origin=ORIGIN, new_id=uuid7)


async def _publish(shop: Shop, program: Program, design: Design, revision: int) -> Program:
    async with shop.database.units(shop.merchant_id) as unit:
        return await publish_version(unit, program.id, design, author_of(shop), revision=revision)


async def _command(
    shop: Shop, program: Program, command: ProgramCommand, revision: int
) -> Program:
    async with shop.database.units(shop.merchant_id) as unit:
        return await command_program(unit, program.id, command, author_of(shop), revision=revision)
