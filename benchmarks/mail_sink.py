"""The limit of a mail server: takes every mail, keeps none, and knows how many came (`HELP`).

Run as `python -m benchmarks.mail_sink PORT`, until it is ended.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import uvloop

from benchmarks.installation import started
from sandbox.ports import HOST

END_OF_LINE, END_OF_MAIL = b"\r\n", b"\r\n.\r\n"
_REPLIES = {b"DATA": b"354 Go on", b"QUIT": b"221 Bye"}


class Sink(asyncio.Protocol):
    """One connection; nothing that is said on it is looked at closely."""

    mails = 0

    def __init__(self) -> None:
        self._heard = bytearray()
        self._end = END_OF_LINE

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(b"220 sink" + END_OF_LINE)

    def data_received(self, data: bytes) -> None:
        """Answer every command and every mail that is complete."""
        self._heard += data
        self._transport.writelines(reply + END_OF_LINE for reply in self._answers())

    def _answers(self) -> Iterator[bytes]:
        while (found := self._heard.find(self._end)) >= 0:
            verb = bytes(self._heard[:4]).upper()
            del self._heard[: found + len(self._end)]
            if self._end is END_OF_MAIL:
                Sink.mails += 1
                self._end = END_OF_LINE
                yield b"250 Taken"
                continue
            if verb == b"DATA":
                self._end = END_OF_MAIL
            yield b"214 %d" % Sink.mails if verb == b"HELP" else _REPLIES.get(verb, b"250 Yes")


async def serve(port: int) -> None:
    """Listen on loopback."""
    await asyncio.get_running_loop().create_server(Sink, HOST, port)
    await asyncio.Event().wait()


@asynccontextmanager
async def mail_sink(folder: Path, port: int) -> AsyncIterator[None]:
    """Run it as a process of its own."""
    command = [sys.executable, "-m", "benchmarks.mail_sink", str(port)]
    async with started(command, port=port, log=folder / "mail_sink.log"):
        yield


async def mails_taken(port: int) -> int:
    """Ask a sink how many mails came."""
    reader, writer = await asyncio.open_connection(HOST, port)
    await reader.readline()
    writer.write(b"HELP\r\n")
    answer = await reader.readline()
    writer.close()
    return int(answer.split()[1])


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
