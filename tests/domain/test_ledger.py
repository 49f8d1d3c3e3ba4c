"""Transfers, balances, and the faults a ledger may never have."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.ledger import (
    AMOUNT_MAX,
    Account,
    Balances,
    Entry,
    Transfer,
    after,
    balance,
    faults,
)
from gateway.domain.rules.keys import POINT, STAMP

ISSUED, AVAILABLE = Account.ISSUED, Account.AVAILABLE
PENDING, RESERVED, ADJUSTED = Account.PENDING, Account.RESERVED, Account.ADJUSTED

accounts = st.sampled_from(Account)
units = st.sampled_from([STAMP, POINT])
transfers = (
    st.tuples(units, accounts, accounts, st.integers(1, 100))
    .filter(lambda parts: parts[1] != parts[2])
    .map(lambda parts: Transfer(*parts))
)


def total(balances: Balances, unit: str) -> int:
    return sum(balances.get(unit, {}).values())


@given(st.lists(transfers))
def test_whatever_is_moved_the_sum_stays_zero(moved: list[Transfer]) -> None:
    """Every transfer takes as much as it gives, of each unit."""
    left = after({}, moved)
    assert (total(left, STAMP), total(left, POINT)) == (0, 0)


@given(st.lists(transfers))
def test_moving_back_restores_the_balances(moved: list[Transfer]) -> None:
    """A transfer and its opposite together are nothing."""
    back = [Transfer(one.unit, one.destination, one.source, one.amount) for one in moved]
    left = after(after({}, moved), back)
    assert not any(amount for unit in left.values() for amount in unit.values())


def test_a_transfer_goes_on_from_what_is_there() -> None:
    """What it does not name stays, and what was read before is not touched."""
    before: Balances = {STAMP: {AVAILABLE: 4, ISSUED: -4}, POINT: {PENDING: 9, ISSUED: -9}}
    moved = [Transfer(STAMP, AVAILABLE, RESERVED, 3), Transfer("bean", ISSUED, AVAILABLE, 2)]
    assert after(before, moved) == {
        STAMP: {AVAILABLE: 1, RESERVED: 3, ISSUED: -4},
        POINT: {PENDING: 9, ISSUED: -9},
        "bean": {AVAILABLE: 2, ISSUED: -2},
    }
    assert before[STAMP] == {AVAILABLE: 4, ISSUED: -4}


def test_what_is_not_there_is_zero() -> None:
    """An account nobody moved anything to, and a unit nobody heard of."""
    balances: Balances = {STAMP: {AVAILABLE: 4}}
    assert balance(balances, STAMP, AVAILABLE) == 4
    assert balance(balances, STAMP, PENDING) == 0
    assert balance(balances, POINT, AVAILABLE) == 0


def test_both_accounts_of_a_transfer_move_by_the_same() -> None:
    """What leaves the one enters the other."""
    assert Transfer(STAMP, ISSUED, PENDING, 7).moves == ((ISSUED, -7), (PENDING, 7))


@pytest.mark.parametrize("amount", [1, AMOUNT_MAX])
def test_the_least_and_the_most_can_be_moved(amount: int) -> None:
    """Both ends belong to the range."""
    assert Transfer(STAMP, ISSUED, AVAILABLE, amount).amount == amount


@pytest.mark.parametrize("amount", [0, -1, AMOUNT_MAX + 1])
def test_a_transfer_of_no_real_amount_cannot_be_made(amount: int) -> None:
    """Nothing, less than nothing and too much are our own mistakes."""
    with pytest.raises(AssertionError, match=r"^an amount is a positive integer"):
        Transfer(STAMP, ISSUED, AVAILABLE, amount)


def test_a_transfer_to_where_it_came_from_cannot_be_made() -> None:
    """An account cannot pay itself."""
    with pytest.raises(AssertionError, match=r"^a transfer moves between two accounts"):
        Transfer(STAMP, ISSUED, ISSUED, 1)


def entry(
    account: Account,
    seq: int,
    delta: int,
    balance: int,
    *,
    transaction: int = 1,
    unit: str = STAMP,
) -> Entry:
    return Entry(UUID(int=transaction), unit, account, seq, delta, balance)


def test_a_sound_ledger_has_no_faults() -> None:
    """Two stamps and a point, in any order of reading, are sound."""
    sound = [
        entry(AVAILABLE, 2, 1, 2, transaction=2),
        entry(ISSUED, 1, -1, -1),
        entry(ISSUED, 2, -1, -2, transaction=2),
        entry(AVAILABLE, 1, 1, 1),
        entry(AVAILABLE, 1, 5, 5, unit=POINT),
        entry(ISSUED, 1, -5, -5, unit=POINT),
        entry(AVAILABLE, 2, -5, 0, transaction=2, unit=POINT),
        entry(ADJUSTED, 1, 5, 5, transaction=2, unit=POINT),
        entry(RESERVED, 1, 3, 3, transaction=3),
        entry(AVAILABLE, 3, -3, -1, transaction=3),
        entry(RESERVED, 2, -3, 0, transaction=4),
        entry(AVAILABLE, 4, 3, 2, transaction=4),
    ]
    assert faults(sound) == []


def test_what_was_spent_and_refunded_may_be_owed() -> None:
    """Only `issued`, `adjusted` and `available` go below zero."""
    assert faults([entry(ISSUED, 1, 1, 1), entry(AVAILABLE, 1, -1, -1)]) == []
    assert faults([entry(ADJUSTED, 1, -1, -1), entry(AVAILABLE, 1, 1, 1)]) == []


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        ([entry(AVAILABLE, 1, 1, 1)], f"transaction {UUID(int=1)} does not sum to zero"),
        (
            [entry(AVAILABLE, 1, 1, 1), entry(ISSUED, 1, -1, -1, unit=POINT)],
            f"transaction {UUID(int=1)} does not sum to zero",
        ),
        (
            [entry(ISSUED, 2, -1, -1), entry(AVAILABLE, 1, 1, 1)],
            "stamp/issued #2 follows #0",
        ),
        (
            [entry(ISSUED, 1, -1, -5), entry(AVAILABLE, 1, 1, 1)],
            "stamp/issued #1 says -5, not -1",
        ),
        (
            [entry(ISSUED, 1, 1, 1), entry(RESERVED, 1, -1, -1)],
            "stamp/reserved #1 is below zero",
        ),
        (
            [
                entry(ISSUED, 1, -1, -1),
                entry(AVAILABLE, 1, 1, 1),
                entry(ISSUED, 2, -1, -2, transaction=2),
                entry(AVAILABLE, 2, 1, 1, transaction=2),
            ],
            "stamp/available #2 says 1, not 2",
        ),
    ],
)
def test_each_fault_is_found_and_named(broken: list[Entry], fault: str) -> None:
    """A missing side, a gap, a wrong balance and a negative account are seen."""
    found = faults(broken)
    assert fault in found
    assert set(found) == {fault}
