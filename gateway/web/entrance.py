"""The way in: guard, CSRF, limits and parsing, in one order, for every route."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from gateway.web import csrf
from gateway.web.identity.access import Access
from gateway.web.keys import PRINCIPAL, RETRY, REVISION, ROUTE, ROUTES, WIRING
from gateway.web.parsing import bodies, strict_json
from gateway.web.parsing.idempotency import retry
from gateway.web.parsing.preconditions import expected_revision
from gateway.web.parsing.queries import query
from gateway.web.routing import Route, Style

Enter = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_routes(app: web.Application, routes: tuple[Route, ...]) -> None:
    """Open every door of `routes`; a GET answers HEAD too."""
    app[ROUTES] = routes
    for route in routes:
        if route.method == "GET":
            app.router.add_get(route.path, entrance(route))
        else:
            app.router.add_route(route.method, route.path, entrance(route))


def entrance(route: Route) -> Enter:
    """Make the aiohttp handler of `route`."""

    async def enter(request: web.Request) -> web.StreamResponse:
        request[ROUTE] = route
        if route.needs_csrf:
            csrf.require_own_origin(request)
        if route.access.door.is_guarded:
            await _admit(request, route.access)
        if route.is_safe:
            return await _enter_reading(route, request)
        return await _enter_changing(route, request)

    return enter


async def _admit(request: web.Request, access: Access) -> None:
    """Find out who is calling, and whether they may."""
    principal = request[PRINCIPAL] = await request.app[WIRING].guard(request, access.door)
    if access.permission is not None:
        principal.require(access.permission)


async def _enter_reading(route: Route, request: web.Request) -> web.StreamResponse:
    if route.takes is None:
        return await route.handler(request)
    return await route.handler(request, query(request, route.takes))


async def _enter_changing(route: Route, request: web.Request) -> web.StreamResponse:
    raw = b""
    if request.body_exists:
        raw = await bodies.read(
            request, bytes_max=route.body_bytes_max, seconds_max=route.body_seconds_max
        )
    if route.is_proved_by_address:
        return await route.handler(request)
    if route.style is Style.PAGE:
        return await _enter_form(route, request, raw)
    return await _enter_json(route, request, raw)


async def _enter_form(route: Route, request: web.Request, raw: bytes) -> web.StreamResponse:
    is_form = request.content_type == bodies.FORM_TYPE
    fields = bodies.fields(raw) if is_form else bodies.Fields()
    csrf.require_token(request, fields.pop(csrf.FIELD, request.headers.get(csrf.HEADER)))
    if route.takes is None:
        return await route.handler(request)
    bodies.require_type(request, bodies.FORM_TYPE)
    if route.takes is bodies.Fields:
        return await route.handler(request, fields)
    return await route.handler(request, bodies.form(fields, route.takes))


async def _enter_json(route: Route, request: web.Request, raw: bytes) -> web.StreamResponse:
    if route.needs_csrf:
        csrf.require_token(request, request.headers.get(csrf.HEADER))
    body: object = None
    if route.takes is bytes:
        return await route.handler(request, raw)
    if route.takes is not None:
        bodies.require_type(request, bodies.JSON_TYPE)
        body = strict_json.load(raw)
    if route.is_idempotent:
        request[RETRY] = retry(request, body)
    if route.is_conditional:
        request[REVISION] = expected_revision(request)
    if route.takes is None:
        return await route.handler(request)
    return await route.handler(request, bodies.convert(body, route.takes))
