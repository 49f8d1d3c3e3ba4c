"""The card on the web: for everybody who has no wallet, and the way into one."""

import hashlib
import json
from dataclasses import replace
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import web
from markupsafe import Markup

from gateway.domain.cards import CardStatus
from gateway.domain.errors import NotFound
from gateway.domain.ready import ready_rewards
from gateway.domain.wording import Language, fill
from gateway.presenters.codes import qr_drawing
from gateway.presenters.levels import levels
from gateway.presenters.page_phrases.languages import PAGE_PHRASES
from gateway.presenters.reward_words import prize_line
from gateway.presenters.standing_words import held_back_words, stage_words, streak_words
from gateway.presenters.web_card import draw, look_name
from gateway.services.cards.viewing import CardView
from gateway.services.wallets.pass_links import download_link
from gateway.web.customer.google_pages import google_offer
from gateway.web.customer.held_cards import card_not_held, language_of, view_held_card
from gateway.web.customer.histories import Reader, tell, tell_deadlines
from gateway.web.customer.phones import phone_of
from gateway.web.keys import RESOURCES, WIRING
from gateway.web.pages.redirects import see_other
from gateway.web.pages.render import page

ETAG_CHARACTERS = 22


async def card(request: web.Request) -> web.Response:
    """Show a customer their card."""
    view = await view_held_card(request)
    if view is None:
        return card_not_held(request)
    is_joined = _is_joined(view)
    return _drawn(
        request,
        "customer/card.html",
        view,
        has_pass=view.has_apple_pass and not is_joined,
        has_sandbox=_sandbox(request) is not None,
        google=None if is_joined else await google_offer(request, view),
        phone=phone_of(request),
    )


async def card_now(request: web.Request) -> web.Response:
    """Send what changes on a card, or nothing while it has not changed."""
    view = await view_held_card(request)
    if view is None:
        return card_not_held(request)
    etag = _etag(view)
    if request.headers.get("If-None-Match") == etag:
        return web.Response(status=304, headers={"ETag": etag})
    response = _drawn(request, "customer/_card_live.html", view)
    response.headers["ETag"] = etag
    return response


async def card_manifest(request: web.Request) -> web.Response:
    """Describe the card to a browser that puts it on the home screen."""
    view = await view_held_card(request)
    if view is None:
        return card_not_held(request)
    look, here = view.version.look, f"/card/{view.merchant.slug}/{view.card.id}"
    icon = {"src": f"/look/{look_name(look)}.svg", "sizes": "any"}
    manifest = {
        "id": here,
        "name": f"{view.merchant.name} – {view.version.name}",
        "short_name": view.merchant.name,
        "start_url": here,
        "scope": here,
        "display": "standalone",
        "background_color": look.background,
        "theme_color": look.background,
        "icons": [icon | {"type": "image/svg+xml", "purpose": "any maskable"}],
    }
    return web.Response(text=json.dumps(manifest), content_type="application/manifest+json")


async def to_apple_wallet(request: web.Request) -> web.Response:
    """Send an iPhone to the pass, by a link made now: the page may have been open for days."""
    view = await view_held_card(request)
    if view is None:
        return card_not_held(request)
    return see_other(_download(request, view))


async def to_sandbox_phone(request: web.Request) -> web.Response:
    """Add the pass to the phone that a developer has in the browser."""
    view = await view_held_card(request)
    if view is None:
        return card_not_held(request)
    sandbox = _sandbox(request)
    if sandbox is None:
        raise NotFound
    address = request.app[WIRING].public_url + _download(request, view)
    return see_other(f"{sandbox}/phone?{urlencode({'add': address})}")


def _download(request: web.Request, view: CardView) -> str:
    key = request.app[RESOURCES].keys.links
    return download_link(key, view.merchant.slug, view.card.id, request.app[WIRING].now())


def _sandbox(request: web.Request) -> str | None:
    return request.app[RESOURCES].settings.sandbox_url


def _drawn(request: web.Request, template: str, view: CardView, **offers: object) -> web.Response:
    held, plan, language = view.card, view.version.plan, language_of(view)
    reader = Reader(language, ZoneInfo(view.time_zone))
    card = draw(view.merchant.name, view.version, held.balances, held.memory, held.tier)
    return page(
        request,
        template,
        language=language,
        skip=PAGE_PHRASES[language].skip,
        words=PAGE_PHRASES[language].cards,
        merchant=view.merchant,
        card=replace(card, language=language),
        ready=ready_rewards(plan, held.balances),
        prizes=[
            prize_line(plan, claim, language, view.pictures.get(claim.reward.design.image or ""))
            for claim in view.claims
            if claim.reward.program_version_id is None
        ],
        more=PAGE_PHRASES[language].standings.more,
        levels=levels(plan, held.tier, view.needs, language),
        deadlines=tell_deadlines(view.deadlines, plan, reader),
        stage=_stage(view, language),
        has_ended=view.redeemable_until is not None,
        streaks=streak_words(plan, held.memory, language),
        held_back=held_back_words(plan, view.waiting, reader.zone, language),
        card_id=held.id,
        is_joined=_is_joined(view),
        code=held.code,
        qr=Markup(qr_drawing(held.code)),  # noqa: S704 -- drawn by us
        etag=_etag(view),
        reserved=_handed_out(view, language),
        history=tell(view.history, plan, reader),
        offers=offers,
    )


def _handed_out(view: CardView, language: Language) -> list[tuple[str, str]]:
    """Return the code of each reward that is on its way over the counter, and what it is."""
    phrase = PAGE_PHRASES[language].cards.handed_out
    return [(each.code, fill(phrase, {"reward": each.name})) for each in view.reserved]


def _stage(view: CardView, language: Language) -> str:
    """Return that the program is paused or ended, and until when the card can be used."""
    if view.is_over:
        return PAGE_PHRASES[language].standings.over
    zone = ZoneInfo(view.time_zone)
    return stage_words(view.card.program_status, view.redeemable_until, zone, language)


def _is_joined(view: CardView) -> bool:
    """Say whether the card was merged into another, of which its holder learns nothing here."""
    return view.card.status is CardStatus.MERGED


def _etag(view: CardView) -> str:
    """Name the state: the card's changes, its version, what can be had, and periods that ended."""
    rewards = [(claim.reward.id, claim.reward.revision, claim.sentence) for claim in view.claims]
    state = f"{view.card.version}|{view.card.program_status}|{view.version.id}|{rewards}"
    state += f"|{view.card.memory}|{view.is_over}|{language_of(view)}"
    state += f"|{sorted(view.pictures.values())}"
    return f'"{hashlib.sha256(state.encode()).hexdigest()[:ETAG_CHARACTERS]}"'
