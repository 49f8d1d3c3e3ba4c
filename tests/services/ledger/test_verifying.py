"""Verifying: whoever alters, adds, cuts or forges anything in the books is found."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from gateway.domain.errors import Invalid
from gateway.domain.ledger import TransactionKind
from gateway.presenters.ledger_lines import Line, Opening, read, written
from gateway.services.ledger.checkpointing import make_checkpoint
from gateway.services.ledger.exporting import export_lines, verify_lines
from gateway.services.ledger.signing import Signer, is_signed
from gateway.services.ledger.verifying import Verdict, verify_live
from gateway.storage.server.addresses import driver_url
from tests.database import Database
from tests.services.ledger.altering import altered
from tests.shops import Shop, body

SIGNER = Signer.of(b"c" * 32)
OTHER = Signer.of(b"o" * 32)


@pytest.fixture
async def busy(bare_shop: Shop) -> Shop:
    """A shop whose card saw a bit of everything, with a checkpoint in between."""
    await bare_shop.fill(4)
    await sign(bare_shop)
    for how in (TransactionKind.CANCEL, TransactionKind.REDEEM):
        redemption = UUID(str(body(await bare_shop.reserve())["redemption_id"]))
        await bare_shop.end(bare_shop.end_command(redemption), how)
    await bare_shop.undo(bare_shop.undo_command(await bare_shop.fill(1)))
    await sign(bare_shop)
    return bare_shop


async def sign(shop: Shop, signer: Signer = SIGNER) -> int | None:
    """Sign a checkpoint; return its number."""
    async with shop.database.units(shop.merchant_id) as unit:
        signed = await make_checkpoint(unit, signer)
    return signed.checkpoint.number if signed else None


async def verdict_on(shop: Shop) -> Verdict:
    """Verify the live ledger."""
    async with shop.database.units(shop.merchant_id) as unit:
        return await verify_live(unit)


async def exported(shop: Shop) -> list[bytes]:
    """Return the export's lines."""
    async with shop.database.units(shop.merchant_id) as unit:
        return [written(line) async for line in export_lines(unit)]


async def verdict_on_export(lines: Sequence[bytes]) -> Verdict:
    """Verify an export."""
    return await verify_lines(read(line) for line in lines)


@pytest.fixture
def forge(database: Database) -> Callable[[str], Awaitable[None]]:
    """Change the books as only the database's administrator could."""

    async def change(statement: str) -> None:
        async with _administrator(database) as execute:
            await execute(statement)

    return change


@asynccontextmanager
async def _administrator(
    database: Database,
) -> AsyncIterator[Callable[[str], Awaitable[object]]]:
    engine = create_async_engine(driver_url(database.superuser_dsn))
    async with engine.begin() as connection:
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield lambda statement: connection.execute(text(statement))
    await engine.dispose()


async def test_a_sound_ledger_is_what_was_written(busy: Shop) -> None:
    """Python computes the very hashes that the database wrote."""
    verdict = await verdict_on(busy)
    assert verdict.faults == []
    assert (verdict.cards, verdict.transactions, verdict.checkpoints) == (1, 10, 2)
    assert verdict.keys == {SIGNER.key_id}


async def test_an_export_is_verified_without_the_server(busy: Shop) -> None:
    """It says the same as the live ledger."""
    verdict = await verdict_on_export(await exported(busy))
    assert (verdict.faults, verdict.transactions, verdict.checkpoints) == ([], 10, 2)


async def test_an_export_holds_nothing_personal(busy: Shop) -> None:
    """No address, no code, no name: it may be given to an auditor."""
    whole = b"".join(await exported(busy))
    assert b"example.org" not in whole
    assert b"LC1-" not in whole
    assert b"192.0.2.1" not in whole


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE entries SET delta = delta + 1 WHERE seq = 2", "is not what was written"),
        ("UPDATE transactions SET kind = 'adjust' WHERE number = 3", "is not what was written"),
        ("UPDATE transactions SET spent = 100 WHERE number = 3", "is not what was written"),
        ("DELETE FROM transactions WHERE number = 2", "#3 follows #1"),
        ("DELETE FROM transactions WHERE number > 8", "is not what a checkpoint saw"),
        ("DELETE FROM transactions WHERE number > 8", "says its chain ends with #10"),
        ("UPDATE cards SET chain_number = 4", "says its chain ends with #4"),
        ("UPDATE reversals SET transaction_id = gen_random_uuid()", "is not what was written"),
        ("DELETE FROM checkpoints WHERE number = 1", "does not follow the one before"),
        ("UPDATE checkpoints SET heads = 9", "is not the root of its heads"),
        ("UPDATE checkpoint_heads SET number = 3", "is not the root of its heads"),
        ("UPDATE checkpoints SET made_at = now()", "is not signed by its key"),
        ("UPDATE checkpoints SET signature = 'AAAA'", "is not signed by its key"),
        ("UPDATE checkpoints SET key_id = 'AAAA'", "is not signed by its key"),
        ("DELETE FROM cards", "of a checkpoint is gone"),
    ],
)
async def test_what_was_forged_is_found(
    busy: Shop, forge: Callable[[str], Awaitable[None]], statement: str, sentence: str
) -> None:
    """In the live ledger and in an export that was made after the forgery."""
    await forge(statement)
    assert any(sentence in fault for fault in (await verdict_on(busy)).faults)
    verdict = await verdict_on_export(await exported(busy))
    assert any(sentence in fault for fault in verdict.faults)


async def test_a_tail_cut_with_care_is_found_by_the_checkpoint_alone(
    busy: Shop, forge: Callable[[str], Awaitable[None]]
) -> None:
    """Even when the card's own head was turned back with it."""
    await forge(
        "UPDATE cards SET chain_number = 5,"
        " chain_hash = (SELECT hash FROM transactions WHERE number = 5)"
    )
    await forge(
        "DELETE FROM entries WHERE transaction_id IN"
        " (SELECT id FROM transactions WHERE number > 5)"
    )
    await forge("DELETE FROM transactions WHERE number > 5")
    assert (await verdict_on(busy)).faults == [
        f"card {busy.cards[0]} #10 is not what a checkpoint saw"
    ]


async def test_a_checkpoint_of_another_key_is_told_by_its_name(bare_shop: Shop) -> None:
    """Who signs anew with a key of their own shows another key."""
    await bare_shop.fill(1)
    await sign(bare_shop, OTHER)
    verdict = await verdict_on(bare_shop)
    assert (verdict.faults, verdict.keys) == ([], {OTHER.key_id})
    assert OTHER.key_id != SIGNER.key_id


async def test_nothing_new_makes_no_checkpoint(bare_shop: Shop) -> None:
    """A shop where nothing ever happened has none."""
    assert await sign(bare_shop) is None


async def test_a_checkpoint_can_be_checked_by_its_name(busy: Shop) -> None:
    """The key that it names is the one that signed it."""
    async with busy.database.units(busy.merchant_id) as unit:
        last = await unit.checkpoints.last()
    assert last is not None
    assert is_signed(last)


async def test_another_file_is_no_export() -> None:
    """An empty one neither."""
    with pytest.raises(Invalid):
        await verify_lines([])


async def test_an_export_out_of_order_is_refused(busy: Shop) -> None:
    """A transaction without its card."""
    lines: list[Line] = [read(line) for line in await exported(busy)]
    opening = next(line for line in lines if isinstance(line, Opening))
    with pytest.raises(Invalid):
        await verify_lines([opening, lines[-1]])


@pytest.mark.parametrize("moment", ["2026-11-21T12:00:00", "9999-12-31T23:59:59.999999Z"])
async def test_a_line_says_its_moment_with_its_zone(busy: Shop, moment: str) -> None:
    """Without one it is no line of an export; an absurd one is a fault like any other."""
    lines = await exported(busy)
    place = next(n for n, line in enumerate(lines) if b'"occurred_at"' in line)
    other = msgspec.json.encode({**json.loads(lines[place]), "occurred_at": moment})
    assert not await _passes([*lines[:place], other, *lines[place + 1 :]])


async def test_whatever_one_changes_in_an_export_is_found(busy: Shop) -> None:
    """Each value of each line in turn, each line left out or told twice, each pair swapped."""
    lines = await exported(busy)
    forgeries = [
        [*lines[:place], msgspec.json.encode(other), *lines[place + 1 :]]
        for place, line in enumerate(lines)
        for other in altered(json.loads(line))
        if not _says_the_same(json.loads(line), other)
    ]
    for place in range(len(lines)):
        forgeries.append(lines[:place] + lines[place + 1 :])
        forgeries.append(lines[:place] + lines[place : place + 1] * 2 + lines[place + 1 :])
        if place:
            forgeries.append(
                [*lines[: place - 1], lines[place], lines[place - 1], *lines[place + 1 :]]
            )
    missed = [forgery for forgery in forgeries if await _passes(forgery)]
    assert missed == []
    assert len(forgeries) > 1_000


def _says_the_same(line: dict[str, object], other: dict[str, object]) -> bool:
    """When an export was read is nobody's business but the reader's."""
    return {**line, "exported_at": None} == {**other, "exported_at": None}


async def _passes(lines: Sequence[bytes]) -> bool:
    try:
        return (await verdict_on_export(lines)).faults == []
    except (msgspec.ValidationError, Invalid):
        return False
