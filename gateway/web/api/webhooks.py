"""Webhook endpoints over the API: added, changed, rotated, disabled and deleted."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from gateway.services.webhooks import endpoints as services
from gateway.storage.events.webhook_endpoints import WebhookEndpoint
from gateway.web.answers import json_answer
from gateway.web.api.webhook_shapes import (
    EndpointDesign,
    Endpoints,
    faults_by_pointer,
    shown,
    shown_with_secret,
)
from gateway.web.authors import keeper_of
from gateway.web.keys import PRINCIPAL, RESOURCES, REVISION
from gateway.web.parsing.preconditions import etag
from gateway.web.parsing.queries import path_id


async def list_webhook_endpoints(request: web.Request) -> web.Response:
    """List the webhook endpoints."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        endpoints = await unit.webhook_endpoints.all()
    return json_answer(Endpoints([shown(endpoint) for endpoint in endpoints]))


async def show_webhook_endpoint(request: web.Request) -> web.Response:
    """Show a webhook endpoint, with the ETag that a change of it must bring."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        endpoint = await unit.webhook_endpoints.one(path_id(request, "endpoint_id"))
    return _answer(endpoint)


async def add_webhook_endpoint(request: web.Request, design: EndpointDesign) -> web.Response:
    """Send events to an address from now on; the answer alone holds the signing secret."""
    with faults_by_pointer():
        async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
            endpoint, secret = await services.add_endpoint(unit, design.read(), keeper_of(request))
    headers = {
        "ETag": etag(endpoint.revision),
        "Location": f"/api/v1/webhook-endpoints/{endpoint.id}",
    }
    return json_answer(shown_with_secret(endpoint, secret), status=201, headers=headers)


async def change_webhook_endpoint(request: web.Request, design: EndpointDesign) -> web.Response:
    """Send other events from now on, or elsewhere; what waits goes there, too."""
    with faults_by_pointer():
        async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
            endpoint = await services.change_endpoint(
                unit,
                path_id(request, "endpoint_id"),
                design.read(),
                keeper_of(request),
                revision=request[REVISION],
            )
    return _answer(endpoint)


async def enable_webhook_endpoint(request: web.Request) -> web.Response:
    """Send to an endpoint again, also what still waits from before."""
    return await _command(request, services.enable_endpoint)


async def disable_webhook_endpoint(request: web.Request) -> web.Response:
    """Send nothing to an endpoint until it is enabled."""
    return await _command(request, services.disable_endpoint)


async def delete_webhook_endpoint(request: web.Request) -> web.Response:
    """Delete an endpoint and its secrets; the answer is what there was."""
    return await _command(request, services.delete_endpoint)


async def rotate_webhook_secret(request: web.Request) -> web.Response:
    """Sign with a new secret, which the answer alone holds, and for a day with both."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        endpoint, secret = await services.rotate_secret(
            unit, path_id(request, "endpoint_id"), keeper_of(request), revision=request[REVISION]
        )
    headers = {"ETag": etag(endpoint.revision)}
    return json_answer(shown_with_secret(endpoint, secret), headers=headers)


async def _command(
    request: web.Request, command: Callable[..., Awaitable[WebhookEndpoint]]
) -> web.Response:
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        endpoint = await command(
            unit, path_id(request, "endpoint_id"), keeper_of(request), revision=request[REVISION]
        )
    return _answer(endpoint)


def _answer(endpoint: WebhookEndpoint) -> web.Response:
    return json_answer(shown(endpoint), headers={"ETag": etag(endpoint.revision)})
