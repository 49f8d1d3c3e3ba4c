"""Tills: a browser is invited to be one, and told when it is no longer."""

from uuid import UUID

from aiohttp import web
from markupsafe import Markup

from gateway.domain.errors import NotFound
from gateway.presenters.codes import qr_drawing
from gateway.resources import new_code, new_id
from gateway.services.people.pairing import (
    NAME_CHARACTERS_MAX,
    PAIRING_CODE_CHARACTERS,
    PAIRING_MINUTES,
    invite_till,
)
from gateway.services.people.unpairing import unpair_till
from gateway.storage.people.tills import Till
from gateway.web.keys import PRINCIPAL, RESOURCES, WIRING
from gateway.web.origins import origin
from gateway.web.pages.redirects import see_other
from gateway.web.pages.render import page
from gateway.web.parsing.bodies import Fields
from gateway.web.parsing.queries import path_id

CODE_HALF = PAIRING_CODE_CHARACTERS // 2


async def invite(request: web.Request, fields: Fields) -> web.Response:
    """Make a pairing code, which is shown once: nothing but its hash is kept."""
    principal, code = request[PRINCIPAL], new_code(PAIRING_CODE_CHARACTERS)
    till = Till(id=new_id(), location_id=_location_id(fields), name=_name(fields))
    async with request.app[RESOURCES].units(principal.merchant_id) as unit:
        merchant = await unit.merchants.me()
        await invite_till(unit, principal, till, code, origin(request))
    address = f"{request.app[WIRING].public_url}/till/pair/{merchant.slug}"
    return page(
        request,
        "merchant/pairing_code.html",
        merchant=merchant,
        till=till,
        code=f"{code[:CODE_HALF]}-{code[CODE_HALF:]}",
        address=address,
        minutes=PAIRING_MINUTES,
        qr=Markup(qr_drawing(f"{address}?code={code}")),  # noqa: S704 -- drawn by us
    )


async def unpair(request: web.Request) -> web.Response:
    """Take a till's rights away."""
    principal, till_id = request[PRINCIPAL], path_id(request, "till_id")
    async with request.app[RESOURCES].units(principal.merchant_id) as unit:
        await unpair_till(unit, principal, till_id, origin(request), new_id())
    return see_other("/merchant#tills")


def _location_id(fields: Fields) -> UUID:
    try:
        return UUID(fields.get("location", ""))
    except ValueError:
        raise NotFound from None


def _name(fields: Fields) -> str:
    name = fields.get("name", "").strip()[:NAME_CHARACTERS_MAX]
    return name if name.isprintable() and name else "Till"
