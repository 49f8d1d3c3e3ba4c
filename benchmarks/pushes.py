"""Pushes per second: our APNs client beside h2load and aioapns, against the same server.

One connection and IN_FLIGHT pushes at a time for everybody, in short turns. The server is Node's
http2: like APNs it has each request decoded by a whole HTTP/2 stack and answers with headers
alone. The stand-in of the sandbox, in Python, would be slower than our client.
"""

import asyncio
import re
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from benchmarks.installation import started
from benchmarks.tools import output_of, tool
from benchmarks.turns import Figures, take_turns
from sandbox.certificates import DevelopmentChain, write_development_chain
from sandbox.installation import DEMO_PASS_TYPE
from sandbox.ports import free_port
from workers.channels.apns.aioapns_alternative import AioapnsChannel
from workers.channels.apns.channel import ApnsChannel, Endpoint
from workers.channels.apns.credentials import ClientCertificate, Credentials
from workers.channels.apns.request import Push
from workers.channels.base import DELIVERED

TOKEN = "ab" * 32
IN_FLIGHT = 100
TURNS = 5
OUR_PUSHES, H2LOAD_PUSHES, AIOAPNS_PUSHES = 20_000, 20_000, 2_000
SERVER = Path(__file__).with_name("push_server.mjs")


@dataclass(frozen=True, slots=True)
class Target:
    """Where the measured server is, and the certificates for it."""

    port: int
    chain: DevelopmentChain


async def measure() -> Figures:
    """Return pushes per second, and their ratio to what h2load reaches."""
    async with _server() as target:
        rates = await take_turns(
            {
                "h2load": lambda: _h2load_rate(target),
                "ours": lambda: _rate(ApnsChannel, target, OUR_PUSHES),
                "aioapns": lambda: _rate(AioapnsChannel, target, AIOAPNS_PUSHES),
            },
            TURNS,
        )
    return {
        "h2load_per_second": rates.median("h2load"),
        "ours_per_second": rates.median("ours"),
        "aioapns_per_second": rates.median("aioapns"),
        "ratio_to_h2load": rates.ratio("ours", "h2load"),
        "ratio_aioapns_to_h2load": rates.ratio("aioapns", "h2load"),
    }


@asynccontextmanager
async def _server() -> AsyncIterator[Target]:
    with tempfile.TemporaryDirectory(prefix="passgate-bench-") as name:
        folder, port = Path(name), free_port()
        chain = write_development_chain(folder, [DEMO_PASS_TYPE], datetime.now(UTC))
        files = (SERVER, chain.server_certificate, chain.server_key)
        script, certificate, key = map(str, files)
        command = [tool("node"), script, str(port), certificate, key]
        async with started(command, port=port, log=folder / "server.log"):
            yield Target(port, chain)


async def _rate(kind: type[ApnsChannel], target: Target, count: int) -> float:
    """Send `count` pushes with IN_FLIGHT at a time; returns pushes per second."""
    chain = target.chain
    certificate = ClientCertificate(
        chain.pass_certificate(DEMO_PASS_TYPE).read_bytes(),
        chain.pass_key(DEMO_PASS_TYPE).read_bytes(),
    )

    async def source(_pass_type: str) -> Credentials:
        return certificate

    endpoint = Endpoint("localhost", target.port, chain.root.read_bytes())
    channel = kind(source, time.time, endpoint=endpoint)
    waiting = iter([Push(uuid4(), DEMO_PASS_TYPE, TOKEN) for _ in range(count)])

    async def sender() -> None:
        for push in waiting:
            assert await channel.send(push) == DELIVERED

    await channel.send(Push(uuid4(), DEMO_PASS_TYPE, TOKEN))
    began = time.perf_counter()
    await asyncio.gather(*(sender() for _ in range(IN_FLIGHT)))
    seconds = time.perf_counter() - began
    await channel.close()
    return count / seconds


async def _h2load_rate(target: Target) -> float:
    """Let h2load post the same bodies to the same path."""
    body = target.chain.folder / "body.json"
    body.write_bytes(b"{}")
    said = await output_of(
        "h2load",
        *("-n", str(H2LOAD_PUSHES), "-c1", "-m", str(IN_FLIGHT), "-d", body),
        *(f"-Hapns-topic: {DEMO_PASS_TYPE}", f"-Hapns-id: {uuid4()}"),
        f"https://127.0.0.1:{target.port}/3/device/{TOKEN}",
    )
    found = re.search(r"([\d.]+) req/s", said)
    assert found is not None, said
    assert f"{H2LOAD_PUSHES} 2xx" in said, said
    return float(found[1])
