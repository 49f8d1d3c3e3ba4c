"""Redemptions over the API: a reward is reserved, then handed out or cancelled."""

from uuid import UUID

import msgspec
from aiohttp import web

from gateway.domain.ledger import TransactionKind
from gateway.resources import new_code, new_id
from gateway.services.cards.commands import EndRedemption, ReserveReward
from gateway.services.rewards.redeeming import end_redemption, reserve_reward
from gateway.web.api.commands import asked, given
from gateway.web.keys import RESOURCES
from gateway.web.parsing.queries import path_id

CODE_CHARACTERS = 4


class Reservation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The reward to set aside."""

    reward_id: UUID


async def reserve_for_card(request: web.Request, reservation: Reservation) -> web.Response:
    """Set a reward's stamps aside for a quarter of an hour."""
    command = ReserveReward(**asked(request), reward_id=reservation.reward_id)
    units, code = request.app[RESOURCES].units, new_code(CODE_CHARACTERS)
    return given(await reserve_reward(units, command, new_id, code))


async def redeem(request: web.Request) -> web.Response:
    """Hand a reserved reward out."""
    return await _end(request, TransactionKind.REDEEM)


async def cancel_redemption(request: web.Request) -> web.Response:
    """Put a reserved reward's stamps back on the card."""
    return await _end(request, TransactionKind.CANCEL)


async def _end(request: web.Request, how: TransactionKind) -> web.Response:
    command = EndRedemption(**asked(request), redemption_id=path_id(request, "redemption_id"))
    return given(await end_redemption(request.app[RESOURCES].units, command, how, new_id))
