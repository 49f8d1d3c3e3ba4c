"""The card of an address, for the browser that holds it; everybody else learns nothing."""

from uuid import UUID

from aiohttp import web

from gateway.domain.errors import NotFound
from gateway.domain.wording import Language, choose_language
from gateway.presenters.page_phrases.languages import PAGE_PHRASES
from gateway.services.cards.viewing import CardView, view_card
from gateway.services.people.inviting import find_merchant
from gateway.web.customer.holding import holds
from gateway.web.keys import RESOURCES
from gateway.web.pages.render import page
from gateway.web.parsing.languages import wanted_languages
from gateway.web.parsing.names import path_name
from gateway.web.parsing.queries import path_id


async def view_held_card(request: web.Request) -> CardView | None:
    """Return the card of the address when this browser holds it; raises `NotFound`."""
    slug, card_id = path_name(request, "merchant"), _card_id(request)
    if card_id is None or not holds(request, slug, card_id):
        return None
    resources = request.app[RESOURCES]
    merchant = await find_merchant(resources.database, slug)
    async with resources.units(merchant.id) as unit:
        return await view_card(unit, await unit.cards.one(card_id))


def language_of(view: CardView) -> Language:
    """Return the language in which a card speaks to its customer."""
    return choose_language([view.language, view.merchant.language])


def card_not_held(request: web.Request) -> web.Response:
    """Answer the same for a card of somebody else and one that never was.

    Nobody says whose language that is: the browser's own is all there is to go by.
    """
    language = choose_language(wanted_languages(request))
    return page(
        request,
        "customer/not_held.html",
        status=404,
        slug=path_name(request, "merchant"),
        language=language,
        skip=PAGE_PHRASES[language].skip,
        words=PAGE_PHRASES[language].strangers,
    )


def _card_id(request: web.Request) -> UUID | None:
    try:
        return path_id(request, "card_id")
    except NotFound:
        return None
