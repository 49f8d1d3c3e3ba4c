"""Stamps per second through the whole service layer, beside pgbench calling one function.

Both write the same rows to the same tables of the same server, in turns. The function decides
nothing and knows no row-level security: it is the limit, not a rival.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import uvloop
from uuid_utils.compat import uuid7

from gateway.domain.business_day import BusinessClock
from gateway.domain.people import Origin, Permission, Principal
from gateway.domain.programs import Look, Program, ProgramStatus, ProgramVersion, StampRule
from gateway.domain.redemptions import Reward
from gateway.services.coalescing import Coalescer
from gateway.services.commands import Answer, StampCard
from gateway.services.stamping import Books, Reply, stamp
from gateway.storage.database import Database, open_database
from gateway.storage.merchants import Location, Merchant
from gateway.storage.migrating import migrate
from gateway.storage.roles import RolePasswords, prepare_database
from gateway.storage.vault import Vault
from sandbox.servers import PostgresServer, postgres

CARDS = 20_000
ROUNDS = 3
ROUND_SECONDS = 4.0
CALLERS_ONE_BY_ONE = 16
CALLERS_TOGETHER = 64
CLOCK = BusinessClock(time_zone="Europe/Luxembourg", cutoff_hour=4)
SQL = Path(__file__).parent / "stamps.sql"


@dataclass(frozen=True, slots=True)
class Shop:
    """What is stamped: a merchant's cards, and who stamps them."""

    principal: Principal
    location_id: UUID
    cards: list[UUID]


async def measure() -> dict[str, float]:
    """Return the medians of all rounds, in stamps per second, and their ratios to the limit."""
    with tempfile.TemporaryDirectory() as folder, postgres(Path(folder)) as server:
        async with _database(server) as database:
            shop = await _open_shop(database, server)
            return await _rounds(database, server, shop)


async def _rounds(database: Database, server: PostgresServer, shop: Shop) -> dict[str, float]:
    books = Books(database.ledger, database.versions, uuid7, database.bell.ring)

    async def alone(command: StampCard) -> Reply:
        return (await stamp(books, [command]))[0]

    together: Coalescer[StampCard, Reply] = Coalescer(lambda commands: stamp(books, commands))
    rates: dict[str, list[float]] = {"pgbench": [], "one_by_one": [], "group_commit": []}
    for _ in range(ROUNDS):
        rates["pgbench"].append(await asyncio.to_thread(_pgbench, server))
        rates["one_by_one"].append(await _load(shop, alone, CALLERS_ONE_BY_ONE))
        rates["group_commit"].append(await _load(shop, together.ask, CALLERS_TOGETHER))
    medians = {name: statistics.median(each) for name, each in rates.items()}
    return {
        "stamps_per_second_pgbench_function": medians["pgbench"],
        "stamps_per_second_one_by_one": medians["one_by_one"],
        "stamps_per_second_group_commit": medians["group_commit"],
        "ratio_one_by_one": medians["one_by_one"] / medians["pgbench"],
        "ratio_group_commit": medians["group_commit"] / medians["pgbench"],
    }


async def _load(
    shop: Shop, do_stamp: Callable[[StampCard], Awaitable[Reply]], callers: int
) -> float:
    until = time.perf_counter() + ROUND_SECONDS
    counts = await asyncio.gather(
        *(_caller(shop, do_stamp, number, callers, until) for number in range(callers))
    )
    return sum(counts) / ROUND_SECONDS


async def _caller(
    shop: Shop,
    do_stamp: Callable[[StampCard], Awaitable[Reply]],
    number: int,
    callers: int,
    until: float,
) -> int:
    done = 0
    while time.perf_counter() < until:
        card_id = shop.cards[(number + done * callers) % len(shop.cards)]
        reply = await do_stamp(_command(shop, card_id))
        assert isinstance(reply, Answer), reply
        assert reply.is_done, reply.body
        done += 1
    return done


def _command(shop: Shop, card_id: UUID) -> StampCard:
    return StampCard(
        principal=shop.principal,
        origin=Origin(source="staff", remote_address="192.0.2.1", user_agent="benchmark"),
        key=uuid7().hex,
        fingerprint=b"f" * 32,
        card_id=card_id,
        location_id=shop.location_id,
        clock=CLOCK,
    )


def _pgbench(server: PostgresServer) -> float:
    script = "\\set n random(1, :cards)\nSELECT bench_stamp(:n);\n"
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        command = ["pgbench", "--no-vacuum", "--protocol=prepared", f"--file={file.name}"]
        command += [f"--client={CALLERS_ONE_BY_ONE}", "--jobs=2", f"--time={int(ROUND_SECONDS)}"]
        command += [f"--define=cards={CARDS}", server.dsn("bench")]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rate = next(line for line in output.splitlines() if line.startswith("tps"))
    return float(rate.split()[2])


@asynccontextmanager
async def _database(server: PostgresServer) -> AsyncIterator[Database]:
    passwords = RolePasswords(owner="owner", app="app", worker="worker")
    await prepare_database(server.dsn(), "bench", passwords)
    await migrate(f"postgresql://passgate_owner:owner@127.0.0.1:{server.port}/bench")
    url = f"postgresql://passgate_app:app@127.0.0.1:{server.port}/bench"
    vault = Vault(b"w" * 32, b"i" * 32)
    async with open_database(
        url, pool_size=CALLERS_ONE_BY_ONE, seconds_max=10, vault=vault, new_id=uuid7
    ) as database:
        yield database


async def _open_shop(database: Database, server: PostgresServer) -> Shop:
    merchant_id, program_id, version_id = uuid7(), uuid7(), uuid7()
    location = Location(id=uuid7(), name="Here", code="HERE", clock=CLOCK)
    rule = StampRule(target=10, reward="Coffee", cooldown=timedelta(0), daily_limit=10**6)
    version = ProgramVersion(
        id=version_id, program_id=program_id, number=1, name="Card", rule=rule, look=Look()
    )
    program = Program(id=program_id, status=ProgramStatus.ACTIVE, revision=1, version=version)
    merchant = Merchant(id=merchant_id, slug="here", name="Here", country="LU", language="en")
    async with database.units(merchant_id) as unit:
        await unit.merchants.add(merchant, unit.now)
        await unit.merchants.add_location(location, unit.now)
        await unit.programs.add(program, unit.now)
        await unit.programs.add_version(
            version, Reward(id=uuid7(), name="Coffee", cost=10), None, unit.now
        )
    connection = await asyncpg.connect(server.dsn("bench"))
    await connection.execute(SQL.read_text())
    await connection.execute("SELECT bench_cards($1, $2, $3)", merchant_id, program_id, CARDS)
    await connection.execute("VACUUM ANALYZE")
    rows = await connection.fetch("SELECT card_id FROM bench_numbers ORDER BY n")
    await connection.close()
    principal = Principal(
        merchant_id=merchant_id,
        name="till:bench",
        permissions=frozenset(Permission),
        location_id=location.id,
    )
    return Shop(principal, location.id, [row["card_id"] for row in rows])


if __name__ == "__main__":
    json.dump(uvloop.run(measure()), sys.stdout, indent=2)
