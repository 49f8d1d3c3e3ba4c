"""Redemptions on the merchant's pages: what waits to be handed out or to be done."""

from typing import Annotated

import msgspec
from aiohttp import web

from gateway.presenters import reward_words
from gateway.services.rewards.fulfilling import fulfil_redemption
from gateway.web.authors import author_of
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.pages.redirects import see_other
from gateway.web.pages.render import page
from gateway.web.parsing.queries import path_id

CODE_CHARACTERS_MAX = 16
PAGE = "/merchant/redemptions"


class WaitingQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The code that a customer shows; without one, everything that waits is listed."""

    code: Annotated[str, msgspec.Meta(max_length=CODE_CHARACTERS_MAX)] = ""


async def redemptions_page(request: web.Request, asked: WaitingQuery) -> web.Response:
    """List what waits, the longest waiting first, or what waits under a code."""
    code = asked.code.strip().upper()
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        merchant = await unit.merchants.me()
        waiting = await unit.redemptions.waiting(code or None)
        zone = await unit.merchants.time_zone()
    return page(
        request,
        "merchant/redemptions.html",
        merchant=merchant,
        waiting=waiting,
        code=code,
        zone=zone,
        words=reward_words,
    )


async def fulfil_by_form(request: web.Request) -> web.Response:
    """Note that what was still to be done was done."""
    redemption_id = path_id(request, "redemption_id")
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        redemption = await unit.redemptions.one(redemption_id)
        await fulfil_redemption(unit, redemption.card_id, redemption_id, author_of(request))
    return see_other(PAGE)
