"""The limit of our HTTP server: a handler that reads the body and answers with a few bytes.

Run as `python -m benchmarks.bare PORT`, until it is ended.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvloop
from aiohttp import web

from benchmarks.installation import started
from sandbox.ports import HOST, free_port


async def answer(request: web.Request) -> web.Response:
    """Answer with as little as a server can."""
    await request.read()
    return web.Response(body=b'{"alive":true}', content_type="application/json")


async def serve(port: int) -> None:
    """Serve on loopback with the same server as the web process, without its doors."""
    app = web.Application()
    app.router.add_route("*", "/", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, HOST, port).start()
    await asyncio.Event().wait()


@asynccontextmanager
async def bare_server(folder: Path) -> AsyncIterator[str]:
    """Run it as a process of its own; gives its address."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.bare", str(port)]
    async with started(command, port=port, log=folder / "bare.log"):
        yield f"http://{HOST}:{port}/"


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
