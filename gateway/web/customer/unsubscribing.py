"""Unsubscribing by the link of a mail: looking ends nothing, one button or one click does."""

from dataclasses import dataclass

from aiohttp import web

from gateway.domain.consents import Medium, Purpose
from gateway.domain.errors import NotFound
from gateway.domain.wording import Language, choose_language, fill
from gateway.presenters.page_phrases.languages import PAGE_PHRASES
from gateway.presenters.phrases.languages import PHRASES
from gateway.presenters.phrases.phrases import Unsubscribing
from gateway.presenters.preference_switches import consent_wording
from gateway.resources import new_id
from gateway.services.messages.links import (
    LinkUnreadable,
    PreferenceHolder,
    Unsubscription,
    make_preferences_token,
    read_unsubscribe_token,
)
from gateway.services.messages.preferring import Chooser
from gateway.services.messages.unsubscribing import decide
from gateway.storage.people.merchants import Merchant
from gateway.web.keys import CLIENT_ADDRESS, RESOURCES
from gateway.web.pages.render import page

BODY_BYTES_MAX = 4 * 1024
SOURCE = "unsubscribe link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a link is about, whose it is, and in which language to speak."""

    merchant: Merchant
    about: Unsubscription
    language: Language


async def unsubscribe_page(request: web.Request) -> web.Response:
    """Say what would stop; who only looks, as link scanners do, has decided nothing."""
    return _page(request, await _wish(request), "question")


async def unsubscribe(request: web.Request) -> web.Response:
    """End it: from our own page, or by a mail program's one click (RFC 8058)."""
    wish = await _wish(request)
    await _decide(request, wish, granted=False)
    return _page(request, wish, "done")


async def take_unsubscribing_back(request: web.Request) -> web.Response:
    """Agree again: it was a mistake."""
    wish = await _wish(request)
    await _decide(request, wish, granted=True)
    return _page(request, wish, "undone")


async def _wish(request: web.Request) -> Wish:
    """Return what the link is about; raises `LinkUnreadable`, whatever is wrong with it."""
    resources = request.app[RESOURCES]
    about = read_unsubscribe_token(resources.keys.links, request.match_info["token"])
    try:
        async with resources.units(about.merchant_id) as unit:
            merchant = await unit.merchants.me()
            customer = await unit.customers.one(about.customer_id)
    except NotFound:
        raise LinkUnreadable from None
    language = choose_language([customer.language, merchant.language])
    return Wish(merchant=merchant, about=about, language=language)


async def _decide(request: web.Request, wish: Wish, *, granted: bool) -> None:
    about = wish.about
    chooser = Chooser(
        source=SOURCE, remote_address=request[CLIENT_ADDRESS], new_id=new_id, is_proven=True
    )
    name = wish.merchant.name
    wording = consent_wording(wish.language, name, about.medium, about.purpose)
    async with request.app[RESOURCES].units(about.merchant_id) as unit:
        await decide(unit, about, chooser, granted=granted, wording=wording)


def _page(request: web.Request, wish: Wish, stage: str) -> web.Response:
    phrases, merchant = PHRASES[wish.language].unsubscribing, wish.merchant.name
    holder = PreferenceHolder(
        merchant_id=wish.about.merchant_id, customer_id=wish.about.customer_id
    )
    said = {
        name: fill(sentence, {"merchant": merchant})
        for name, sentence in {
            "question": phrases.question,
            "no_more": _no_more(wish.about, phrases),
            "news_go_on": phrases.news_go_on,
            "undone": phrases.undone,
        }.items()
    }
    response = page(
        request,
        "customer/unsubscribe.html",
        language=wish.language,
        skip=PAGE_PHRASES[wish.language].skip,
        merchant=wish.merchant,
        stage=stage,
        phrases=phrases,
        said=said,
        choices=make_preferences_token(request.app[RESOURCES].keys.links, holder),
        token=request.match_info["token"],
        choose=PHRASES[wish.language].mails.preferences,
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _no_more(about: Unsubscription, phrases: Unsubscribing) -> str:
    assert about.purpose is Purpose.MARKETING, "only offers have such a link"
    sentences = {
        Medium.MAIL: phrases.no_more_mail,
        Medium.SMS: phrases.no_more_sms,
        Medium.WALLET: phrases.no_more_wallet,
    }
    return sentences[about.medium]
