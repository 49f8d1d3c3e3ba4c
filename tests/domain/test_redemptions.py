"""Redemptions: what may be reserved, and the one end each comes to."""

from datetime import timedelta
from uuid import UUID

import pytest

from gateway.domain.cards import CardStatus
from gateway.domain.errors import CardBlocked, NotEnough, RedemptionClosed, RedemptionExpired
from gateway.domain.ledger import STAMP, Account, TransactionKind, Transfer
from gateway.domain.programs import ProgramStatus
from gateway.domain.redemptions import (
    Redemption,
    RedemptionStatus,
    Reward,
    expiry,
    finish,
    reserve,
)
from tests.domain.test_earning import NOON, make_standing

REWARD = Reward(id=UUID(int=2), name="Coffee", cost=10)
RESERVED = Redemption(
    id=UUID(int=3),
    card_id=UUID(int=1),
    reward=REWARD,
    status=RedemptionStatus.RESERVED,
    code="ABCD",
    reserved_at=NOON,
    expires_at=expiry(NOON),
)


def test_a_reward_sets_its_price_aside() -> None:
    """Reserving moves the stamps where nobody else can spend them."""
    expected = Transfer(STAMP, Account.AVAILABLE, Account.RESERVED, 10)
    assert reserve(make_standing(12), REWARD) == expected


@pytest.mark.parametrize("status", [ProgramStatus.PAUSED, ProgramStatus.ENDED])
def test_what_was_earned_is_honoured_when_the_program_stopped(status: ProgramStatus) -> None:
    """A full card is worth its reward also afterwards."""
    assert reserve(make_standing(10, program_status=status), REWARD).amount == 10


@pytest.mark.parametrize(("available", "words"), [(9, "1 more stamp to"), (3, "7 more stamps to")])
def test_too_few_stamps_are_refused_with_how_many_are_missing(available: int, words: str) -> None:
    """The refusal counts, in words a person would use."""
    with pytest.raises(NotEnough, match=words) as refused:
        reserve(make_standing(available), REWARD)
    assert refused.value.detail["missing"] == 10 - available


def test_a_blocked_card_gets_no_reward() -> None:
    """A blocked card is refused."""
    with pytest.raises(CardBlocked):
        reserve(make_standing(10, card_status=CardStatus.BLOCKED), REWARD)


@pytest.mark.parametrize(
    ("how", "status", "destination"),
    [
        (TransactionKind.REDEEM, RedemptionStatus.REDEEMED, Account.REDEEMED),
        (TransactionKind.CANCEL, RedemptionStatus.CANCELLED, Account.AVAILABLE),
        (TransactionKind.EXPIRE, RedemptionStatus.EXPIRED, Account.AVAILABLE),
    ],
)
def test_each_end_moves_the_reserved_stamps_to_its_place(
    how: TransactionKind, status: RedemptionStatus, destination: Account
) -> None:
    """Handed out, they are spent; cancelled or run out, they are back."""
    expected = (status, Transfer(STAMP, Account.RESERVED, destination, 10))
    assert finish(RESERVED, how, NOON) == expected


@pytest.mark.parametrize("how", [TransactionKind.REDEEM, TransactionKind.CANCEL])
@pytest.mark.parametrize(
    "status",
    [RedemptionStatus.REDEEMED, RedemptionStatus.CANCELLED, RedemptionStatus.EXPIRED],
)
def test_an_end_is_final(how: TransactionKind, status: RedemptionStatus) -> None:
    """Nothing comes after redeemed, cancelled or expired."""
    ended = Redemption(
        id=RESERVED.id,
        card_id=RESERVED.card_id,
        reward=REWARD,
        status=status,
        code=RESERVED.code,
        reserved_at=NOON,
        expires_at=RESERVED.expires_at,
    )
    with pytest.raises(RedemptionClosed):
        finish(ended, how, NOON)


def test_it_is_too_late_to_hand_out_when_the_time_is_over_but_not_to_cancel() -> None:
    """At the end of the quarter of an hour the reward is gone, the stamps are not."""
    with pytest.raises(RedemptionExpired):
        finish(RESERVED, TransactionKind.REDEEM, RESERVED.expires_at)
    just_in_time = RESERVED.expires_at - timedelta(seconds=1)
    assert finish(RESERVED, TransactionKind.REDEEM, just_in_time)
    assert finish(RESERVED, TransactionKind.CANCEL, RESERVED.expires_at)
