"""Stamps: what they are given for, what is left over, and rewards on the way."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.rules.promises import FreeItem
from gateway.domain.rules.qualifying import Counted
from gateway.domain.rules.stamps import (
    EarnBasis,
    PunchRule,
    StampEarnRule,
    StampRule,
    fitting,
    reached,
    stamps_worth,
)

COFFEE = FreeItem(description="A free coffee")


def a_rule(kind: EarnBasis, value: int) -> StampRule:
    return StampRule(
        stamps_required=10, stamp_earn_rule=StampEarnRule(type=kind, value=value), reward=COFFEE
    )


def a_line(amount: int, items: Fraction | int = 1) -> Counted:
    return Counted(None, amount, Fraction(items))


def test_a_punch_is_one_whatever_was_bought() -> None:
    """One per qualifying purchase."""
    rule = PunchRule(punches_required=5, reward=COFFEE)
    assert stamps_worth(rule, (), 0) == (1, 0)
    assert stamps_worth(rule, (a_line(5_000, 9),), 0) == (1, 0)


def test_a_visit_gives_what_the_rule_says() -> None:
    """Two per visit, with or without an amount."""
    assert stamps_worth(a_rule(EarnBasis.PER_VISIT, 2), (), 0) == (2, 0)


@pytest.mark.parametrize(
    ("items", "carried", "worth"),
    [
        ((1,), 0, (0, 1)),
        ((2, 3), 0, (2, 1)),
        ((2, 3), 1, (3, 0)),
        ((Fraction(1, 3), Fraction(5, 3)), 0, (1, 0)),
        ((Fraction(5, 3),), 0, (0, 1)),
    ],
)
def test_items_are_counted_whole(
    items: tuple[Fraction | int, ...], carried: int, worth: tuple[int, int]
) -> None:
    """A stamp for every two items; parts of items come together before they are cut."""
    lines = tuple(a_line(100, kept) for kept in items)
    assert stamps_worth(a_rule(EarnBasis.PER_ITEM, 2), lines, carried) == worth


@pytest.mark.parametrize(
    ("amounts", "carried", "worth"),
    [
        ((499,), 0, (0, 499)),
        ((500,), 0, (1, 0)),
        ((300, 300), 0, (1, 100)),
        ((300,), 200, (1, 0)),
        ((300,), -400, (0, -100)),
        ((1_000,), -400, (1, 100)),
    ],
)
def test_an_amount_gives_whole_stamps_and_the_rest_is_left_over(
    amounts: tuple[int, ...], carried: int, worth: tuple[int, int]
) -> None:
    """A stamp for every 5.00; what a refund left below zero is made up for first."""
    lines = tuple(a_line(amount) for amount in amounts)
    assert stamps_worth(a_rule(EarnBasis.PER_DOLLAR, 500), lines, carried) == worth


@given(st.integers(1, 1_000), st.lists(st.integers(1, 5_000), min_size=1, max_size=8))
def test_carrying_on_comes_to_the_same_as_one_purchase(value: int, amounts: list[int]) -> None:
    """However a customer splits what they buy."""
    rule = a_rule(EarnBasis.PER_DOLLAR, value)
    carried = stamps = 0
    for amount in amounts:
        more, carried = stamps_worth(rule, (a_line(amount),), carried)
        stamps += more
    assert (stamps, carried) == divmod(sum(amounts), value)


@pytest.mark.parametrize(
    ("wanted", "collected", "fits"), [(5, 8, 2), (2, 8, 2), (1, 8, 1), (12, 0, 10), (12, 10, 10)]
)
def test_what_does_not_fit_on_the_card_is_discarded(
    wanted: int, collected: int, fits: int
) -> None:
    """Up to the next full card of ten, and a full one begins anew."""
    assert fitting(wanted, collected, 10) == fits


@pytest.mark.parametrize(
    ("before", "now", "times"),
    [
        (0, 2, 0),
        (0, 3, 1),
        (2, 3, 1),
        (3, 4, 0),
        (3, 13, 1),
        (2, 13, 2),
        (9, 12, 0),
        (10, 13, 1),
        (-5, 2, 0),
        (-5, 3, 1),
        (-20, -3, 0),
        (5, 5, 0),
    ],
)
def test_a_reward_on_the_way_is_passed_once_per_card(before: int, now: int, times: int) -> None:
    """The third of ten, and again the third of the next card; never below nothing."""
    assert reached(3, 10, before, now) == times


@given(st.integers(1, 9), st.integers(-50, 200), st.lists(st.integers(0, 40), max_size=6))
def test_many_steps_pass_as_often_as_one(at: int, before: int, steps: list[int]) -> None:
    """However stamps come, each card's reward on the way is given once."""
    now, times = before, 0
    for step in steps:
        times += reached(at, 10, now, now + step)
        now += step
    assert times == reached(at, 10, before, now)
    assert times == sum(stamp % 10 == at % 10 for stamp in range(max(before, 0) + 1, now + 1))
