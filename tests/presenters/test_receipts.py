"""The line a till prints: what changed, how the card stands, and never too long."""

from gateway.presenters.answers import CardProgress
from gateway.presenters.receipts import RECEIPT_CHARACTERS_MAX, receipt_text

POINTS = CardProgress(unit="point", count=1_234, target=None, rewards_ready=0, text="1,234 points")


def test_what_changed_comes_first() -> None:
    """One is singular, below zero is taken back, nothing is not said."""
    given = {"point": -12, "stamp": 1, "voucher:cake": 1, "gold": 0}
    assert receipt_text(given, POINTS) == ("-12 points. +1 stamp. +1 reward. Now 1,234 points.")


def test_rewards_and_tiers_are_told_when_there_are_some() -> None:
    """And the reward that was handed out."""
    full = CardProgress(unit="stamp", count=3, target=3, rewards_ready=2, text="3 of 3")
    assert receipt_text({}, full, "Gold", "Coffee") == (
        "Coffee. Now 3 of 3. Rewards ready: 2. Tier: Gold."
    )


def test_the_longest_line_ends_in_time() -> None:
    """Cut where the receipt ends, and one can see that."""
    text = receipt_text({}, POINTS, reward="Cake " * 60)
    assert len(text) == RECEIPT_CHARACTERS_MAX
    assert text.endswith("…")
    rest = len(receipt_text({}, POINTS, reward=" ")) - 1
    exact = receipt_text({}, POINTS, reward="x" * (RECEIPT_CHARACTERS_MAX - rest))
    assert (len(exact), exact[-1]) == (RECEIPT_CHARACTERS_MAX, ".")
