"""A TCP proxy that cuts, resets and swallows on purpose, between a program and its server."""

import asyncio
import random
import socket
import struct
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

CHUNK_BYTES_MAX = 65_536
# A fault that is rare happens once all the same, however little a busy machine gets done.
CHANCES_MAX = 100
DELAY_SECONDS = 0.03
_HOST = "127.0.0.1"
# Closing with this set drops what is under way and sends a reset.
_NO_LINGER = struct.pack("ii", 1, 0)
# PostgreSQL's CommandComplete for COMMIT.
_COMMITTED = b"COMMIT\x00"


@dataclass(slots=True)
class Faults:
    """How often something goes wrong, as parts of one, and how often it did.

    `cut_commit` and `cut_answer` drop what the server said after it did it, `cut_request` what
    it was asked, and `delay` holds either back; while nothing is `flowing` everything is
    swallowed. What has a chance happens at the latest at the hundredth occasion.
    """

    lots: random.Random
    cut_commit: float = 0.0
    cut_answer: float = 0.0
    cut_request: float = 0.0
    delay: float = 0.0
    flowing: asyncio.Event = field(default_factory=asyncio.Event)
    cut: dict[str, int] = field(default_factory=dict)
    _occasions: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Begin with everything flowing."""
        self.flowing.set()

    def draw(self, name: str, chance: float) -> bool:
        """Say whether a fault happens now, and count it."""
        self._occasions[name] += 1
        is_late = name not in self.cut and self._occasions[name] >= CHANCES_MAX
        happens = self.lots.random() < chance or (chance > 0 and is_late)
        if happens:
            self.cut[name] = self.cut.get(name, 0) + 1
        return happens


class Proxy:
    """Forwards bytes between clients and one server, as well as its faults let it."""

    def __init__(self, server_port: int, faults: Faults) -> None:
        """Take where to forward to."""
        self._server_port = server_port
        self._faults = faults
        self._under_way: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        """Listen until the block ends; give the port."""
        server = await asyncio.start_server(self._serve, _HOST, 0)
        try:
            yield int(server.sockets[0].getsockname()[1])
        finally:
            server.close()
            for task in self._under_way:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._under_way.add(task)
        try:
            await self._forward_both(reader, writer)
        finally:
            self._under_way.discard(task)
            _reset(writer)

    async def _forward_both(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with suppress(OSError):
            server_reader, server_writer = await asyncio.open_connection(_HOST, self._server_port)
            requests = asyncio.create_task(self._pump(reader, server_writer, from_server=False))
            answers = asyncio.create_task(self._pump(server_reader, writer, from_server=True))
            try:
                await asyncio.wait((requests, answers), return_when=asyncio.FIRST_COMPLETED)
            finally:
                requests.cancel()
                answers.cancel()
                await asyncio.gather(requests, answers, return_exceptions=True)
                _reset(server_writer)

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, from_server: bool
    ) -> None:
        faults = self._faults
        while chunk := await reader.read(CHUNK_BYTES_MAX):
            await faults.flowing.wait()
            if from_server and _COMMITTED in chunk and faults.draw("commit", faults.cut_commit):
                return
            if from_server and faults.draw("answer", faults.cut_answer):
                return
            if not from_server and faults.draw("request", faults.cut_request):
                return
            if faults.draw("delay", faults.delay):
                await asyncio.sleep(DELAY_SECONDS)
            writer.write(chunk)
            await writer.drain()


def _reset(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    writer.transport.abort()
