"""What a card remembers as it reads on a day: a period that is over counts no more."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from gateway.domain.rules.outcomes import RuleMemory
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.spending import SpendingRule
from gateway.domain.rules.spending_progress import is_over
from gateway.domain.rules.streaks import is_broken
from gateway.domain.rules.visits import VisitRule
from gateway.domain.rules.windows import period_key


def memory_on(
    plan: Plan, memory: Mapping[str, RuleMemory], today: date
) -> Mapping[str, RuleMemory]:
    """Return what is remembered as it reads on a business day, to be shown and not to be kept.

    Spending of a period that is over, and a streak that no visit can continue, read 0; the best
    streak stays.
    """
    ended = {
        rule.key: replace(memory[rule.key], count=0, streak=0)
        for rule in plan.rules
        if rule.key in memory
        and (
            (isinstance(rule, SpendingRule) and _is_past(rule, memory[rule.key], today))
            or (isinstance(rule, VisitRule) and is_broken(rule, memory[rule.key], today))
        )
    }
    return {**memory, **ended}


def _is_past(rule: SpendingRule, remembered: RuleMemory, today: date) -> bool:
    key = period_key(rule.reset_period, today)
    return key != remembered.period and not is_over(key, remembered.period)
