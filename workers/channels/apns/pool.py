"""The connections to APNs for one pass type: opened when needed, kept for hours."""

import asyncio
import math
import random
import ssl
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from workers.channels.apns.connection import Connection
from workers.channels.apns.frames import NO_ERROR
from workers.channels.apns.reactions import Answer
from workers.channels.apns.request import Push, RequestShape
from workers.channels.apns.streams import Exchange
from workers.channels.base import Temporary

SWEEPS_PER_DEADLINE = 4
CLOSE_SECONDS_MAX = 2.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much; the defaults follow Apple's advice on connections.

    `push_seconds` runs from `send` to the answer, waiting for a connection included.
    """

    push_seconds: float = 10.0
    connect_seconds: float = 10.0
    ping_after_seconds: float = 3_600.0
    backoff_first_seconds: float = 0.5
    backoff_max_seconds: float = 60.0
    steady_after_seconds: float = 30.0
    connections_max: int = 1
    waiting_max: int = 10_000


@dataclass(frozen=True, slots=True)
class Line:
    """Where to connect, as whom, and how a request looks there."""

    host: str
    port: int
    context: ssl.SSLContext
    shape: RequestShape
    authorization: Callable[[], bytes]


class ApnsPool:
    """Hands pushes to connections with room, and keeps the others in order until there is some.

    A connection that could not be made, or did not last, counts as a failure. The first retry
    is immediate, later ones wait twice as long each; meanwhile pushes come back at once.
    """

    def __init__(self, line: Line, limits: Limits) -> None:
        self._line = line
        self._limits = limits
        self._loop = asyncio.get_running_loop()
        self._connections: list[Connection] = []
        self._waiting: deque[Exchange] = deque()
        self._connecting: asyncio.Task[None] | None = None
        self._sweep: asyncio.TimerHandle | None = None
        self._failures = 0
        self._connect_from = 0.0
        self._closed = False

    def post(self, push: Push) -> asyncio.Future[Answer | Temporary]:
        """Send a push; the future always resolves, at the latest after `push_seconds`."""
        deadline = self._loop.time() + self._limits.push_seconds
        exchange = Exchange(push, self._loop.create_future(), deadline)
        if self._sweep is None:
            self._schedule_sweep()
        connection = None if self._waiting else self._with_room()
        if connection is not None:
            connection.open(exchange)
        elif self._closed or len(self._waiting) >= self._limits.waiting_max:
            exchange.settle(Temporary("Closed" if self._closed else "QueueFull"))
        else:
            self._waiting.append(exchange)
            self.has_room()
        return exchange.answer

    async def close(self) -> None:
        """Hang up everywhere and settle whatever waits."""
        self._closed = True
        if self._sweep is not None:
            self._sweep.cancel()
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.wait([self._connecting])
        self._fail_waiting(Temporary("Closed"))
        connections = list(self._connections)
        for connection in connections:
            connection.end(NO_ERROR)
        if connections:
            await asyncio.wait([each.closed for each in connections], timeout=CLOSE_SECONDS_MAX)

    def has_room(self) -> None:
        """Send what waits as far as there is room, and connect if there is none at all."""
        while self._waiting:
            connection = self._with_room()
            if connection is None:
                self._grow()
                return
            exchange = self._waiting.popleft()
            if not exchange.answer.done():
                connection.open(exchange)

    def take_back(self, exchanges: list[Exchange]) -> None:
        """Send what a server did not process once more, elsewhere; a second time is a failure."""
        for exchange in reversed(exchanges):
            if exchange.moved:
                exchange.settle(Temporary("GoingAway"))
            else:
                exchange.moved = True
                self._waiting.appendleft(exchange)
        self.has_room()

    def lost(self, connection: Connection) -> None:
        """Forget a connection; one that did not last delays the next."""
        if connection not in self._connections:
            return
        self._connections.remove(connection)
        if self._loop.time() - connection.opened_at >= self._limits.steady_after_seconds:
            self._failures = 0
        else:
            self._back_off()
        self.has_room()

    def _with_room(self) -> Connection | None:
        for connection in self._connections:
            if connection.room:
                return connection
        return None

    def _grow(self) -> None:
        usable = sum(not connection.draining for connection in self._connections)
        if self._connecting is not None or usable >= self._limits.connections_max:
            return
        pause_seconds = self._connect_from - self._loop.time()
        if self._closed or pause_seconds > 0:
            self._fail_waiting(Temporary("NotConnected", max(1, math.ceil(pause_seconds))))
        else:
            self._connecting = self._loop.create_task(self._connect())

    async def _connect(self) -> None:
        try:
            self._connections.append(await self._opened())
        except OSError as error:  # time-outs, refusals and TLS alerts are all OSErrors
            pause_seconds = self._back_off()
            retry_after = math.ceil(pause_seconds) or None
            self._fail_waiting(Temporary(f"NotConnected{type(error).__name__}", retry_after))
        finally:
            self._connecting = None
        self.has_room()

    async def _opened(self) -> Connection:
        """Connect and wait for the server's SETTINGS: before them no stream number is safe."""
        line = self._line
        connection = Connection(line.shape, line.authorization, self)
        try:
            async with asyncio.timeout(self._limits.connect_seconds):
                transport, _ = await self._loop.create_connection(
                    lambda: connection,
                    line.host,
                    line.port,
                    ssl=line.context,
                    ssl_shutdown_timeout=CLOSE_SECONDS_MAX,
                )
                _demand_http2(transport)
                await connection.ready
        except BaseException:
            connection.abort()
            raise
        connection.keep_alive(self._limits.ping_after_seconds, self._limits.push_seconds)
        return connection

    def _back_off(self) -> float:
        """Count a failure; returns the seconds until the next try."""
        self._failures += 1
        if self._failures == 1:
            return 0.0
        doubled = self._limits.backoff_first_seconds * 2.0 ** min(self._failures - 2, 16)
        spread = random.uniform(0.75, 1.25)  # noqa: S311 - spreads reconnects, guards nothing
        pause_seconds = min(doubled, self._limits.backoff_max_seconds) * spread
        self._connect_from = self._loop.time() + pause_seconds
        return pause_seconds

    def _fail_waiting(self, why: Temporary) -> None:
        waiting, self._waiting = self._waiting, deque()
        for exchange in waiting:
            exchange.settle(why)

    def _schedule_sweep(self) -> None:
        delay = self._limits.push_seconds / SWEEPS_PER_DEADLINE
        self._sweep = self._loop.call_later(delay, self._give_up_late)

    def _give_up_late(self) -> None:
        """Settle what is past its deadline; one timer serves every push of the pool."""
        now = self._loop.time()
        while self._waiting and self._waiting[0].deadline <= now:
            self._waiting.popleft().settle(Temporary("NoConnection"))
        for connection in list(self._connections):
            connection.expire(now, self._limits.push_seconds / 2)
        self._sweep = None
        if self._waiting or any(connection.streams for connection in self._connections):
            self._schedule_sweep()


def _demand_http2(transport: asyncio.BaseTransport) -> None:
    tls: ssl.SSLObject = transport.get_extra_info("ssl_object")
    if tls.selected_alpn_protocol() != "h2":
        raise ConnectionAbortedError
