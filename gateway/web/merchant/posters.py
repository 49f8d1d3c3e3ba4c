"""Posters: what hangs in the shop, and leads to the card."""

from aiohttp import web
from markupsafe import Markup

from gateway.domain.wording import Language
from gateway.presenters.codes import qr_drawing
from gateway.presenters.page_phrases.offers import condition, headline
from gateway.presenters.web_card import look_name
from gateway.web.keys import PRINCIPAL, RESOURCES, WIRING
from gateway.web.pages.render import page
from gateway.web.parsing.queries import path_id


async def poster(request: web.Request) -> web.Response:
    """Show a location's poster, ready to be printed."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        merchant = await unit.merchants.me()
        location = await unit.merchants.location(path_id(request, "location_id"))
        program = await unit.programs.running(location.id)
    address = f"{request.app[WIRING].public_url}/join/{merchant.slug}/{location.code}"
    return page(
        request,
        "merchant/poster.html",
        merchant=merchant,
        location=location,
        program=program,
        headline=headline(program.version) if program else "Your card",
        condition=condition(Language.EN, program.version) if program else "",
        look_name=look_name(program.version.look) if program else None,
        address=address,
        qr=Markup(qr_drawing(address)),  # noqa: S704 -- drawn by us
    )
