"""What is done to cards by hand over the API: adjusted, transferred, merged, blocked."""

from typing import Annotated
from uuid import UUID

import msgspec
from aiohttp import web

from gateway.domain.adjustments import REASON_CHARACTERS_MAX, AdjustmentStatus
from gateway.domain.ledger import AMOUNT_MAX
from gateway.presenters.ledger_answers import Adjusted
from gateway.resources import new_id
from gateway.services.cards import blocking
from gateway.services.cards.blocking import BlockCard
from gateway.services.ledger.adjusting import (
    AdjustCard,
    DecideAdjustment,
    adjust,
    approve,
    refuse,
    shown,
)
from gateway.services.ledger.joining_cards import join_cards
from gateway.services.ledger.joint_postings import JoinCards
from gateway.web.answers import json_answer
from gateway.web.api.commands import asked, given
from gateway.web.api.pages import cursor_of, position_of
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.parsing.queries import PageRows, path_id

PAGE_ROWS = 50
UNIT_CHARACTERS_MAX = 40

Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=REASON_CHARACTERS_MAX)]
Unit = Annotated[str, msgspec.Meta(min_length=1, max_length=UNIT_CHARACTERS_MAX)]


class Adjustment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to give to a card, or below zero to take, and why.

    Above what one person may do alone it waits for a second one. `may_owe` lets it leave the card
    below zero.
    """

    unit: Unit
    amount: Annotated[int, msgspec.Meta(ge=-AMOUNT_MAX, le=AMOUNT_MAX)]
    reason: Reason
    may_owe: bool = False


class AdjustmentSearch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which adjustments, newest first."""

    status: AdjustmentStatus | None = None
    card_id: UUID | None = None
    limit: PageRows = PAGE_ROWS
    cursor: str | None = None


class Adjustments(msgspec.Struct, frozen=True):
    """Adjustments, newest first; `next_cursor` is null on the last page."""

    items: list[Adjusted]
    next_cursor: str | None = None


class CardTransfer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much of a unit goes to another card of the same program, and why."""

    to_card_id: UUID
    unit: Unit
    amount: Annotated[int, msgspec.Meta(ge=1, le=AMOUNT_MAX)]
    reason: Reason


class Merger(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The card that gets everything of this one, for good, and why."""

    into_card_id: UUID
    reason: Reason


class Block(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a card can no longer be used."""

    reason: Reason


async def adjust_card(request: web.Request, adjustment: Adjustment) -> web.Response:
    """Give a card something, or take it, for a reason."""
    command = AdjustCard(
        **asked(request),
        unit=adjustment.unit,
        amount=adjustment.amount,
        reason=adjustment.reason,
        may_owe=adjustment.may_owe,
    )
    return given(await adjust(request.app[RESOURCES].units, command, new_id))


async def list_adjustments(request: web.Request, search: AdjustmentSearch) -> web.Response:
    """List adjustments: what was asked for, posted and refused, by whom and why."""
    name = f"adjustments|{search.status}|{search.card_id}"
    after = position_of(request, name, search.cursor)
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        found = await unit.adjustments.listed(
            search.status, search.card_id, after=after, rows=search.limit
        )
    items = [shown(each) for each in found]
    if len(found) < search.limit:
        return json_answer(Adjustments(items))
    last = found[-1].asked_at, found[-1].id
    return json_answer(Adjustments(items, cursor_of(request, name, last)))


async def approve_adjustment(request: web.Request) -> web.Response:
    """Post an adjustment that somebody else asked for."""
    return given(await approve(request.app[RESOURCES].units, _decision(request), new_id))


async def refuse_adjustment(request: web.Request) -> web.Response:
    """Refuse an adjustment that somebody else asked for."""
    return given(await refuse(request.app[RESOURCES].units, _decision(request), new_id))


async def transfer_between_cards(request: web.Request, transfer: CardTransfer) -> web.Response:
    """Move an amount to another card: what ends soonest goes first, and keeps its end."""
    command = JoinCards(
        **asked(request),
        counterpart_card_id=transfer.to_card_id,
        unit=transfer.unit,
        amount=transfer.amount,
        reason=transfer.reason,
    )
    return given(await join_cards(request.app[RESOURCES].units, command, new_id))


async def merge_cards(request: web.Request, merger: Merger) -> web.Response:
    """Merge a card into another one, which holds everything and answers to both codes."""
    command = JoinCards(
        **asked(request), counterpart_card_id=merger.into_card_id, reason=merger.reason
    )
    return given(await join_cards(request.app[RESOURCES].units, command, new_id))


async def block_card(request: web.Request, block: Block) -> web.Response:
    """Block a card: nothing is earned or redeemed with it."""
    command = BlockCard(**asked(request), reason=block.reason)
    return given(await blocking.block_card(request.app[RESOURCES].units, command, new_id))


async def unblock_card(request: web.Request) -> web.Response:
    """Let a blocked card be used again."""
    command = BlockCard(**asked(request), reason=None)
    return given(await blocking.block_card(request.app[RESOURCES].units, command, new_id))


def _decision(request: web.Request) -> DecideAdjustment:
    return DecideAdjustment(**asked(request), adjustment_id=path_id(request, "adjustment_id"))
