"""Group commit: sets grow under load, and what befalls one command befalls it alone."""

import asyncio
from collections.abc import Sequence

import pytest

from gateway.services.cards.coalescing import BATCH_COMMANDS_MAX, BATCHES_AT_ONCE_MAX, Coalescer


class _Work:
    """Doubles numbers when the gate is open; fails a set with a negative number in it."""

    def __init__(self) -> None:
        self.sets: list[list[int]] = []
        self.at_once = self.at_once_max = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.sets.append(list(numbers))
        self.at_once += 1
        self.at_once_max = max(self.at_once_max, self.at_once)
        try:
            await self.gate.wait()
        finally:
            self.at_once -= 1
        bad = [number for number in numbers if number < 0]
        if bad:
            raise ValueError(bad[0])
        return [number * 2 for number in numbers]


async def test_a_single_command_waits_for_nobody() -> None:
    """One caller after another gets a set of one, at once."""
    work = _Work()
    coalescer = Coalescer(work)
    assert [await coalescer.ask(number) for number in (1, 2, 3)] == [2, 4, 6]
    assert work.sets == [[1], [2], [3]]


async def test_sets_grow_while_a_set_is_under_way() -> None:
    """What arrives meanwhile shares the next set, in order, never more than fit."""
    work = _Work()
    work.gate.clear()
    coalescer = Coalescer(work)
    count = BATCHES_AT_ONCE_MAX * (1 + BATCH_COMMANDS_MAX) + 5
    asked = [asyncio.create_task(coalescer.ask(number)) for number in range(count)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    work.gate.set()
    assert await asyncio.gather(*asked) == [number * 2 for number in range(count)]
    sizes = [1] * BATCHES_AT_ONCE_MAX + [BATCH_COMMANDS_MAX] * BATCHES_AT_ONCE_MAX + [5]
    assert [len(each) for each in work.sets] == sizes
    assert work.at_once_max == BATCHES_AT_ONCE_MAX


async def test_sets_under_way_at_once_share_alike() -> None:
    """No set takes everything and leaves its neighbour to commit a few over and over."""
    work = _Work()
    coalescer = Coalescer(work)

    async def ask_twice(number: int) -> None:
        for _ in range(2):
            await coalescer.ask(number)

    work.gate.clear()
    asked = [asyncio.create_task(ask_twice(number)) for number in range(20)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    work.gate.set()
    await asyncio.gather(*asked)
    assert [len(each) for each in work.sets[:BATCHES_AT_ONCE_MAX]] == [1] * BATCHES_AT_ONCE_MAX
    assert {len(each) for each in work.sets[BATCHES_AT_ONCE_MAX:4]} == {10}


async def test_an_error_is_for_the_command_that_made_it() -> None:
    """The neighbours of a command that fails its set get their own results."""
    work = _Work()
    work.gate.clear()
    coalescer = Coalescer(work)
    numbers = [1, 2, 3, -4, 5, -6]
    asked = [asyncio.create_task(coalescer.ask(number)) for number in numbers]
    await asyncio.sleep(0)
    work.gate.set()
    results = await asyncio.gather(*asked, return_exceptions=True)
    assert [str(result) for result in results] == ["2", "4", "6", "-4", "10", "-6"]
    assert [type(result) for result in results].count(ValueError) == 2


async def test_an_outage_is_told_to_everybody_at_once() -> None:
    """A set that met a dead database is not sent to it again command by command."""
    work = _Work()
    work.gate.clear()
    coalescer = Coalescer(work, (ValueError,))
    asked = [asyncio.create_task(coalescer.ask(number)) for number in (-1, -2, -3, -4)]
    await asyncio.sleep(0)
    work.gate.set()
    results = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(result) for result in results] == [ValueError] * len(asked)
    assert sum(map(len, work.sets)) == len(asked), "nobody was sent twice"


async def test_who_gives_up_harms_nobody() -> None:
    """A caller that was cancelled before, during or in a failed set leaves the others alone."""
    work = _Work()
    work.gate.clear()
    coalescer = Coalescer(work)
    asked = [asyncio.create_task(coalescer.ask(number)) for number in (1, 2, -3, 4, 5)]
    await asyncio.sleep(0)
    asked[0].cancel()
    asked[3].cancel()
    await asyncio.sleep(0)
    work.gate.set()
    results = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(result) for result in results] == [
        asyncio.CancelledError,
        int,
        ValueError,
        asyncio.CancelledError,
        int,
    ]
    assert [4] not in work.sets, "nobody waits for it any more"


async def test_draining_waits_for_all_that_was_asked() -> None:
    """After a drain nobody is at work, and every question has its answer."""
    work = _Work()
    work.gate.clear()
    coalescer = Coalescer(work)
    asked = [asyncio.create_task(coalescer.ask(number)) for number in range(10)]
    await asyncio.sleep(0)
    draining = asyncio.create_task(coalescer.drain())
    await asyncio.sleep(0)
    assert not draining.done()
    work.gate.set()
    await draining
    assert work.at_once == 0
    await asyncio.sleep(0)
    assert all(task.done() for task in asked)


async def test_work_that_forgets_a_command_is_an_error_and_never_a_hang() -> None:
    """A function that returns too few results fails its callers at once."""

    async def forget(numbers: Sequence[int]) -> list[int]:
        return list(numbers)[1:]

    coalescer = Coalescer(forget)
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        await coalescer.ask(1)
