"""What a card remembers, as it reads on a day: what is over counts no more."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.memories import has_turned, memory_on, next_turn
from gateway.domain.rules.outcomes import RuleMemory
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.promises import FreeItem
from gateway.domain.rules.spending import SpendingRule
from gateway.domain.rules.visits import Beat, VisitRule
from gateway.domain.rules.windows import Period
from tests.plans import stamp_plan

TEA = FreeItem(description="A free tea")


@pytest.mark.parametrize(
    ("period", "today", "count"),
    [
        ("2026-11", date(2026, 11, 30), 1_250),
        ("2026-11", date(2026, 12, 1), 0),
        ("2026-11", date(2026, 10, 31), 1_250),
        ("2026", date(2026, 11, 30), 0),
    ],
)
def test_spending_counts_in_its_period(period: str, today: date, count: int) -> None:
    """Until its last day; where the next one began earlier it counts already, another kind not."""
    rule = SpendingRule(threshold_amount=10_000, reward=TEA, reset_period=Period.MONTHLY)
    memory = {rule.key: RuleMemory(count=1_250, period=period), "gone": RuleMemory(count=1)}
    shown = memory_on(Plan(rules=(rule,)), memory, today)
    assert (shown[rule.key].count, shown["gone"].count) == (count, 1)


@pytest.mark.parametrize(
    ("beat", "period", "today", "streak"),
    [
        (Beat.DAY, "2026-11-20", date(2026, 11, 21), 3),
        (Beat.DAY, "2026-11-20", date(2026, 11, 22), 0),
        (Beat.WEEK, "2026-W47", date(2026, 11, 29), 3),
        (Beat.WEEK, "2026-W47", date(2026, 11, 30), 0),
        (Beat.MONTH, "2026-11", date(2026, 12, 31), 3),
        (Beat.MONTH, "2026-11", date(2027, 1, 1), 0),
    ],
)
def test_a_streak_lives_while_a_visit_can_continue_it(
    beat: Beat, period: str, today: date, streak: int
) -> None:
    """Through the period after its last one; the best streak stays for ever."""
    rule = VisitRule(visits_required=5, consecutive_required=True, period=beat, reward=TEA)
    memory = {rule.key: RuleMemory(count=3, streak=3, best=4, period=period)}
    shown = memory_on(Plan(rules=(rule,)), memory, today)[rule.key]
    assert (shown.streak, shown.count, shown.best) == (streak, streak, 4)


def test_days_within_a_window_are_no_streak() -> None:
    """They stay as they were counted with the last visit."""
    rule = VisitRule(visits_required=5, reward=TEA)
    memory = {rule.key: RuleMemory(count=3, period="2020-01-01")}
    assert memory_on(Plan(rules=(rule,)), memory, date(2026, 11, 21)) == memory


DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
MONTHLY = SpendingRule(threshold_amount=10_000, reward=TEA, reset_period=Period.MONTHLY)
FOR_LIFE = SpendingRule(key="life", threshold_amount=10_000, reward=TEA)
WEEKLY = VisitRule(visits_required=5, consecutive_required=True, period=Beat.WEEK, reward=TEA)


@pytest.mark.parametrize(
    ("rules", "day", "expected"),
    [
        ((MONTHLY,), date(2026, 11, 1), date(2026, 12, 1)),
        ((FOR_LIFE,), date(2026, 11, 1), date.max),
        ((WEEKLY,), date(2026, 11, 22), date(2026, 11, 23)),
        ((FOR_LIFE, MONTHLY, WEEKLY), date(2026, 11, 23), date(2026, 11, 30)),
        ((VisitRule(visits_required=5, reward=TEA),), date(2026, 11, 1), date.max),
        (stamp_plan().rules, date(2026, 11, 1), date.max),
    ],
)
def test_a_plan_turns_when_the_first_of_its_periods_does(
    rules: tuple[SpendingRule | VisitRule, ...], day: date, expected: date
) -> None:
    """After the day asked for; what counts by no periods never does."""
    assert next_turn(Plan(rules=rules), day) == expected


@given(
    rule=st.sampled_from([MONTHLY, FOR_LIFE, WEEKLY]),
    period=st.sampled_from(["2026-11", "2026-12", "2026-W47", "2026-W48", "lifetime"]),
    count=st.integers(0, 2),
    before=DAYS,
    days=st.integers(0, 60),
)
def test_nothing_reads_otherwise_before_the_next_turn(
    rule: SpendingRule | VisitRule, period: str, count: int, before: date, days: int
) -> None:
    """So that looking on the days of turns alone misses no card; what counted nothing never."""
    plan = Plan(rules=(rule,))
    memory = {rule.key: RuleMemory(count=count, streak=count, period=period)}
    today = before + timedelta(days=days)
    turned = has_turned(plan, memory, before, today)
    assert not (turned and today < next_turn(plan, before))
    assert not (turned and not count)
    assert turned == (
        memory_on(plan, memory, before)[rule.key].count
        != memory_on(plan, memory, today)[rule.key].count
    )


def test_a_card_turns_when_one_of_its_rules_does() -> None:
    """On the first day of the next month, and not again the day after; an unknown rule never."""
    memory = {
        "life": RuleMemory(count=5, period="lifetime"),
        MONTHLY.key: RuleMemory(count=5, period="2026-11"),
        "gone": RuleMemory(count=1),
    }
    plan = Plan(rules=(FOR_LIFE, MONTHLY))
    last, first = date(2026, 11, 30), date(2026, 12, 1)
    assert has_turned(plan, memory, last, first)
    assert not has_turned(plan, memory, last, last)
    assert not has_turned(plan, memory, first, first + timedelta(days=1))
