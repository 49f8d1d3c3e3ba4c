"""Visits on so many days within a window that slides."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.rules.outcomes import RuleMemory
from gateway.domain.rules.visit_days import judge_days
from gateway.domain.rules.visits import VisitRule
from tests.domain.rules.histories import COFFEE

RULE = VisitRule(visits_required=3, within_days=5, reward=COFFEE)
FIRST = date(2026, 11, 1)


def november(day: int) -> date:
    return date(2026, 11, day)


class Customer:
    """Somebody who visits and takes visits back, judged each time as a card is."""

    def __init__(self, rule: VisitRule = RULE) -> None:
        self.rule = rule
        self.visited: set[date] = set()
        self.memory = RuleMemory()
        self.rewards = 0

    def visit(self, *days: int) -> int:
        """Visit on days of November and return what they give."""
        return sum(self.happen(november(day), is_visit=True) for day in days)

    def take_back(self, *days: int) -> int:
        """Take the visits of days back and return what that gives, which is below zero."""
        return sum(self.happen(november(day), is_visit=False) for day in days)

    def happen(self, day: date, *, is_visit: bool) -> int:
        """Visit on a day, or take its visit back, and return what that gives."""
        others = self.visited - {day}
        given, self.memory = judge_days(self.rule, self.memory, others, day, is_visit=is_visit)
        self.visited = others | {day} if is_visit else others
        self.rewards += given
        return given


def test_the_visits_within_the_window_bring_the_reward() -> None:
    """Three days within five, the first and the fifth included."""
    customer = Customer()
    assert customer.visit(1, 3) == 0
    assert customer.memory.count == 2
    assert customer.visit(5) == 1
    assert customer.memory == RuleMemory(granted=1, used_until=november(5))


def test_a_visit_that_slid_out_of_the_window_no_longer_counts() -> None:
    """The sixth day does not see the first."""
    customer = Customer()
    assert customer.visit(1, 3, 6) == 0
    assert customer.memory.count == 2
    assert customer.visit(7) == 1


def test_each_day_counts_for_one_reward_only() -> None:
    """Six days in a row are two rewards, not four."""
    customer = Customer()
    assert [customer.visit(day) for day in range(1, 7)] == [0, 0, 1, 0, 0, 1]
    assert customer.memory.period == "2026-11-03"


def test_a_day_reported_late_completes_the_window_around_it() -> None:
    """The till was offline on the second: the reward comes with its report."""
    customer = Customer()
    assert customer.visit(1, 4) == 0
    assert customer.visit(2) == 1
    assert customer.memory.used_until == november(4)


def test_a_day_reported_late_leaves_the_days_after_the_window_free() -> None:
    """The fifth day is not needed for the reward of the fourth, and counts for the next."""
    customer = Customer()
    customer.visit(1)
    customer.rule = replace(RULE, visits_required=4)
    customer.visit(3, 4)
    customer.rule = RULE
    customer.visited |= {november(5)}
    assert customer.visit(2) == 1
    assert customer.memory.used_until == november(3)
    assert customer.memory.count == 2


def test_a_day_reported_after_its_reward_counts_for_none() -> None:
    """It cannot be said any more what it would have been for."""
    customer = Customer()
    customer.visit(1, 3, 4)
    before = customer.memory
    assert customer.visit(2) == 0
    assert customer.memory == before


def test_a_visit_taken_back_before_the_reward_counts_no_more() -> None:
    """One of two is left."""
    customer = Customer()
    customer.visit(1, 2)
    assert customer.take_back(2) == 0
    assert customer.memory.count == 1
    assert customer.take_back(1) == 0
    assert customer.memory.count == 0


def test_a_visit_of_the_last_reward_taken_back_takes_it_back_and_frees_the_others() -> None:
    """Whichever of the three it was; another visit in time brings it again."""
    for day in (1, 2, 3):
        customer = Customer()
        customer.visit(1, 2, 3)
        assert customer.take_back(day) == -1
        assert customer.memory == RuleMemory(count=2)
        assert customer.visit(4) == 1


def test_another_day_stands_in_for_the_one_taken_back() -> None:
    """The fourth visit was towards the next reward, and now makes this one."""
    customer = Customer()
    customer.visit(1, 2, 3, 4)
    assert customer.memory.count == 1
    assert customer.take_back(2) == 0
    assert customer.memory.used_until == november(4)
    assert customer.memory.count == 0


def test_days_reported_late_stand_in_before_days_of_the_next_reward() -> None:
    """What counted for none while the reward was there is used first."""
    customer = Customer()
    customer.visit(1, 5, 3, 2, 6)
    assert customer.rewards == 1
    assert customer.take_back(5) == 0
    assert customer.memory.used_until == november(3)
    assert customer.memory.count == 1


def test_what_stands_in_leaves_no_reward_open() -> None:
    """A day taken back gives none, so all that would make a further one is used up."""
    customer = Customer()
    customer.visit(5, 1, 2, 3, 4, 6, 7)
    assert customer.rewards == 1
    assert customer.take_back(5) == 0
    assert customer.memory.used_until == november(4)
    assert customer.memory.count == 2


def test_only_the_last_reward_is_taken_back() -> None:
    """A day of the one before changes nothing; the last one leaves the days before it used."""
    customer = Customer()
    customer.visit(1, 2, 3, 4, 5, 6)
    before = customer.memory
    assert customer.take_back(2) == 0
    assert customer.memory == before
    assert customer.take_back(6) == -1
    assert customer.memory == RuleMemory(granted=1, count=2, used_until=november(3))


def test_the_boundary_between_two_rewards_belongs_to_the_first() -> None:
    """The day in `period` itself was counted for the reward before the last."""
    customer = Customer()
    customer.visit(1, 2, 3, 4, 5, 6)
    assert customer.take_back(3) == 0
    assert customer.memory.granted == 2


def test_the_last_days_of_both_rewards_are_used_even_when_their_visits_are_not_read() -> None:
    """Neither a report for the one nor a visit taken back of the other changes anything."""
    memory = RuleMemory(granted=2, period="2026-11-03", used_until=november(6))
    visited = {november(5), november(4)}
    again = judge_days(RULE, memory, visited, november(6), is_visit=True)
    assert again == (0, memory)
    assert judge_days(RULE, memory, (), november(3), is_visit=False) == (0, memory)


@given(
    st.lists(st.integers(0, 90), unique=True).map(sorted),
    st.integers(2, 6),
    st.integers(6, 30),
)
def test_in_order_the_rewards_are_those_of_counting_by_hand(
    offsets: list[int], required: int, within: int
) -> None:
    """Each day once, greedily: as soon as enough unused days are in the window, they are used."""
    rule = replace(RULE, visits_required=required, within_days=within)
    customer = Customer(rule)
    unused: list[int] = []
    rewards = 0
    for offset in offsets:
        unused = [each for each in unused if each > offset - within] + [offset]
        if len(unused) == required:
            rewards, unused = rewards + 1, []
        customer.happen(FIRST + timedelta(days=offset), is_visit=True)

        assert customer.rewards == customer.memory.granted == rewards
        assert customer.memory.count == len(unused)


@given(st.lists(st.integers(0, 40), unique=True, min_size=1), st.data())
def test_visits_in_any_order_and_taken_back_never_go_below_nothing(
    offsets: list[int], data: st.DataObject
) -> None:
    """There are never more rewards than days for them, and all days taken back leave none open."""
    customer = Customer()
    for offset in offsets:
        customer.happen(FIRST + timedelta(days=offset), is_visit=True)
        assert customer.rewards * RULE.visits_required <= len(customer.visited)
    for offset in data.draw(st.permutations(offsets)):
        before = customer.rewards
        given = customer.happen(FIRST + timedelta(days=offset), is_visit=False)
        assert given in {0, -1}
        assert customer.rewards == before + given >= 0
        assert 0 <= customer.memory.count < RULE.visits_required
