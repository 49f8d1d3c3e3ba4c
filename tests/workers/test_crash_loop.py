"""Workers and Redis are killed at random while stamps are given: nothing is lost or made up.

TEST_SEED replays a run, CRASH_SEEDS runs more of them.
"""

import asyncio
import random
from collections import Counter
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest

from sandbox.apns.commands import Command, Drop, GoAway, Silence, Slow
from tests.workers.crash_loops import ROLLED_BACK, Phones, change_mind, check_pushes, seeds
from tests.workers.doomed import WORKERS, Servers, running_servers
from tests.workers.stages import Stage, eventually

CARDS = 6
LOAD_SECONDS = 8.0
SETTLE_SECONDS_MAX = 60.0
KINDS = ("worker", "redis", "flush", "apns")
MISHAPS: tuple[Command, ...] = (Drop(), Silence(), GoAway(), Slow(0.5))


async def disturb(stage: Stage, running: Servers, lots: random.Random, did: Counter[str]) -> None:
    """Kill something again and again, or let Apple fail some pushes; each kind at least once."""
    kinds = list(KINDS)
    lots.shuffle(kinds)
    for turn in count():
        await asyncio.sleep(lots.uniform(0.2, 1.5))
        what = kinds[turn] if turn < len(kinds) else lots.choice(["worker", *kinds])
        did[what] += 1
        if what == "worker":
            running.kill_worker()
        elif what == "apns":
            stage.apns.next(lots.choice(MISHAPS), lots.randrange(1, 5))
        elif what == "flush":
            running.flush_redis()
        else:
            running.kill_redis()
            await asyncio.sleep(lots.uniform(0.0, 1.0))
            running.start_redis()


async def load(
    stage: Stage, cards: list[UUID], lots: random.Random, did: Counter[str]
) -> Counter[UUID]:
    """Stamp cards until each kind of thing went wrong; every tenth change is rolled back."""
    stamped: Counter[UUID] = Counter()
    clock = asyncio.get_running_loop().time
    until = clock() + LOAD_SECONDS
    while clock() < until or len(did) < len(KINDS):
        card = lots.choice(cards)
        if lots.random() < ROLLED_BACK:
            await change_mind(stage, card)
        else:
            await stage.shop.stamp(card)
            stamped[card] += 1
        await asyncio.sleep(lots.uniform(0.0, 0.06))
    return stamped


async def last_blow(
    stage: Stage, running: Servers, cards: list[UUID], lots: random.Random
) -> Counter[UUID]:
    """Stamp every card once more and kill all workers while that is on its way.

    Nothing happens afterwards that could make good what was lost.
    """
    stage.apns.next(Drop(), 2)
    for card in cards:
        await stage.shop.stamp(card)
    await asyncio.sleep(lots.uniform(0.02, 0.1))
    for _ in range(WORKERS):
        running.kill_worker()
    return Counter(cards)


@pytest.mark.parametrize("chosen", seeds())
async def test_nothing_is_lost_and_nothing_made_up(
    stage: Stage, tmp_path: Path, seed: int, chosen: int | None
) -> None:
    """After kill -9 of workers and Redis every phone has the newest version, by known pushes."""
    lots = random.Random(seed if chosen is None else chosen)
    print(f"TEST_SEED={seed if chosen is None else chosen}")  # noqa: T201 -- replays this run
    cards = [await stage.card() for _ in range(CARDS)]
    never_stamped = await stage.card()
    phones = Phones(stage, {f"{card.hex}{0:032x}": card for card in [*cards, never_stamped]})
    did: Counter[str] = Counter()
    with running_servers(tmp_path, stage.variables(LOG_LEVEL="info")) as running:
        asking = asyncio.create_task(phones.run())
        disturbing = asyncio.create_task(disturb(stage, running, lots, did))
        stamped = await load(stage, cards, lots, did)
        disturbing.cancel()
        await asyncio.wait([disturbing])
        if not disturbing.cancelled():
            disturbing.result()
        stamped += await last_blow(stage, running, cards, lots)

        async def settled() -> bool:
            told = [phones.versions.get(card) == 1 + stamped[card] for card in cards]
            return all(told) and await stage.is_current(cards[0])

        await eventually(settled, SETTLE_SECONDS_MAX)
        asking.cancel()

    for card in cards:
        assert (await stage.shop.stored(card)).card_version == 1 + stamped[card]
    assert not stage.pushes(never_stamped)
    await check_pushes(stage)
