"""Steering: of every two commands at once one wins, and the clock does its part once."""

import asyncio
from dataclasses import replace
from itertools import product
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from gateway.domain.errors import ChangedMeanwhile, NotFound
from gateway.domain.program_life import next_status
from gateway.domain.programs import (
    Program,
    ProgramCannot,
    ProgramCommand,
    ProgramStatus,
    RestoreTooLate,
)
from gateway.services.merchants.bulk import Command, command_programs
from gateway.services.merchants.designing import Author, create_program, design_of
from gateway.services.merchants.overseeing import restorable_programs
from gateway.services.merchants.steering import advance_program, command_program
from tests.shops import ORIGIN, Shop, body

_HOUR_AGO = -1


@pytest.mark.parametrize("status", ProgramStatus)
async def test_of_two_commands_at_once_one_wins(bare_shop: Shop, status: ProgramStatus) -> None:
    """On two connections, every pair: the winner's status stands, counted once, told once."""
    for first, second in product(ProgramCommand, repeat=2):
        program_id = await _standing(bare_shop, status)
        commands = (first, second)
        results = await asyncio.gather(
            *(_command(bare_shop, program_id, each) for each in commands), return_exceptions=True
        )
        won = [
            each
            for each, result in zip(commands, results, strict=True)
            if isinstance(result, Program)
        ]
        able = [each for each in commands if _leads(status, each)]
        rows = await bare_shop.rows(
            "SELECT status, revision FROM programs WHERE id = :id", id=program_id
        )
        assert len(won) == min(1, len(able)), (first, second, results)
        leads_to = _leads(status, won[0]) if won else status
        assert rows == [(leads_to, 1 + len(won))], (first, second)
        lost = [result for result in results if not isinstance(result, Program)]
        assert all(isinstance(each, ProgramCannot | ChangedMeanwhile | NotFound) for each in lost)


async def test_each_step_of_a_life_is_told_with_where_it_came_from(bare_shop: Shop) -> None:
    """By whom, from which status, and until when rewards are handed out."""
    program_id, revision = bare_shop.program.id, 1
    for command in ("pause", "resume", "pause", "activate", "end", "delete", "restore"):
        async with bare_shop.database.units(bare_shop.merchant_id) as unit:
            await command_program(
                unit, program_id, ProgramCommand(command), _author(bare_shop), revision=revision
            )
        revision += 1
    told = await bare_shop.rows(
        "SELECT replace(type, 'loyalty.program.', ''), data->>'previous_status',"
        " data->>'status', data->>'by' FROM outbox"
        " WHERE type <> 'loyalty.program.published' ORDER BY announced_at, id"
    )
    assert told == [
        ("paused", "active", "paused", "till:test"),
        ("resumed", "paused", "active", "till:test"),
        ("paused", "active", "paused", "till:test"),
        ("resumed", "paused", "active", "till:test"),
        ("ended", "active", "ended", "till:test"),
        ("deleted", "ended", "ended", "till:test"),
        ("restored", "ended", "ended", "till:test"),
    ]
    written = await bare_shop.rows(
        "SELECT action, actor FROM audit ORDER BY happened_at DESC, id DESC LIMIT 2"
    )
    assert written == [("program.restore", "till:test"), ("program.delete", "till:test")]
    days = await bare_shop.rows(
        "SELECT (data->>'redeemable_until')::timestamptz - p.ended_at FROM outbox"
        " JOIN programs p ON p.id = (data->>'program_id')::uuid"
        " WHERE type = 'loyalty.program.ended'"
    )
    assert days[0][0].days == bare_shop.program.version.plan.grace_days


async def test_of_two_commands_at_once_on_a_deleted_program_one_brings_it_back(
    bare_shop: Shop,
) -> None:
    """Every pair with a restoration, on two connections: nothing else gets through."""
    for other, status in product(ProgramCommand, (ProgramStatus.DRAFT, ProgramStatus.ENDED)):
        program_id = await _standing(bare_shop, status)
        await bare_shop.execute(
            "UPDATE programs SET deleted_at = now() WHERE id = :id", id=program_id
        )
        results = await asyncio.gather(
            *(_command(bare_shop, program_id, each) for each in (ProgramCommand.RESTORE, other)),
            return_exceptions=True,
        )
        rows = await bare_shop.rows(
            "SELECT status, revision, deleted_at FROM programs WHERE id = :id", id=program_id
        )
        assert rows == [(status, 2, None)], (other, results)
        assert sum(isinstance(each, Program) for each in results) == 1, (other, results)


async def test_what_comes_back_has_everything_it_had(bare_shop: Shop) -> None:
    """Its cards, what is on them and what can still be handed out; nothing on them looks new."""
    await bare_shop.fill(2)
    program_id, revision = bare_shop.program.id, 1
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        before = await unit.cards.one(bare_shop.cards[0])
    for command in (ProgramCommand.END, ProgramCommand.DELETE, ProgramCommand.RESTORE):
        async with bare_shop.database.units(bare_shop.merchant_id) as unit:
            await command_program(unit, program_id, command, _author(bare_shop), revision=revision)
        revision += 1
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        card, program = await unit.cards.one(before.id), await unit.programs.one(program_id)
    assert (card.balances, card.version) == (before.balances, before.version)
    assert (program.status, program.ended_at) == ("ended", card.program_ended_at)
    told = await bare_shop.rows("SELECT type FROM outbox ORDER BY announced_at DESC, id DESC")
    assert told[0] == ("loyalty.program.restored",)


async def test_what_would_have_ended_comes_back_ended_and_its_customers_hear_of_it(
    bare_shop: Shop,
) -> None:
    """As if the clock had done it, and until when things are handed out."""
    program_id = await _standing(bare_shop, ProgramStatus.SCHEDULED, ends_in=_HOUR_AGO)
    await bare_shop.execute("UPDATE programs SET deleted_at = now() WHERE id = :id", id=program_id)
    back = await _command(bare_shop, program_id, ProgramCommand.RESTORE)
    told = await bare_shop.rows(
        "SELECT type, data->>'previous_status', data->>'status' FROM outbox"
        " WHERE type IN ('loyalty.program.restored', 'loyalty.program.ended')"
        " ORDER BY announced_at, id"
    )
    assert back.status is ProgramStatus.ENDED
    assert told == [
        ("loyalty.program.restored", "scheduled", "ended"),
        ("loyalty.program.ended", "scheduled", "ended"),
    ]


async def test_after_the_days_of_grace_nothing_comes_back(bare_shop: Shop) -> None:
    """Neither the program nor an offer to bring it back."""
    author = _author(bare_shop)
    ids = [await _standing(bare_shop, ProgramStatus.DRAFT) for _ in range(2)]
    for program_id, days in zip(ids, (89, 91), strict=True):
        await bare_shop.execute(
            "UPDATE programs SET deleted_at = now() - make_interval(days => CAST(:days AS int))"
            " WHERE id = :id",
            days=days,
            id=program_id,
        )
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        assert [each.id for each in await restorable_programs(unit)] == ids[:1]
        with pytest.raises(RestoreTooLate):
            await command_program(unit, ids[1], ProgramCommand.RESTORE, author, revision=1)


async def test_a_pause_keeps_what_is_on_the_cards(bare_shop: Shop) -> None:
    """Nothing is earned meanwhile, and afterwards it goes on from there."""
    await bare_shop.fill(2)
    await _command(bare_shop, bare_shop.program.id, ProgramCommand.PAUSE)
    (refused,) = await bare_shop.stamp()
    assert body(refused)["code"] == "program_not_active"
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        card = await unit.cards.one(bare_shop.cards[0])
    assert card.available("stamp") == 2


async def test_the_clock_starts_and_ends_once(bare_shop: Shop) -> None:
    """Four at once move a due program once, as "system"; what is not due stays."""
    waiting = await _standing(bare_shop, ProgramStatus.SCHEDULED, starts_in=_HOUR_AGO)
    over = await _standing(bare_shop, ProgramStatus.PAUSED, ends_in=_HOUR_AGO)
    assert await _advance(bare_shop, bare_shop.program.id) is False
    for program_id, status in ((waiting, "active"), (over, "ended")):
        results = await asyncio.gather(
            *(_advance(bare_shop, program_id) for _ in range(4)), return_exceptions=True
        )
        assert results.count(True) == 1
        rows = await bare_shop.rows(
            "SELECT status, revision, ended_at IS NOT NULL FROM programs WHERE id = :id",
            id=program_id,
        )
        assert rows == [(status, 2, status == "ended")]
    told = await bare_shop.rows(
        "SELECT type, data->>'by' FROM outbox WHERE type IN"
        " ('loyalty.program.activated', 'loyalty.program.ended') ORDER BY announced_at"
    )
    assert told == [
        ("loyalty.program.activated", "system"),
        ("loyalty.program.ended", "system"),
    ]


async def test_a_bulk_refuses_one_and_does_the_others(bare_shop: Shop) -> None:
    """Each has a result of its own, in the order it was asked for."""
    drafts = [await _standing(bare_shop, ProgramStatus.DRAFT) for _ in range(120)]
    orders = [
        Command(program_id=each, command=ProgramCommand.ACTIVATE, revision=1) for each in drafts
    ]
    orders[3] = replace(orders[3], program_id=uuid7())
    orders[5] = replace(orders[5], revision=9)
    orders[7] = replace(orders[7], command=ProgramCommand.PAUSE)
    results = await command_programs(bare_shop.database.units, orders, _author(bare_shop))
    refused = {
        index: type(each) for index, each in enumerate(results) if not isinstance(each, Program)
    }
    assert refused == {3: NotFound, 5: ChangedMeanwhile, 7: ProgramCannot}
    assert await bare_shop.rows("SELECT count(*) FROM programs WHERE status = 'active'") == [
        (118,)
    ]


def _leads(status: ProgramStatus, command: ProgramCommand) -> ProgramStatus | None:
    try:
        return next_status(status, command)
    except ProgramCannot:
        return None


def _author(shop: Shop) -> Author:
    return Author(principal=shop.principal, origin=ORIGIN, new_id=uuid7)


async def _standing(
    shop: Shop, status: ProgramStatus, starts_in: int | None = None, ends_in: int | None = None
) -> UUID:
    """Make a program that stands where it would after a life; its times are hours from now."""
    async with shop.database.units(shop.merchant_id) as unit:
        program = await create_program(unit, design_of(shop.program.version), _author(shop))
    await shop.execute(
        "UPDATE programs SET status = :status,"
        " starts_at = now() + make_interval(hours => CAST(:starts_in AS int)),"
        " ends_at = now() + make_interval(hours => CAST(:ends_in AS int)) WHERE id = :id",
        status=status,
        starts_in=starts_in,
        ends_in=ends_in,
        id=program.id,
    )
    return program.id


async def _command(shop: Shop, program_id: UUID, command: ProgramCommand) -> Program:
    async with shop.database.units(shop.merchant_id) as unit:
        return await command_program(unit, program_id, command, _author(shop), revision=1)


async def _advance(shop: Shop, program_id: UUID) -> bool:
    async with shop.database.units(shop.merchant_id) as unit:
        return await advance_program(unit, program_id, uuid7)
