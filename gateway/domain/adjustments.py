"""Adjustments: value given or taken by hand, with a reason, and above a limit by two people."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from gateway.domain.cards import Standing
from gateway.domain.errors import BalanceLimit, Invalid, Kind, Refusal
from gateway.domain.ledger import AMOUNT_MAX, BALANCE_MAX, Account, Transfer, balance
from gateway.domain.people import Principal
from gateway.domain.rules.keys import KEY_EXPRESSION, POINT, VOUCHER_PREFIX
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.tiers import TierRule

ADJUST_ALONE_MAX = 1_000
"""What one person may adjust alone on a card, unless the merchant says otherwise."""
ALONE_HOURS = 24
"""For how long what somebody adjusted alone counts towards that."""
REASON_CHARACTERS_MAX = 200

# Also of a rule or a step that an older version had: its vouchers stay on the cards.
_VOUCHER = re.compile(VOUCHER_PREFIX + KEY_EXPRESSION)


class AdjustmentStatus(StrEnum):
    """Where an adjustment stands; both ends are final."""

    ASKED = "asked"
    POSTED = "posted"
    REFUSED = "refused"


class SecondPersonNeeded(Refusal):
    """A second member of staff decides on this, signed in. Please ask somebody else."""

    code = "second_person_needed"
    kind = Kind.FORBIDDEN


class AdjustmentClosed(Refusal):
    """This adjustment is already decided."""

    code = "adjustment_closed"
    kind = Kind.CONFLICT


class BelowZero(Refusal):
    """This would leave the card below zero."""

    code = "below_zero"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """An amount of a unit to give to a card, or below zero to take, and who wants it and why.

    `asked_by` is the name of the principal; without `asked_by_staff_id` it was an API key.
    """

    id: UUID
    card_id: UUID
    unit: str
    amount: int
    reason: str
    may_owe: bool
    status: AdjustmentStatus
    asked_by: str
    asked_by_staff_id: UUID | None
    asked_at: datetime
    decided_by_staff_id: UUID | None = None
    decided_at: datetime | None = None
    transaction_id: UUID | None = None


def units_of(plan: Plan) -> tuple[str, ...]:
    """Return the units a plan's cards hold, in the order of its rules."""
    units = [rule.unit for rule in plan.rules if not isinstance(rule, TierRule)]
    return tuple(dict.fromkeys(units)) or (POINT,)


def check(plan: Plan, adjustment: Adjustment) -> None:
    """Raise `Invalid` for an amount, unit or reason that cannot be."""
    if not 0 < abs(adjustment.amount) <= AMOUNT_MAX:
        raise Invalid(f"An adjustment is 1 to {AMOUNT_MAX:,}, or as much below zero.")
    if adjustment.unit not in units_of(plan) and not _VOUCHER.fullmatch(adjustment.unit):
        raise Invalid(f"Cards of this program do not hold this unit: {', '.join(units_of(plan))}.")
    if not adjustment.reason.strip() or not adjustment.reason.isprintable():
        raise Invalid("Please give the reason in plain words.")


def needs_second(adjustment: Adjustment, alone_max: int, alone_before: int) -> bool:
    """Say whether an adjustment needs a second person.

    `alone_before` is how much the same person gave to the card alone within `ALONE_HOURS`, or
    took from it if that is what is wanted: many small adjustments are as good as a large one.
    """
    return alone_before + abs(adjustment.amount) > alone_max


def check_second(adjustment: Adjustment, decider: Principal) -> None:
    """Raise `AdjustmentClosed`, or `SecondPersonNeeded` unless it is another member of staff.

    An API key may ask and never decide: nobody knows who holds it, so it may be whoever asked.
    """
    if adjustment.status is not AdjustmentStatus.ASKED:
        raise AdjustmentClosed(status=adjustment.status)
    if decider.staff_id is None or decider.staff_id == adjustment.asked_by_staff_id:
        raise SecondPersonNeeded


def transfer_of(
    adjustment: Adjustment, standing: Standing, expires_at: datetime | None
) -> Transfer:
    """Return what an adjustment moves between a card and what was adjusted.

    Raises `BelowZero` when it takes more than there is, unless it was said that it may, and
    `BalanceLimit` when the card cannot hold it.
    """
    there = standing.available(adjustment.unit)
    if adjustment.amount > 0:
        held_back = balance(standing.balances, adjustment.unit, Account.PENDING)
        if there + held_back + adjustment.amount > BALANCE_MAX:
            raise BalanceLimit
        return Transfer(
            adjustment.unit,
            Account.ADJUSTED,
            Account.AVAILABLE,
            adjustment.amount,
            expires_at=expires_at,
        )
    if there + adjustment.amount < 0 and not adjustment.may_owe:
        raise BelowZero(f"There is only {max(there, 0):,} on this card.", available=there)
    return Transfer(adjustment.unit, Account.AVAILABLE, Account.ADJUSTED, -adjustment.amount)
