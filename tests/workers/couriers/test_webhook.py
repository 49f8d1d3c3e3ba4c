"""Webhooks from the stamp to the receiver: once where it works, again where it does not."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from aiohttp import web
from standardwebhooks import WebhookVerificationError

from gateway.domain.webhooks import DisabledReason, EndpointStatus
from gateway.presenters.webhook_signatures import secret_text
from gateway.services.webhooks.endpoints import delete_endpoint, disable_endpoint, rotate_secret
from gateway.services.webhooks.replaying import (
    TEST_TYPE,
    replay_message,
    replay_span,
    send_test,
)
from gateway.storage.events.webhook_messages import Span
from tests.wallets import OTHER_PASS_TYPE, open_cafe
from tests.workers.couriers.webhook_stage import STAMPED, WebhookStage, receiving
from tests.workers.stages import eventually

GONE = "loyalty.webhook.endpoint_disabled"


async def test_a_stamp_reaches_the_receiver_once_and_signed(hooks: WebhookStage) -> None:
    """One CloudEvent, whose id is the message's and whose signature a receiver believes."""
    endpoint, secret = await hooks.endpoint()
    async with hooks.worker():
        await hooks.stamp()
        (heard,) = await hooks.receiver.until_heard(1)
        assert await hooks.ends() == [("done", "Delivered")]

    heard.verify(secret)
    assert heard.headers["Content-Type"] == "application/cloudevents+json"
    assert (heard.event["type"], heard.event["id"]) == (STAMPED, heard.id)
    assert heard.event["source"].endswith(f"/merchants/{hooks.stage.shop.merchant.id}")
    assert heard.event["data"]["stamps"] == 1
    (attempt,) = await hooks.log(endpoint.id)
    assert (attempt.status, attempt.outcome, attempt.number) == (200, "Delivered", 1)
    assert (str(attempt.message_id), attempt.message_type) == (heard.id, STAMPED)
    assert len(hooks.receiver.heard) == 1


async def test_an_endpoint_hears_what_it_asked_for(hooks: WebhookStage) -> None:
    """Nothing is kept or sent of events that nobody asked for."""
    await hooks.endpoint(("loyalty.program.*",))
    async with hooks.worker():
        await hooks.stamp()
        assert await hooks.ends() == []

    assert await hooks.stage.sql.fetchval("SELECT count(*) FROM webhook_messages") == 0


async def test_a_failure_is_tried_again_with_the_same_id_and_a_fresh_moment(
    hooks: WebhookStage,
) -> None:
    """The body stays byte for byte what it was; each attempt is in the log with its answer."""
    endpoint, secret = await hooks.endpoint()
    hooks.receiver.answer = lambda: web.Response(status=500, text="out of order")
    async with hooks.worker():
        await hooks.stamp()
        await hooks.until_logged(endpoint.id, 1)
        assert await hooks.ends() == [("waiting", "Status500")]
        assert (await hooks.read(endpoint.id)).failing_since is not None
        hooks.receiver.answer = web.Response
        await asyncio.sleep(1.1)
        await hooks.hasten()
        log = await hooks.until_logged(endpoint.id, 2)
        assert await hooks.ends() == [("done", "Delivered")]

    first, second = hooks.receiver.heard
    second.verify(secret)
    assert (first.id, first.body) == (second.id, second.body)
    assert first.headers["webhook-timestamp"] < second.headers["webhook-timestamp"]
    assert [(each.number, each.status, each.excerpt) for each in log] == [
        (1, 500, "out of order"),
        (2, 200, ""),
    ]
    assert (await hooks.read(endpoint.id)).failing_since is None


async def test_the_last_try_ends_it(hooks: WebhookStage) -> None:
    """Nobody is tried for ever."""
    endpoint, _ = await hooks.endpoint()
    hooks.receiver.answer = lambda: web.Response(status=503, headers={"Retry-After": "7200"})
    async with hooks.worker():
        await hooks.stamp()
        await hooks.until_logged(endpoint.id, 1)
        assert await hooks.ends() == [("waiting", "Status503")]
        pause = await hooks.stage.sql.fetchval("SELECT next_at - now() FROM deliveries")
        assert pause > timedelta(minutes=119)

        await hooks.stage.sql.execute("UPDATE deliveries SET attempts = 9")
        await hooks.hasten()
        await hooks.until_logged(endpoint.id, 2)
        assert await hooks.ends() == [("dead", "Status503")]


async def test_a_worker_that_dies_after_sending_leaves_the_same_message(
    hooks: WebhookStage,
) -> None:
    """It is killed while the receiver answers; the next one sends the same id again."""
    _, secret = await hooks.endpoint()
    hooks.receiver.gate.clear()
    with hooks.doomed_worker():
        await hooks.stamp()
        await hooks.receiver.until_heard(1)
    hooks.receiver.gate.set()
    await hooks.hasten()
    async with hooks.worker():
        first, second = await hooks.receiver.until_heard(2)
        assert await hooks.ends() == [("done", "Delivered")]

    second.verify(secret)
    assert (first.id, first.body) == (second.id, second.body)


async def test_a_day_long_both_secrets_sign(hooks: WebhookStage) -> None:
    """Then the new one alone; what was signed with neither is not believed."""
    endpoint, old = await hooks.endpoint()
    shop = hooks.stage.shop
    async with shop.resources.units(shop.merchant.id) as unit:
        _, made = await rotate_secret(unit, endpoint.id, hooks.keeper(), revision=1)
    new = secret_text(made)
    async with hooks.worker():
        await hooks.stamp()
        (during,) = await hooks.receiver.until_heard(1)
        during.verify(new)
        during.verify(old)

        await hooks.stage.sql.execute("UPDATE webhook_endpoints SET old_secret_until = now()")
        await hooks.stamp()
        after = (await hooks.receiver.until_heard(2))[1]
        after.verify(new)
        with pytest.raises(WebhookVerificationError):
            after.verify(old)


async def test_who_answers_410_is_left_alone_from_then_on(hooks: WebhookStage) -> None:
    """The endpoint is disabled with its reason, on record, and the others are told."""
    async with receiving() as other:
        endpoint, _ = await hooks.endpoint()
        await hooks.endpoint((GONE,), other)
        hooks.receiver.answer = lambda: web.Response(status=410)
        async with hooks.worker(hooks.receiver, other):
            await hooks.stamp()
            (told,) = await other.until_heard(1)
            await hooks.stamp()
            await hooks.ends()

    assert told.event["data"] == {"endpoint_id": str(endpoint.id), "reason": "gone"}
    left = await hooks.read(endpoint.id)
    assert (left.status, left.disabled_reason) == (EndpointStatus.DISABLED, DisabledReason.GONE)
    assert len(hooks.receiver.heard) == 1
    audited = await hooks.stage.sql.fetch(
        "SELECT subject FROM audit WHERE action = 'webhook_endpoint.disabled'"
    )
    assert [row["subject"] for row in audited] == [f"webhook_endpoint:{endpoint.id}"]


async def test_who_failed_for_five_days_is_left_alone(hooks: WebhookStage) -> None:
    """One success in between, and the five days begin anew."""
    endpoint, _ = await hooks.endpoint()
    long_ago = "UPDATE webhook_endpoints SET failing_since = now() - interval '6 days'"
    async with hooks.worker():
        await hooks.stage.sql.execute(long_ago)
        await hooks.stamp()
        await hooks.until_logged(endpoint.id, 1)
        assert (await hooks.read(endpoint.id)).status is EndpointStatus.ENABLED

        hooks.receiver.answer = lambda: web.Response(status=500)
        await hooks.stage.sql.execute(long_ago)
        await hooks.stamp()
        await hooks.until_logged(endpoint.id, 2)

    left = await hooks.read(endpoint.id)
    assert left.disabled_reason is DisabledReason.FAILING


async def test_a_redirect_is_followed_nowhere(hooks: WebhookStage) -> None:
    """It is a failure, since it could lead inside."""
    endpoint, _ = await hooks.endpoint()
    hooks.receiver.answer = lambda: web.Response(status=302, headers={"Location": "/elsewhere"})
    async with hooks.worker():
        await hooks.stamp()
        (attempt,) = await hooks.until_logged(endpoint.id, 1)
        assert await hooks.ends() == [("waiting", "Status302")]

    assert attempt.status == 302
    assert [heard.path for heard in hooks.receiver.heard] == ["/hook"]


async def test_an_inner_address_is_not_reached(hooks: WebhookStage) -> None:
    """Whatever the endpoint's row says: the guard looks at every connection."""
    endpoint, _ = await hooks.endpoint()
    async with hooks.stage.worker():
        await hooks.stamp()
        (attempt,) = await hooks.until_logged(endpoint.id, 1)

    assert (attempt.status, attempt.outcome) == (None, "BlockedAddress")
    assert hooks.receiver.heard == []


async def test_what_was_disabled_or_deleted_is_sent_nothing_that_waits(
    hooks: WebhookStage,
) -> None:
    """The endpoint is read anew before each try."""
    kept, _ = await hooks.endpoint()
    deleted, _ = await hooks.endpoint()
    shop = hooks.stage.shop
    hooks.receiver.answer = lambda: web.Response(status=500)
    async with hooks.worker():
        await hooks.stamp()
        await hooks.receiver.until_heard(2)
        await hooks.ends()
        async with shop.resources.units(shop.merchant.id) as unit:
            await disable_endpoint(unit, kept.id, hooks.keeper(), revision=1)
            await delete_endpoint(unit, deleted.id, hooks.keeper(), revision=1)
        await hooks.hasten()

        async def ended() -> bool:
            return await hooks.ends() == [("done", "EndpointDisabled")] * 2

        await eventually(ended)
    assert len(hooks.receiver.heard) == 2


async def test_nobody_hears_of_another_merchants_customers(hooks: WebhookStage) -> None:
    """Both want everything, and each gets its own, even were rows not closed to each other."""
    await hooks.stage.sql.execute("ALTER TABLE webhook_endpoints DISABLE ROW LEVEL SECURITY")
    theirs = await open_cafe(hooks.stage.shop.resources, pass_type=OTHER_PASS_TYPE, slug="theirs")
    async with receiving() as other:
        _, secret = await hooks.endpoint(("*",))
        _, their_secret = await hooks.endpoint(("*",), other, theirs)
        async with hooks.worker(hooks.receiver, other):
            await hooks.stamp()
            await theirs.stamp(await theirs.card(issued=False))
            await hooks.receiver.until_heard(1)
            await other.until_heard(1)
            await hooks.ends()

    for receiver, key, merchant in (
        (hooks.receiver, secret, hooks.stage.shop.merchant),
        (other, their_secret, theirs.merchant),
    ):
        (heard,) = receiver.heard
        heard.verify(key)
        assert str(merchant.id) in heard.event["source"]


async def test_a_secret_that_cannot_be_read_holds_up_nobody(hooks: WebhookStage) -> None:
    """As one of another endpoint: it signs for its own alone."""
    async with receiving() as other:
        broken, _ = await hooks.endpoint()
        _, secret = await hooks.endpoint((STAMPED,), other)
        await hooks.stage.sql.execute(
            "UPDATE webhook_endpoints SET secret_sealed ="
            " (SELECT secret_sealed FROM webhook_endpoints WHERE id <> $1) WHERE id = $1",
            broken.id,
        )
        async with hooks.worker(hooks.receiver, other):
            await hooks.stamp()
            (heard,) = await other.until_heard(1)
            ends = await hooks.ends()

    heard.verify(secret)
    assert sorted(ends) == [("dead", "SecretUnreadable"), ("done", "Delivered")]
    assert hooks.receiver.heard == []


async def test_a_slow_endpoint_holds_up_nobody(hooks: WebhookStage) -> None:
    """It gets five at once, however many wait, and another merchant's event passes them all."""
    theirs = await open_cafe(hooks.stage.shop.resources, pass_type=OTHER_PASS_TYPE, slug="theirs")
    async with receiving() as other:
        await hooks.endpoint()
        await hooks.endpoint((STAMPED,), other, theirs)
        hooks.receiver.gate.clear()
        async with hooks.worker(hooks.receiver, other):
            await hooks.stamp(30)
            await hooks.receiver.until_heard(5)
            await theirs.stamp(await theirs.card(issued=False))
            await other.until_heard(1)
            assert len(hooks.receiver.heard) == 5
            hooks.receiver.gate.set()
            await hooks.receiver.until_heard(30)

    assert hooks.receiver.present_most == 5
    assert len({heard.id for heard in hooks.receiver.heard}) == 30


async def test_many_endpoints_at_one_host_do_not_overrun_it(hooks: WebhookStage) -> None:
    """Three of them would be fifteen at once; the host gets ten, and in the end everything."""
    for _ in range(3):
        await hooks.endpoint()
    hooks.receiver.gate.clear()
    async with hooks.worker():
        await hooks.stamp(6)
        await hooks.receiver.until_heard(10)
        hooks.receiver.gate.set()
        await hooks.receiver.until_heard(18)

    assert hooks.receiver.present_most == 10


async def test_a_test_event_reaches_whoever_hears_nothing_else(hooks: WebhookStage) -> None:
    """It is signed as all else is."""
    endpoint, secret = await hooks.endpoint(("loyalty.program.*",))
    shop = hooks.stage.shop
    async with hooks.worker():
        async with shop.resources.units(shop.merchant.id) as unit:
            message_id = await send_test(unit, endpoint.id, hooks.keeper())
        (heard,) = await hooks.receiver.until_heard(1)

    heard.verify(secret)
    assert (heard.id, heard.event["type"]) == (str(message_id), TEST_TYPE)


async def test_what_was_missed_is_sent_again_to_who_missed_it(
    hooks: WebhookStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A span comes whole, chunk by chunk, under the same ids; one message comes by itself."""
    monkeypatch.setattr("workers.planning.webhooks.REPLAY_ROWS_MAX", 2)
    shop = hooks.stage.shop
    async with receiving() as other:
        endpoint, secret = await hooks.endpoint()
        await hooks.endpoint((STAMPED,), other)
        async with hooks.worker(hooks.receiver, other):
            await hooks.stamp(5)
            await hooks.receiver.until_heard(5)
            await other.until_heard(5)
            assert await hooks.ends() == [("done", "Delivered")] * 10
            async with shop.resources.units(shop.merchant.id) as unit:
                span = Span(unit.now - timedelta(hours=1), unit.now)
                assert await replay_span(unit, endpoint.id, span, hooks.keeper()) == 5
            await hooks.receiver.until_heard(10)
            async with shop.resources.units(shop.merchant.id) as unit:
                missed = UUID(hooks.receiver.heard[0].id)
                await replay_message(unit, endpoint.id, missed, hooks.keeper())
            await hooks.receiver.until_heard(11)
            await hooks.ends()

    heard = hooks.receiver.heard
    heard[-1].verify(secret)
    assert {each.id for each in heard[:5]} == {each.id for each in heard[5:10]}
    assert len(other.heard) == 5
    lanes = await hooks.stage.sql.fetch("SELECT lane, count(*) FROM deliveries GROUP BY 1")
    assert dict(map(tuple, lanes)) == {0: 10, 1: 6}
