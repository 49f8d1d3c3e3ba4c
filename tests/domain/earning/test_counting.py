"""Counting: what spending, visits and tiers make of a change."""

from fractions import Fraction

import pytest

from gateway.domain.earning.counting import Change, count, is_progress, spent_of
from gateway.domain.rules.outcomes import Explanation, Judgement, RuleMemory
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.qualifying import Counted
from gateway.domain.rules.spending import SpendingRule
from gateway.domain.rules.tiers import Measure, Threshold, Tier, TierRule
from gateway.domain.rules.visits import VisitRule
from gateway.domain.rules.windows import Period
from tests.domain.earning.tills import COFFEE, TODAY, card, points, version

ALL = SpendingRule(key="all", threshold_amount=1_000, reward=COFFEE)
BREAD = SpendingRule(key="bread", threshold_amount=1_000, reward=COFFEE, category_filter="bread")
VISITS = VisitRule(visits_required=2, reward=COFFEE)


def tiers(*measures: Measure) -> TierRule:
    return TierRule(
        tiers=tuple(
            Tier(key=measure.value, name="x", threshold=Threshold(type=measure, value=9))
            for measure in measures
        )
    )


def test_what_was_spent_is_known_for_each_rule_and_for_the_card() -> None:
    """A rule for a category counts only that."""
    bought = (Counted("bread", 300, Fraction(1)), Counted(None, 500, Fraction(1)))
    assert spent_of(version(ALL, BREAD, points()).plan, bought) == {
        "all": 800,
        "bread": 300,
        "": 800,
    }


@pytest.mark.parametrize(
    ("plan", "spent", "visit", "progress"),
    [
        (version(ALL).plan, {"all": 1, "": 1}, False, True),
        (version(BREAD).plan, {"bread": 0, "": 1}, False, False),
        (version(VISITS).plan, None, True, True),
        (version(VISITS).plan, {"": 5}, False, False),
        (version(tiers(Measure.SPENDING)).plan, {"": 1}, False, True),
        (version(tiers(Measure.SPENDING)).plan, {"": 0}, False, False),
        (version(tiers(Measure.SPENDING)).plan, None, True, False),
        (version(tiers(Measure.VISITS)).plan, None, True, True),
        (version(tiers(Measure.VISITS)).plan, {"": 1}, False, False),
        (version(tiers(Measure.POINTS)).plan, {"": 1}, True, False),
        (version(tiers(Measure.POINTS, Measure.VISITS)).plan, {"": 1}, True, True),
        (version(points()).plan, {"": 1}, True, False),
    ],
)
def test_progress_is_what_a_rule_that_looks_back_can_use(
    plan: Plan, spent: dict[str, int] | None, *, visit: bool, progress: bool
) -> None:
    """Spending, a visit, or what a tier measures."""
    assert is_progress(plan, spent, is_visit=visit) is progress


@pytest.mark.parametrize(
    ("change", "rule", "reason"),
    [
        (Change(day=TODAY, spent=None, visits=1), ALL, "amount_needed"),
        (Change(day=TODAY, spent={"all": 0, "": 0}, visits=0), ALL, "nothing_spent"),
        (Change(day=TODAY, spent={"all": 10, "": 10}, visits=0), ALL, "threshold_ahead"),
        (Change(day=TODAY, spent=None, visits=1), VISITS, "visits_ahead"),
        (Change(day=TODAY, spent=None, visits=0), VISITS, "visit_counted"),
        (Change(day=TODAY, spent=None, visits=1), tiers(Measure.SPENDING), "amount_needed"),
        (
            Change(day=TODAY, spent=None, visits=0),
            tiers(Measure.SPENDING, Measure.VISITS),
            "nothing_for_tier",
        ),
        (Change(day=TODAY, spent=None, visits=1), tiers(Measure.VISITS), "counts_towards_tier"),
        (Change(day=TODAY, spent={"": 5}, visits=0), tiers(Measure.VISITS), "nothing_for_tier"),
        (Change(day=TODAY, spent={"": 5}, visits=1), tiers(Measure.POINTS), "nothing_for_tier"),
        (
            Change(day=TODAY, spent={"": 5}, visits=0),
            tiers(Measure.SPENDING),
            "counts_towards_tier",
        ),
        (Change(day=TODAY, spent={"": 0}, visits=0), tiers(Measure.SPENDING), "nothing_for_tier"),
    ],
)
def test_each_rule_says_what_it_made_of_a_change(
    change: Change, rule: SpendingRule | VisitRule | TierRule, reason: str
) -> None:
    """In a code, whether it matched or not, and by itself alone."""
    plan = version(rule, points()).plan
    (judged,) = count(plan, card(), change).values()
    assert judged.explanation.reason == reason
    assert judged.explanation.sentence
    matched = {"threshold_ahead", "visits_ahead", "counts_towards_tier"}
    assert judged.explanation.matched is (reason in matched)
    assert (judged.explanation.rule, judged.given) == (rule.key, 0)


@pytest.mark.parametrize(
    ("change", "rule", "unit", "reason", "sentence"),
    [
        (
            Change(day=TODAY, spent=None, visits=1),
            ALL,
            "voucher:all",
            "amount_needed",
            "Please enter the amount of the purchase.",
        ),
        (
            Change(day=TODAY, spent={}, visits=0),
            tiers(Measure.SPENDING),
            "",
            "nothing_for_tier",
            "Nothing of this counts towards the tier by itself.",
        ),
        (
            Change(day=TODAY, spent={"": 5}, visits=0),
            tiers(Measure.SPENDING),
            "",
            "counts_towards_tier",
            "This counts towards the tier.",
        ),
    ],
)
def test_a_rule_that_gives_nothing_by_itself_changes_nothing(
    change: Change,
    rule: SpendingRule | TierRule,
    unit: str,
    reason: str,
    sentence: str,
) -> None:
    """What the card remembers for it stays, and it says why."""
    memory = RuleMemory(count=7)
    found = count(version(rule, points()).plan, card(memory={rule.key: memory}), change)
    assert found == {
        rule.key: Judgement(
            0,
            memory,
            Explanation(
                rule=rule.key,
                unit=unit,
                matched=reason == "counts_towards_tier",
                wanted=0,
                given=0,
                reason=reason,
                sentence=sentence,
            ),
        )
    }


def test_spending_counts_in_the_period_of_its_day() -> None:
    """What a month's first day brings, belongs to that month."""
    monthly = SpendingRule(threshold_amount=1_000, reward=COFFEE, reset_period=Period.MONTHLY)
    change = Change(day=TODAY, spent={"spending": 10, "": 10}, visits=0)
    (judged,) = count(version(monthly).plan, card(), change).values()
    assert judged.memory == RuleMemory(count=10, period="2026-03")
