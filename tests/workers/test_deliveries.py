"""The deliver loop on real rows: what each of Apple's answers does to them and to the phones."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import pytest

from gateway.resources import new_id, now
from gateway.storage.queues.delivery_queue import DeliveryQueue
from gateway.storage.wallets.devices import Device
from sandbox.apns.commands import Command, Say, Silence, Slow
from tests.shops import opened
from tests.workers.stages import EXPERIMENT_KEY, OUTSIDE, Stage, eventually, token_of
from workers.channels.apns.channel import ApnsChannel, Endpoint
from workers.channels.apns.pool import Limits
from workers.channels.apns.request import Push
from workers.channels.base import Outcome
from workers.couriers.apns import ApnsCourier
from workers.credentials import AppleCredentials
from workers.deliveries import Deliverer, Tools
from workers.relay import Relay

BURST = 20
PATIENT, IMPATIENT = Limits(), Limits(push_seconds=1.0)


@asynccontextmanager
async def delivering(
    stage: Stage, *, concurrency: int = 20, limits: Limits = PATIENT
) -> AsyncIterator[Deliverer[Push]]:
    """Open a deliver loop that is not running yet; what is stamped until now is planned."""
    async with opened(stage.database.worker_dsn) as database:
        await Relay(database, new_id, (), OUTSIDE, EXPERIMENT_KEY).relay_waiting(asyncio.Event())
        credentials = AppleCredentials(stage.chain.folder)
        endpoint = Endpoint("127.0.0.1", stage.apns.port, stage.chain.root.read_bytes())
        channel = ApnsChannel(credentials.of, time.time, endpoint=endpoint, limits=limits)
        queue = DeliveryQueue(database.engine)
        tools = Tools(queue=queue, now=now, new_id=new_id)
        try:
            yield Deliverer(tools, ApnsCourier(database.units, channel), concurrency)
        finally:
            await channel.close()


async def deliver(stage: Stage) -> None:
    """Run the loop until every delivery was attempted once."""

    async def attempted() -> bool:
        left: int = await stage.sql.fetchval(
            "SELECT count(*) FROM deliveries"
            " WHERE state = 'waiting' AND (reason IS NULL OR lease IS NOT NULL)"
        )
        return left == 0

    async with delivering(stage) as deliverer, running(deliverer):
        await eventually(attempted)


@asynccontextmanager
async def running(deliverer: Deliverer[Push]) -> AsyncIterator[asyncio.Event]:
    """Run the loop, and stop it in good order."""
    stop = asyncio.Event()
    task = asyncio.create_task(deliverer.run(stop))
    try:
        yield stop
    finally:
        stop.set()
        deliverer.wake()
        await task


async def stamped(stage: Stage, count: int = 1) -> list[UUID]:
    """Open cards that phones keep, and stamp them."""
    cards = [await stage.card() for _ in range(count)]
    for card in cards:
        await stage.shop.stamp(card)
    return cards


async def devices(stage: Stage) -> int:
    """Count the phones we still know."""
    count: int = await stage.sql.fetchval("SELECT count(*) FROM devices")
    return count


async def pause_of(stage: Stage) -> timedelta:
    """Return how long the only delivery waits from now on."""
    pause: timedelta = await stage.sql.fetchval("SELECT next_at - now() FROM deliveries")
    return pause


@pytest.mark.parametrize(
    ("answer", "state", "reason", "phones"),
    [
        (Say(200), "done", "Delivered", 1),
        (Say(410, "Unregistered", 4_000_000_000_000), "done", "Unregistered", 0),
        (Say(400, "BadDeviceToken"), "done", "BadDeviceToken", 0),
        (Say(413, "PayloadTooLarge"), "dead", "PayloadTooLarge", 1),
        (Say(403, "BadCertificate"), "waiting", "SenderStopped", 1),
        (Say(429, "TooManyRequests"), "waiting", "TooManyRequests", 1),
        (Say(503, "ServiceUnavailable"), "waiting", "ServiceUnavailable", 1),
        (Say(418, "Teapot"), "waiting", "Teapot", 1),
    ],
)
async def test_an_answer_decides_over_row_and_registration(
    stage: Stage, answer: Command, state: str, reason: str, phones: int
) -> None:
    """Only a dead token loses its registration; trouble with us or with Apple never does."""
    await stamped(stage)
    stage.apns.next(answer)

    await deliver(stage)

    assert await stage.states() == [(state, reason)]
    assert await devices(stage) == phones


@pytest.mark.parametrize(
    ("answer", "minutes"),
    [
        (Say(403, "BadCertificate"), 15),
        (Say(429, "TooManyRequests"), 30),
        (Say(500, "InternalServerError"), 15),
        (Say(503, "Shutdown"), 15),
        (Say(418, "Teapot"), 60),
    ],
)
async def test_a_refused_push_waits_as_long_as_apple_asks(
    stage: Stage, answer: Command, minutes: int
) -> None:
    """5xx a quarter of an hour, a flooded token half an hour, the unknown an hour."""
    await stamped(stage)
    stage.apns.next(answer)

    await deliver(stage)

    pause = await pause_of(stage)
    assert timedelta(minutes=minutes - 1) < pause < timedelta(minutes=minutes * 1.2)


async def test_a_phone_that_registered_again_is_told_after_all(stage: Stage) -> None:
    """A 410 that is older than the registration spares it, and the push is tried again."""
    await stamped(stage)
    stage.apns.next(Say(410, "Unregistered", 1_000_000_000_000))

    async with delivering(stage) as deliverer, running(deliverer):
        await eventually(lambda: _all(stage, "Delivered"))

    assert await devices(stage) == 1


async def test_the_push_goes_where_the_phone_is_now(stage: Stage) -> None:
    """The token is looked up when the push is sent, not when it was planned."""
    (card,) = await stamped(stage)
    stored = await stage.shop.stored(card)
    async with delivering(stage) as deliverer:
        async with stage.shop.resources.units(stage.shop.merchant.id) as unit:
            device = Device(
                pass_type_identifier=stored.pass_type_identifier,
                identifier=f"{card.hex}0",
                push_token=token_of(card, 7),
                registered_at=unit.now,
            )
            await unit.devices.register(device, stored.serial_number)
        async with running(deliverer):
            await eventually(lambda: _all(stage, "Delivered"))

    assert [push.token for push in stage.apns.accepted] == [token_of(card, 7)]


async def test_nobody_there_is_nothing_to_do(stage: Stage) -> None:
    """A phone that left meanwhile ends its delivery without a push."""
    await stamped(stage)
    async with delivering(stage) as deliverer:
        await stage.sql.execute("DELETE FROM registrations")
        await stage.sql.execute("DELETE FROM devices")
        async with running(deliverer):
            await eventually(lambda: _all(stage, "NobodyThere"))

    assert not stage.apns.accepted


async def test_a_wrong_certificate_costs_no_registration(stage: Stage) -> None:
    """When every token is refused for the topic, the sender stops instead of forgetting all."""
    await stamped(stage, BURST)
    stage.apns.next(Say(400, "DeviceTokenNotForTopic"), BURST)

    await deliver(stage)

    reasons = [reason for _, reason in await stage.states()]
    assert await devices(stage) == BURST
    assert reasons.count("SenderStopped") >= BURST - 5


async def test_a_push_without_an_answer_keeps_its_key(stage: Stage) -> None:
    """What Apple may or may not have taken is sent again under the same apns-id."""
    await stamped(stage)
    stage.apns.next(Silence())

    async with delivering(stage, limits=IMPATIENT) as deliverer, running(deliverer):
        await eventually(lambda: _all(stage, "Delivered"))

    row = await stage.sql.fetchrow("SELECT id, attempts FROM deliveries")
    assert [push.apns_id for push in stage.apns.accepted] == [str(row["id"])]
    assert row["attempts"] == 2


async def test_a_worker_that_lost_its_lease_changes_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow worker that gives up cannot put back what another one is sending by now."""
    monkeypatch.setattr("workers.deliveries.LEASE_MARGIN_SECONDS", 0.2 - ApnsCourier.seconds_max)
    await stamped(stage)
    stage.apns.next(Silence())
    stage.apns.next(Slow(3.0))
    async with (
        delivering(stage, limits=IMPATIENT) as slow,
        delivering(stage) as quick,
        running(slow),
    ):
        await eventually(lambda: _leased(stage, 1))
        await asyncio.sleep(0.3)
        monkeypatch.setattr("workers.deliveries.LEASE_MARGIN_SECONDS", 18.0)
        async with running(quick):
            await eventually(lambda: _all(stage, "Delivered"))

    row = await stage.sql.fetchrow("SELECT state, attempts FROM deliveries")
    assert (row["state"], row["attempts"]) == ("done", 2)
    assert len(stage.apns.accepted) == 1


async def test_stopping_finishes_what_is_being_sent(stage: Stage) -> None:
    """A push under way when the worker is asked to stop is waited for and written down."""
    await stamped(stage, 3)
    stage.apns.next(Slow(0.5), 3)

    async with delivering(stage) as deliverer, running(deliverer):
        await eventually(lambda: _accepted(stage, 3))

    assert await stage.states() == [("done", "Delivered")] * 3


async def test_stopping_gives_back_what_it_cannot_finish(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the grace the rest is free for others at once, and that attempt never counted."""
    monkeypatch.setattr("workers.deliveries.GRACE_SECONDS_MAX", 0.2)
    await stamped(stage, 2)
    stage.apns.next(Silence(), 2)

    async with delivering(stage) as deliverer, running(deliverer):
        await eventually(lambda: _leased(stage, 2))

    rows = await stage.sql.fetch("SELECT state, reason, attempts, lease FROM deliveries")
    assert [tuple(row) for row in rows] == [("waiting", "Interrupted", 0, None)] * 2


async def test_only_so_many_are_under_way_at_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many are due, a worker sends a bounded number at the same time, and all of them."""
    most = under_way = 0
    send = ApnsChannel.send

    async def counted(self: ApnsChannel, push: Push) -> Outcome:
        nonlocal most, under_way
        under_way += 1
        most = max(most, under_way)
        try:
            # Long enough for all that may be under way to have begun.
            await asyncio.sleep(0.1)
            return await send(self, push)
        finally:
            under_way -= 1

    monkeypatch.setattr(ApnsChannel, "send", counted)
    await stamped(stage, 15)

    async with delivering(stage, concurrency=4) as deliverer, running(deliverer):
        await eventually(lambda: _all(stage, "Delivered"))

    assert most == 4
    assert len(stage.apns.accepted) == 15


async def test_a_delivery_that_kills_its_workers_dies_itself(stage: Stage) -> None:
    """Attempts count before they are made, and too many end it without another."""
    await stamped(stage)
    async with delivering(stage) as deliverer:
        await stage.sql.execute("UPDATE deliveries SET attempts = 100")
        async with running(deliverer):
            await eventually(lambda: _all(stage, "AttemptsUsedUp"))

    assert not stage.apns.accepted


async def test_a_database_that_fails_for_a_while_is_waited_for(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loop goes on when the claim works again."""
    await stamped(stage)
    failures = iter([True, True])
    claim = DeliveryQueue.claim

    async def unsteady(self: DeliveryQueue, *arguments: object, **named: object) -> object:
        if next(failures, False):
            raise ConnectionResetError
        return await claim(self, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(DeliveryQueue, "claim", unsteady)
    monkeypatch.setattr("workers.deliveries.PAUSE_SECONDS", 0.01)

    async with delivering(stage) as deliverer, running(deliverer):
        await eventually(lambda: _all(stage, "Delivered"))


async def _all(stage: Stage, reason: str) -> bool:
    return {each for _, each in await stage.states()} == {reason}


async def _accepted(stage: Stage, count: int) -> bool:
    return len(stage.apns.accepted) >= count


async def _leased(stage: Stage, count: int) -> bool:
    leased: int = await stage.sql.fetchval(
        "SELECT count(*) FROM deliveries WHERE lease IS NOT NULL"
    )
    return leased == count
