"""Transfers, balances, and the faults a ledger may never have."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.ledger import AMOUNT_MAX, STAMP, Account, Entry, Transfer, after, faults

accounts = st.sampled_from(Account)
transfers = (
    st.tuples(accounts, accounts, st.integers(1, 100))
    .filter(lambda parts: parts[0] != parts[1])
    .map(lambda parts: Transfer(STAMP, *parts))
)


@given(st.lists(transfers))
def test_whatever_is_moved_the_sum_stays_zero(moved: list[Transfer]) -> None:
    """Every transfer takes as much as it gives."""
    assert sum(after({}, moved).values()) == 0


@given(st.lists(transfers))
def test_moving_back_restores_the_balances(moved: list[Transfer]) -> None:
    """A transfer and its opposite together are nothing."""
    back = [Transfer(STAMP, one.destination, one.source, one.amount) for one in moved]
    assert not any(after(after({}, moved), back).values())


@pytest.mark.parametrize("amount", [0, -1, AMOUNT_MAX + 1])
def test_a_transfer_of_no_real_amount_cannot_be_made(amount: int) -> None:
    """Nothing, less than nothing and too much are our own mistakes."""
    with pytest.raises(AssertionError):
        Transfer(STAMP, Account.ISSUED, Account.AVAILABLE, amount)


def test_a_transfer_to_where_it_came_from_cannot_be_made() -> None:
    """An account cannot pay itself."""
    with pytest.raises(AssertionError):
        Transfer(STAMP, Account.ISSUED, Account.ISSUED, 1)


def entry(account: Account, seq: int, delta: int, balance: int, transaction: int = 1) -> Entry:
    return Entry(UUID(int=transaction), STAMP, account, seq, delta, balance)


ISSUED, AVAILABLE = Account.ISSUED, Account.AVAILABLE


def test_a_sound_ledger_has_no_faults() -> None:
    """Two stamps, in any order of reading, are sound."""
    sound = [
        entry(AVAILABLE, 2, 1, 2, transaction=2),
        entry(ISSUED, 1, -1, -1),
        entry(ISSUED, 2, -1, -2, transaction=2),
        entry(AVAILABLE, 1, 1, 1),
    ]
    assert faults(sound) == []


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        ([entry(AVAILABLE, 1, 1, 1)], "does not sum to zero"),
        ([entry(ISSUED, 2, -1, -1), entry(AVAILABLE, 1, 1, 1)], "follows #0"),
        ([entry(ISSUED, 1, -1, -5), entry(AVAILABLE, 1, 1, 1)], "says -5, not -1"),
        ([entry(ISSUED, 1, 1, 1), entry(AVAILABLE, 1, -1, -1)], "is below zero"),
    ],
)
def test_each_fault_is_found_and_named(broken: list[Entry], fault: str) -> None:
    """A missing side, a gap, a wrong balance and a negative account are seen."""
    assert any(fault in found for found in faults(broken))
