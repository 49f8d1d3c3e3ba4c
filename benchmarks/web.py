"""HTTP requests per second: a bare aiohttp handler beside the same answer through our doors.

Run as `python benchmarks/web.py [--seconds N]`; needs `wrk`. The servers are asked one after the
other in short turns, so that the ratio means something on a noisy machine.
"""

import argparse
import asyncio
import json
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import uvloop
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.app import create_app, serve
from gateway.logs import configure_logs
from gateway.web.answers import json_answer
from gateway.web.assets import load
from gateway.web.identity.access import PUBLIC
from gateway.web.identity.tokens import Mint, key_ring
from gateway.web.routing import Route
from gateway.web.wiring import Wiring

HOST = "127.0.0.1"
CONNECTIONS = 64
TURNS = 3
START_SECONDS_MAX = 10
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0}

GET = ""
POST = """
wrk.method = "POST"
wrk.body = '{"card":"LC1-ABCDEFGHIJKLMNOPQRST","stamps":1}'
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Idempotency-Key"] = "till-7-0001"
"""


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A small body, as a till sends it."""

    card: str
    stamps: int


@dataclass(frozen=True, slots=True)
class Case:
    """What is measured: which server, which address, and a script for wrk."""

    name: str
    server: str
    path: str
    script: str = GET


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `ratio` is to the first line."""

    name: str
    requests_per_second: float
    p50_milliseconds: float
    p99_milliseconds: float
    ratio: float


# Later rows, such as a stamp, name their own server and stand below these.
CASES = (
    Case("bare aiohttp handler", "bare", "/hello"),
    Case("through the doors: GET", "doors", "/hello"),
    Case("through the doors: POST, JSON, key, fingerprint", "doors", "/orders", POST),
)


async def bare(_request: web.Request) -> web.Response:
    """Answer with as little as a server can."""
    return web.Response(body=b'{"alive":true}', content_type="application/json")


async def hello(_request: web.Request) -> web.Response:
    """Answer through the doors."""
    return json_answer({"alive": True})


async def take(_request: web.Request, order: Order) -> web.Response:
    """Take a body and an idempotency key through the doors."""
    return json_answer({"stamps": order.stamps})


def bare_application() -> web.Application:
    """Make the limit: routing and one response."""
    app = web.Application()
    app.router.add_get("/hello", bare)
    return app


def doors_application() -> web.Application:
    """Make the same with all that the doors do: id, log line, headers, parsing, fingerprint."""
    wiring = Wiring(
        public_url="https://gate.example",
        csrf_key=b"c" * 32,
        cursor_key=b"l" * 32,
        mint=Mint(key_ring(ec.generate_private_key(ec.SECP256R1())), "issuer", "audience"),
        now=lambda: datetime.now(UTC),
        assets=load(),
    )
    routes = (
        Route("GET", "/hello", hello, PUBLIC),
        Route("POST", "/orders", take, PUBLIC, takes=Order, is_idempotent=True),
    )
    return create_app(wiring, routes)


async def run_server(name: str, port: int) -> None:
    """Serve one of the applications until the process is ended."""
    if name == "doors":
        await serve(doors_application(), host=HOST, port=port, stop=asyncio.Event())
        return
    runner = web.AppRunner(bare_application(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, HOST, port).start()
    await asyncio.Event().wait()


@contextmanager
def server(name: str) -> Iterator[str]:
    """Run a server in a process of its own, and return its address."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    command = [sys.executable, __file__, "--serve", name, "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield f"http://{HOST}:{port}"
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int) -> None:
    until = time.monotonic() + START_SECONDS_MAX
    while True:
        try:
            socket.create_connection((HOST, port)).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def measure(address: str, case: Case, seconds: int) -> tuple[float, float, float]:
    """Return requests per second and the median and 99th percentile latency in milliseconds."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(case.script)
        script.flush()
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s"]
        done = subprocess.run(
            [*command, script.name, address + case.path],
            capture_output=True,
            text=True,
            check=True,
        )
    assert "Non-2xx" not in done.stdout, done.stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    assert rate is not None, done.stdout
    return float(rate[1]), _percentile(done.stdout, 50), _percentile(done.stdout, 99)


def _percentile(output: str, percent: int) -> float:
    found = re.search(rf"{percent}%\s+([\d.]+)(us|ms|s)\b", output)
    assert found is not None, output
    return float(found[1]) * MILLISECONDS[found[2]]


def table(seconds: int) -> list[Row]:
    """Measure every case in turns, and return the medians."""
    taken: dict[str, list[tuple[float, float, float]]] = {case.name: [] for case in CASES}
    with server("bare") as limit, server("doors") as doors:
        addresses = {"bare": limit, "doors": doors}
        for _ in range(TURNS):
            for case in CASES:
                taken[case.name].append(measure(addresses[case.server], case, seconds))
    medians = {
        name: [statistics.median(column) for column in zip(*turns, strict=True)]
        for name, turns in taken.items()
    }
    best = medians[CASES[0].name][0]
    return [
        Row(name, round(rate), round(p50, 2), round(p99, 2), round(rate / best, 2))
        for name, (rate, p50, p99) in medians.items()
    ]


def main() -> None:
    """Print the table, or save it with `--json FILE`."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=int, default=3, help="of each turn")
    options.add_argument("--json", type=Path, help="also save the rows here")
    options.add_argument("--serve", help=argparse.SUPPRESS)
    options.add_argument("--port", type=int, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.serve:
        configure_logs("info", process="web")
        uvloop.run(run_server(chosen.serve, chosen.port))
        return
    rows = table(chosen.seconds)
    for row in rows:
        print(
            f"{row.name:<50} {row.requests_per_second:>8.0f}/s  {row.ratio:>5.2f}"
            f"  p50 {row.p50_milliseconds:.2f} ms  p99 {row.p99_milliseconds:.2f} ms"
        )
    if chosen.json:
        chosen.json.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n")


if __name__ == "__main__":
    main()
