"""A small surface with one door of each sort."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient

from gateway.domain.errors import CooldownActive, NotSignedIn, TooManyAttempts
from gateway.domain.people import Permission, Principal
from gateway.web import cookies
from gateway.web.answers import json_answer
from gateway.web.identity.access import PUBLIC, Access, Door
from gateway.web.keys import CLIENT_ADDRESS, PRINCIPAL, RETRY
from gateway.web.pages.render import page
from gateway.web.parsing.bodies import Fields
from gateway.web.parsing.queries import PageRows, path_id
from gateway.web.routes import FOUNDATION
from gateway.web.routing import Route, Style

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MERCHANT = UUID(int=1)
PERSON = UUID(int=2)
CANARY = "canary-of-a-secret"


Client = TestClient[web.Request, web.Application]
Open = Callable[..., Awaitable[Client]]


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to stamp."""

    stamps: Annotated[int, msgspec.Meta(ge=1, le=50)]
    note: str = ""


class Done(msgspec.Struct, frozen=True):
    """What was understood."""

    stamps: int
    key: str
    fingerprint: str


class Search(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to look for."""

    limit: PageRows = 20
    name: str = ""


class Sign(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name on the form."""

    name: str


class DriverError(Exception):
    """What a database driver raises."""


async def stamp(request: web.Request, order: Order) -> web.Response:
    """Stamp a card."""
    retry = request[RETRY]
    return json_answer(
        Done(stamps=order.stamps, key=retry.key, fingerprint=retry.fingerprint.hex()), status=201
    )


async def search(_request: web.Request, asked: Search) -> web.Response:
    """Find members."""
    return json_answer(asked)


async def member(request: web.Request) -> web.Response:
    """Show a member."""
    return json_answer({"id": path_id(request, "member_id")})


async def whoami(request: web.Request) -> web.Response:
    """Say who is calling."""
    return json_answer({"principal": request[PRINCIPAL].name, "address": request[CLIENT_ADDRESS]})


async def cooled_down(_request: web.Request) -> web.Response:
    """Refuse by a rule."""
    raise CooldownActive(retry_at=NOW + timedelta(minutes=15))


async def limited(_request: web.Request) -> web.Response:
    """Refuse by a limit."""
    raise TooManyAttempts(retry_at=NOW + timedelta(seconds=90))


async def crash(_request: web.Request) -> web.Response:
    """Make a mistake."""
    message = f"a mistake next to a {CANARY}"
    raise RuntimeError(message)


async def outage(_request: web.Request) -> web.Response:
    """Find the database gone."""
    raise DriverError(CANARY)


async def form_page(request: web.Request) -> web.Response:
    """Show a form."""
    return page(request, "form.html")


async def sign(_request: web.Request, form: Sign) -> web.Response:
    """Take a form."""
    return web.Response(text=form.name)


async def sign_inline(_request: web.Request, fields: Fields) -> web.Response:
    """Take a form as it came."""
    return web.Response(text=",".join(sorted(fields)))


async def scan(_request: web.Request, order: Order) -> web.Response:
    """Take JSON from a page's script."""
    return json_answer(order)


API = Access(Door.API, Permission.STAMPS_WRITE)
TILL = Access(Door.STAFF, Permission.STAMPS_WRITE)

DOORS = (
    *FOUNDATION,
    Route(
        "POST",
        "/api/v1/stamps",
        stamp,
        PUBLIC,
        takes=Order,
        answers={201: Done},
        refuses=(CooldownActive,),
        is_idempotent=True,
        body_bytes_max=2048,
        body_seconds_max=0.3,
    ),
    Route("GET", "/api/v1/members", search, PUBLIC, takes=Search, answers={200: Search}),
    Route("GET", "/api/v1/members/{member_id}", member, API, answers={200: Done}),
    Route("GET", "/api/v1/whoami", whoami, API),
    Route("POST", "/api/v1/cooled", cooled_down, PUBLIC),
    Route("GET", "/api/v1/limited", limited, PUBLIC),
    Route("GET", "/api/v1/crash", crash, PUBLIC),
    Route("GET", "/api/v1/outage", outage, PUBLIC),
    Route("GET", "/form", form_page, PUBLIC, style=Style.PAGE),
    Route("POST", "/form", sign, PUBLIC, takes=Sign, style=Style.PAGE),
    Route("POST", "/inline", sign_inline, PUBLIC, takes=Fields, style=Style.PAGE),
    Route("GET", "/scanner", form_page, PUBLIC, style=Style.PAGE, uses_camera=True),
    Route("GET", "/till", form_page, TILL, style=Style.PAGE),
    Route("POST", "/till/stamps", scan, TILL, takes=Order),
    Route("GET", "/mistake", crash, PUBLIC, style=Style.PAGE),
)

FORM = """{% extends "base.html" %}{% block content %}
<form method="post">{{ csrf_field() }}<input name="name" value="{{ "<b>" }}"></form>
{% endblock %}"""


async def guard(request: web.Request, _door: Door) -> Principal:
    """Believe the permission somebody says in a header or as a session."""
    names = (cookies.SESSION, cookies.STAFF)
    said = request.headers.get("Authorization") or "".join(
        cookies.read(request, name) for name in names
    )
    if not said:
        raise NotSignedIn
    permissions = frozenset(each for each in Permission if each in said)
    return Principal(merchant_id=MERCHANT, name="till:7", permissions=permissions)


async def problem(response: ClientResponse) -> dict[str, object]:
    """Read a problem, and see that it is a whole one."""
    assert response.content_type == "application/problem+json"
    members: dict[str, object] = await response.json(content_type=None)
    assert {"type", "title", "status", "detail", "code", "request_id"} <= members.keys()
    assert members["status"] == response.status
    return members
