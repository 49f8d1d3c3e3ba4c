"""The scan page and the look-up behind it."""

from typing import Annotated

import msgspec
from aiohttp import web

from gateway.presenters.answers import shown
from gateway.presenters.scanned import ReservedReward, RewardOffer, ScannedCard
from gateway.presenters.web_card import draw
from gateway.services.cards.scanning import CODE_CHARACTERS_MAX, Scanned, scan
from gateway.web.answers import json_answer
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.pages.render import page
from gateway.web.sessions import SESSION


class Code(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code as it was scanned or typed."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=CODE_CHARACTERS_MAX)]


async def scan_page(request: web.Request) -> web.Response:
    """Show the scanner."""
    principal = request[PRINCIPAL]
    assert principal.location_id is not None, "a till stands at a location"
    async with request.app[RESOURCES].units(principal.merchant_id) as unit:
        location = await unit.merchants.location(principal.location_id)
    return page(request, "staff/scan.html", location=location, member=request[SESSION].member)


async def look_up(request: web.Request, asked: Code) -> web.Response:
    """Find the card of a code."""
    scanned = await scan(request.app[RESOURCES].units, request[PRINCIPAL], asked.code)
    return json_answer(_answer(scanned))


def _answer(scanned: Scanned) -> ScannedCard:
    view = scanned.view
    face = draw(view.merchant.name, view.version, view.card.available)
    (reward,) = view.rewards
    return ScannedCard(
        card_id=view.card.id,
        customer=scanned.contact.masked if scanned.contact else "erased",
        program=view.version.name,
        program_status=view.card.program_status,
        progress=shown(face.progress),
        columns=face.columns,
        reward=RewardOffer(reward_id=reward.id, name=reward.name, cost=reward.cost),
        reserved=tuple(
            ReservedReward(
                redemption_id=redemption.id,
                reward=redemption.reward.name,
                code=redemption.code,
                expires_at=redemption.expires_at,
            )
            for redemption in view.reserved
        ),
        last_visit_at=view.card.last_earned_at,
    )
