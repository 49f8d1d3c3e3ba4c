"""The relay: all that follows from a fact, or nothing, once, and no fact holds up another."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import pytest

from gateway.domain.events.cards import CardStamped
from gateway.domain.events.programs import ProgramPublished
from gateway.resources import new_id
from gateway.storage.database import Database
from gateway.storage.queues.deliveries import Deliveries
from tests.shops import opened
from tests.wallets import OTHER_PASS_TYPE, open_cafe
from tests.workers.stages import EXPERIMENT_KEY, OUTSIDE, Stage
from workers.relay import Relay

POISON = "test.poison"


@asynccontextmanager
async def relaying(stage: Stage) -> AsyncIterator[tuple[Relay, Database, list[str]]]:
    """Open a relay that runs only when told to, and what it rang for."""
    rung: list[str] = []
    async with opened(stage.database.worker_dsn) as database:
        rings = (lambda: rung.append("ring"),)
        yield Relay(database, new_id, rings, OUTSIDE, EXPERIMENT_KEY), database, rung


async def relay_all(relay: Relay) -> None:
    """Relay until nothing waits."""
    await relay.relay_waiting(asyncio.Event())


async def poison(stage: Stage) -> UUID:
    """Put a fact into the outbox that nobody can read; return its id."""
    fact = new_id()
    await stage.sql.execute(
        "INSERT INTO outbox (merchant_id, id, type, data, announced_at)"
        " VALUES ($1, $2, $3, '{}', now() - interval '1 hour')",
        stage.shop.merchant.id,
        fact,
        POISON,
    )
    return fact


async def waiting_facts(stage: Stage) -> int:
    """Count facts nobody has relayed."""
    count: int = await stage.sql.fetchval(
        "SELECT count(*) FROM outbox WHERE relayed_at IS NULL AND type <> $1", POISON
    )
    return count


async def test_facts_of_one_card_become_one_delivery_per_phone(stage: Stage) -> None:
    """Ten stamps of a card that two phones keep are two deliveries and one ring."""
    card = await stage.card(kept_by=2)
    for _ in range(10):
        await stage.shop.stamp(card)

    async with relaying(stage) as (relay, _, rung):
        await relay_all(relay)

    assert await stage.states() == [("waiting", None)] * 2
    assert rung == ["ring"]
    assert await waiting_facts(stage) == 0
    assert not (await stage.shop.stored(card)).is_behind


async def test_two_relays_plan_each_fact_once(stage: Stage) -> None:
    """However many relays there are, a phone gets one delivery for what happened."""
    cards = [await stage.card() for _ in range(8)]
    for card in cards:
        await stage.shop.stamp(card)

    async with relaying(stage) as (one, _, _), relaying(stage) as (two, _, _):
        await asyncio.gather(relay_all(one), relay_all(two), relay_all(one), relay_all(two))

    assert await stage.states() == [("waiting", None)] * len(cards)
    assert await waiting_facts(stage) == 0


async def test_a_turn_is_one_whole(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """When its last step fails, the turn has published, planned and marked nothing."""
    card = await stage.card()
    await stage.shop.stamp(card)
    before = await stage.shop.stored(card)

    async def lose_connection(*_: object) -> int:
        raise ConnectionResetError

    async with relaying(stage) as (relay, _, _):
        with monkeypatch.context() as broken:
            broken.setattr("gateway.storage.queues.outbox.Outbox.mark_relayed", lose_connection)
            await relay_all(relay)
        assert await stage.shop.stored(card) == before
        assert await stage.states() == []
        assert await waiting_facts(stage) > 0

        await stage.sql.execute("UPDATE outbox SET attempts = 0")
        await relay_all(relay)
    assert await stage.states() == [("waiting", None)]


async def test_a_poison_fact_is_counted_and_holds_up_nobody(stage: Stage) -> None:
    """What nobody can read dies after its last attempt; all others of its merchant go on."""
    fact = await poison(stage)
    card = await stage.card()
    await stage.shop.stamp(card)

    async with relaying(stage) as (relay, _, _):
        await relay_all(relay)
        assert await stage.states() == [("waiting", None)]
        for _ in range(10):
            await relay_all(relay)

    row = await stage.sql.fetchrow("SELECT attempts, dead_reason FROM outbox WHERE id = $1", fact)
    assert (row["attempts"], row["dead_reason"]) == (10, "UnreadableFactError")
    assert await waiting_facts(stage) == 0


async def test_a_program_changes_all_its_cards_chunk_by_chunk(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each card's version counts up once, in transactions of a bounded number of cards."""
    monkeypatch.setattr("workers.planning.passes.CARDS_PER_CHUNK_MAX", 2)
    cards = [await stage.card() for _ in range(5)]
    chunks: list[int] = []
    plan = Deliveries.plan

    async def counted(self: Deliveries, wanted: list[object], now: object) -> int:
        chunks.append(len(wanted))
        return await plan(self, wanted, now)  # type: ignore[arg-type]

    monkeypatch.setattr(Deliveries, "plan", counted)
    async with stage.shop.resources.units(stage.shop.merchant.id) as unit:
        unit.announce(
            ProgramPublished(
                program_id=stage.shop.program.id,
                program_version_id=stage.shop.program.version.id,
            )
        )

    async with relaying(stage) as (relay, _, _):
        await relay_all(relay)

    stored = [await stage.shop.stored(card) for card in cards]
    assert [each.published_version for each in stored] == [2] * 5
    assert chunks == [2, 2, 1]
    assert await waiting_facts(stage) == 0


async def test_each_merchant_is_relayed_under_its_own_name(stage: Stage) -> None:
    """A fact that names another merchant's card touches nothing of that merchant."""
    card = await stage.card()
    other = await open_cafe(stage.shop.resources, pass_type=OTHER_PASS_TYPE, slug="other")
    async with stage.shop.resources.units(other.merchant.id) as unit:
        fact = CardStamped(
            card_id=card, transaction_id=new_id(), unit="stamp", stamps=1, balance=1
        )
        unit.announce(fact)

    async with relaying(stage) as (relay, _, _):
        await relay_all(relay)

    assert await stage.states() == []
    assert (await stage.shop.stored(card)).published_version == 0
