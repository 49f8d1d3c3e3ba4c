"""Refusals as answers: RFC 9457 problems for programs, a friendly page for people."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from math import ceil

import msgspec
from aiohttp import web

from gateway.domain.errors import NotFound, Refusal
from gateway.presenters.problems import STATUS_OF_KIND, problem
from gateway.web.keys import REQUEST_ID, ROUTE, WIRING
from gateway.web.pages.render import page
from gateway.web.refusals import (
    BodyTooLarge,
    BodyTooSlow,
    DoorRefusal,
    MethodNotAllowed,
    Unavailable,
    UnsupportedMediaType,
)
from gateway.web.routing import Style

CONTENT_TYPE = "application/problem+json"
RETRY_SECONDS = {HTTPStatus.TOO_MANY_REQUESTS: 60, HTTPStatus.SERVICE_UNAVAILABLE: 5}
PROGRAM_PATHS = ("/api/", "/apple/")

_OF_FRAMEWORK: Mapping[int, type[Refusal]] = {
    404: NotFound,
    405: MethodNotAllowed,
    408: BodyTooSlow,
    413: BodyTooLarge,
    415: UnsupportedMediaType,
    503: Unavailable,
}


class Unexpected(DoorRefusal):
    """Something went wrong on our side. Please try again."""

    code = "unexpected"
    status = 500


def status_of(refusal: Refusal | type[Refusal]) -> HTTPStatus:
    """Return the one status a refusal is answered with."""
    of_class = refusal if isinstance(refusal, type) else type(refusal)
    if issubclass(of_class, DoorRefusal):
        return HTTPStatus(of_class.status)
    return STATUS_OF_KIND[refusal.kind]


def answer(request: web.Request, refusal: Refusal) -> web.Response:
    """Answer a refusal in the way its caller reads."""
    status = status_of(refusal)
    if _wants_page(request):
        response = page(
            request, "problem.html", status=status, sentence=refusal.sentence, code=refusal.code
        )
    else:
        body = msgspec.json.encode(document(request, refusal))
        response = web.Response(body=body, status=status, content_type=CONTENT_TYPE)
    response.headers.update(_headers(request, refusal, status))
    return response


def document(request: web.Request, refusal: Refusal) -> dict[str, object]:
    """Return the members of a problem, and the id under which our log knows more."""
    members = problem(refusal, status_of(refusal))
    return members | {"request_id": request.get(REQUEST_ID, "")}


def from_framework(error: web.HTTPException) -> Refusal:
    """Turn what aiohttp raises by itself into one of our refusals."""
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unexpected()
    if isinstance(error, web.HTTPMethodNotAllowed):
        return MethodNotAllowed(allow=sorted(error.allowed_methods))
    return _OF_FRAMEWORK.get(error.status, DoorRefusal)()


def _headers(request: web.Request, refusal: Refusal, status: HTTPStatus) -> dict[str, str]:
    headers: dict[str, str] = {}
    if status in RETRY_SECONDS:
        headers["Retry-After"] = str(_retry_seconds(request, refusal, status))
    if status is HTTPStatus.UNAUTHORIZED and not _wants_page(request):
        headers["WWW-Authenticate"] = 'Bearer realm="passgate"'
    if isinstance(allow := refusal.detail.get("allow"), list):
        headers["Allow"] = ", ".join(allow)
    return headers


def _retry_seconds(request: web.Request, refusal: Refusal, status: HTTPStatus) -> int:
    retry_at = refusal.detail.get("retry_at")
    if isinstance(retry_at, datetime):
        return max(1, ceil((retry_at - request.app[WIRING].now()).total_seconds()))
    return RETRY_SECONDS[status]


def _wants_page(request: web.Request) -> bool:
    if (route := request.get(ROUTE)) is not None:
        return route.style is Style.PAGE
    reads_html = "text/html" in request.headers.get("Accept", "")
    return reads_html and not request.path.startswith(PROGRAM_PATHS)
