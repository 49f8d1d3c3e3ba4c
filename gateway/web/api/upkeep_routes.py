"""The surface of what is done to cards by hand: method, path, handler, scope, refusals."""

from gateway.domain.adjustments import AdjustmentClosed, BelowZero, SecondPersonNeeded
from gateway.domain.errors import (
    BalanceLimit,
    Busy,
    CardBlocked,
    KeyReused,
    NotEnough,
    NotFound,
)
from gateway.domain.merging import MergedAway, OtherProgram, ReservationsOpen, SameCard
from gateway.domain.people import Permission
from gateway.presenters.ledger_answers import Adjusted, CardState, Transferred
from gateway.web.api import adjustments
from gateway.web.identity.access import Access, Door
from gateway.web.refusals import CursorInvalid
from gateway.web.routing import Route

_ADJUSTMENTS = Access(Door.API, Permission.ADJUSTMENTS_WRITE)
_CARDS_WRITE = Access(Door.API, Permission.CARDS_WRITE)

_CARD = "/api/v1/cards/{card_id}"
_ADJUSTMENT = _CARD + "/adjustments/{adjustment_id}"

_COMMAND_REFUSALS = (NotFound, KeyReused, Busy, MergedAway)
_JOIN_REFUSALS = (*_COMMAND_REFUSALS, SameCard, OtherProgram, CardBlocked, BalanceLimit)

UPKEEP = (
    Route(
        "GET",
        "/api/v1/adjustments",
        adjustments.list_adjustments,
        _ADJUSTMENTS,
        takes=adjustments.AdjustmentSearch,
        answers={200: adjustments.Adjustments},
        refuses=(CursorInvalid,),
    ),
    Route(
        "POST",
        f"{_CARD}/adjustments",
        adjustments.adjust_card,
        _ADJUSTMENTS,
        takes=adjustments.Adjustment,
        answers={200: Adjusted},
        refuses=(*_COMMAND_REFUSALS, BelowZero, BalanceLimit),
        is_idempotent=True,
    ),
    Route(
        "POST",
        f"{_ADJUSTMENT}/approve",
        adjustments.approve_adjustment,
        _ADJUSTMENTS,
        answers={200: Adjusted},
        refuses=(
            *_COMMAND_REFUSALS,
            AdjustmentClosed,
            SecondPersonNeeded,
            BelowZero,
            BalanceLimit,
        ),
        is_idempotent=True,
    ),
    Route(
        "POST",
        f"{_ADJUSTMENT}/refuse",
        adjustments.refuse_adjustment,
        _ADJUSTMENTS,
        answers={200: Adjusted},
        refuses=(*_COMMAND_REFUSALS, AdjustmentClosed, SecondPersonNeeded),
        is_idempotent=True,
    ),
    Route(
        "POST",
        f"{_CARD}/transfers",
        adjustments.transfer_between_cards,
        _CARDS_WRITE,
        takes=adjustments.CardTransfer,
        answers={200: Transferred},
        refuses=(*_JOIN_REFUSALS, NotEnough),
        is_idempotent=True,
    ),
    Route(
        "POST",
        f"{_CARD}/merger",
        adjustments.merge_cards,
        _CARDS_WRITE,
        takes=adjustments.Merger,
        answers={200: Transferred},
        refuses=(*_JOIN_REFUSALS, ReservationsOpen),
        is_idempotent=True,
    ),
    Route(
        "POST",
        f"{_CARD}/block",
        adjustments.block_card,
        _CARDS_WRITE,
        takes=adjustments.Block,
        answers={200: CardState},
        refuses=_COMMAND_REFUSALS,
        is_idempotent=True,
    ),
    Route(
        "POST",
        f"{_CARD}/unblock",
        adjustments.unblock_card,
        _CARDS_WRITE,
        answers={200: CardState},
        refuses=_COMMAND_REFUSALS,
        is_idempotent=True,
    ),
)
