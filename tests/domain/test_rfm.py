"""Quintiles, and the eleven cells of customers."""

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.rfm import POPULATION_MIN, Activity, RfmCell, RfmScore, scores

# The widely copied patterns of recency and frequency, first match, with 11 taken out before.
PATTERNS = {
    "11": RfmCell.LOST,
    "[1-2][1-2]": RfmCell.HIBERNATING,
    "[1-2][3-4]": RfmCell.AT_RISK,
    "[1-2]5": RfmCell.CANNOT_LOSE,
    "3[1-2]": RfmCell.ABOUT_TO_SLEEP,
    "33": RfmCell.NEED_ATTENTION,
    "[3-4][4-5]": RfmCell.LOYAL,
    "41": RfmCell.PROMISING,
    "51": RfmCell.NEW,
    "[4-5][2-3]": RfmCell.POTENTIAL_LOYALIST,
    "5[4-5]": RfmCell.CHAMPIONS,
}
ACTIVITIES = st.builds(
    Activity,
    days_since=st.integers(0, 400),
    visits=st.integers(1, 50),
    spent=st.integers(0, 100_000),
)


@pytest.mark.parametrize(("recency", "frequency"), list(product(range(1, 6), repeat=2)))
def test_all_25_cells_are_covered_as_the_patterns_say(recency: int, frequency: int) -> None:
    """Whatever was spent."""
    expected = next(
        cell
        for pattern, cell in PATTERNS.items()
        if re.fullmatch(pattern, f"{recency}{frequency}")
    )
    for money in range(1, 6):
        assert RfmScore(recency=recency, frequency=frequency, money=money).cell is expected


def test_there_are_eleven_cells() -> None:
    """And each has a name of its own."""
    assert set(PATTERNS.values()) == set(RfmCell)
    assert len(RfmCell) == 11


def test_a_hundred_different_customers_are_twenty_in_each_quintile() -> None:
    """Five is best: the latest, the most frequent, the greatest spender."""
    activities = {
        number: Activity(days_since=100 - number, visits=number + 1, spent=number * 100)
        for number in range(100)
    }
    found = scores(activities)
    for number, score in found.items():
        quintile = number // 20 + 1
        assert score == RfmScore(recency=quintile, frequency=quintile, money=quintile)


def test_of_few_customers_recency_and_frequency_have_fixed_limits() -> None:
    """Up to 7, 30, 60, 120 days; from 2, 3, 5, 10 visits."""
    days = [7, 8, 30, 31, 60, 61, 120, 121]
    visits = [1, 2, 3, 4, 5, 9, 10, 11]
    found = scores(
        {
            index: Activity(days_since=days[index], visits=visits[index], spent=0)
            for index in range(8)
        }
    )
    assert [found[index].recency for index in range(8)] == [5, 4, 4, 3, 3, 2, 2, 1]
    assert [found[index].frequency for index in range(8)] == [1, 2, 3, 3, 4, 4, 5, 5]
    assert {score.money for score in found.values()} == {1}


@pytest.mark.parametrize("population", [POPULATION_MIN - 1, POPULATION_MIN])
def test_fifty_customers_are_enough_for_quintiles(population: int) -> None:
    """Somebody who came a year ago is not among the last fifth when all others did too."""
    activities = {
        number: Activity(days_since=365, visits=1, spent=0) for number in range(population)
    }
    activities[0] = Activity(days_since=300, visits=1, spent=0)
    expected = 5 if population == POPULATION_MIN else 1
    assert scores(activities)[0].recency == expected


def test_nobody_has_no_scores() -> None:
    """An empty program is no mistake."""
    assert scores({}) == {}


@given(st.lists(ACTIVITIES, max_size=120))
def test_equal_customers_are_equal_and_better_ones_never_worse(found: list[Activity]) -> None:
    """Each quintile follows its own measure."""
    activities = dict(enumerate(found))
    scored = scores(activities)
    for one, other in zip(scored, [*scored][1:], strict=False):
        mine, theirs = activities[one], activities[other]
        pairs = (
            (theirs.days_since - mine.days_since, scored[one].recency - scored[other].recency),
            (mine.visits - theirs.visits, scored[one].frequency - scored[other].frequency),
            (mine.spent - theirs.spent, scored[one].money - scored[other].money),
        )
        for better, higher in pairs:
            assert higher == 0 if better == 0 else better * higher >= 0
    assert all(1 <= score.money <= 5 for score in scored.values())
