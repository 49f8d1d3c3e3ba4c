"""The API's doors to webhooks: method, path, handler, and what each takes, answers and refuses."""

from gateway.domain.errors import NotFound, TooManyAttempts
from gateway.domain.people import Permission
from gateway.services.webhooks.refusals import (
    EndpointDisabled,
    TooManyEndpoints,
    TooManyMessages,
)
from gateway.web.api import events, webhook_deliveries, webhook_shapes, webhooks
from gateway.web.identity.access import Access, Door
from gateway.web.refusals import CursorInvalid
from gateway.web.routing import Route

_WEBHOOKS = Access(Door.API, Permission.WEBHOOKS_WRITE)

_ENDPOINTS = "/api/v1/webhook-endpoints"
_ENDPOINT = _ENDPOINTS + "/{endpoint_id}"
_ENDPOINT_ANSWER = {200: webhook_shapes.Endpoint}

ENDPOINTS = (
    Route(
        "GET",
        _ENDPOINTS,
        webhooks.list_webhook_endpoints,
        _WEBHOOKS,
        answers={200: webhook_shapes.Endpoints},
    ),
    Route(
        "POST",
        _ENDPOINTS,
        webhooks.add_webhook_endpoint,
        _WEBHOOKS,
        takes=webhook_shapes.EndpointDesign,
        answers={201: webhook_shapes.EndpointWithSecret},
        refuses=(TooManyEndpoints,),
    ),
    Route(
        "GET",
        _ENDPOINT,
        webhooks.show_webhook_endpoint,
        _WEBHOOKS,
        answers=_ENDPOINT_ANSWER,
        refuses=(NotFound,),
    ),
    Route(
        "PUT",
        _ENDPOINT,
        webhooks.change_webhook_endpoint,
        _WEBHOOKS,
        takes=webhook_shapes.EndpointDesign,
        answers=_ENDPOINT_ANSWER,
        refuses=(NotFound,),
        is_conditional=True,
    ),
    *(
        Route(
            method,
            path,
            handler,
            _WEBHOOKS,
            answers=_ENDPOINT_ANSWER,
            refuses=(NotFound,),
            is_conditional=True,
        )
        for method, path, handler in (
            ("DELETE", _ENDPOINT, webhooks.delete_webhook_endpoint),
            ("POST", f"{_ENDPOINT}/enable", webhooks.enable_webhook_endpoint),
            ("POST", f"{_ENDPOINT}/disable", webhooks.disable_webhook_endpoint),
        )
    ),
    Route(
        "POST",
        f"{_ENDPOINT}/rotate-secret",
        webhooks.rotate_webhook_secret,
        _WEBHOOKS,
        answers={200: webhook_shapes.EndpointWithSecret},
        refuses=(NotFound,),
        is_conditional=True,
    ),
)

DELIVERIES = (
    Route(
        "GET",
        f"{_ENDPOINT}/attempts",
        webhook_deliveries.list_webhook_attempts,
        _WEBHOOKS,
        takes=webhook_shapes.LogPage,
        answers={200: webhook_shapes.Attempts},
        refuses=(NotFound, CursorInvalid),
    ),
    Route(
        "POST",
        f"{_ENDPOINT}/test",
        webhook_deliveries.test_webhook_endpoint,
        _WEBHOOKS,
        answers={202: webhook_shapes.SentTest},
        refuses=(NotFound, EndpointDisabled, TooManyAttempts),
    ),
    Route(
        "POST",
        f"{_ENDPOINT}/replays",
        webhook_deliveries.replay_webhooks,
        _WEBHOOKS,
        takes=webhook_shapes.Replay,
        answers={202: webhook_shapes.Replayed},
        refuses=(NotFound, EndpointDisabled, TooManyAttempts, TooManyMessages),
    ),
)

WEBHOOKS = (
    *ENDPOINTS,
    *DELIVERIES,
    Route(
        "GET",
        "/api/v1/events",
        events.list_event_types,
        _WEBHOOKS,
        answers={200: events.EventTypes},
    ),
)
