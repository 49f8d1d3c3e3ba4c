"""The merchant's first page."""

from aiohttp import web

from gateway.services.overseeing import ACTIVE_DAYS, overview
from gateway.storage.figures import ProgramFigures
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.pages.render import page
from gateway.web.sessions import SESSION


async def dashboard(request: web.Request) -> web.Response:
    """Show the shop."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        shop = await overview(unit)
    return page(
        request,
        "merchant/dashboard.html",
        shop=shop,
        merchant=shop.merchant,
        nobody=ProgramFigures(),
        active_days=ACTIVE_DAYS,
        places={location.id: location.name for location in shop.locations},
        member=request[SESSION].member,
    )
