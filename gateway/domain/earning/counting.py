"""Counting: how spending, visits and tiers, which look back, take a visit or a sale."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gateway.domain.cards import Standing
from gateway.domain.earning.conditions import AMOUNT_NEEDED
from gateway.domain.rules.history import remembered
from gateway.domain.rules.outcomes import Explanation, Judgement
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.qualifying import Counted, of_category, total
from gateway.domain.rules.spending import SpendingRule
from gateway.domain.rules.spending_progress import judge_spending
from gateway.domain.rules.tiers import Measure, TierRule
from gateway.domain.rules.visit_progress import judge_visits
from gateway.domain.rules.visits import VisitRule

TOWARDS_TIER = "counts_towards_tier"
WHOLE_CARD = ""
"""Under which key it is counted what a card spent, whatever for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a happening changes of what is counted.

    `spent` in minor units by spending rule, and under "" for the card; None is a bare visit.
    `visits` is 1 for the first visit of its business day, and -1 when that one is taken back.
    """

    day: date
    spent: Mapping[str, int] | None
    visits: int


def spent_of(plan: Plan, lines: tuple[Counted, ...]) -> dict[str, int]:
    """Return what lines come to for each spending rule, and under "" for the card."""
    rules = [rule for rule in plan.rules if isinstance(rule, SpendingRule)]
    by_rule = {rule.key: total(of_category(lines, rule.category_filter)) for rule in rules}
    return by_rule | {WHOLE_CARD: total(lines)}


def is_progress(plan: Plan, spent: Mapping[str, int] | None, *, is_visit: bool) -> bool:
    """Say whether a rule that looks back has use for a happening.

    `is_visit` says whether somebody came who was not refunded everything since.
    """
    spent = spent or {}
    measures = _measures(plan)
    return (
        any(spent.get(rule.key) for rule in plan.rules if isinstance(rule, SpendingRule))
        or (Measure.SPENDING in measures and spent.get(WHOLE_CARD, 0) > 0)
        or (is_visit and (Measure.VISITS in measures or _counts_visits(plan)))
    )


def count(plan: Plan, standing: Standing, change: Change) -> dict[str, Judgement]:
    """Return what each rule that looks back says to a change, by rule, in plan order."""
    return {
        rule.key: _judged(rule, standing, change)
        for rule in plan.rules
        if isinstance(rule, SpendingRule | VisitRule | TierRule)
    }


def _judged(
    rule: SpendingRule | VisitRule | TierRule, standing: Standing, change: Change
) -> Judgement:
    if isinstance(rule, VisitRule):
        return judge_visits(rule, standing, change.day, change.visits)
    if isinstance(rule, TierRule):
        return _unmoved(rule.key, "", standing, _towards_tier(rule, change))
    if change.spent is None:
        return _unmoved(rule.key, rule.unit, standing, AMOUNT_NEEDED)
    return judge_spending(rule, standing, change.day, change.spent[rule.key])


def _towards_tier(rule: TierRule, change: Change) -> tuple[str, str]:
    measures = {tier.threshold.type for tier in rule.tiers}
    if change.spent is None and measures == {Measure.SPENDING}:
        return AMOUNT_NEEDED
    spent = (change.spent or {}).get(WHOLE_CARD, 0)
    if (Measure.SPENDING in measures and spent) or (Measure.VISITS in measures and change.visits):
        return TOWARDS_TIER, "This counts towards the tier."
    return "nothing_for_tier", "Nothing of this counts towards the tier by itself."


def _unmoved(key: str, unit: str, standing: Standing, why: tuple[str, str]) -> Judgement:
    reason, sentence = why
    explanation = Explanation(
        rule=key,
        unit=unit,
        matched=reason == TOWARDS_TIER,
        wanted=0,
        given=0,
        reason=reason,
        sentence=sentence,
    )
    return Judgement(given=0, memory=remembered(standing, key), explanation=explanation)


def _measures(plan: Plan) -> set[Measure]:
    rules = (rule for rule in plan.rules if isinstance(rule, TierRule))
    return {tier.threshold.type for rule in rules for tier in rule.tiers}


def _counts_visits(plan: Plan) -> bool:
    return any(isinstance(rule, VisitRule) for rule in plan.rules)
