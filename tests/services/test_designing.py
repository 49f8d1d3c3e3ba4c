"""Designing: of two who change a program one wins, and every change is in the audit."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from uuid_utils.compat import uuid7

from gateway.domain.errors import ChangedMeanwhile, Invalid, NotFound
from gateway.domain.programs import (
    Look,
    Program,
    ProgramCannot,
    ProgramCommand,
    ProgramStatus,
    StampRule,
)
from gateway.services.cards.commands import Answer
from gateway.services.merchants.designing import (
    Author,
    Design,
    command_program,
    create_program,
    publish_version,
)
from tests.shops import ORIGIN, Shop, body

RULE = StampRule(target=2, reward="Tea", cooldown=timedelta(minutes=7), daily_limit=3)
DESIGN = Design(name=" Tea card ", rule=RULE, look=Look(background="#000000"))


async def test_a_program_is_made_published_and_started(bare_shop: Shop) -> None:
    """Each step counts the revision, is read back as written, and leaves an audit record."""
    author = _author(bare_shop)
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        program = await create_program(unit, DESIGN, author)
    assert (program.status, program.revision, program.version.number) == ("draft", 1, 1)
    program = await _publish(bare_shop, program, DESIGN, 1)
    program = await _command(bare_shop, program, ProgramCommand.ACTIVATE, 2)
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        assert await unit.programs.one(program.id) == program
        assert [kept.id for kept in await unit.programs.all()] == [
            program.id,
            bare_shop.program.id,
        ]
        (reward,) = await unit.programs.rewards(program.version.id)
    assert (program.status, program.revision, program.version.number) == ("active", 3, 2)
    assert program.version.name == "Tea card"
    assert program.version.rule == RULE
    assert (reward.name, reward.cost) == ("Tea", 2)
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
    assert await bare_shop.facts() == ["loyalty.program.published"] * 2


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


async def test_publishing_and_pausing_at_once_cannot_both_win(bare_shop: Shop) -> None:
    """Another kind of change counts as a change too."""
    outcomes = await asyncio.gather(
        _publish(bare_shop, bare_shop.program, DESIGN, 1),
        _command(bare_shop, bare_shop.program, ProgramCommand.PAUSE, 1),
        return_exceptions=True,
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == [
        "ChangedMeanwhile",
        "Program",
    ]


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
    """An invalid design names its fields; an unknown program is not found."""
    with pytest.raises(Invalid) as refused:
        await _publish(bare_shop, bare_shop.program, replace(DESIGN, name=" "), 1)
    assert refused.value.detail == {"errors": {"name": "Please write something here."}}
    unknown = replace(bare_shop.program, id=uuid7())
    with pytest.raises(NotFound):
        await _publish(bare_shop, unknown, DESIGN, 1)


async def test_stamps_follow_the_newest_promise(bare_shop: Shop) -> None:
    """What was earned stays; the next visit is judged by the rule that holds now."""
    await bare_shop.fill(1)
    await _publish(bare_shop, bare_shop.program, DESIGN, 1)
    (refused,) = await bare_shop.stamp()
    assert isinstance(refused, Answer)
    assert body(refused)["code"] == "cooldown_active"
    free = replace(DESIGN, rule=replace(RULE, cooldown=timedelta(0)))
    await _publish(bare_shop, bare_shop.program, free, 2)
    (given,) = await bare_shop.stamp()
    assert body(given)["progress"] == {
        "stamps": 2,
        "target": 2,
        "rewards_ready": 1,
        "text": "2 of 2",
    }


def _author(shop: Shop) -> Author:
    return Author(principal=shop.principal, origin=ORIGIN, new_id=uuid7)


async def _publish(shop: Shop, program: Program, design: Design, revision: int) -> Program:
    async with shop.database.units(shop.merchant_id) as unit:
        return await publish_version(unit, program.id, design, _author(shop), revision=revision)


async def _command(
    shop: Shop, program: Program, command: ProgramCommand, revision: int
) -> Program:
    async with shop.database.units(shop.merchant_id) as unit:
        return await command_program(unit, program.id, command, _author(shop), revision=revision)
