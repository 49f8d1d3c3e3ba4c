"""The guard: one way of finding the caller per door."""

from collections.abc import Mapping

from aiohttp import web

from gateway.domain.errors import NotSignedIn
from gateway.domain.people import Principal
from gateway.web.identity.access import Door, Guard, nobody_enters
from gateway.web.keys import ROUTE
from gateway.web.routing import Style
from gateway.web.sessions import merchant_principal, staff_principal

# Where a person signs in who opened a page too early, or too late.
_SIGN_IN_PAGES = {Door.STAFF: "/till", Door.MERCHANT: "/log-in"}


def guard_with(api: Guard = nobody_enters) -> Guard:
    """Return the guard of all doors; `api` finds who brings a bearer token or an API key."""
    finders: Mapping[Door, Guard] = {
        Door.STAFF: _staff,
        Door.MERCHANT: _merchant,
        Door.API: api,
    }

    async def guard(request: web.Request, door: Door) -> Principal:
        return await finders[door](request, door)

    return guard


async def _staff(request: web.Request, door: Door) -> Principal:
    try:
        return await staff_principal(request)
    except NotSignedIn:
        _send_to_sign_in(request, door)
        raise


async def _merchant(request: web.Request, door: Door) -> Principal:
    try:
        return await merchant_principal(request)
    except NotSignedIn:
        _send_to_sign_in(request, door)
        raise


def _send_to_sign_in(request: web.Request, door: Door) -> None:
    """Send a person who wants to see a page to the place where they sign in."""
    route = request[ROUTE]
    if route.style is Style.PAGE:
        raise web.HTTPSeeOther(_SIGN_IN_PAGES[door])
