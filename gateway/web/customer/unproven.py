"""The page for who may show a card but not choose for its customer: the way there is a link."""

from aiohttp import web

from gateway.domain.wording import choose_language, fill
from gateway.presenters.page_phrases.languages import PAGE_PHRASES
from gateway.services.messages.link_asking import ask_for_link
from gateway.web.customer.visitors import Holder
from gateway.web.keys import RESOURCES
from gateway.web.pages.redirects import see_other
from gateway.web.pages.render import page

LINK = "link"
"""The one button of the page, and what the page after it is about."""


async def draw_way(
    request: web.Request, holder: Holder, *, is_asked: bool = False, status: int = 200
) -> web.Response:
    """Say that the link in our messages is the way; nothing of the customer but their language."""
    async with request.app[RESOURCES].units(holder.merchant.id) as unit:
        customer = await unit.customers.one(holder.customer_id)
    language = choose_language([customer.language, holder.merchant.language])
    words = PAGE_PHRASES[language]
    return page(
        request,
        "customer/choices_by_link.html",
        status=status,
        language=language,
        skip=words.skip,
        merchant=holder.merchant,
        here=holder.here,
        card=f"/card/{holder.merchant.slug}/{holder.card_id}",
        phrases=words.proving,
        explanation=fill(words.proving.explanation, {"merchant": holder.merchant.name}),
        back=words.addresses.back,
        wish=LINK,
        is_asked=is_asked,
    )


async def send_link(request: web.Request, holder: Holder) -> web.Response:
    """Have the link sent to the customer; the answer is the same when it was not."""
    async with request.app[RESOURCES].units(holder.merchant.id) as unit:
        await ask_for_link(unit, holder.customer_id, holder.card_id)
    return see_other(f"{holder.here}?done={LINK}")
