"""How far a card is, as it reads on the card, for every kind of rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.ledger import Account, Balances
from gateway.domain.progress import (
    Counts,
    Progress,
    leading,
    progress_of,
    rule_progress,
    stamp_progress,
)
from gateway.domain.rules.outcomes import RuleMemory
from gateway.domain.rules.plan import Plan, Rule
from gateway.domain.rules.promises import FreeItem
from gateway.domain.rules.spending import SpendingRule
from gateway.domain.rules.tiers import Measure, Threshold, Tier, TierRule
from gateway.domain.rules.visits import VisitRule
from tests.domain.earning.tills import points, punches, stamps

TEA = FreeItem(description="A free tea")
SPENDING = SpendingRule(threshold_amount=10_000, reward=TEA)
VISITS = VisitRule(visits_required=8, reward=TEA)
GOLD = Tier(key="gold", name="Gold", threshold=Threshold(type=Measure.POINTS, value=100))
TIERS = TierRule(tiers=(GOLD,))
RULES: tuple[Rule, ...] = (stamps(), punches(), SPENDING, VISITS, points(), TIERS)


@pytest.mark.parametrize(
    ("available", "count", "ready", "text"),
    [
        (-1, 0, 0, "0 of 10"),
        (0, 0, 0, "0 of 10"),
        (6, 6, 0, "6 of 10"),
        (10, 10, 1, "10 of 10"),
        (11, 1, 1, "1 of 10"),
        (20, 10, 2, "10 of 10"),
    ],
)
def test_a_full_card_reads_full_and_surplus_starts_the_next(
    available: int, count: int, ready: int, text: str
) -> None:
    """Ten of ten is a full card with a reward; the eleventh stamp is the next card's first."""
    shown = stamp_progress(available, 10)
    assert (shown.count, shown.rewards_ready, shown.text) == (count, ready, text)
    assert (shown.target, shown.unit, shown.scale) == (10, "stamp", 0)
    assert shown.counts is Counts.STAMPS


@given(st.integers(0, 10_000), st.integers(2, 50))
def test_no_stamp_is_lost_in_the_reading(available: int, target: int) -> None:
    """Rewards and stamps in hand always add up to the balance."""
    shown = stamp_progress(available, target)
    in_hand = shown.count % target
    assert shown.rewards_ready * target + in_hand == available


@pytest.mark.parametrize("first", range(len(RULES)))
def test_a_card_shows_what_fills_up_before_what_adds_up(first: int) -> None:
    """Stamps, punches, spending, visits, points and tiers, wherever they stand in the plan."""
    backwards = Plan(rules=tuple(reversed(RULES[first:])))
    assert leading(backwards) is RULES[first]


def on_card(**available: int) -> Balances:
    return {unit.replace("__", ":"): {Account.AVAILABLE: here} for unit, here in available.items()}


@pytest.mark.parametrize(
    ("rule", "balances", "shown"),
    [
        (stamps(), on_card(stamp=23), Progress(3, 10, 2)),
        (
            punches(5, unit="punch"),
            on_card(punch=2, stamp=4),
            Progress(2, 5, 0, "punch", counts=Counts.PUNCHES),
        ),
        (
            SPENDING,
            on_card(voucher__spending=1),
            Progress(1_250, 10_000, 1, "EUR", 2, Counts.MONEY),
        ),
        (VISITS, on_card(voucher__visits=2), Progress(3, 8, 2, "visit", counts=Counts.VISITS)),
        (points(), on_card(point=700), Progress(700, None, 0, "point", counts=Counts.POINTS)),
        (TIERS, on_card(point=70), Progress(70, None, 0, "point", counts=Counts.POINTS)),
    ],
)
def test_each_rule_reads_from_its_own_unit_and_memory(
    rule: Rule, balances: Balances, shown: Progress
) -> None:
    """Stamps and points stand in the ledger, spending and visits in what the card remembers."""
    memory = {"spending": RuleMemory(count=1_250), "visits": RuleMemory(count=3)}
    plan = Plan(rules=(rule,))
    assert rule_progress(plan, rule, balances, memory) == shown
    assert progress_of(plan, balances, memory) == shown


def test_a_card_that_remembers_nothing_is_at_its_beginning() -> None:
    """Nothing spent, nothing ready."""
    assert progress_of(Plan(rules=(SPENDING,)), {}).count == 0
    assert progress_of(Plan(rules=(VISITS,)), {}).rewards_ready == 0


@pytest.mark.parametrize(("spent", "shown"), [(9_999, 9_999), (10_000, 10_000), (12_345, 10_000)])
def test_spending_for_one_reward_reads_full_and_no_fuller(spent: int, shown: int) -> None:
    """What is spent beyond the only reward leads to nothing more."""
    once = SpendingRule(threshold_amount=10_000, reward=TEA, repeats=False)
    found = progress_of(Plan(rules=(once,)), {}, {"spending": RuleMemory(count=spent)})
    assert (found.count, found.missing) == (shown, 10_000 - shown)


def test_spending_for_reward_after_reward_reads_as_it_was_counted() -> None:
    """A version with a lower threshold gives with the next purchase, and says so until then."""
    found = progress_of(Plan(rules=(SPENDING,)), {}, {"spending": RuleMemory(count=12_345)})
    assert (found.count, found.missing) == (12_345, 0)


def test_spending_is_told_with_the_digits_of_its_currency() -> None:
    """Yen have none."""
    yen = Plan(rules=(SPENDING,), currency="JPY")
    assert progress_of(yen, {}, {"spending": RuleMemory(count=1_250)}).text == "1,250 of 10,000"


@pytest.mark.parametrize(
    ("progress", "text"),
    [
        (Progress(1_234, None, 0, "point"), "1,234 points"),
        (Progress(3, None, 0, "bean"), "3 bean"),
        (Progress(125_000, 1_000_000, 0, "EUR", 2), "1,250.00 of 10,000.00"),
        (Progress(1_250, 9_000, 0, "JPY"), "1,250 of 9,000"),
        (Progress(1, 8, 0, "visit"), "1 of 8"),
    ],
)
def test_progress_is_told_in_words(progress: Progress, text: str) -> None:
    """For whoever cannot see dots: with the digits of the currency."""
    assert progress.text == text


@pytest.mark.parametrize(
    ("progress", "missing"),
    [(Progress(3, 10, 0), 7), (Progress(12, 10, 0), 0), (Progress(3, None, 0), None)],
)
def test_what_is_missing_is_never_less_than_nothing(
    progress: Progress, missing: int | None
) -> None:
    """And where nothing fills up, nothing is missing."""
    assert progress.missing == missing


@pytest.mark.parametrize(
    ("counts", "target", "has_places"),
    [
        (Counts.STAMPS, 10, True),
        (Counts.PUNCHES, 10, True),
        (Counts.STAMPS, None, False),
        (Counts.MONEY, 10_000, False),
        (Counts.VISITS, 8, False),
        (Counts.POINTS, None, False),
    ],
)
def test_only_stamps_and_punches_have_places(
    counts: Counts, target: int | None, *, has_places: bool
) -> None:
    """Ten thousand cents are no ten thousand dots."""
    assert Progress(1, target, 0, counts=counts).has_places is has_places
