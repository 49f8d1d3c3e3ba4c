"""Redemptions: the one end each comes to, and the one way back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.cards import CardStatus
from gateway.domain.errors import (
    CardBlocked,
    NotReversible,
    RedemptionClosed,
    RedemptionExpired,
    Refusal,
)
from gateway.domain.ledger import Account, TransactionKind, Transfer
from gateway.domain.redemptions import (
    RETURNED_LOT_GRACE,
    TAKE_BACK_HOURS_MAX,
    Ending,
    Fulfilment,
    NothingToFulfil,
    Redemption,
    RedemptionStatus,
    check_fulfilled,
    expiry,
    finish,
    set_aside,
    take_back,
)
from gateway.domain.rewards import Reward, RewardDesign

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(hours=TAKE_BACK_HOURS_MAX)
REWARD = Reward(
    id=UUID(int=2),
    program_id=UUID(int=9),
    design=RewardDesign(name="Coffee", unit="point", cost=10, reservation_minutes=20),
)
RESERVED = Redemption(
    id=UUID(int=3),
    card_id=UUID(int=1),
    reward_id=REWARD.id,
    name="Coffee",
    unit="point",
    cost=10,
    transaction_id=UUID(int=4),
    has_taken_stock=True,
    code="ABCD",
    reserved_at=NOON,
    expires_at=expiry(REWARD, NOON),
)
REDEEMED = replace(RESERVED, status=RedemptionStatus.REDEEMED, ended_at=NOON)
BACK = {"expires_at": NOON + RETURNED_LOT_GRACE, "returns": RESERVED.transaction_id}
SPENT = Transfer("point", Account.RESERVED, Account.REDEEMED, 10)
RELEASED = Transfer("point", Account.RESERVED, Account.AVAILABLE, 10, **BACK)  # type: ignore[arg-type]
ENDS = (TransactionKind.REDEEM, TransactionKind.CANCEL, TransactionKind.LAPSE)


def test_a_reward_sets_its_price_aside_for_its_own_time() -> None:
    """Reserving moves what it costs where nobody else can spend it."""
    assert set_aside(REWARD) == Transfer("point", Account.AVAILABLE, Account.RESERVED, 10)
    assert expiry(REWARD, NOON) == NOON + timedelta(minutes=20)


@pytest.mark.parametrize(
    ("how", "ending"),
    [
        (TransactionKind.REDEEM, Ending(RedemptionStatus.REDEEMED, SPENT, returns_stock=False)),
        (TransactionKind.CANCEL, Ending(RedemptionStatus.CANCELLED, RELEASED, returns_stock=True)),
        (TransactionKind.LAPSE, Ending(RedemptionStatus.EXPIRED, RELEASED, returns_stock=True)),
    ],
)
def test_each_end_moves_what_was_reserved_to_its_place(
    how: TransactionKind, ending: Ending
) -> None:
    """Handed out, it is spent; cancelled or run out, the very lots are back and the piece too."""
    assert finish(RESERVED, how, CardStatus.ACTIVE, NOON) == ending


def test_no_piece_comes_back_that_none_took() -> None:
    """Where nobody counts the stock, nothing is put on the shelf."""
    uncounted = replace(RESERVED, has_taken_stock=False)
    assert not finish(uncounted, TransactionKind.CANCEL, CardStatus.ACTIVE, NOON).returns_stock
    back = take_back(
        replace(uncounted, status=RedemptionStatus.REDEEMED, ended_at=NOON),
        CardStatus.ACTIVE,
        NOON,
        is_manager=False,
    )
    assert not back.returns_stock


@pytest.mark.parametrize("how", ENDS)
@pytest.mark.parametrize("status", [s for s in RedemptionStatus if s != "reserved"])
def test_an_end_is_final(how: TransactionKind, status: RedemptionStatus) -> None:
    """Nothing comes after an end, and the refusal says which it was."""
    with pytest.raises(RedemptionClosed, match=f"already {status}") as refused:
        finish(replace(RESERVED, status=status), how, CardStatus.ACTIVE, NOON)
    assert refused.value.detail == {"status": status}


def test_it_is_too_late_to_hand_out_when_the_time_is_over_but_not_to_cancel() -> None:
    """At the last moment the reward is gone, what it cost is not."""
    late, active = RESERVED.expires_at, CardStatus.ACTIVE
    with pytest.raises(RedemptionExpired):
        finish(RESERVED, TransactionKind.REDEEM, active, late)
    just_in_time = late - timedelta(microseconds=1)
    assert finish(RESERVED, TransactionKind.REDEEM, active, just_in_time).transfer == SPENT
    assert finish(RESERVED, TransactionKind.CANCEL, active, late).returns_stock


@pytest.mark.parametrize("card", [CardStatus.BLOCKED, CardStatus.MERGED])
def test_a_card_out_of_use_gets_nothing_but_its_own_back(card: CardStatus) -> None:
    """It is handed nothing, and what was set aside goes back all the same."""
    with pytest.raises(CardBlocked):
        finish(RESERVED, TransactionKind.REDEEM, card, NOON)
    assert finish(RESERVED, TransactionKind.LAPSE, card, NOON).transfer == RELEASED


@pytest.mark.parametrize("card", [CardStatus.ACTIVE, CardStatus.BLOCKED])
def test_a_redeemed_reward_is_taken_back_to_the_lots_it_came_from(card: CardStatus) -> None:
    """What was spent is back, and the piece with it."""
    ending = take_back(REDEEMED, card, NOON, is_manager=False)
    transfer = Transfer("point", Account.REDEEMED, Account.AVAILABLE, 10, **BACK)  # type: ignore[arg-type]
    assert ending == Ending(RedemptionStatus.REVERSED, transfer, returns_stock=True)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (RedemptionStatus.RESERVED, "not handed out yet"),
        (RedemptionStatus.CANCELLED, "already cancelled"),
        (RedemptionStatus.EXPIRED, "already expired"),
        (RedemptionStatus.REVERSED, "already reversed"),
    ],
)
def test_only_what_was_redeemed_is_taken_back(status: RedemptionStatus, words: str) -> None:
    """And once: a reversed one is not redeemed any more."""
    with pytest.raises(RedemptionClosed, match=words) as refused:
        take_back(replace(REDEEMED, status=status), CardStatus.ACTIVE, NOON, is_manager=True)
    assert refused.value.detail == {"status": status}


def test_after_a_day_only_a_manager_takes_a_reward_back() -> None:
    """To the second: until then anybody at the till may."""
    active = CardStatus.ACTIVE
    assert take_back(REDEEMED, active, NOON + DAY, is_manager=False).returns_stock
    later = NOON + DAY + timedelta(microseconds=1)
    with pytest.raises(NotReversible, match=r"24 hours. Please ask a manager"):
        take_back(REDEEMED, active, later, is_manager=False)
    assert take_back(REDEEMED, active, later, is_manager=True).returns_stock


def test_nothing_goes_back_to_a_card_that_is_no_more() -> None:
    """A merged card's value is on another; there it would be lost."""
    with pytest.raises(CardBlocked, match="merged"):
        take_back(REDEEMED, CardStatus.MERGED, NOON, is_manager=True)


def test_only_what_was_done_counts_as_fulfilled() -> None:
    """Open or nothing to do at all, it is not."""
    check_fulfilled(replace(REDEEMED, fulfilment=Fulfilment.FULFILLED))
    for fulfilment in (Fulfilment.NONE, Fulfilment.OPEN):
        with pytest.raises(NothingToFulfil) as refused:
            check_fulfilled(replace(REDEEMED, fulfilment=fulfilment))
        assert refused.value.detail == {"status": "redeemed"}


@given(st.lists(st.sampled_from([*ENDS, TransactionKind.REVERSE]), max_size=8))
def test_whatever_is_tried_in_whatever_order_it_comes_back_at_most_once(
    tried: list[TransactionKind],
) -> None:
    """The balances of a card are what its redemption's status says, and the piece with them."""
    balances = {Account.AVAILABLE: 0, Account.RESERVED: 10, Account.REDEEMED: 0}
    stock, redemption = 0, RESERVED
    for how in tried:
        try:
            if how is TransactionKind.REVERSE:
                ending = take_back(redemption, CardStatus.ACTIVE, NOON, is_manager=False)
            else:
                ending = finish(redemption, how, CardStatus.ACTIVE, NOON)
        except Refusal:
            continue
        redemption = replace(redemption, status=ending.status, ended_at=NOON)
        for account, delta in ending.transfer.moves:
            balances[account] += delta
        stock += ending.returns_stock
    place = {"reserved": Account.RESERVED, "redeemed": Account.REDEEMED}
    there = place.get(redemption.status, Account.AVAILABLE)
    assert balances == {account: 10 * (account is there) for account in balances}
    assert stock == (there is Account.AVAILABLE)
