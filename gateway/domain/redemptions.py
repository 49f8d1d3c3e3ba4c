"""A redemption: a reward on its way over the counter, from reserved to one of three ends."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from gateway.domain.cards import CardStatus, Standing
from gateway.domain.errors import CardBlocked, NotEnough, RedemptionClosed, RedemptionExpired
from gateway.domain.ledger import STAMP, Account, TransactionKind, Transfer

RESERVATION_MINUTES = 15


class RedemptionStatus(StrEnum):
    """Where a redemption stands; all but `reserved` are final."""

    RESERVED = "reserved"
    REDEEMED = "redeemed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward:
    """What a card can be redeemed for, and its price in stamps."""

    id: UUID
    name: str
    cost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Redemption:
    """A reward taken from one card: its code is what staff compare."""

    id: UUID
    card_id: UUID
    reward: Reward
    status: RedemptionStatus
    code: str
    reserved_at: datetime
    expires_at: datetime


_ENDS = {
    TransactionKind.REDEEM: (RedemptionStatus.REDEEMED, Account.REDEEMED),
    TransactionKind.CANCEL: (RedemptionStatus.CANCELLED, Account.AVAILABLE),
    TransactionKind.EXPIRE: (RedemptionStatus.EXPIRED, Account.AVAILABLE),
}


def reserve(standing: Standing, reward: Reward) -> Transfer:
    """Return the transfer that sets a reward's stamps aside.

    Raises `CardBlocked`, or `NotEnough` with how many are missing. An ended or paused program
    still honours what was earned.
    """
    if standing.card_status is not CardStatus.ACTIVE:
        raise CardBlocked
    missing = reward.cost - standing.available
    if missing > 0:
        raise NotEnough(
            f"{missing} more {'stamp' if missing == 1 else 'stamps'} to go for {reward.name}.",
            missing=missing,
        )
    return Transfer(STAMP, Account.AVAILABLE, Account.RESERVED, reward.cost)


def finish(
    redemption: Redemption, how: TransactionKind, now: datetime
) -> tuple[RedemptionStatus, Transfer]:
    """Return the end a redemption comes to and the transfer that goes with it.

    Raises `RedemptionClosed` when it already ended, `RedemptionExpired` when it is too late to
    hand it out.
    """
    if redemption.status is not RedemptionStatus.RESERVED:
        raise RedemptionClosed(
            f"This redemption is already {redemption.status}.", status=redemption.status
        )
    if how is TransactionKind.REDEEM and now >= redemption.expires_at:
        raise RedemptionExpired
    status, destination = _ENDS[how]
    return status, Transfer(STAMP, Account.RESERVED, destination, redemption.reward.cost)


def expiry(reserved_at: datetime) -> datetime:
    """Return when a reservation made now returns its stamps by itself."""
    return reserved_at + timedelta(minutes=RESERVATION_MINUTES)
