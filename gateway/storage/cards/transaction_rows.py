"""A transaction as its rows keep it: a line of a card's history, or what there is to take back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row

from gateway.domain.ledger import Account, TransactionKind
from gateway.domain.reversals import Past
from gateway.domain.rules.keys import STAMP
from gateway.domain.rules.outcomes import Day, Explanation, RuleMemory


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """What a transaction did to one account of one unit."""

    unit: str
    account: Account
    delta: int
    balance_after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One line of a card's history: what happened, who did it where, what it moved, and why.

    `source` is the door it came through, or the till's own software.
    """

    transaction_id: UUID
    number: int
    kind: TransactionKind
    occurred_at: datetime
    movements: tuple[Movement, ...]
    reversed: bool
    sale_id: UUID | None
    reason: str | None
    location_id: UUID | None
    staff_id: UUID | None
    source: str
    explanations: tuple[Explanation, ...]


def movement_of(row: Row[Any]) -> Movement:
    """Return the movement that a row of `entries` keeps."""
    return Movement(
        unit=row.unit,
        account=Account(row.account),
        delta=row.delta,
        balance_after=row.balance_after,
    )


def line_of(row: Row[Any], movements: Sequence[Movement]) -> HistoryLine:
    """Return the line that a row of `transactions` is, read with whether it is `reversed`."""
    return HistoryLine(
        transaction_id=row.id,
        number=row.number,
        kind=TransactionKind(row.kind),
        occurred_at=row.occurred_at,
        movements=tuple(movements),
        reversed=row.reversed,
        sale_id=row.sale_id,
        reason=row.reason,
        location_id=row.location_id,
        staff_id=row.staff_id,
        source=row.source,
        explanations=_explanations(row),
    )


def past_of(row: Row[Any], movements: Sequence[Movement]) -> Past:
    """Return what such a row says of a transaction that is to be taken back."""
    return Past(
        id=row.id,
        card_id=row.card_id,
        kind=TransactionKind(row.kind),
        occurred_at=row.occurred_at,
        happened_at=row.happened_at,
        moved={(each.unit, each.account): each.delta for each in movements},
        day=Day(
            day=row.business_day,
            earnings=row.earnings,
            visits=row.visits,
            spent=row.spent,
            given=row.given,
        ),
        reversed=row.reversed,
        earned_before=row.earned_before,
        memory_before=msgspec.convert(row.memory_before or {}, dict[str, RuleMemory]),
        sale_id=row.sale_id,
    )


def _explanations(row: Row[Any]) -> tuple[Explanation, ...]:
    """Return what the rules said; before there were units they only ever spoke of stamps."""
    return tuple(Explanation(**{"unit": STAMP, **each}) for each in row.explanation)
