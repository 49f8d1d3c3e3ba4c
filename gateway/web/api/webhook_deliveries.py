"""What endpoints were sent, over the API: the delivery log, test events and replays."""

from aiohttp import web

from gateway.services.webhooks.replaying import replay_message, replay_span, send_test
from gateway.storage.events.webhook_messages import Span
from gateway.web.answers import json_answer
from gateway.web.api.pages import cursor_of, position_of
from gateway.web.api.webhook_shapes import (
    Attempts,
    LogPage,
    Replay,
    Replayed,
    SentTest,
    faults_by_pointer,
    shown_attempt,
)
from gateway.web.authors import keeper_of
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.parsing.queries import path_id
from gateway.web.refusals import BodyInvalid

ONE = 1


async def list_webhook_attempts(request: web.Request, page: LogPage) -> web.Response:
    """List what an endpoint was sent in the last 30 days, and how it answered."""
    endpoint_id = path_id(request, "endpoint_id")
    name = f"webhook attempts|{endpoint_id}"
    before = position_of(request, name, page.cursor)
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        await unit.webhook_endpoints.one(endpoint_id)
        attempts = await unit.webhook_attempts.page(endpoint_id, page.limit, before)
    items = [shown_attempt(attempt) for attempt in attempts]
    if len(attempts) < page.limit:
        return json_answer(Attempts(items))
    last = attempts[-1].attempted_at, attempts[-1].id
    return json_answer(Attempts(items, cursor_of(request, name, last)))


async def test_webhook_endpoint(request: web.Request) -> web.Response:
    """Send an endpoint a `passgate.test` event, whatever it wants to hear."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        message_id = await send_test(unit, path_id(request, "endpoint_id"), keeper_of(request))
    return json_answer(SentTest(message_id), status=202)


async def replay_webhooks(request: web.Request, replay: Replay) -> web.Response:
    """Send one message to an endpoint again, or all it wants of some time."""
    if (replay.message_id is None) == (replay.since is None):
        fault = {"pointer": "", "detail": "Please give either message_id or since."}
        raise BodyInvalid(errors=[fault])
    endpoint_id = path_id(request, "endpoint_id")
    with faults_by_pointer():
        async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
            if replay.message_id is not None:
                await replay_message(unit, endpoint_id, replay.message_id, keeper_of(request))
                messages = ONE
            else:
                assert replay.since is not None, "one of them is given"
                span = Span(replay.since, replay.until or unit.now)
                messages = await replay_span(unit, endpoint_id, span, keeper_of(request))
    return json_answer(Replayed(messages), status=202)
