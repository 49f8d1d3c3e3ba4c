"""The scan page and the look-up behind it."""

from typing import Annotated

import msgspec
from aiohttp import web

from gateway.domain.claims import Claim
from gateway.domain.ready import ready_rewards
from gateway.domain.rules.plan import Plan
from gateway.presenters.answers import shown
from gateway.presenters.scanned import (
    ReservedReward,
    RewardOffer,
    ScannedCard,
    asks_of,
    standing_of,
)
from gateway.presenters.unit_words import unit_words
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
    held, plan = view.card, view.version.plan
    face = draw(view.merchant.name, view.version, held.balances, held.memory, held.tier)
    return ScannedCard(
        card_id=held.id,
        customer=scanned.contact.masked if scanned.contact else "erased",
        program=view.version.name,
        program_status=held.program_status,
        progress=shown(face.progress),
        standing=standing_of(face, ready_rewards(plan, held.balances)),
        asks=asks_of(plan),
        rewards=tuple(_offer(plan, claim) for claim in view.claims),
        reserved=tuple(
            ReservedReward(
                redemption_id=redemption.id,
                reward=redemption.name,
                code=redemption.code,
                expires_at=redemption.expires_at,
            )
            for redemption in view.reserved
        ),
        last_visit_at=held.last_earned_at,
    )


def _offer(plan: Plan, claim: Claim) -> RewardOffer:
    reward = claim.reward
    return RewardOffer(
        reward_id=reward.id,
        name=reward.name,
        price=unit_words(plan, reward.unit, reward.cost),
        is_ready=claim.is_ready,
        why_not=claim.sentence,
    )
