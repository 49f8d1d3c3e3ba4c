"""What happens around every request: it gets an id, a line in the log, and always an answer."""

import re
import secrets
import time
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from gateway.domain.errors import Refusal
from gateway.web import problems
from gateway.web.addresses import client_address
from gateway.web.keys import CLIENT_ADDRESS, PRINCIPAL, REQUEST_ID, WIRING
from gateway.web.refusals import Unavailable

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

REQUEST_ID_HEADER = "X-Request-Id"
REQUEST_ID_BYTES = 16

_SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9_.-]{8,64}")
_log = structlog.get_logger("gateway.web")


@web.middleware
async def tell(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request an id, and tell the log how it went.

    The line names the route and never the path or the query: those can hold a serial or a code.
    """
    request[REQUEST_ID] = _request_id(request)
    request[CLIENT_ADDRESS] = str(
        client_address(
            request.remote,
            request.headers.getall("X-Forwarded-For", ()),
            request.app[WIRING].trusted_proxies,
        )
    )
    started = time.perf_counter()
    # One task serves a connection's requests in turn, so each binds over the one before.
    structlog.contextvars.bind_contextvars(request_id=request[REQUEST_ID])
    response = await handler(request)
    _log.info(
        "request",
        method=request.method,
        route=_route(request),
        status=response.status,
        milliseconds=round((time.perf_counter() - started) * 1000, 1),
        client=request[CLIENT_ADDRESS],
        **_caller(request),
    )
    return response


@web.middleware
async def answer_refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn everything that was raised into an answer; only the log learns about our mistakes."""
    try:
        return await handler(request)
    except Refusal as refusal:
        return problems.answer(request, refusal)
    except web.HTTPException as error:
        if error.status < web.HTTPBadRequest.status_code:
            return web.Response(
                status=error.status, headers={"Location": error.headers["Location"]}
            )
        return problems.answer(request, problems.from_framework(error))
    except request.app[WIRING].outages:
        _log.warning("dependency_unavailable", route=_route(request), exc_info=True)
        return problems.answer(request, Unavailable())
    except Exception:  # noqa: BLE001 -- the last net: a person gets an answer, the log the stack
        _log.exception("request_failed", route=_route(request))
        return problems.answer(request, problems.Unexpected())


def _request_id(request: web.Request) -> str:
    given = request.headers.get(REQUEST_ID_HEADER, "")
    return given if _SANE_REQUEST_ID.fullmatch(given) else secrets.token_hex(REQUEST_ID_BYTES)


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource else "unmatched"


def _caller(request: web.Request) -> dict[str, str]:
    principal = request.get(PRINCIPAL)
    if principal is None:
        return {}
    return {"merchant_id": str(principal.merchant_id), "principal": principal.name}
