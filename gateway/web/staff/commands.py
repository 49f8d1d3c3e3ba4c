"""What the till's script can do to a card; each answer is the stored bytes, also on a retry."""

from typing import Annotated
from uuid import UUID

import msgspec
from aiohttp import web

from gateway.domain.errors import Refusal
from gateway.domain.ledger import TransactionKind
from gateway.domain.rules.happenings import Line, Sale
from gateway.domain.rules.promises import MINOR_UNITS_MAX
from gateway.resources import new_code, new_id
from gateway.services.cards.commands import (
    Answer,
    EndRedemption,
    ReserveReward,
    StampCard,
    UndoStamp,
)
from gateway.services.cards.undoing import undo_stamp
from gateway.services.rewards.ending import end_redemption, take_reward_back
from gateway.services.rewards.reserving import reserve_reward
from gateway.services.sales.selling import record_sale
from gateway.services.sales.settlements import RecordSale
from gateway.web.answers import CONTENT_TYPE, stored_answer
from gateway.web.keys import PRINCIPAL, RESOURCES, RETRY
from gateway.web.origins import origin
from gateway.web.problems import CONTENT_TYPE as PROBLEM_TYPE

CATEGORY_CHARACTERS_MAX = 40
REDEMPTION_CODE_CHARACTERS = 4


class Stamp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A card to stamp."""

    card_id: UUID


class Purchase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A purchase: `amount_minor` in minor units of the card's program, all of one category.

    `reference` names it for ever; with `is_void` all of it is taken back.
    """

    card_id: UUID
    reference: UUID
    amount_minor: Annotated[int, msgspec.Meta(gt=0, le=MINOR_UNITS_MAX)]
    category: (
        Annotated[str, msgspec.Meta(min_length=1, max_length=CATEGORY_CHARACTERS_MAX)] | None
    ) = None
    is_void: bool = False


class Undo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A stamp to take back."""

    card_id: UUID
    transaction_id: UUID


class Reserve(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reward to hand out."""

    card_id: UUID
    reward_id: UUID


class End(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A redemption to finish, or to take back."""

    card_id: UUID
    redemption_id: UUID


async def stamp_at_till(request: web.Request, asked: Stamp) -> web.Response:
    """Stamp a card at the till's own location."""
    principal, resources = request[PRINCIPAL], request.app[RESOURCES]
    assert principal.location_id is not None, "a till stands at a location"
    location = await resources.database.locations.of(principal.merchant_id, principal.location_id)
    reply = await resources.stamps.ask(
        StampCard(
            principal=principal,
            origin=origin(request),
            key=request[RETRY].key,
            fingerprint=request[RETRY].fingerprint,
            card_id=asked.card_id,
            location_id=location.id,
            clock=location.clock,
        )
    )
    if isinstance(reply, Refusal):
        raise reply
    return _given(reply)


async def sell_at_till(request: web.Request, asked: Purchase) -> web.Response:
    """Record a purchase at the till's own location, or take it back."""
    principal, resources = request[PRINCIPAL], request.app[RESOURCES]
    assert principal.location_id is not None, "a till stands at a location"
    location = await resources.database.locations.of(principal.merchant_id, principal.location_id)
    async with resources.units(principal.merchant_id) as unit:
        card = await unit.cards.one(asked.card_id)
        currency = (await unit.programs.version(card.program_version_id)).plan.currency
    command = RecordSale(
        principal=principal,
        origin=origin(request),
        key=request[RETRY].key,
        fingerprint=request[RETRY].fingerprint,
        card_id=asked.card_id,
        source=f"till:{principal.till_id}",
        reference=str(asked.reference),
        sale=Sale(
            currency=currency,
            total_paid=asked.amount_minor,
            total_refunded=asked.amount_minor if asked.is_void else 0,
            lines=(Line(category=asked.category, amount=asked.amount_minor),),
        ),
        location_id=location.id,
        clock=location.clock,
    )
    return _given(await record_sale(resources.units, command, new_id))


async def undo_at_till(request: web.Request, asked: Undo) -> web.Response:
    """Take a stamp back."""
    command = UndoStamp(
        principal=request[PRINCIPAL],
        origin=origin(request),
        key=request[RETRY].key,
        fingerprint=request[RETRY].fingerprint,
        card_id=asked.card_id,
        transaction_id=asked.transaction_id,
    )
    return _given(await undo_stamp(request.app[RESOURCES].units, command, new_id))


async def reserve_at_till(request: web.Request, asked: Reserve) -> web.Response:
    """Set a reward aside, to hand it out."""
    command = ReserveReward(
        principal=request[PRINCIPAL],
        origin=origin(request),
        key=request[RETRY].key,
        fingerprint=request[RETRY].fingerprint,
        card_id=asked.card_id,
        reward_id=asked.reward_id,
    )
    code = new_code(REDEMPTION_CODE_CHARACTERS)
    return _given(await reserve_reward(request.app[RESOURCES].units, command, new_id, code))


async def hand_out_at_till(request: web.Request, asked: End) -> web.Response:
    """Hand a reserved reward out."""
    return await _end(request, asked, TransactionKind.REDEEM)


async def cancel_at_till(request: web.Request, asked: End) -> web.Response:
    """Put a reserved reward's stamps back."""
    return await _end(request, asked, TransactionKind.CANCEL)


async def take_back_at_till(request: web.Request, asked: End) -> web.Response:
    """Take a reward back that was handed out by mistake."""
    units = request.app[RESOURCES].units
    return _given(await take_reward_back(units, _command(request, asked), new_id))


async def _end(request: web.Request, asked: End, how: TransactionKind) -> web.Response:
    units = request.app[RESOURCES].units
    return _given(await end_redemption(units, _command(request, asked), how, new_id))


def _command(request: web.Request, asked: End) -> EndRedemption:
    return EndRedemption(
        principal=request[PRINCIPAL],
        origin=origin(request),
        key=request[RETRY].key,
        fingerprint=request[RETRY].fingerprint,
        card_id=asked.card_id,
        redemption_id=asked.redemption_id,
    )


def _given(answer: Answer) -> web.Response:
    response = stored_answer(answer.body.encode(), status=answer.status, is_replay=answer.replayed)
    response.content_type = CONTENT_TYPE if answer.is_done else PROBLEM_TYPE
    return response
