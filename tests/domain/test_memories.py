"""What a card remembers, as it reads on a day: what is over counts no more."""

from datetime import date

import pytest

from gateway.domain.memories import memory_on
from gateway.domain.rules.outcomes import RuleMemory
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.promises import FreeItem
from gateway.domain.rules.spending import SpendingRule
from gateway.domain.rules.visits import Beat, VisitRule
from gateway.domain.rules.windows import Period

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
