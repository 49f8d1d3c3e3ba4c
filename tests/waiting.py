"""Waiting until something that a test began waits itself, for a lock that the test holds."""

import asyncio
from typing import Any

import asyncpg

POLL_SECONDS = 0.01
_WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


async def until_it_waits(connection: asyncpg.Connection, begun: asyncio.Task[Any]) -> None:
    """Return once what was begun waits for a lock, or is done without."""
    while not begun.done() and not await connection.fetchval(_WAITING):  # noqa: ASYNC110 -- the server tells nobody
        await asyncio.sleep(POLL_SECONDS)
