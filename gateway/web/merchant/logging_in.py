"""Logging in and out of a merchant's pages."""

from datetime import timedelta

from aiohttp import web

from gateway.resources import new_id, new_secret
from gateway.services.people.credentials import read_credential
from gateway.services.people.inviting import find_merchant
from gateway.services.people.signing_in import (
    MERCHANT_SESSION_HOURS,
    Desk,
    WrongPassword,
    sign_in_with_password,
)
from gateway.services.people.signing_out import sign_out
from gateway.storage.people.merchants import Merchant
from gateway.web import cookies
from gateway.web.keys import CLIENT_ADDRESS, RESOURCES
from gateway.web.pages.redirects import see_other
from gateway.web.pages.render import page
from gateway.web.parsing.bodies import Fields
from gateway.web.parsing.names import path_name

NAME_CHARACTERS_MAX = 64
EMAIL_CHARACTERS_MAX = 254
PASSWORD_CHARACTERS_MAX = 256


async def front_door(request: web.Request) -> web.Response:
    """Show the way to each page that people begin at."""
    return page(request, "front_door.html")


async def find_shop(request: web.Request) -> web.Response:
    """Ask whose pages are wanted."""
    return page(request, "merchant/find_shop.html")


async def go_to_shop(_request: web.Request, fields: Fields) -> web.Response:
    """Send a person to their shop's own page."""
    typed = fields.get("shop", "")[:NAME_CHARACTERS_MAX].strip().lower()
    slug = "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in typed).split())
    location = f"/merchant/{slug}/log-in" if slug else "/log-in"
    return see_other(location)


async def log_in_page(request: web.Request) -> web.Response:
    """Ask for address and password."""
    return _form(request, await _merchant(request))


async def log_in(request: web.Request, fields: Fields) -> web.Response:
    """Let a merchant in."""
    merchant = await _merchant(request)
    resources = request.app[RESOURCES]
    desk = Desk(
        units=resources.units, hasher=resources.hasher, new_id=new_id, new_secret=new_secret
    )
    email = fields.get("email", "")[:EMAIL_CHARACTERS_MAX]
    password = fields.get("password", "")[:PASSWORD_CHARACTERS_MAX]
    try:
        credential = await sign_in_with_password(
            desk, merchant.id, email, password, request[CLIENT_ADDRESS]
        )
    except WrongPassword as wrong:
        return _form(request, merchant, email, wrong.sentence)
    response = see_other("/merchant")
    lifetime = timedelta(hours=MERCHANT_SESSION_HOURS)
    cookies.give(request, response, cookies.SESSION, credential.written(), lifetime=lifetime)
    return response


async def log_out(request: web.Request) -> web.Response:
    """Let a merchant out."""
    credential = read_credential(cookies.read(request, cookies.SESSION))
    if credential is not None:
        await sign_out(request.app[RESOURCES].units, credential)
    response = see_other("/log-in")
    cookies.take_back(request, response, cookies.SESSION)
    return response


async def _merchant(request: web.Request) -> Merchant:
    return await find_merchant(request.app[RESOURCES].database, path_name(request, "merchant"))


def _form(
    request: web.Request, merchant: Merchant, email: str = "", mistake: str | None = None
) -> web.Response:
    return page(
        request,
        "merchant/log_in.html",
        status=401 if mistake else 200,
        merchant=merchant,
        email=email,
        mistake=mistake,
    )
