"""The event stream from the stamp to a program of the operator's, on a real server."""

import nats
from nats.aio.msg import Msg

from tests.nats import NatsServer, nats_server
from tests.wallets import OTHER_PASS_TYPE, open_cafe
from tests.workers.stages import Stage, eventually
from workers.channels.stream.capture import STREAM

__all__ = ["nats_server"]


async def published(server: NatsServer, subject: str, count: int) -> list[Msg]:
    """Read the first events under a subject from the stream."""
    client = await nats.connect(server.url)
    try:
        subscription = await client.jetstream().subscribe(
            subject, durable="bookkeeping", stream=STREAM
        )
        return [await subscription.next_msg(timeout=20) for _ in range(count)]
    finally:
        await client.close()


async def states(stage: Stage) -> list[tuple[str, str | None]]:
    found = await stage.sql.fetch(
        "SELECT state, reason FROM deliveries WHERE channel = 'stream' ORDER BY id"
    )
    return [(row["state"], row["reason"]) for row in found]


async def until_done(stage: Stage, count: int) -> None:
    """Wait until so many events were published."""

    async def done() -> bool:
        return await states(stage) == [("done", "Delivered")] * count

    await eventually(done)


async def test_each_merchants_events_go_under_its_own_name(
    stage: Stage, nats_server: NatsServer
) -> None:
    """One CloudEvent per fact, under `<merchant>.loyalty.…`, with the id that webhooks carry."""
    theirs = await open_cafe(stage.shop.resources, pass_type=OTHER_PASS_TYPE, slug="theirs")
    async with stage.worker(NATS_URL=nats_server.url):
        await stage.shop.stamp(await stage.shop.card(issued=False))
        await theirs.stamp(await theirs.card(issued=False))
        await until_done(stage, 2)
        both = await published(nats_server, ">", 2)
    ours, other = sorted(both, key=lambda message: message.subject)

    facts = {
        str(row["merchant_id"]): str(row["id"]) for row in await stage.sql.fetch("TABLE outbox")
    }
    for message, slug, merchant in (
        (ours, "cafe", stage.shop.merchant),
        (other, "theirs", theirs.merchant),
    ):
        assert message.subject == f"{slug}.loyalty.card.stamped"
        assert message.headers is not None
        assert message.headers["Nats-Msg-Id"] == facts[str(merchant.id)]
        assert str(merchant.id) in message.data.decode()


async def test_events_wait_for_a_server_that_is_away(
    stage: Stage, nats_server: NatsServer
) -> None:
    """They are published when it is back, each once."""
    nats_server.stop()
    async with stage.worker(NATS_URL=nats_server.url):
        await stage.shop.stamp(await stage.shop.card(issued=False))

        async def failed() -> bool:
            return [reason for _, reason in await states(stage)] not in ([], [None])

        await eventually(failed)
        nats_server.start()
        await stage.sql.execute("UPDATE deliveries SET next_at = now() WHERE state = 'waiting'")
        await until_done(stage, 1)
        assert len(await published(nats_server, "cafe.>", 1)) == 1


async def test_without_a_stream_nothing_is_kept_for_it(stage: Stage) -> None:
    """An installation that has none pays nothing."""
    async with stage.worker():
        await stage.shop.stamp(await stage.shop.card(issued=False))

        async def relayed() -> bool:
            return not await stage.sql.fetchval(
                "SELECT count(*) FROM outbox WHERE relayed_at IS NULL"
            )

        await eventually(relayed)
    assert await states(stage) == []
