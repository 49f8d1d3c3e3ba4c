"""The merchant's first page."""

from aiohttp import web

from gateway.domain.program_figures import ACTIVE_DAYS
from gateway.domain.wording import Language
from gateway.presenters.page_phrases.offers import condition, headline
from gateway.presenters.webhook_words import disabled_words
from gateway.services.merchants.overseeing import overview
from gateway.storage.cards.figures import ProgramFigures
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.pages.render import page
from gateway.web.sessions import SESSION


async def dashboard(request: web.Request) -> web.Response:
    """Show the shop."""
    return await show_shop(request)


async def show_shop(request: web.Request, mistake: str | None = None) -> web.Response:
    """Show the shop again when a form on its page had a mistake."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        shop = await overview(unit)
    return page(
        request,
        "merchant/dashboard.html",
        status=400 if mistake else 200,
        mistake=mistake,
        shop=shop,
        merchant=shop.merchant,
        nobody=ProgramFigures(),
        active_days=ACTIVE_DAYS,
        places={location.id: location.name for location in shop.locations},
        me=request[SESSION].member,
        disabled_words=disabled_words,
        headline=headline,
        condition=condition,
        language=Language.EN,
    )
