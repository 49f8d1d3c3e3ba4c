"""Alive, ready, and stopping without dropping anybody."""

import asyncio

import aiohttp
from aiohttp import web

from gateway.app import create_app, serve
from gateway.web.identity.access import PUBLIC
from gateway.web.keys import DRAIN
from gateway.web.routing import Route
from gateway.web.wiring import Wiring
from tests.web.doors import DOORS, Open

# A busy machine must find the time for two requests in it.
DRAIN_SECONDS = 1.5


async def fine() -> None:
    """A dependency that answers."""


async def gone() -> None:
    """A dependency that does not."""
    message = "postgres://user:password@host"
    raise ConnectionRefusedError(message)


async def silent() -> None:
    """A dependency that hangs."""
    await asyncio.sleep(30)


async def test_ready_means_that_what_we_need_answers(open_doors: Open) -> None:
    """Redis is reported and not fatal."""
    client = await open_doors(pings={"database": fine}, optional_pings={"redis": gone})
    async with client.get("/readyz") as response:
        report = await response.json()

    assert response.status == 200
    assert report == {
        "ready": True,
        "draining": False,
        "checks": {"database": True, "redis": False},
    }


async def test_a_silent_or_refusing_database_is_not_ready(open_doors: Open) -> None:
    """A hanging ping is given up after a second, and its error is not told."""
    client = await open_doors(pings={"database": gone, "migrations": silent})
    async with client.get("/readyz") as response:
        text = await response.text()

    assert response.status == 503
    assert "password" not in text
    async with client.get("/livez") as response:
        assert response.status == 200


async def test_stopping_says_so_first_and_then_finishes_what_is_under_way(
    wiring: Wiring, free_port: int
) -> None:
    """A balancer sees 503 while requests are still answered; a slow one is not cut."""
    entered, may_end = asyncio.Event(), asyncio.Event()

    async def slow(_request: web.Request) -> web.Response:
        """Take a while."""
        entered.set()
        await may_end.wait()
        return web.Response(text="whole")

    app = create_app(wiring, (*DOORS, Route("GET", "/slow", slow, PUBLIC)))
    stop = asyncio.Event()
    serving = asyncio.create_task(
        serve(app, host="127.0.0.1", port=free_port, stop=stop, drain_seconds=DRAIN_SECONDS)
    )
    url = f"http://127.0.0.1:{free_port}"
    async with aiohttp.ClientSession() as session:
        await _until_alive(session, url)
        asking = asyncio.create_task(session.get(f"{url}/slow"))
        await entered.wait()
        stop.set()
        await app[DRAIN].wait()
        async with session.get(f"{url}/readyz") as response:
            assert response.status == 503
        async with session.get(f"{url}/livez") as response:
            assert response.status == 200
        await asyncio.sleep(DRAIN_SECONDS + 0.1)
        may_end.set()
        answered = await asking
        assert await answered.text() == "whole"
    await serving


async def _until_alive(session: aiohttp.ClientSession, url: str) -> None:
    for _ in range(100):
        try:
            async with session.get(f"{url}/livez") as response:
                assert response.status == 200
        except aiohttp.ClientConnectionError:
            await asyncio.sleep(0.02)
        else:
            return
    raise AssertionError
