"""A redemption: a reward on its way over the counter, and back if it was a mistake."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from gateway.domain.cards import CardStatus
from gateway.domain.errors import (
    CardBlocked,
    Kind,
    NotReversible,
    RedemptionClosed,
    RedemptionExpired,
    Refusal,
)
from gateway.domain.ledger import Account, TransactionKind, Transfer
from gateway.domain.rewards import Reward

RETURNED_LOT_GRACE = timedelta(days=7)
"""How long what expired while it was set aside can be spent once it is back, one time."""
TAKE_BACK_HOURS_MAX = 24


class NothingToFulfil(Refusal):
    """Nothing is to be done for this redemption."""

    code = "nothing_to_fulfil"
    kind = Kind.CONFLICT


class RedemptionStatus(StrEnum):
    """Where a redemption stands; only `reserved` and `redeemed` are not final."""

    RESERVED = "reserved"
    REDEEMED = "redeemed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REVERSED = "reversed"


class Fulfilment(StrEnum):
    """Whether something is still to be done after a reward was redeemed."""

    NONE = "none"
    OPEN = "open"
    FULFILLED = "fulfilled"


COUNTED = frozenset({RedemptionStatus.RESERVED, RedemptionStatus.REDEEMED})
"""The statuses that count as having had a reward."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redemption:
    """A reward taken from one card: its code is what staff compare.

    `unit` and `cost` are what was paid, whatever the reward costs by now. `transaction_id` set it
    aside, `end_transaction_id` ended it. `has_taken_stock` says that a piece was counted down.
    """

    id: UUID
    card_id: UUID
    reward_id: UUID
    name: str
    unit: str
    cost: int
    transaction_id: UUID
    end_transaction_id: UUID | None = None
    has_taken_stock: bool = False
    needs_fulfilment: bool = False
    status: RedemptionStatus = RedemptionStatus.RESERVED
    fulfilment: Fulfilment = Fulfilment.NONE
    code: str
    reserved_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    fulfilled_at: datetime | None = None
    fulfilled_by: str | None = None
    reversed_at: datetime | None = None


_ENDS = {
    TransactionKind.REDEEM: (RedemptionStatus.REDEEMED, Account.REDEEMED),
    TransactionKind.CANCEL: (RedemptionStatus.CANCELLED, Account.AVAILABLE),
    TransactionKind.LAPSE: (RedemptionStatus.EXPIRED, Account.AVAILABLE),
}


@dataclass(frozen=True, slots=True)
class Ending:
    """What a redemption comes to: its status, the transfer, and whether its piece is back."""

    status: RedemptionStatus
    transfer: Transfer
    returns_stock: bool


def set_aside(reward: Reward) -> Transfer:
    """Return the transfer that reserves what a reward costs."""
    return Transfer(reward.unit, Account.AVAILABLE, Account.RESERVED, reward.cost)


def expiry(reward: Reward, reserved_at: datetime) -> datetime:
    """Return when a reservation made now gives back by itself what it holds."""
    return reserved_at + timedelta(minutes=reward.design.reservation_minutes)


def finish(
    redemption: Redemption, how: TransactionKind, card: CardStatus, now: datetime
) -> Ending:
    """Return the end that a reservation comes to.

    Raises `RedemptionClosed` when it already ended. To hand it out, the card must still be in
    use, or `CardBlocked` is raised, and its time not over, or `RedemptionExpired`.
    """
    _require(redemption, RedemptionStatus.RESERVED)
    status, destination = _ENDS[how]
    if status is RedemptionStatus.REDEEMED:
        if card is not CardStatus.ACTIVE:
            raise CardBlocked
        if now >= redemption.expires_at:
            raise RedemptionExpired
        spent = Transfer(redemption.unit, Account.RESERVED, destination, redemption.cost)
        return Ending(status, spent, returns_stock=False)
    # Whoever cancels late has no longer than who let it run out.
    returned = _returning(redemption, Account.RESERVED, min(now, redemption.expires_at))
    return Ending(status, returned, redemption.has_taken_stock)


def take_back(
    redemption: Redemption, card: CardStatus, now: datetime, *, is_manager: bool
) -> Ending:
    """Return what taking back a redeemed reward comes to.

    Raises `RedemptionClosed` unless it was redeemed, `NotReversible` after
    `TAKE_BACK_HOURS_MAX` for anybody but a manager, `CardBlocked` when the card was merged into
    another, where what comes back would be lost.
    """
    _require(redemption, RedemptionStatus.REDEEMED)
    if card is CardStatus.MERGED:
        raise CardBlocked("This card was merged into another.")
    assert redemption.ended_at is not None, "what is redeemed has ended"
    if not is_manager and now - redemption.ended_at > timedelta(hours=TAKE_BACK_HOURS_MAX):
        raise NotReversible(
            f"A reward can be taken back for {TAKE_BACK_HOURS_MAX} hours. Please ask a manager."
        )
    returned = _returning(redemption, Account.REDEEMED, now)
    return Ending(RedemptionStatus.REVERSED, returned, redemption.has_taken_stock)


def check_fulfilled(redemption: Redemption) -> None:
    """Raise `NothingToFulfil` unless what was to be done for a redemption was done."""
    if redemption.fulfilment is not Fulfilment.FULFILLED:
        raise NothingToFulfil(status=redemption.status)


def _require(redemption: Redemption, status: RedemptionStatus) -> None:
    if redemption.status is not status:
        raise RedemptionClosed(
            f"This redemption is already {redemption.status}."
            if redemption.status is not RedemptionStatus.RESERVED
            else "This reward was not handed out yet.",
            status=redemption.status,
        )


def _returning(redemption: Redemption, source: Account, ended_at: datetime) -> Transfer:
    """The very lots that were taken come back; one that expired meanwhile has a little longer."""
    return Transfer(
        redemption.unit,
        source,
        Account.AVAILABLE,
        redemption.cost,
        expires_at=ended_at + RETURNED_LOT_GRACE,
        returns=redemption.transaction_id,
    )
