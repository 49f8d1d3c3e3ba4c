"""Streaks of days, weeks and months, grown, joined, parted and taken back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.rules.outcomes import RuleMemory
from gateway.domain.rules.streaks import judge_streak, next_beat
from gateway.domain.rules.visits import Beat, VisitRule
from tests.domain.rules.histories import COFFEE

DAILY = VisitRule(visits_required=3, consecutive_required=True, reward=COFFEE)
WEEKLY = replace(DAILY, period=Beat.WEEK)
MONTHLY = replace(DAILY, period=Beat.MONTH)


def november(day: int) -> date:
    return date(2026, 11, day)


class Customer:
    """Somebody who visits and takes visits back, judged each time as a card is."""

    def __init__(self, rule: VisitRule = DAILY) -> None:
        self.rule = rule
        self.visited: set[date] = set()
        self.memory = RuleMemory()
        self.rewards = 0

    def visit(self, *days: date) -> int:
        """Visit on days and return what they give."""
        return sum(self.happen(day, is_visit=True) for day in days)

    def take_back(self, *days: date) -> int:
        """Take the visits of days back and return what that gives, which is below zero."""
        return sum(self.happen(day, is_visit=False) for day in days)

    def happen(self, day: date, *, is_visit: bool) -> int:
        """Visit on a day, or take its visit back, and return what that gives."""
        others = self.visited - {day}
        given, self.memory = judge_streak(self.rule, self.memory, others, day, is_visit=is_visit)
        self.visited = others | {day} if is_visit else others
        self.rewards += given
        return given


def test_every_third_day_in_a_row_brings_a_reward() -> None:
    """The streak goes on after it."""
    customer = Customer()
    days = [november(day) for day in range(1, 8)]
    assert [customer.visit(day) for day in days] == [0, 0, 1, 0, 0, 1, 0]
    assert customer.memory == RuleMemory(count=1, period="2026-11-07", granted=2, streak=7, best=7)


def test_a_day_missed_begins_anew_and_the_best_stays() -> None:
    """Two days, a gap, one day."""
    customer = Customer()
    assert customer.visit(november(1), november(2), november(4)) == 0
    assert (customer.memory.streak, customer.memory.best) == (1, 2)


@pytest.mark.parametrize(
    ("rule", "days", "key"),
    [
        (WEEKLY, [date(2026, 12, 27), date(2026, 12, 28), date(2027, 1, 10)], "2027-W01"),
        (MONTHLY, [date(2026, 11, 30), date(2026, 12, 1), date(2027, 1, 31)], "2027-01"),
        (DAILY, [date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)], "2028-03-01"),
    ],
)
def test_weeks_and_months_follow_each_other_over_the_turn_of_the_year(
    rule: VisitRule, days: list[date], key: str
) -> None:
    """ISO weeks from Monday to Sunday, 2026 with its 53rd; calendar months; a leap day."""
    customer = Customer(rule)
    assert customer.visit(*days) == 1
    assert customer.memory.streak == 3
    assert customer.memory.period == key


@pytest.mark.parametrize("rule", [WEEKLY, MONTHLY])
def test_a_second_day_in_a_period_neither_adds_to_a_streak_nor_takes_from_it(
    rule: VisitRule,
) -> None:
    """A week with two visits is a week, also with one of them taken back."""
    customer = Customer(rule)
    customer.visit(november(9))
    before = customer.memory
    assert customer.visit(november(10)) == 0
    assert customer.take_back(november(9)) == 0
    assert customer.memory == before
    customer.take_back(november(10))
    assert customer.memory == RuleMemory(best=1)


def test_a_streak_is_remembered_when_its_days_are_not_read() -> None:
    """A long streak goes on by its length alone, and a day of it counts once."""
    memory = RuleMemory(period="2026-11-01", streak=500, best=500, granted=166)
    given, after = judge_streak(DAILY, memory, (), november(2), is_visit=True)
    assert (given, after.streak, after.best, after.granted) == (1, 501, 501, 167)
    again = judge_streak(DAILY, after, (), november(1), is_visit=True)
    assert again == (0, after)


@pytest.mark.parametrize(
    ("rule", "period"), [(DAILY, "2026-11-01"), (WEEKLY, "2026-W44"), (MONTHLY, "2026-10")]
)
def test_a_streak_of_every_beat_is_remembered(rule: VisitRule, period: str) -> None:
    """The second of November goes on a streak of days, weeks or months."""
    memory = RuleMemory(period=period, streak=500, best=500, granted=166)
    given, after = judge_streak(rule, memory, (), november(2), is_visit=True)
    assert (given, after.streak) == (1, 501)


def test_a_day_reported_late_goes_before_a_streak_that_is_remembered() -> None:
    """Right before it, it makes it longer; long before it, it leaves it as it is."""
    memory = RuleMemory(count=2, period="2026-11-10", streak=2, best=2)
    given, after = judge_streak(DAILY, memory, (), november(8), is_visit=True)
    assert given == 1
    assert after == RuleMemory(period="2026-11-10", streak=3, best=3, granted=1)
    assert judge_streak(DAILY, memory, (), november(1), is_visit=True) == (0, memory)


def test_a_day_reported_late_joins_the_streaks_beside_it() -> None:
    """Two and two with the day between are five: one reward, the first of them."""
    customer = Customer()
    assert customer.visit(november(1), november(2), november(4), november(5)) == 0
    assert customer.visit(november(3)) == 1
    assert (customer.memory.streak, customer.memory.count) == (5, 2)
    assert customer.memory.period == "2026-11-05"


def test_a_day_reported_late_for_a_streak_that_is_over_leaves_the_current_one() -> None:
    """It completes the old streak and brings its reward."""
    customer = Customer()
    customer.visit(november(1), november(3), november(20))
    assert customer.visit(november(2)) == 1
    assert (customer.memory.streak, customer.memory.period) == (1, "2026-11-20")
    assert customer.memory.best == 3


def test_the_last_day_taken_back_ends_the_streak_a_day_earlier() -> None:
    """With the reward it brought; coming again brings it again."""
    customer = Customer()
    customer.visit(november(1), november(2), november(3))
    assert customer.take_back(november(3)) == -1
    assert (customer.memory.streak, customer.memory.best) == (2, 3)
    assert customer.visit(november(3)) == 1


def test_a_day_taken_out_of_the_middle_parts_the_streak() -> None:
    """Six in a row were two rewards; two and three are one."""
    customer = Customer()
    customer.visit(*(november(day) for day in range(1, 7)))
    assert customer.take_back(november(3)) == -1
    assert (customer.memory.streak, customer.memory.count) == (3, 0)
    assert customer.memory.period == "2026-11-06"


def test_a_day_taken_out_of_an_old_streak_leaves_the_current_one() -> None:
    """Only its reward goes."""
    customer = Customer()
    customer.visit(november(1), november(2), november(3), november(20))
    assert customer.take_back(november(2)) == -1
    assert (customer.memory.streak, customer.memory.period) == (1, "2026-11-20")


def test_a_lone_day_taken_back_leaves_the_streak_before_it_as_the_last() -> None:
    """It can go on where it ended."""
    customer = Customer()
    customer.visit(november(1), november(2), november(4))
    assert customer.take_back(november(4)) == 0
    assert (customer.memory.streak, customer.memory.period) == (2, "2026-11-02")
    assert customer.visit(november(3)) == 1


@pytest.mark.parametrize("period", ["2026-W44", "2026-10", "2026", ""])
def test_a_streak_of_another_beat_is_counted_by_its_days(period: str) -> None:
    """Ten weeks do not become ten days in a new version."""
    memory = RuleMemory(period=period, streak=10, best=10, granted=3)
    visited = {date(2026, 10, 31)}
    _, after = judge_streak(DAILY, memory, visited, november(1), is_visit=True)
    assert (after.streak, after.best) == (2, 10)


@given(
    st.sampled_from(Beat),
    st.lists(st.tuples(st.booleans(), st.integers(0, 40)), max_size=40),
)
def test_in_any_order_the_rewards_are_those_of_the_streaks_there_are(
    beat: Beat, happenings: list[tuple[bool, int]]
) -> None:
    """Counted anew from all days each time, as long as all days are read."""
    customer = Customer(replace(DAILY, period=beat))
    step = {Beat.DAY: 1, Beat.WEEK: 7, Beat.MONTH: 31}[beat]
    first = date(2026, 1, 5)
    for is_visit, offset in happenings:
        day = first + timedelta(days=offset * step)
        if is_visit == (day in customer.visited):
            continue
        customer.happen(day, is_visit=is_visit)

        streaks = _streaks({_number(beat, each) for each in customer.visited})
        assert customer.rewards == customer.memory.granted
        assert customer.rewards == sum(length // 3 for length in streaks)
        assert customer.memory.streak == (streaks[-1] if streaks else 0)
        assert customer.memory.best >= max(streaks, default=0)


def _number(beat: Beat, day: date) -> int:
    if beat is Beat.MONTH:
        return day.year * 12 + day.month
    return (day - date(2025, 12, 29)).days // (7 if beat is Beat.WEEK else 1)


def _streaks(periods: set[int]) -> list[int]:
    lengths: list[int] = []
    for period in sorted(periods):
        if period - 1 in periods:
            lengths[-1] += 1
        else:
            lengths.append(1)
    return lengths


@pytest.mark.parametrize(
    ("beat", "day", "expected"),
    [
        (Beat.DAY, date(2026, 11, 24), date(2026, 11, 25)),
        (Beat.DAY, date(2026, 12, 31), date(2027, 1, 1)),
        (Beat.WEEK, date(2026, 11, 23), date(2026, 11, 30)),
        (Beat.WEEK, date(2026, 11, 29), date(2026, 11, 30)),
        (Beat.MONTH, date(2026, 12, 1), date(2027, 1, 1)),
        (Beat.MONTH, date(2026, 11, 30), date(2026, 12, 1)),
    ],
)
def test_a_beat_begins_on_its_first_day(beat: Beat, day: date, expected: date) -> None:
    """Tomorrow, the next Monday, the first of the next month."""
    assert next_beat(beat, day) == expected
