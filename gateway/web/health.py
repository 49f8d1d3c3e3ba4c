"""Is it alive, is it ready: two doors for whoever starts, stops and balances processes."""

import asyncio
from collections.abc import Mapping

import msgspec
import structlog
from aiohttp import web

from gateway.web.answers import json_answer
from gateway.web.keys import DRAIN, WIRING
from gateway.web.wiring import Ping

PING_SECONDS_MAX = 1.0

_log = structlog.get_logger("gateway.web.health")


class Alive(msgspec.Struct, frozen=True):
    """The process answers."""

    alive: bool = True


class Ready(msgspec.Struct, frozen=True):
    """Whether requests should be sent here, and what each dependency says."""

    ready: bool
    draining: bool
    checks: dict[str, bool]


async def livez(_request: web.Request) -> web.Response:
    """Say that the event loop turns."""
    return json_answer(Alive())


async def readyz(request: web.Request) -> web.Response:
    """Say whether requests should be sent here."""
    wiring, is_draining = request.app[WIRING], request.app[DRAIN].is_set()
    needed, optional = await asyncio.gather(_ping(wiring.pings), _ping(wiring.optional_pings))
    is_ready = all(needed.values()) and not is_draining
    report = Ready(ready=is_ready, draining=is_draining, checks=needed | optional)
    return json_answer(report, status=200 if is_ready else 503)


async def _ping(pings: Mapping[str, Ping]) -> dict[str, bool]:
    answers = await asyncio.gather(*(_answers(name, ping) for name, ping in pings.items()))
    return dict(zip(pings, answers, strict=True))


async def _answers(name: str, ping: Ping) -> bool:
    try:
        async with asyncio.timeout(PING_SECONDS_MAX):
            await ping()
    except Exception as error:  # noqa: BLE001 -- whatever it raises, it is not well
        _log.warning("ping_failed", dependency=name, error=type(error).__name__)
        return False
    return True
