"""How a balance reads on a stamp card."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.cards import progress


@pytest.mark.parametrize(
    ("available", "stamps", "ready", "text"),
    [
        (0, 0, 0, "0 of 10"),
        (6, 6, 0, "6 of 10"),
        (10, 10, 1, "10 of 10"),
        (11, 1, 1, "1 of 10"),
        (20, 10, 2, "10 of 10"),
    ],
)
def test_a_full_card_reads_full_and_surplus_starts_the_next(
    available: int, stamps: int, ready: int, text: str
) -> None:
    """Ten of ten is a full card with a reward; the eleventh stamp is the next card's first."""
    shown = progress(available, 10)
    assert (shown.stamps, shown.rewards_ready, shown.text) == (stamps, ready, text)


@given(st.integers(0, 10_000), st.integers(2, 50))
def test_no_stamp_is_lost_in_the_reading(available: int, target: int) -> None:
    """Rewards and stamps in hand always add up to the balance."""
    shown = progress(available, target)
    in_hand = shown.stamps % target
    assert shown.rewards_ready * target + in_hand == available
