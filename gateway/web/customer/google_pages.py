"""The way from a card's page into Google Wallet: asked for, waited for, and led on by a link."""

import asyncio
from typing import Annotated

import msgspec
from aiohttp import web

from gateway.domain.errors import NotFound
from gateway.domain.wording import Language
from gateway.google_folder import AccountMissing, ButtonMissing
from gateway.presenters.page_phrases.languages import PAGE_PHRASES
from gateway.resources import Resources
from gateway.services.cards.viewing import CardView
from gateway.services.wallets.google_cards import NoGoogleWallet, ask_for_card, save_link
from gateway.services.wallets.google_offers import GoogleOffer, offer_google
from gateway.web.customer.held_cards import card_not_held, language_of, view_held_card
from gateway.web.keys import RESOURCES
from gateway.web.pages.redirects import see_other
from gateway.web.pages.render import page

WAIT_SECONDS_MAX = 4.0
LOOK_SECONDS = 0.25
ROUNDS_MAX = 5
BUTTON_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"


class Waiting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often a browser has come back for its card."""

    round: Annotated[int, msgspec.Meta(ge=0, le=ROUNDS_MAX)] = 0


async def google_offer(request: web.Request, view: CardView) -> GoogleOffer | None:
    """Return what the card's page offers of Google Wallet."""
    return await offer_google(request.app[RESOURCES].google, view.merchant.id, view.card)


async def ask_for_google_card(request: web.Request) -> web.Response:
    """Have a card made at Google, and let its owner wait for it; raises `NoGoogleWallet`."""
    view = await view_held_card(request)
    if view is None:
        return card_not_held(request)
    offer = await google_offer(request, view)
    if offer is None:
        raise NoGoogleWallet
    card = _card(view)
    if offer.view_url:
        return see_other(card)
    await ask_for_card(request.app[RESOURCES].google, view.merchant.id, view.card.id)
    return see_other(f"{card}/google-wallet")


async def to_google_wallet(request: web.Request, waiting: Waiting) -> web.Response:
    """Send the owner to where the card is saved, by a link signed now; until then they wait.

    The first answer is always a page: a browser that obeys `form-action` follows no redirect from
    a form of ours to Google, nor Google's own redirects after it, but follows them from a page
    that loads itself anew. Raises `NoGoogleWallet`.
    """
    view = await view_held_card(request)
    if view is None:
        return card_not_held(request)
    link = waiting.round and await _link_in_time(request.app[RESOURCES], view)
    if link:
        return web.Response(
            status=302, headers={"Location": link, "Referrer-Policy": "no-referrer"}
        )
    comes_back = waiting.round < ROUNDS_MAX
    language = language_of(view)
    return page(
        request,
        "customer/google_wait.html",
        language=language,
        skip=PAGE_PHRASES[language].skip,
        words=PAGE_PHRASES[language],
        merchant=view.merchant,
        card=_card(view),
        next=f"{_card(view)}/google-wallet?round={waiting.round + 1}" if comes_back else None,
    )


async def google_button(request: web.Request) -> web.Response:
    """Send Google's own button in a language, exactly as the operator has it from Google."""
    folder = request.app[RESOURCES].google.folder
    try:
        language = Language(request.match_info["language"])
        drawing = await asyncio.to_thread(folder.button, language)
    except (ValueError, ButtonMissing):
        raise NotFound from None
    headers = {
        "Cache-Control": "public, max-age=86400",
        # A drawing may hold a script; opened by itself it may do nothing with it.
        "Content-Security-Policy": BUTTON_POLICY,
    }
    return web.Response(body=drawing, content_type="image/svg+xml", headers=headers)


def _card(view: CardView) -> str:
    return f"/card/{view.merchant.slug}/{view.card.id}"


async def _link_in_time(resources: Resources, view: CardView) -> str | None:
    """Look again and again whether Google has the card, for as long as a person likes to wait."""
    clock = asyncio.get_running_loop().time
    until = clock() + WAIT_SECONDS_MAX
    while True:
        try:
            link = await save_link(resources.google, view.merchant.id, view.card.id)
        except AccountMissing as missing:
            raise NoGoogleWallet from missing
        if link is not None or clock() >= until:
            return link
        await asyncio.sleep(LOOK_SECONDS)
