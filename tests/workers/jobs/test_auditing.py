"""Auditing: what is wrong in anybody's books is seen by whoever watches, and books are signed."""

from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg
import pytest
from structlog.testing import capture_logs

from gateway.services.ledger.signing import Signer
from gateway.services.ledger.verifying import verify_live
from gateway.storage.auditing.invariants import QUERIES
from gateway.storage.database import Database
from tests import database as databases
from tests.shops import Shop, open_shop
from workers.jobs.auditing import Auditor
from workers.metrics import Metrics

SIGNER = Signer.of(b"c" * 32)
MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
VIOLATIONS = "loyalty_invariant_violations"
EXAMINED = "loyalty_invariant_last_success_timestamp_seconds"
CHECKPOINTS = "loyalty_ledger_checkpoints_total"
ANY_BALANCE = "UPDATE accounts SET balance = balance + 3 WHERE account = 'available'"


@dataclass(frozen=True, slots=True)
class Watched:
    """Two shops with a stamp each, an auditor, and what it measures."""

    database: databases.Database
    shops: tuple[Shop, Shop]
    auditor: Auditor
    metrics: Metrics

    def measured(self, name: str, /, **labels: str) -> float | None:
        """Return a number, or None when there is none yet."""
        return self.metrics.registry.get_sample_value(name, labels)

    async def forge(self, statement: str) -> None:
        """Change the first shop's books as only the database's administrator could."""
        await self._administer(
            "SET session_replication_role = replica",
            f"{statement} AND merchant_id = '{self.shops[0].merchant_id}'",
        )

    async def break_books_of(self, merchant_id: str) -> None:
        """Let every look at this merchant's cards fail, and at nobody else's."""
        await self._administer(
            "CREATE POLICY broken ON cards AS RESTRICTIVE USING "
            f"(1 / (current_setting('app.merchant') <> '{merchant_id}')::integer = 1)"
        )

    async def _administer(self, *statements: str) -> None:
        connection = await asyncpg.connect(self.database.superuser_dsn)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()


@pytest.fixture
async def watched(database: databases.Database, worker: Database) -> Watched:
    """Two shops that opened one after the other."""
    shops = [await open_shop(worker, slug=slug) for slug in ("one", "two")]
    for shop in shops:
        await shop.stamp()
    metrics = Metrics()
    auditor = Auditor(worker, SIGNER, metrics, lambda: MOMENT)
    return Watched(database, (shops[0], shops[1]), auditor, metrics)


async def test_sound_books_are_told_of_too(watched: Watched) -> None:
    """Every invariant has a number, zero, and the look has its moment."""
    assert await watched.auditor.examine() == 0

    assert {watched.measured(VIOLATIONS, name=name) for name in QUERIES} == {0.0}
    assert watched.measured(EXAMINED) == MOMENT.timestamp()


async def test_a_violation_is_measured_by_name_and_logged_by_merchant(watched: Watched) -> None:
    """It is gone again once the books are mended."""
    await watched.forge(ANY_BALANCE)

    with capture_logs() as logged:
        found = await watched.auditor.examine()

    told = [each for each in logged if each["event"] == "invariant_violated"]
    assert found == len(told) > 0
    assert {each["merchant"] for each in told} == {str(watched.shops[0].merchant_id)}
    for name in {each["invariant"] for each in told}:
        assert watched.measured(VIOLATIONS, name=name) == sum(
            each["invariant"] == name for each in told
        )
    shop = watched.shops[0]
    async with shop.database.units(shop.merchant_id) as unit:
        await unit.audits.rebuild()
    assert await watched.auditor.examine() == 0
    assert {watched.measured(VIOLATIONS, name=name) for name in QUERIES} == {0.0}


async def test_each_growth_is_signed_once_and_logged_whole(watched: Watched) -> None:
    """Who kept the log can tell a cut ledger from a short one; nothing grown, nothing signed."""
    with capture_logs() as logged:
        assert await watched.auditor.sign() == 2
        assert await watched.auditor.sign() == 0
        await watched.shops[1].stamp()
        assert await watched.auditor.sign() == 1

    told = [each for each in logged if each["event"] == "checkpoint_signed"]
    one, two = (str(shop.merchant_id) for shop in watched.shops)
    assert [(each["merchant"], each["number"]) for each in told] == [(one, 1), (two, 1), (two, 2)]
    assert watched.measured(CHECKPOINTS) == 3
    for shop in watched.shops:
        async with shop.database.units(shop.merchant_id) as unit:
            last = await unit.checkpoints.last()
            verdict = await verify_live(unit)
        assert last is not None
        newest = [each for each in told if each["merchant"] == str(shop.merchant_id)][-1]
        assert newest["signature"] == last.signature
        assert newest["root"] == last.checkpoint.root.hex()
        assert verdict.faults == []
        assert verdict.keys == {SIGNER.key_id}


@pytest.mark.parametrize("broken", [0, 1])
async def test_books_that_cannot_be_read_hold_up_no_others(watched: Watched, broken: int) -> None:
    """The others are examined and signed; that not all were seen is seen by the moment."""
    lost, sound = (str(watched.shops[n].merchant_id) for n in (broken, 1 - broken))
    await watched.break_books_of(lost)

    with capture_logs() as logged:
        await watched.auditor.examine()
        signed = await watched.auditor.sign()

    failed = [each for each in logged if each["event"] == "books_failed"]
    assert [(each["what"], each["merchant"]) for each in failed] == [
        ("examine", lost),
        ("sign", lost),
    ]
    told = [each["merchant"] for each in logged if each["event"] == "checkpoint_signed"]
    assert (signed, told) == (1, [sound])
    assert watched.measured(EXAMINED) == 0
