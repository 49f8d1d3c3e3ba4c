"""What transfers do to lots: they sum to what a card has, and never to what it owes."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.ledger import Account, Transfer, after, balance
from gateway.domain.lots import Act, LotMove, lot_moves

NOW = datetime(2026, 11, 21, tzinfo=UTC)
ISSUED, PENDING, AVAILABLE = Account.ISSUED, Account.PENDING, Account.AVAILABLE
RESERVED, REDEEMED, EXPIRED = Account.RESERVED, Account.REDEEMED, Account.EXPIRED


def test_what_is_earned_is_a_new_lot() -> None:
    """With the moments that the transfer says."""
    transfer = Transfer("point", ISSUED, PENDING, 5, NOW + timedelta(9), NOW + timedelta(1))
    assert lot_moves({}, [transfer]) == (
        LotMove(
            act=Act.OPEN,
            unit="point",
            account=PENDING,
            amount=5,
            expires_at=NOW + timedelta(9),
            usable_from=NOW + timedelta(1),
        ),
    )


def test_several_lots_of_one_transaction_are_numbered_by_unit() -> None:
    """As a card that is merged into another brings along lots with their own expiry."""
    transfers = [
        Transfer("point", Account.ADJUSTED, AVAILABLE, 1),
        Transfer("stamp", Account.ADJUSTED, AVAILABLE, 2),
        Transfer("point", Account.ADJUSTED, AVAILABLE, 3),
    ]
    numbers = [(move.unit, move.number) for move in lot_moves({}, transfers)]
    assert numbers == [("point", 0), ("stamp", 0), ("point", 1)]


def test_a_debit_prefers_the_lots_it_names() -> None:
    """A refund takes back what its own sale gave."""
    transfer = Transfer("point", AVAILABLE, ISSUED, 5, takes=(UUID(int=1),))
    assert lot_moves({"point": {AVAILABLE: 9}}, [transfer]) == (
        LotMove(act=Act.TAKE, unit="point", amount=5, preferred=(UUID(int=1),)),
    )


def test_what_is_pending_is_taken_from_what_is_pending() -> None:
    """The lots of the account that the value leaves."""
    transfer = Transfer("point", PENDING, ISSUED, 5)
    assert lot_moves({"point": {PENDING: 9, AVAILABLE: 2}}, [transfer]) == (
        LotMove(act=Act.TAKE, unit="point", account=PENDING, amount=5),
    )


def test_a_debit_beyond_the_balance_takes_what_is_there() -> None:
    """What is owed stands in no lot."""
    transfer = Transfer("point", AVAILABLE, ISSUED, 5)
    (move,) = lot_moves({"point": {AVAILABLE: 3}}, [transfer])
    assert move.amount == 3
    assert lot_moves({"point": {AVAILABLE: -3}}, [transfer]) == ()
    assert lot_moves({}, [transfer]) == ()


def test_a_credit_first_pays_what_is_owed() -> None:
    """Of 5 points on 3 owed, 2 are left in the new lot."""
    transfer = Transfer("point", ISSUED, AVAILABLE, 5)
    opened, paid = lot_moves({"point": {AVAILABLE: -3}}, [transfer])
    assert (opened.act, opened.amount) == (Act.OPEN, 5)
    assert paid == LotMove(act=Act.TAKE, unit="point", amount=3)
    assert len(lot_moves({"point": {AVAILABLE: -1}}, [transfer])) == 2
    waiting = Transfer("point", ISSUED, PENDING, 5)
    assert lot_moves({"point": {PENDING: -3}}, [waiting])[1].account is PENDING


def test_what_one_transfer_brings_the_next_can_take() -> None:
    """And no more than that, also of a unit that the card never had."""
    transfers = [
        Transfer("point", ISSUED, AVAILABLE, 2),
        Transfer("point", AVAILABLE, RESERVED, 9),
    ]
    assert [move.amount for move in lot_moves({}, transfers)] == [2, 2]


def test_what_comes_back_goes_into_its_old_lots() -> None:
    """A reservation that is cancelled opens no new lot."""
    transfer = Transfer("point", RESERVED, AVAILABLE, 5, returns=UUID(int=7))
    (move,) = lot_moves({"point": {RESERVED: 5}}, [transfer])
    assert (move.act, move.source) == (Act.RETURN, UUID(int=7))


def test_released_lots_only_change_their_account() -> None:
    """They keep their expiry; nothing is taken and nothing opened."""
    transfer = Transfer("point", PENDING, AVAILABLE, 5)
    released = LotMove(act=Act.RELEASE, unit="point")
    assert lot_moves({"point": {PENDING: 5}}, [transfer]) == (released,)
    owed = lot_moves({"point": {PENDING: 5, AVAILABLE: -2}}, [transfer])
    assert owed == (released, LotMove(act=Act.TAKE, unit="point", amount=2))


def test_accounts_without_lots_have_none() -> None:
    """What was reserved and is handed out leaves no lot."""
    assert lot_moves({"point": {RESERVED: 5}}, [Transfer("point", RESERVED, REDEEMED, 5)]) == ()


_PATHS = [
    (ISSUED, AVAILABLE),
    (AVAILABLE, ISSUED),
    (AVAILABLE, EXPIRED),
    (AVAILABLE, RESERVED),
    (ISSUED, PENDING),
]


@given(
    start=st.integers(-20, 20),
    steps=st.lists(st.tuples(st.sampled_from(_PATHS), st.integers(1, 9)), max_size=12),
)
def test_open_lots_sum_to_the_balance_or_to_nothing(
    start: int, steps: Sequence[tuple[tuple[Account, Account], int]]
) -> None:
    """Whatever is done: I20, as the ledger keeps it."""
    balances = {"point": {AVAILABLE: start}}
    transfers = [Transfer("point", *path, amount) for path, amount in steps]
    lots = {AVAILABLE: max(start, 0), PENDING: 0}
    for move in lot_moves(balances, transfers):
        assert move.act in {Act.OPEN, Act.TAKE}
        lots[move.account] += move.amount if move.act is Act.OPEN else -move.amount
        assert lots[move.account] >= 0
    left = after(balances, transfers)
    assert lots[AVAILABLE] == max(balance(left, "point", AVAILABLE), 0)
    assert lots[PENDING] == max(balance(left, "point", PENDING), 0)


@pytest.mark.parametrize("amount", [0, -1, 10**9 + 1])
def test_a_transfer_moves_a_real_amount(amount: int) -> None:
    """Anything else is our own mistake."""
    with pytest.raises(AssertionError):
        Transfer("point", ISSUED, AVAILABLE, amount)
