"""Pairing: a browser becomes a till, once."""

from datetime import timedelta

from aiohttp import web

from gateway.resources import new_id, new_secret
from gateway.services.people.inviting import find_merchant
from gateway.services.people.pairing import Pairing, PairingCodeWrong, pair_till
from gateway.storage.people.merchants import Merchant
from gateway.web import cookies
from gateway.web.keys import RESOURCES
from gateway.web.origins import origin
from gateway.web.pages.redirects import see_other
from gateway.web.pages.render import page
from gateway.web.parsing.bodies import Fields
from gateway.web.parsing.names import path_name

TILL_LIFETIME = timedelta(days=400)
CODE_CHARACTERS_MAX = 20


async def pairing_page(request: web.Request) -> web.Response:
    """Ask for the code that makes this browser a till."""
    merchant = await _merchant(request)
    return _form(request, merchant, request.query.get("code", ""))


async def pair(request: web.Request, fields: Fields) -> web.Response:
    """Make this browser a till."""
    merchant = await _merchant(request)
    code = fields.get("code", "")[:CODE_CHARACTERS_MAX]
    try:
        credential = await pair_till(
            request.app[RESOURCES].units,
            merchant.id,
            Pairing(code=code, secret=new_secret(), record_id=new_id(), origin=origin(request)),
        )
    except PairingCodeWrong as wrong:
        return _form(request, merchant, code, wrong.sentence)
    response = see_other("/till")
    cookies.give(request, response, cookies.TILL, credential.written(), lifetime=TILL_LIFETIME)
    return response


async def _merchant(request: web.Request) -> Merchant:
    return await find_merchant(request.app[RESOURCES].database, path_name(request, "merchant"))


def _form(
    request: web.Request, merchant: Merchant, code: str, mistake: str | None = None
) -> web.Response:
    return page(
        request,
        "staff/pair.html",
        status=400 if mistake else 200,
        merchant=merchant,
        code=code[:CODE_CHARACTERS_MAX],
        mistake=mistake,
    )
