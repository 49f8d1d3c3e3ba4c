"""Posting: the transfers by which what a card was given becomes what it should have."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from gateway.domain.cards import Standing
from gateway.domain.ledger import Account, Transfer, balance
from gateway.domain.rules.expiry import NEVER, Expiry, RollingExpiry, expires_at
from gateway.domain.rules.keys import REMAINDER_PREFIX, VOUCHER_PREFIX
from gateway.domain.rules.outcomes import Basis, Explanation
from gateway.domain.rules.plan import NegativeBalance, Plan
from gateway.domain.rules.points import PointsRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What to post; `owed` is what a refund could not take back of this sale, by unit."""

    transfers: tuple[Transfer, ...] = ()
    owed: Mapping[str, int] = field(default_factory=dict)
    explanations: tuple[Explanation, ...] = ()


@dataclass(frozen=True, slots=True)
class Books:
    """Where a posting is made: the plan's policies, the card, and the sale's own transactions."""

    plan: Plan
    standing: Standing
    basis: Basis
    takes: tuple[UUID, ...]
    now: datetime

    @property
    def usable_from(self) -> datetime:
        """When what the sale gives can be used."""
        return self.basis.earned_at + timedelta(days=self.plan.pending_days)

    def is_held_back(self, unit: str) -> bool:
        """Say whether what the sale gave of a unit is pending still; rewards never are."""
        return _is_collected(unit) and self.usable_from > self.now


def post(books: Books, changes: Mapping[str, int]) -> Posting:
    """Return how a change of what a sale gave is posted, by unit; below zero is taken back.

    What is given again first settles what the same sale still owes. Pending value is taken before
    available, and of both the sale's own lots first. What the plan's policy leaves to the card is
    owed and never taken later, so that the same state of a sale once more changes nothing.
    """
    posting = Posting(owed=dict(books.basis.owed))
    for unit, change in changes.items():
        if change > 0:
            posting = _give(books, unit, change, posting)
        elif change < 0:
            posting = _take(books, unit, -change, posting)
    return posting


def _give(books: Books, unit: str, amount: int, posting: Posting) -> Posting:
    settled = min(posting.owed.get(unit, 0), amount)
    owed = _with(posting.owed, unit, -settled)
    if settled == amount:
        return replace(posting, owed=owed)
    transfer = _credit(books, unit, amount - settled)
    transfers = (*posting.transfers, transfer)
    return Posting(transfers=transfers, owed=owed, explanations=posting.explanations)


def _credit(books: Books, unit: str, amount: int) -> Transfer:
    is_held_back = books.is_held_back(unit)
    counts_from = books.usable_from if _is_collected(unit) else books.basis.earned_at
    return Transfer(
        unit,
        Account.ISSUED,
        Account.PENDING if is_held_back else Account.AVAILABLE,
        amount,
        expires_at=expires_at(expiry_of(books.plan, unit), counts_from, books.basis.clock),
        usable_from=books.usable_from if is_held_back else None,
    )


def _take(books: Books, unit: str, amount: int, posting: Posting) -> Posting:
    pending = balance(books.standing.balances, unit, Account.PENDING)
    from_pending = min(amount, pending) if books.is_held_back(unit) else 0
    from_available = _takeable(books, unit, amount - from_pending)
    parts = ((Account.PENDING, from_pending), (Account.AVAILABLE, from_available))
    transfers = tuple(
        Transfer(unit, source, Account.ISSUED, part, takes=books.takes)
        for source, part in parts
        if part
    )
    taken = from_pending + from_available
    return Posting(
        transfers=posting.transfers + transfers,
        owed=_with(posting.owed, unit, amount - taken),
        explanations=posting.explanations + _left(unit, amount, taken),
    )


def _takeable(books: Books, unit: str, wanted: int) -> int:
    """Return how much of what is wanted may be taken from what is available.

    What is left over for the next stamp could not be spent, so no policy protects it.
    """
    policy = books.plan.negative_balance
    if policy is NegativeBalance.ALLOW_NEGATIVE or unit.startswith(REMAINDER_PREFIX):
        return wanted
    if policy is NegativeBalance.WITHIN_BALANCE:
        return min(wanted, max(books.standing.available(unit), 0))
    return 0


def _left(unit: str, wanted: int, taken: int) -> tuple[Explanation, ...]:
    if taken == wanted:
        return ()
    sentence = f"{wanted - taken:,} of {wanted:,} cannot be taken back and stay with the customer."
    return (
        Explanation(
            rule="",
            unit=unit,
            matched=True,
            wanted=-wanted,
            given=-taken,
            reason="not_taken_back",
            sentence=sentence,
        ),
    )


def _with(owed: Mapping[str, int], unit: str, change: int) -> dict[str, int]:
    changed = dict(owed) | {unit: owed.get(unit, 0) + change}
    return {each: amount for each, amount in changed.items() if amount}


def expiry_of(plan: Plan, unit: str) -> Expiry:
    """Return when what is earned of a unit ends: by its own rule, or else by the plan."""
    if unit.startswith(REMAINDER_PREFIX):
        return NEVER
    months = (
        rule.expiration_months
        for rule in plan.rules
        if isinstance(rule, PointsRule) and rule.unit == unit and rule.expiration_months
    )
    own = next(months, None)
    return RollingExpiry(months=own) if own else plan.expiry


def _is_collected(unit: str) -> bool:
    return not unit.startswith((REMAINDER_PREFIX, VOUCHER_PREFIX))
