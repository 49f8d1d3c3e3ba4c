"""Redemptions over the API: a reward is reserved, then handed out or cancelled, or taken back."""

from aiohttp import web

from gateway.domain.ledger import TransactionKind
from gateway.resources import new_code, new_id
from gateway.services.cards.commands import EndRedemption, ReserveReward
from gateway.services.rewards.ending import end_redemption, take_reward_back
from gateway.services.rewards.fulfilling import fulfil_redemption
from gateway.services.rewards.reserving import reserve_reward
from gateway.web.answers import json_answer
from gateway.web.api.commands import asked, given
from gateway.web.api.reward_shapes import (
    Redemptions,
    RedemptionSearch,
    Reservation,
    shown_redemption,
)
from gateway.web.authors import author_of
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.parsing.queries import path_id

CODE_CHARACTERS = 4


async def reserve_for_card(request: web.Request, reservation: Reservation) -> web.Response:
    """Set aside what a reward costs, and one of it, until its time is over."""
    command = ReserveReward(**asked(request), reward_id=reservation.reward_id)
    units, code = request.app[RESOURCES].units, new_code(CODE_CHARACTERS)
    return given(await reserve_reward(units, command, new_id, code))


async def redeem(request: web.Request) -> web.Response:
    """Hand a reserved reward out."""
    return await _end(request, TransactionKind.REDEEM)


async def cancel_redemption(request: web.Request) -> web.Response:
    """Put what a reserved reward holds back on the card."""
    return await _end(request, TransactionKind.CANCEL)


async def reverse_redemption(request: web.Request) -> web.Response:
    """Take a redeemed reward back, within a day, or later with the scope programs:write."""
    units = request.app[RESOURCES].units
    return given(await take_reward_back(units, _command(request), new_id))


async def fulfil(request: web.Request) -> web.Response:
    """Note that what was still to be done for a redeemed reward was done."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        redemption = await fulfil_redemption(
            unit,
            path_id(request, "card_id"),
            path_id(request, "redemption_id"),
            author_of(request),
        )
    return json_answer(shown_redemption(redemption))


async def find_redemptions(request: web.Request, search: RedemptionSearch) -> web.Response:
    """Find what waits under a code, or list all that waits to be handed out or fulfilled."""
    code = search.code.strip().upper() if search.code else None
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        found = await unit.redemptions.waiting(code)
    return json_answer(Redemptions([shown_redemption(each) for each in found]))


async def show_redemption(request: web.Request) -> web.Response:
    """Show a redemption with its whole life so far."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        redemption = await unit.redemptions.one(path_id(request, "redemption_id"))
    return json_answer(shown_redemption(redemption))


async def _end(request: web.Request, how: TransactionKind) -> web.Response:
    return given(
        await end_redemption(request.app[RESOURCES].units, _command(request), how, new_id)
    )


def _command(request: web.Request) -> EndRedemption:
    return EndRedemption(**asked(request), redemption_id=path_id(request, "redemption_id"))
