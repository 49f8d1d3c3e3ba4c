"""A campaign's events over real HTTP: true, few, and at an end when there is one."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from aiohttp import ClientResponse

from gateway.web.campaigns import streams
from tests.campaigns import deliver, pumping, workers_database
from tests.database import Database
from tests.shopfront import Browser, Shopfront, open_shop, served
from tests.web.merchant.campaigns.desk import LIST, drafted, shop_of, welcome

HANGS_SECONDS = 30.0
"""No measure of speed: a server that waits for its streams waits twice as long."""

_COUNT = re.compile(r'data-count="(\w+)\.(\w+)">([\d,]+)<')


async def told(response: ClientResponse) -> AsyncIterator[tuple[str, Any]]:
    """Give the events of a stream with their values."""
    name = ""
    async for line in response.content:
        field, _, value = line.decode().rstrip("\n").partition(": ")
        if field == "event":
            name = value
        if field == "data":
            yield name, msgspec.json.decode(value)


def counts(event: dict[str, str]) -> dict[str, int]:
    """Return the numbers of an event by state."""
    return {state: int(number) for _, state, number in _COUNT.findall(event["html"])}


async def send(browser: Browser, address: str) -> None:
    """Send a draft now, as its page does."""
    response = await browser.send(f"{address}/send", {"at": "", "revision": "1"})
    assert response.status == 303, await response.text()


async def test_events_follow_a_campaign_to_its_end(
    database: Database, shop: Shopfront, browser: Browser
) -> None:
    """Each event's counts add up to all recipients, and after the last the stream is closed."""
    await welcome(shop)
    address = f"{LIST}/{await drafted(shop)}"
    await send(browser, address)
    async with (
        workers_database(database) as workers,
        pumping(workers) as pump,
        browser.client.get(f"{address}/events") as response,
    ):
        events = told(response)
        _, first = await anext(events)
        await pump.rest()
        await deliver(replace(shop_of(shop), database=workers))
        await pump.rest()
        heard = [event async for event in events]

    assert response.content_type == "text/event-stream"
    assert response.headers["X-Accel-Buffering"] == "no"
    assert response.headers["Cache-Control"] == "no-store"
    assert (first["status"], counts(first)) == ("scheduled", {})
    (*_, (name, last)), (end, _) = heard[:-1], heard[-1]
    assert (name, end) == ("progress", "end")
    assert (last["status"], last["said"]) == ("sent", "Sent: 3 messages went out.")
    assert counts(last) == {"sent": 3, "skipped": 2}


async def test_the_same_numbers_are_told_once(
    shop: Shopfront, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While nothing changes nothing is said, however often it is looked."""
    monkeypatch.setattr(streams, "TICK_SECONDS", 0.02)
    address = f"{LIST}/{await drafted(shop)}"
    async with browser.client.get(f"{address}/events") as response:
        events = told(response)
        await anext(events)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(events), 0.5)


async def test_only_who_may_see_a_campaign_hears_of_it(shop: Shopfront, browser: Browser) -> None:
    """Nobody without a session, and of another merchant's campaign there is nothing to hear."""
    other = await open_shop(shop.resources, slug="other")
    theirs = f"{LIST}/{await drafted(other)}/events"
    ours = f"{LIST}/{await drafted(shop)}/events"

    await browser.read(theirs, 404)
    await browser.read(f"{LIST}/nobody/events", 404)
    async with served(shop.resources) as stranger:
        await stranger.read(ours, 401)


async def test_a_server_that_stops_waits_for_no_stream(shop: Shopfront, browser: Browser) -> None:
    """The stream ends as if it were told in full, and nobody gets a new one."""
    address = f"{LIST}/{await drafted(shop)}"
    async with browser.client.get(f"{address}/events") as response:
        events = told(response)
        await anext(events)
        async with asyncio.timeout(HANGS_SECONDS):
            await browser.client.server.close()
            assert [event async for event in events] == []


async def test_a_stream_is_cut_so_that_its_session_is_looked_at_again(
    shop: Shopfront, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends in good order, having said when to come again."""
    monkeypatch.setattr(streams, "STREAM_SECONDS_MAX", 0.0)
    async with browser.client.get(f"{LIST}/{await drafted(shop)}/events") as response:
        assert await response.text() == f"retry: {streams.RETRY_MILLISECONDS}\n\n"


async def test_a_silent_stream_has_a_pulse(
    shop: Shopfront, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that no proxy takes it for dead, and we notice who has left."""
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.0)
    async with browser.client.get(f"{LIST}/{await drafted(shop)}/events") as response:
        while (await response.content.readline()) != b":\n":
            assert not response.content.at_eof()


async def test_more_streams_than_there_are_seats_are_refused(
    shop: Shopfront, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the time after which to ask again; who listens goes on listening."""
    monkeypatch.setattr(streams, "STREAMS_PER_MERCHANT_MAX", 1)
    address = f"{LIST}/{await drafted(shop)}/events"
    async with browser.client.get(address) as response:
        await anext(told(response))
        async with browser.client.get(address) as refused:
            assert (refused.status, refused.headers["Retry-After"]) == (503, "5")
            assert (await refused.json(content_type=None))["code"] == "too_many_watching"


async def test_asking_for_the_head_of_a_stream_is_answered(
    shop: Shopfront, browser: Browser
) -> None:
    """At once, and without a seat."""
    address = f"{LIST}/{await drafted(shop)}/events"
    async with browser.client.head(address) as response:
        assert response.status == 200
