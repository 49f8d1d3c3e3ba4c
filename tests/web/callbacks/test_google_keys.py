"""Google's root keys: fetched once for all, kept while they may be, safe from an outage."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from gateway.web.callbacks.google_keys import (
    KEPT_MAX,
    KEPT_MIN,
    PAUSE_AFTER_FAILURE,
    GoogleKeys,
    KeysUnreachable,
)
from tests.passes.google.makers import NOW
from tests.passes.google.signing import (
    YESTERDAY,
    keys_document,
    milliseconds,
    root_entry,
)

HOUR = timedelta(hours=1)


@dataclass
class Publisher:
    """Google's page of keys, and a clock that stands still until it is turned."""

    answer: bytes = field(default_factory=keys_document)
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Cache-Control": "max-age=3600"})
    asked: int = 0
    now = NOW

    async def publish(self, _request: web.Request) -> web.Response:
        """Answer as told, and count."""
        self.asked += 1
        await asyncio.sleep(0.01)
        return web.Response(body=self.answer, status=self.status, headers=self.headers)


@pytest.fixture
def publisher() -> Publisher:
    return Publisher()


@pytest.fixture
async def keys(publisher: Publisher) -> AsyncIterator[GoogleKeys]:
    """Keys fetched from the publisher."""
    app = web.Application()
    app.router.add_get("/keys", publisher.publish)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        yield GoogleKeys(session, str(server.make_url("/keys")), lambda: publisher.now)


async def test_however_many_wait_it_is_fetched_once(
    publisher: Publisher, keys: GoogleKeys
) -> None:
    """Fifty callbacks at the start, and all that follow within the hour."""
    found = await asyncio.gather(*(keys.current() for _ in range(50)))
    publisher.now += HOUR - timedelta(seconds=1)
    assert (await keys.current()).usable(NOW)
    assert all(each is found[0] for each in found)
    assert publisher.asked == 1


async def test_after_its_age_it_is_fetched_again(publisher: Publisher, keys: GoogleKeys) -> None:
    """What a cache on the way has already used up of the age counts."""
    publisher.headers["Age"] = "3000"
    await keys.current()
    publisher.now += timedelta(seconds=600)
    await keys.current()
    assert publisher.asked == 2


@pytest.mark.parametrize(
    ("cache_control", "kept"),
    [
        ("", KEPT_MIN),
        ("no-store", KEPT_MIN),
        ("max-age=1", KEPT_MIN),
        ("s-max-age=9999", KEPT_MIN),
        ("public,max-age=99999999", KEPT_MAX),
    ],
)
async def test_it_is_neither_asked_all_the_time_nor_kept_for_ever(
    publisher: Publisher, keys: GoogleKeys, cache_control: str, kept: timedelta
) -> None:
    """Whatever the header says: a minute at least, a day at most."""
    publisher.headers["Cache-Control"] = cache_control
    publisher.answer = keys_document(root_entry(keyExpiration=milliseconds(NOW + 9 * KEPT_MAX)))
    await keys.current()
    publisher.now += kept - timedelta(seconds=1)
    await keys.current()
    assert publisher.asked == 1
    publisher.now += timedelta(seconds=1)
    await keys.current()
    assert publisher.asked == 2


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (503, b""),
        (302, b""),
        (200, b"<html>"),
        (200, b'{"keys": []}'),
        (200, b" " * 100_000),
        (200, keys_document(root_entry(keyExpiration=milliseconds(YESTERDAY)))),
    ],
)
async def test_an_outage_costs_nothing_while_a_key_has_not_ended(
    publisher: Publisher, keys: GoogleKeys, status: int, answer: bytes
) -> None:
    """Old keys serve on, asked for again every few seconds; ended ones do not serve."""
    before = await keys.current()
    publisher.status, publisher.answer = status, answer
    publisher.now += HOUR
    assert await keys.current() is before
    assert await keys.current() is before
    assert publisher.asked == 2
    publisher.now += PAUSE_AFTER_FAILURE
    await keys.current()
    assert publisher.asked == 3
    publisher.now += timedelta(days=1)
    with pytest.raises(KeysUnreachable):
        await keys.current()


async def test_without_any_key_it_says_so_and_does_not_hammer(
    publisher: Publisher, keys: GoogleKeys
) -> None:
    """Every caller is told at once; Google is asked again after a pause, and then it works."""
    publisher.status = 500
    for _ in range(5):
        with pytest.raises(KeysUnreachable):
            await keys.current()
    assert publisher.asked == 1
    publisher.status = 200
    publisher.now += PAUSE_AFTER_FAILURE
    assert (await keys.current()).usable(publisher.now)


async def test_nobody_listening_is_an_outage_too(publisher: Publisher) -> None:
    """A refused connection is told like an answer that is none."""
    async with aiohttp.ClientSession() as session:
        keys = GoogleKeys(session, "http://127.0.0.1:1/keys", lambda: publisher.now)
        with pytest.raises(KeysUnreachable):
            await keys.current()
