"""The link in a message that opens a card on whichever device it is read."""

from aiohttp import web

from gateway.services.messages.links import is_card_proof
from gateway.web.customer.holding import hold
from gateway.web.keys import RESOURCES
from gateway.web.pages.redirects import see_other
from gateway.web.parsing.names import path_name
from gateway.web.parsing.queries import path_id


async def open_card_by_link(request: web.Request) -> web.Response:
    """Let the browser hold the card and choose if the link is ours; lead to the card in any case.

    The proof does not stay in the address: people share what they see there.
    """
    slug, card_id = path_name(request, "merchant"), path_id(request, "card_id")
    response = see_other(f"/card/{slug}/{card_id}")
    key = request.app[RESOURCES].keys.links
    if is_card_proof(key, slug, card_id, request.query.get("proof", "")):
        hold(request, response, slug, card_id, may_choose=True)
    return response
