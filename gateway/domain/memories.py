"""What a card remembers as it reads on a day: a period that is over counts no more."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import repeat

from gateway.domain.rules.outcomes import RuleMemory
from gateway.domain.rules.plan import Plan, Rule
from gateway.domain.rules.spending import SpendingRule
from gateway.domain.rules.spending_progress import is_over
from gateway.domain.rules.streaks import is_broken, next_beat
from gateway.domain.rules.visits import VisitRule
from gateway.domain.rules.windows import next_period, period_key


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


def next_turn(plan: Plan, day: date) -> date:
    """Return the first day after this one on which what is remembered may read otherwise.

    It is the first of a period; without rules that count by periods it is `date.max`.
    """
    return min(map(_turns_on, plan.rules, repeat(day)))


def has_turned(plan: Plan, memory: Mapping[str, RuleMemory], before: date, today: date) -> bool:
    """Say whether a card counts otherwise today than on a day before, though nothing happened."""
    read = memory_on(plan, memory, before), memory_on(plan, memory, today)
    return any(read[0][key].count != read[1][key].count for key in memory)


def _turns_on(rule: Rule, day: date) -> date:
    match rule:
        case SpendingRule():
            return next_period(rule.reset_period, day)
        case VisitRule(consecutive_required=True):
            return next_beat(rule.period, day)
        case _:
            return date.max


def _is_past(rule: SpendingRule, remembered: RuleMemory, today: date) -> bool:
    key = period_key(rule.reset_period, today)
    return key != remembered.period and not is_over(key, remembered.period)
