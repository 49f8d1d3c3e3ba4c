"""Group commit: commands that arrive while a commit is under way share the next one."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

BATCH_COMMANDS_MAX = 128
BATCHES_AT_ONCE_MAX = 2

Asked = TypeVar("Asked")
Given = TypeVar("Given")


class Coalescer(Generic[Asked, Given]):
    """Collects single commands into sets for a function that takes sets.

    A command that finds nobody at work is carried out at once; so with one caller nothing waits,
    and with many the sets grow by themselves.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Asked]], Awaitable[Sequence[Given]]],
        outages: tuple[type[Exception], ...] = (),
    ) -> None:
        """Take the function; it returns a result per command, in order.

        An error among `outages` is nobody's fault and everybody's: a set that meets one is not
        tried again one by one, a time-out each.
        """
        self._work = work
        self._outages = outages
        self._waiting: deque[tuple[Asked, asyncio.Future[Given]]] = deque()
        self._at_work: dict[asyncio.Task[None], int] = {}

    async def ask(self, command: Asked) -> Given:
        """Return the result of one command; raises what the work raised for it alone."""
        future: asyncio.Future[Given] = asyncio.get_running_loop().create_future()
        self._waiting.append((command, future))
        self._start()
        return await future

    async def drain(self) -> None:
        """Wait until nobody is at work."""
        while self._at_work:
            await asyncio.wait(self._at_work)

    def _start(self) -> None:
        while self._waiting and len(self._at_work) < BATCHES_AT_ONCE_MAX:
            batch = [self._waiting.popleft() for _ in range(self._fair_share())]
            task = asyncio.create_task(self._carry_out(batch))
            self._at_work[task] = len(batch)
            task.add_done_callback(self._finished)

    def _fair_share(self) -> int:
        """Return how many of the waiting commands the next set takes.

        Sets under way at once get equal shares of all commands. Whoever took everything would
        leave the other a few, which it then commits over and over while the large set is busy.
        """
        there = len(self._waiting) + sum(self._at_work.values())
        share = -(-there // BATCHES_AT_ONCE_MAX)
        return min(share, len(self._waiting), BATCH_COMMANDS_MAX)

    def _finished(self, task: asyncio.Task[None]) -> None:
        del self._at_work[task]
        self._start()

    async def _carry_out(self, batch: list[tuple[Asked, asyncio.Future[Given]]]) -> None:
        try:
            results = await self._work([command for command, _ in batch])
            pairs = list(zip(batch, results, strict=True))
        except Exception as error:  # noqa: BLE001 -- whatever it was, its neighbours get their own try
            await self._one_by_one(batch, error)
            return
        for (_, future), result in pairs:
            if not future.done():
                future.set_result(result)

    async def _one_by_one(
        self, batch: list[tuple[Asked, asyncio.Future[Given]]], error: Exception
    ) -> None:
        """Find the one that failed the set; a set of one has been found."""
        is_hopeless = len(batch) == 1 or isinstance(error, self._outages)
        for pair in batch:
            # Who gave up meanwhile must not keep the others waiting.
            if pair[1].done():
                continue
            if is_hopeless:
                pair[1].set_exception(error)
            else:
                await self._carry_out([pair])
