"""Undoing a stamp: while it still can be, and what the card remembers afterwards."""

from datetime import timedelta
from uuid import UUID

import pytest

from gateway.domain.errors import AlreadyReversed, NotReversible
from gateway.domain.ledger import STAMP, Account, TransactionKind, Transfer
from gateway.domain.reversals import UNDO_SECONDS_MAX, Past, forget, undo
from tests.domain.test_earning import NOON, make_standing

EARLIER = NOON - timedelta(hours=1)


def make_past(kind: TransactionKind = TransactionKind.EARN, *, is_reversed: bool = False) -> Past:
    return Past(
        id=UUID(int=5),
        card_id=UUID(int=1),
        kind=kind,
        occurred_at=NOON,
        amount=1,
        reversed=is_reversed,
        earned_before=EARLIER,
    )


def test_a_stamp_goes_back_where_it_came_from() -> None:
    """Undoing is the opposite transfer."""
    expected = Transfer(STAMP, Account.AVAILABLE, Account.ISSUED, 1)
    assert undo(make_past(), make_standing(1), NOON) == expected


def test_a_stamp_cannot_be_undone_twice() -> None:
    """The second time is refused."""
    with pytest.raises(AlreadyReversed):
        undo(make_past(is_reversed=True), make_standing(1), NOON)


def test_only_a_stamp_can_be_undone() -> None:
    """A reservation has its own way back."""
    with pytest.raises(NotReversible, match="Only a stamp"):
        undo(make_past(TransactionKind.RESERVE), make_standing(1), NOON)


def test_a_stamp_can_be_undone_for_two_minutes_only() -> None:
    """The last second counts, the one after does not."""
    last = NOON + timedelta(seconds=UNDO_SECONDS_MAX)
    assert undo(make_past(), make_standing(1), last).amount == 1
    with pytest.raises(NotReversible, match="120 seconds"):
        undo(make_past(), make_standing(1), last + timedelta(seconds=1))


def test_a_stamp_that_was_spent_cannot_be_undone() -> None:
    """No balance goes below zero for an undo."""
    with pytest.raises(NotReversible, match="already used"):
        undo(make_past(), make_standing(0), NOON)


def test_after_an_undo_the_limits_are_free_again() -> None:
    """The latest stamp's cooldown and count go with it."""
    standing = make_standing(1, last_earned_at=NOON, earned_that_day=3)
    left = forget(make_past(), standing)
    assert (left.last_earned_at, left.earned_that_day) == (EARLIER, 2)


def test_undoing_an_older_stamp_leaves_the_cooldown_of_the_latest() -> None:
    """A later stamp still stands between now and the next."""
    later = NOON + timedelta(minutes=1)
    standing = make_standing(2, last_earned_at=later, earned_that_day=2)
    left = forget(make_past(), standing)
    assert (left.last_earned_at, left.earned_that_day) == (later, 1)
