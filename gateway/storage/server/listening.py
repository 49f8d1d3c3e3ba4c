"""Hearing the bell: one connection that LISTENs, and comes back by itself."""

import asyncio
from collections.abc import Callable

import asyncpg
import structlog

CHANNEL = "outbox"
CONNECT_SECONDS_MAX = 5.0
SIGN_OF_LIFE_SECONDS = 10.0
SIGN_OF_LIFE_SECONDS_MAX = 2.0
PAUSE_SECONDS = 1.0


async def listen(url: str, heard: Callable[[], None]) -> None:
    """Call `heard` for every ring, until cancelled; also after each new connection.

    What rang while there was no connection is lost, so whoever listens must also look by itself.
    A connection that gives no sign of life is given up: a lost peer would be heard of never.
    """
    log = structlog.get_logger()
    while True:
        try:
            await _listen_once(url, heard)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("listening_failed", error=type(error).__name__)
        await asyncio.sleep(PAUSE_SECONDS)


async def _listen_once(url: str, heard: Callable[[], None]) -> None:
    connection = await asyncpg.connect(url, timeout=CONNECT_SECONDS_MAX)
    try:
        await connection.add_listener(CHANNEL, lambda *_: heard())
        heard()
        while True:
            await asyncio.sleep(SIGN_OF_LIFE_SECONDS)
            await connection.execute("SELECT 1", timeout=SIGN_OF_LIFE_SECONDS_MAX)
    finally:
        connection.terminate()
