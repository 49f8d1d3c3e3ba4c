"""Workers and servers are killed while every channel is busy: all is told, and told once.

TEST_SEED replays a run, CRASH_SEEDS runs more of them.
"""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from gateway.domain.progress import stamp_progress
from gateway.domain.webhooks import is_public
from tests.wallets import OTHER_PASS_TYPE, Cafe, open_cafe
from tests.workers.couriers.conftest import google, hooks, post
from tests.workers.couriers.google_stage import GoogleStage
from tests.workers.couriers.message_stage import MessageStage
from tests.workers.couriers.test_stream import published
from tests.workers.couriers.webhook_stage import STAMPED, WebhookStage
from tests.workers.crash_loops import ROLLED_BACK, Phones, check_pushes, seeds
from tests.workers.doomed import WORKERS, Servers, running_servers
from tests.workers.every_channel import PROVIDERS, Town, start_nats
from tests.workers.stages import Stage, eventually, hastened, token_of

__all__ = ["google", "hooks", "post"]

IN_WALLETS = 4
PHONES = ("+352621000101", "+352621000102")
LOAD_SECONDS = 8.0
SETTLE_SECONDS_MAX = 60.0
TARGET = 10
TRIES_MAX = 3
MISHAPS = ("worker", "redis", "flush", "stream", *PROVIDERS)
LEFT_OVER = """
SELECT channel, target, attempts, reason, next_at - now() AS due, leased_until - now() AS leased
FROM deliveries WHERE state = 'waiting'
UNION ALL
SELECT 'outbox', type, attempts, dead_reason, NULL, NULL FROM outbox WHERE relayed_at IS NULL
"""
MESSAGES = """
SELECT messages.*, deliveries.id AS delivery_id, deliveries.attempts
FROM messages LEFT JOIN deliveries
  ON deliveries.target = messages.id::text AND deliveries.channel = messages.channel
WHERE messages.channel = $1 ORDER BY messages.id
"""
UNTOLD = """
SELECT count(*) FROM outbox AS stamped
WHERE merchant_id = $1 AND type = 'loyalty.card.stamped' AND NOT EXISTS (
  SELECT FROM outbox AS told JOIN messages ON messages.fact_id = told.id
  WHERE told.announced_at = stamped.announced_at
    AND told.data ->> 'card_id' = stamped.data ->> 'card_id'
)
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One run: where, what is drawn by lot, and what was done to it."""

    town: Town
    lots: random.Random
    theirs: Cafe
    their_card: UUID
    stamped: Counter[UUID]
    did: Counter[str]


@pytest.fixture
async def town(
    stage: Stage, google: GoogleStage, post: MessageStage, hooks: WebhookStage, tmp_path: Path
) -> AsyncIterator[Town]:
    """A shop with cards in wallets, customers who agreed, an endpoint, and perhaps a stream."""
    await post.manners()
    nats = start_nats(tmp_path)
    try:
        town = Town(stage, google, post, hooks, nats)
        hooks.receiver.answer = town.answer
        town.in_wallets += [await town.open_in_wallets() for _ in range(IN_WALLETS)]
        town.texted += [await town.open_texted(phone) for phone in PHONES]
        yield town
    finally:
        if nats is not None:
            nats.stop()


async def disturb(run: Run, running: Servers) -> None:
    """Kill something or let somebody fail, again and again; each kind at least once."""
    kinds = list(MISHAPS)
    run.lots.shuffle(kinds)
    for turn in count():
        await asyncio.sleep(run.lots.uniform(0.2, 1.2))
        what = kinds[turn] if turn < len(kinds) else run.lots.choice(["worker", *kinds])
        run.did[what] += 1
        match what:
            case "worker":
                running.kill_worker()
            case "flush":
                running.flush_redis()
            case "redis":
                running.kill_redis()
                await asyncio.sleep(run.lots.uniform(0.0, 1.0))
                running.start_redis()
            case "stream":
                await asyncio.to_thread(run.town.crash_stream)
            case _:
                run.town.fail(what, run.lots)


async def load(run: Run) -> None:
    """Stamp cards, here and at another merchant's, and announce what is rolled back."""
    clock = asyncio.get_running_loop().time
    until = clock() + LOAD_SECONDS
    while clock() < until or len(run.did) < len(MISHAPS):
        card = run.lots.choice(run.town.cards)
        if run.lots.random() < ROLLED_BACK:
            await run.town.change_mind(card)
            await run.theirs.stamp(run.their_card)
        else:
            await run.town.stage.shop.stamp(card)
            run.stamped[card] += 1
        await asyncio.sleep(run.lots.uniform(0.0, 0.12))


async def last_blow(run: Run, running: Servers) -> None:
    """Stamp every card once more, let everybody lose that, and kill all workers meanwhile.

    Nothing happens afterwards that could make good what was lost.
    """
    run.town.lose()
    for card in run.town.cards:
        await run.town.stage.shop.stamp(card)
        run.stamped[card] += 1
    await asyncio.sleep(run.lots.uniform(0.02, 0.2))
    for _ in range(WORKERS):
        running.kill_worker()


async def live_through(run: Run, folder: Path, phones: Phones) -> None:
    """Load, disturb and wait until nothing is left to do."""
    stage = run.town.stage

    async def settled() -> bool:
        told = [phones.versions.get(card) == 1 + run.stamped[card] for card in run.town.in_wallets]
        return all(told) and await stage.is_current(run.town.in_wallets[0])

    with running_servers(folder, run.town.variables()) as running:
        asking = asyncio.create_task(phones.run())
        async with hastened(stage):
            disturbing = asyncio.create_task(disturb(run, running))
            await load(run)
            disturbing.cancel()
            with suppress(asyncio.CancelledError):
                await disturbing
            await last_blow(run, running)
            try:
                await eventually(settled, SETTLE_SECONDS_MAX)
            except TimeoutError:
                pytest.fail(f"left over: {await left_over(stage)}, told {phones.versions}")
        asking.cancel()


async def left_over(stage: Stage) -> list[tuple[object, ...]]:
    """Return what still waits, for who has to find out why."""
    return [tuple(row) for row in await stage.sql.fetch(LEFT_OVER)]


@pytest.mark.parametrize("chosen", seeds())
async def test_everybody_is_told_of_everything_and_of_nothing_else(
    town: Town, tmp_path: Path, seed: int, chosen: int | None
) -> None:
    """After kill -9 of workers, Redis and the stream, and failures of every provider.

    Wallets show what the database says, each message, webhook, event and push kept one name over
    all its tries, nobody got a text twice, and nobody heard of what was rolled back or of another
    merchant.
    """
    lots = random.Random(seed if chosen is None else chosen)
    print(f"TEST_SEED={seed if chosen is None else chosen}")  # noqa: T201 -- replays this run
    never_stamped = await town.open_in_wallets()
    phones = Phones(town.stage, {token_of(card): card for card in [*town.cards, never_stamped]})
    theirs = await open_cafe(town.stage.shop.resources, pass_type=OTHER_PASS_TYPE, slug="theirs")
    run = Run(town, lots, theirs, await theirs.card(), Counter(), Counter())
    _, secret = await town.hooks.endpoint()

    await live_through(run, tmp_path, phones)

    for card in [*town.in_wallets, never_stamped]:
        shown = stamp_progress(run.stamped[card], TARGET)
        assert await town.google.balance_of(card) == f"{shown.count}/{TARGET}"
    assert not town.stage.pushes(never_stamped)
    await check_pushes(town.stage)
    await check_mails(town)
    await check_texts(town)
    await check_webhooks(town, secret)
    await check_stream(town)
    await check_something_happened(run)


async def check_mails(town: Town) -> None:
    """Every stamp was told of, by a mail of one name, unless a newer mail tells it better."""
    sql, merchant_id = town.stage.sql, town.stage.shop.merchant.id
    assert await sql.fetchval(UNTOLD, merchant_id) == 0
    arrived = Counter(str(letter.message["Message-ID"]) for letter in town.post.letters)
    rows = await sql.fetch(MESSAGES, "mail")
    names = {f"<{row['delivery_id']}@example.org>": row for row in rows}
    assert arrived.keys() <= names.keys()
    for name, row in names.items():
        check_end(row, arrived[name])
    newest = {row["card_id"]: row["state"] for row in rows}
    assert newest.keys() == set(town.in_wallets)
    assert set(newest.values()) <= {"sent", "failed"}


def check_end(row: asyncpg.Record, times: int) -> None:
    """Say of a message what became of it: sent, overtaken, or tried as often as may be."""
    match row["state"], row["reason"]:
        case "sent", _:
            assert times >= 1
        case "skipped", reason:
            assert reason == "overtaken"
        case state, _:
            assert state == "failed"
            assert row["attempts"] >= TRIES_MAX


async def check_texts(town: Town) -> None:
    """No text came twice; one of which nobody knows says so."""
    texts = [text for phone in PHONES for text in town.post.sms.inbox.of(phone)]
    arrived = Counter(text.status_url.rpartition("?message=")[2] for text in texts)
    rows = await town.stage.sql.fetch(MESSAGES, "sms")
    assert arrived.keys() <= {str(row["id"]) for row in rows}
    assert set(arrived.values()) == {1}
    for row in rows:
        if row["reason"] != "outcome_unknown":
            check_end(row, arrived[str(row["id"])])
        else:
            assert row["state"] == "failed"


async def facts_of(town: Town) -> dict[str, str]:
    """Return the type of each fact of the shop by its id."""
    rows = await town.stage.sql.fetch(
        "SELECT id, type FROM outbox WHERE merchant_id = $1", town.stage.shop.merchant.id
    )
    return {str(row["id"]): row["type"] for row in rows}


async def check_webhooks(town: Town, secret: str) -> None:
    """Each stamp was told at least once, always in the same signed words under the fact's id."""
    bodies: dict[str, set[bytes]] = defaultdict(set)
    for heard in town.hooks.receiver.heard:
        heard.verify(secret)
        bodies[heard.id].add(heard.body)
    facts = await facts_of(town)
    assert bodies.keys() == {fact for fact, type_ in facts.items() if type_ == STAMPED}
    assert {len(said) for said in bodies.values()} == {1}
    assert bodies.keys().isdisjoint(map(str, town.rolled_back))


async def check_stream(town: Town) -> None:
    """The stream has each public fact of the shop once."""
    if town.nats is None:
        return
    public = {fact for fact, type_ in (await facts_of(town)).items() if is_public(type_)}
    events = await published(town.nats, "cafe.>", len(public))
    assert {(event.headers or {})["Nats-Msg-Id"] for event in events} == public


async def check_something_happened(run: Run) -> None:
    """A run in which nobody was killed, failed or tried again would prove little."""
    assert set(MISHAPS) == run.did.keys()
    assert run.town.rolled_back
    rows = await run.town.stage.sql.fetch(
        "SELECT DISTINCT channel FROM deliveries WHERE attempts > 1"
    )
    assert {row["channel"] for row in rows} >= {"apns", "google", "mail", "webhook"}
    for phone in PHONES:
        assert run.town.post.sms.inbox.of(phone)
