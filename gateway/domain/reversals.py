"""Undoing a stamp: a linked transaction that takes it back, while it still can be."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from gateway.domain.cards import Standing
from gateway.domain.errors import AlreadyReversed, NotReversible
from gateway.domain.ledger import STAMP, Account, TransactionKind, Transfer

UNDO_SECONDS_MAX = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A transaction as it was posted; `earned_before` is when the card last earned before it."""

    id: UUID
    card_id: UUID
    kind: TransactionKind
    occurred_at: datetime
    amount: int
    reversed: bool
    earned_before: datetime | None


def undo(past: Past, standing: Standing, now: datetime) -> Transfer:
    """Return the transfer that takes a stamp back.

    Raises `AlreadyReversed`, or `NotReversible` when it is not a stamp, too long ago, or the
    stamp was spent meanwhile.
    """
    if past.reversed:
        raise AlreadyReversed
    if past.kind is not TransactionKind.EARN:
        raise NotReversible("Only a stamp can be undone.")
    if now - past.occurred_at > timedelta(seconds=UNDO_SECONDS_MAX):
        raise NotReversible(f"A stamp can be undone for {UNDO_SECONDS_MAX} seconds only.")
    if standing.available < past.amount:
        raise NotReversible("The stamp was already used for a reward.")
    return Transfer(STAMP, Account.AVAILABLE, Account.ISSUED, past.amount)


def forget(past: Past, standing: Standing) -> Standing:
    """Return what the card remembers once a stamp is taken back: its limits are free again.

    Only the card's latest stamp sets the cooldown, so an older one leaves it as it is.
    """
    is_latest = standing.last_earned_at == past.occurred_at
    return replace(
        standing,
        last_earned_at=past.earned_before if is_latest else standing.last_earned_at,
        earned_that_day=max(0, standing.earned_that_day - past.amount),
    )
