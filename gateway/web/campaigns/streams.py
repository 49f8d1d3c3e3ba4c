"""Streams: server-sent events with a beginning, a pulse, and an end.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

import msgspec
from aiohttp import web

from gateway.web.keys import DRAIN, PRINCIPAL
from gateway.web.refusals import DoorRefusal

STREAMS_MAX = 400
"""Open at once in one process: each holds a connection and little else."""
STREAMS_PER_MERCHANT_MAX = 40
TICK_SECONDS = 1.0
HEARTBEAT_SECONDS = 15.0
"""Proxies close what is silent for a minute; and a reader who left is noticed only by writing."""
STREAM_SECONDS_MAX = 300.0
"""Then the browser comes again, and its session is looked at again."""
RETRY_MILLISECONDS = 2_000

STREAM_HEADERS = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    # nginx would collect the events until there are enough of them.
    "X-Accel-Buffering": "no",
}


class TooManyWatching(DoorRefusal):
    """Too many people are watching just now. The page renews itself more slowly meanwhile."""

    code = "too_many_watching"
    status = 503


class Seats:
    """How many streams are open in this process, and whose."""

    def __init__(self) -> None:
        """Begin with none."""
        self._taken: Counter[UUID] = Counter()

    @contextmanager
    def taken(self, merchant_id: UUID) -> Iterator[None]:
        """Keep a seat; raises `TooManyWatching` when there is none for this merchant."""
        if (
            self._taken.total() >= STREAMS_MAX
            or self._taken[merchant_id] >= STREAMS_PER_MERCHANT_MAX
        ):
            raise TooManyWatching
        self._taken[merchant_id] += 1
        try:
            yield
        finally:
            self._taken[merchant_id] -= 1
            self._taken += Counter()  # forgets merchants with none


SEATS = web.AppKey("seats", Seats)


class Stream:
    """An answer that tells of one change after the other."""

    def __init__(self, request: web.Request) -> None:
        """Answer a request; nothing is sent before `open`."""
        self._request = request
        self._loop = asyncio.get_running_loop()
        self._response = web.StreamResponse(headers=STREAM_HEADERS)
        self._told_at = self._loop.time()

    async def open(self) -> web.StreamResponse:
        """Send the head, and how long a reader should wait before coming again."""
        await self._response.prepare(self._request)
        await self._write(f"retry: {RETRY_MILLISECONDS}\n\n")
        return self._response

    async def ticks(self) -> AsyncIterator[None]:
        """Give a turn each second, until it is time to end: a cut, a shutdown, nobody reads."""
        drain, began = self._request.app[DRAIN], self._loop.time()
        while not drain.is_set() and self._loop.time() < began + STREAM_SECONDS_MAX:
            yield
            if self._loop.time() - self._told_at >= HEARTBEAT_SECONDS:
                await self._write(":\n\n")
            with suppress(TimeoutError):
                await asyncio.wait_for(drain.wait(), TICK_SECONDS)

    async def tell(self, event: str, value: object) -> None:
        """Send one event, its value as JSON on one line."""
        await self._write(f"event: {event}\ndata: {msgspec.json.encode(value).decode()}\n\n")

    async def _write(self, text: str) -> None:
        await self._response.write(text.encode())
        self._told_at = self._loop.time()


@contextmanager
def seat(request: web.Request) -> Iterator[None]:
    """Keep a seat for a request's merchant; raises `TooManyWatching`, also before a shutdown."""
    if request.app[DRAIN].is_set():
        raise TooManyWatching
    with request.app[SEATS].taken(request[PRINCIPAL].merchant_id):
        yield
