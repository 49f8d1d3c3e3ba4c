"""The surface of sales and tills: method, path, handler, scope, and what each refuses."""

from gateway.domain.claims import (
    RedeemingOver,
    RewardLimitReached,
    RewardNotAvailable,
    SoldOut,
    TierTooLow,
)
from gateway.domain.errors import (
    AlreadyRecorded,
    AlreadyReversed,
    BalanceLimit,
    Busy,
    CardBlocked,
    CooldownActive,
    DailyLimitReached,
    KeyReused,
    LocationNotParticipating,
    NotEnough,
    NotFound,
    NothingToEarn,
    NotInAudience,
    NotReversible,
    NotValidNow,
    ProgramNotActive,
    RedemptionClosed,
    TooManyAttempts,
)
from gateway.domain.people import Permission
from gateway.domain.references import ReferenceInvalid
from gateway.domain.sales import (
    InTheFuture,
    SaleOfAnotherCard,
    TooLongAgo,
    TransactionCannotBeReversed,
)
from gateway.presenters.sale_answers import SaleSettled
from gateway.services.cards.addresses import ContactInvalid
from gateway.web.api import pos, pos_batches, pos_shapes, sale_shapes, sales
from gateway.web.identity.access import Access, Door
from gateway.web.routing import Route

_READ = Access(Door.API, Permission.POS_READ)
_WRITE = Access(Door.API, Permission.POS_WRITE)
_SALES = Access(Door.API, Permission.SALES_WRITE)

_POS = "/api/v1/pos"
BATCH_BYTES_MAX = 1024 * 1024
BATCH_SECONDS_MAX = 30.0

_SALE_REFUSALS = (
    NotFound,
    KeyReused,
    Busy,
    CooldownActive,
    DailyLimitReached,
    ProgramNotActive,
    CardBlocked,
    LocationNotParticipating,
    NotInAudience,
    NotValidNow,
    BalanceLimit,
    SaleOfAnotherCard,
    AlreadyRecorded,
    TooLongAgo,
    InTheFuture,
    ReferenceInvalid,
)
_DONE = {200: pos_shapes.PosDone}

POS = (
    Route(
        "POST",
        "/api/v1/cards/{card_id}/sales",
        sales.tell_sale,
        _SALES,
        takes=sale_shapes.SaleTold,
        answers={200: SaleSettled},
        refuses=_SALE_REFUSALS,
        is_idempotent=True,
    ),
    Route(
        "POST",
        f"{_POS}/search",
        pos.search_cards,
        _READ,
        takes=pos_shapes.PosSearch,
        answers={200: pos_shapes.PosCards},
        refuses=(ContactInvalid, TooManyAttempts),
    ),
    Route(
        "POST",
        f"{_POS}/inquire",
        pos.inquire,
        _READ,
        takes=pos_shapes.PosInquiry,
        answers={200: pos_shapes.PosCard},
        refuses=(NotFound,),
    ),
    Route(
        "POST",
        f"{_POS}/accrue",
        pos.accrue,
        _WRITE,
        takes=pos_shapes.PosAccrual,
        answers=_DONE,
        refuses=(*_SALE_REFUSALS, NothingToEarn),
    ),
    Route(
        "POST",
        f"{_POS}/redeem",
        pos.redeem_at_pos,
        _WRITE,
        takes=pos_shapes.PosRedemption,
        answers=_DONE,
        refuses=(
            NotFound,
            KeyReused,
            Busy,
            NotEnough,
            CardBlocked,
            RedeemingOver,
            RewardLimitReached,
            RewardNotAvailable,
            SoldOut,
            TierTooLow,
            ReferenceInvalid,
        ),
    ),
    Route(
        "POST",
        f"{_POS}/reverse",
        pos.reverse_at_pos,
        _WRITE,
        takes=pos_shapes.PosReversal,
        answers=_DONE,
        refuses=(
            NotFound,
            KeyReused,
            Busy,
            TransactionCannotBeReversed,
            AlreadyReversed,
            NotReversible,
            RedemptionClosed,
            ReferenceInvalid,
        ),
    ),
    Route(
        "POST",
        f"{_POS}/batch",
        pos_batches.do_batch,
        _WRITE,
        takes=pos_shapes.PosBatch,
        answers={200: pos_shapes.PosResults},
        body_bytes_max=BATCH_BYTES_MAX,
        body_seconds_max=BATCH_SECONDS_MAX,
    ),
)
