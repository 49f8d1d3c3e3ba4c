"""Spending towards a reward: thresholds, periods, refunds."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.rules.outcomes import Judgement, RuleMemory
from gateway.domain.rules.spending import SpendingRule
from gateway.domain.rules.spending_progress import judge_spending
from gateway.domain.rules.windows import Period
from tests.domain.rules.histories import COFFEE, a_card

RULE = SpendingRule(threshold_amount=10_000, reward=COFFEE)
MONTHLY = replace(RULE, reset_period=Period.MONTHLY)
ONCE = replace(RULE, repeats=False)
TODAY = date(2026, 11, 21)


def judge(
    rule: SpendingRule, change: int, memory: RuleMemory | None = None, today: date = TODAY
) -> Judgement:
    card = a_card(memory={rule.key: memory} if memory else {})
    return judge_spending(rule, card, today, change)


def run(rule: SpendingRule, *changes: int, memory: RuleMemory | None = None) -> list[int]:
    """Return what each change gives, one after the other."""
    gifts = []
    for change in changes:
        judgement = judge(rule, change, memory)
        memory = judgement.memory
        gifts.append(judgement.given)
    return gifts


def test_exactly_the_threshold_is_enough() -> None:
    """99.99 leaves a cent to go, and the cent brings the reward."""
    judgement = judge(RULE, 9_999)
    assert judgement.given == 0
    assert judgement.memory == RuleMemory(period="lifetime", count=9_999)
    judgement = judge(RULE, 1, judgement.memory)
    assert judgement.given == 1
    assert judgement.memory == RuleMemory(period="lifetime", granted=1)


def test_one_purchase_can_bring_several_rewards() -> None:
    """250 euros are two rewards of 100, and 50 towards the third."""
    judgement = judge(RULE, 25_000)
    assert judgement.given == 2
    assert judgement.memory.count == 5_000


def test_a_rule_that_does_not_repeat_gives_once_in_a_period() -> None:
    """However much is spent, until the next period begins."""
    assert run(ONCE, 9_000, 25_000, 50_000) == [0, 1, 0]
    monthly = replace(ONCE, reset_period=Period.MONTHLY)
    november = judge(monthly, 25_000)
    december = judge(monthly, 10_000, november.memory, date(2026, 12, 1))
    assert (november.given, december.given) == (1, 1)


@pytest.mark.parametrize(
    ("period", "later", "key"),
    [
        (Period.MONTHLY, date(2026, 12, 1), "2026-12"),
        (Period.QUARTERLY, date(2027, 1, 1), "2027-Q1"),
        (Period.YEARLY, date(2027, 1, 1), "2027"),
    ],
)
def test_a_new_period_begins_at_zero(period: Period, later: date, key: str) -> None:
    """What was too little in the last one is gone."""
    rule = replace(RULE, reset_period=period)
    before = judge(rule, 9_999)
    after = judge(rule, 1, before.memory, later)
    assert after.given == 0
    assert after.memory == RuleMemory(period=key, count=1)


def test_a_refund_takes_back_what_is_no_longer_due() -> None:
    """Below the threshold again, the reward goes; spent again, it comes again."""
    assert run(RULE, 15_000, -4_999, -2, 1_000) == [1, 0, -1, 1]


def test_a_refund_does_not_take_the_only_reward_while_enough_remains() -> None:
    """350 spent and 150 refunded leave 200: the one reward stays."""
    assert run(ONCE, 35_000, -15_000, -10_001, 1) == [1, 0, -1, 1]


@pytest.mark.parametrize("change", [5_000, -5_000])
def test_what_belongs_to_a_period_that_is_over_changes_nothing(change: int) -> None:
    """Neither October's refund nor its late purchase touches November."""
    memory = RuleMemory(period="2026-11", count=7_000, granted=2)
    judgement = judge(MONTHLY, change, memory, date(2026, 10, 31))
    assert (judgement.given, judgement.memory) == (0, memory)
    assert judgement.explanation.reason == "period_over"
    assert judgement.explanation.sentence == "The period it belongs to is over."
    assert not judgement.explanation.matched


def test_a_refund_alone_begins_no_period() -> None:
    """There is nothing to take back from."""
    judgement = judge(MONTHLY, -5_000, RuleMemory(period="2026-10", count=7_000))
    assert judgement.memory.period == "2026-10"


@pytest.mark.parametrize("old", ["lifetime", "2026-Q4", "2027", "2027-Q1"])
def test_another_kind_of_period_begins_anew(old: str) -> None:
    """A new version counts by the month: what was counted by another period is left behind."""
    judgement = judge(MONTHLY, 3_000, RuleMemory(period=old, count=9_000, granted=3))
    assert judgement.memory == RuleMemory(period="2026-11", count=3_000)


def test_quarters_and_months_are_never_compared() -> None:
    """Their names are as long, but a month that was counted says nothing of a quarter."""
    quarterly = replace(RULE, reset_period=Period.QUARTERLY)
    judgement = judge(quarterly, 1, RuleMemory(period="2027-01", count=9_000))
    assert judgement.memory == RuleMemory(period="2026-Q4", count=1)


def test_a_visit_without_an_amount_changes_nothing() -> None:
    """Nothing spent is nothing counted."""
    memory = RuleMemory(period="lifetime", count=12_000)
    judgement = judge(RULE, 0, memory)
    assert (judgement.given, judgement.memory) == (0, memory)
    assert judgement.explanation.reason == "nothing_spent"
    assert judgement.explanation.sentence == "Nothing was spent that counts."


def test_a_lower_threshold_counts_on_and_gives_with_the_next_purchase() -> None:
    """A refund gives nothing even when a new version makes more due."""
    memory = RuleMemory(period="lifetime", count=15_000, granted=1)
    assert run(RULE, -1, memory=memory) == [0]
    assert run(RULE, 1, memory=memory) == [1]


def test_a_rule_that_repeats_no_more_takes_nothing_back() -> None:
    """Three rewards given by the version before stay, with purchases and small refunds."""
    memory = RuleMemory(period="lifetime", count=5_000, granted=3)
    assert run(ONCE, 10_000, -1_000, memory=memory) == [0, 0]


@pytest.mark.parametrize(
    ("change", "reason", "given", "sentence"),
    [
        (20_000, "threshold_reached", 2, "Spending reached the threshold: 2 more."),
        (10_000, "threshold_reached", 1, "Spending reached the threshold: 1 more."),
        (100, "threshold_ahead", 0, "Spending counts towards the next reward."),
        (-6_000, "threshold_lost", -1, "Spending fell below the threshold: 1 less."),
    ],
)
def test_the_explanation_says_what_the_reward_hangs_on(
    change: int, reason: str, given: int, sentence: str
) -> None:
    """For the rule and its own voucher, with what it gave."""
    explanation = judge(RULE, change, RuleMemory(period="lifetime", granted=1)).explanation
    assert (explanation.rule, explanation.unit) == ("spending", "voucher:spending")
    assert explanation.matched
    assert (explanation.reason, explanation.wanted, explanation.given) == (reason, given, given)
    assert explanation.sentence == sentence


@given(changes=st.lists(st.integers(-30_000, 30_000), max_size=30), repeats=st.booleans())
def test_whatever_is_bought_and_refunded_the_rewards_fit_what_is_left(
    *, changes: list[int], repeats: bool
) -> None:
    """Given and taken back together always come to what the amount is worth."""
    rule = replace(RULE, repeats=repeats)
    spent, given_in_all, memory = 0, 0, RuleMemory(period="lifetime")
    for wanted in changes:
        change = max(wanted, -spent)
        judgement = judge(rule, change, memory)
        spent, given_in_all = spent + change, given_in_all + judgement.given
        memory = judgement.memory

        due = spent // rule.threshold_amount
        assert given_in_all == memory.granted == (due if repeats else min(due, 1))
        assert memory.granted * rule.threshold_amount + memory.count == spent
        assert judgement.given >= 0 or change < 0
        assert judgement.given <= 0 or change > 0


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 50), st.integers(1, 10**6))
def test_no_version_makes_a_purchase_take_or_a_refund_give(
    count: int, threshold: int, granted: int, change: int
) -> None:
    """Whatever an earlier version left behind."""
    memory = RuleMemory(period="lifetime", count=count, granted=granted)
    rule = replace(RULE, threshold_amount=threshold)
    for each in (rule, replace(rule, repeats=False)):
        assert judge(each, change, memory).given >= 0
        assert judge(each, -change, memory).given <= 0
        assert judge(each, -change, memory).memory.count >= 0
