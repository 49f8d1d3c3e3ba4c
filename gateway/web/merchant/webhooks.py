"""Webhooks on the merchant's pages: endpoints added, looked after, and lost events sent again."""

from datetime import timedelta
from uuid import UUID

from aiohttp import web

from gateway.domain.errors import Invalid, NotFound
from gateway.presenters.webhook_signatures import secret_text
from gateway.services.webhooks import endpoints as services
from gateway.services.webhooks.office import Keeper
from gateway.services.webhooks.replaying import replay_message, replay_span, send_test
from gateway.storage.events.webhook_endpoints import ENDPOINTS_MAX, WebhookEndpoint
from gateway.storage.events.webhook_messages import Span
from gateway.storage.unit import Unit
from gateway.web.authors import keeper_of
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.merchant.webhook_forms import EndpointForm, corrected, read_wish
from gateway.web.merchant.webhook_logs import LogQuery, show_endpoint
from gateway.web.pages.redirects import see_other
from gateway.web.pages.render import page
from gateway.web.parsing.bodies import Fields
from gateway.web.parsing.queries import path_id
from gateway.web.parsing.revisions import revision_of

ROTATE, TEST, DELETE = "rotate", "test", "delete"
_COMMANDS = {
    "enable": services.enable_endpoint,
    "disable": services.disable_endpoint,
    DELETE: services.delete_endpoint,
}
_HOURS = {"1", "6", "24", "72", "168", "720"}


async def webhooks_page(request: web.Request) -> web.Response:
    """List the endpoints, and let one be added."""
    return await _overview(request, EndpointForm())


async def add_webhook(request: web.Request, fields: Fields) -> web.Response:
    """Add an endpoint, and show its secret this once."""
    wish = read_wish(fields)
    try:
        async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
            endpoint, secret = await services.add_endpoint(unit, wish, keeper_of(request))
    except Invalid as mistake:
        return await _overview(request, corrected(wish, mistake), status=400)
    return await _secret(request, endpoint, secret)


async def webhook_page(request: web.Request, asked: LogQuery) -> web.Response:
    """Show an endpoint with its delivery log."""
    return await show_endpoint(request, path_id(request, "endpoint_id"), asked=asked)


async def change_webhook(request: web.Request, fields: Fields) -> web.Response:
    """Change where an endpoint leads, or what it hears."""
    endpoint_id, wish = path_id(request, "endpoint_id"), read_wish(fields)
    try:
        async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
            await services.change_endpoint(
                unit, endpoint_id, wish, keeper_of(request), revision=revision_of(fields)
            )
    except Invalid as mistake:
        return await show_endpoint(request, endpoint_id, form=corrected(wish, mistake))
    return _back_to(endpoint_id)


async def steer_webhook(request: web.Request, fields: Fields) -> web.Response:
    """Enable, disable, test or delete an endpoint, or give it a new secret."""
    endpoint_id, command = path_id(request, "endpoint_id"), fields.get("do", "")
    keeper, revision = keeper_of(request), revision_of(fields)
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        if command == ROTATE:
            endpoint, secret = await services.rotate_secret(
                unit, endpoint_id, keeper, revision=revision
            )
            return await _secret(request, endpoint, secret)
        if command == TEST:
            await send_test(unit, endpoint_id, keeper)
        elif command in _COMMANDS:
            await _COMMANDS[command](unit, endpoint_id, keeper, revision=revision)
        else:
            raise NotFound
    return see_other("/merchant/webhooks") if command == DELETE else _back_to(endpoint_id)


async def replay_webhook(request: web.Request, fields: Fields) -> web.Response:
    """Send an endpoint one message again, or all of the last hours."""
    endpoint_id = path_id(request, "endpoint_id")
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        await _replay(unit, endpoint_id, fields, keeper_of(request))
    return _back_to(endpoint_id)


async def _replay(unit: Unit, endpoint_id: UUID, fields: Fields, keeper: Keeper) -> None:
    hours = fields.get("hours", "")
    if hours in _HOURS:
        span = Span(unit.now - timedelta(hours=int(hours)), unit.now)
        await replay_span(unit, endpoint_id, span, keeper)
        return
    try:
        message_id = UUID(fields.get("message", ""))
    except ValueError:
        raise NotFound from None
    await replay_message(unit, endpoint_id, message_id, keeper)


async def _overview(
    request: web.Request, form: EndpointForm, *, status: int = 200
) -> web.Response:
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        merchant = await unit.merchants.me()
        endpoints = await unit.webhook_endpoints.all()
    return page(
        request,
        "merchant/webhooks.html",
        status=status,
        merchant=merchant,
        endpoints=endpoints,
        endpoints_max=ENDPOINTS_MAX,
        form=form,
    )


async def _secret(request: web.Request, endpoint: WebhookEndpoint, secret: bytes) -> web.Response:
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        merchant = await unit.merchants.me()
    return page(
        request,
        "merchant/webhook_secret.html",
        merchant=merchant,
        endpoint=endpoint,
        secret=secret_text(secret),
    )


def _back_to(endpoint_id: UUID) -> web.Response:
    return see_other(f"/merchant/webhooks/{endpoint_id}")
