"""Adjustments by hand: what can be asked for, by whom, and what it moves."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from gateway.domain.adjustments import (
    Adjustment,
    AdjustmentClosed,
    AdjustmentStatus,
    BelowZero,
    SecondPersonNeeded,
    check,
    check_second,
    needs_second,
    transfer_of,
    units_of,
)
from gateway.domain.errors import BalanceLimit, Invalid
from gateway.domain.ledger import AMOUNT_MAX, BALANCE_MAX, Account, Transfer
from gateway.domain.people import Principal
from gateway.domain.rules.plan import Plan
from tests.domain.test_sales import STANDING
from tests.plans import TIERS, hybrid_plan, points_plan

NOW = datetime(2026, 11, 21, tzinfo=UTC)
ANA, BEN = UUID(int=1), UUID(int=2)
ASKED = Adjustment(
    id=UUID(int=9),
    card_id=UUID(int=0),
    unit="point",
    amount=10,
    reason="A spilled coffee",
    may_owe=False,
    status=AdjustmentStatus.ASKED,
    asked_by="staff:ana",
    asked_by_staff_id=ANA,
    asked_at=NOW,
)
HOLDING_FIVE = replace(STANDING, balances={"point": {Account.AVAILABLE: 5}})


def person(staff_id: UUID | None) -> Principal:
    """Return somebody who decides."""
    return Principal(merchant_id=UUID(int=0), name="x", permissions=frozenset(), staff_id=staff_id)


def test_the_units_are_those_of_the_rules() -> None:
    """In their order, each once; tiers hold nothing, and then points do."""
    assert units_of(hybrid_plan()) == ("stamp", "point")
    assert units_of(Plan(rules=(TIERS,))) == ("point",)


@pytest.mark.parametrize(
    "adjustment",
    [ASKED, replace(ASKED, amount=-AMOUNT_MAX), replace(ASKED, unit="voucher:cake")],
)
def test_what_can_be_asked_for(adjustment: Adjustment) -> None:
    """Either way, up to the ledger's limit, also a reward."""
    check(points_plan(), adjustment)


@pytest.mark.parametrize(
    "adjustment",
    [
        replace(ASKED, amount=0),
        replace(ASKED, amount=AMOUNT_MAX + 1),
        replace(ASKED, unit="stamp"),
        replace(ASKED, reason="  "),
        replace(ASKED, reason="a\nb"),
    ],
)
def test_what_cannot_be_asked_for(adjustment: Adjustment) -> None:
    """Nothing, too much, what the cards do not hold, or without a reason."""
    with pytest.raises(Invalid):
        check(points_plan(), adjustment)


@pytest.mark.parametrize(("amount", "needs"), [(1000, False), (-1000, False), (-1001, True)])
def test_more_than_one_person_may_needs_another(amount: int, *, needs: bool) -> None:
    """Both ways; exactly the limit does not."""
    assert needs_second(replace(ASKED, amount=amount), 1000) is needs


@pytest.mark.parametrize(("asked", "decides"), [(ANA, ANA), (None, None)])
def test_nobody_is_their_own_second(asked: UUID | None, decides: UUID | None) -> None:
    """Neither a person nor the keys, which are one."""
    with pytest.raises(SecondPersonNeeded):
        check_second(replace(ASKED, asked_by_staff_id=asked), person(decides))


@pytest.mark.parametrize(("asked", "decides"), [(ANA, BEN), (None, ANA), (ANA, None)])
def test_somebody_else_is(asked: UUID | None, decides: UUID | None) -> None:
    """Two people, or a person and a key."""
    check_second(replace(ASKED, asked_by_staff_id=asked), person(decides))


def test_what_is_decided_stays_so() -> None:
    """Even for the right person."""
    with pytest.raises(AdjustmentClosed):
        check_second(replace(ASKED, status=AdjustmentStatus.REFUSED), person(BEN))


def test_what_is_given_is_a_lot_with_its_end() -> None:
    """From the account of adjustments."""
    assert transfer_of(ASKED, HOLDING_FIVE, NOW) == Transfer(
        "point", Account.ADJUSTED, Account.AVAILABLE, 10, expires_at=NOW
    )


def test_what_is_taken_stops_at_zero_unless_stated() -> None:
    """To the account of adjustments."""
    all_of_it = transfer_of(replace(ASKED, amount=-5), HOLDING_FIVE, None)
    assert all_of_it == Transfer("point", Account.AVAILABLE, Account.ADJUSTED, 5)
    with pytest.raises(BelowZero):
        transfer_of(replace(ASKED, amount=-6), HOLDING_FIVE, None)
    assert transfer_of(replace(ASKED, amount=-6, may_owe=True), HOLDING_FIVE, None).amount == 6


def test_a_card_holds_only_so_much() -> None:
    """The limit itself is reached, and not passed."""
    full = replace(STANDING, balances={"point": {Account.AVAILABLE: BALANCE_MAX - 10}})
    transfer_of(ASKED, full, None)
    with pytest.raises(BalanceLimit):
        transfer_of(replace(ASKED, amount=11), full, None)
