"""How far a card's spending is towards its next reward."""

from dataclasses import replace
from datetime import date

from gateway.domain.rules.history import History, remembered
from gateway.domain.rules.outcomes import Explanation, Judgement, RuleMemory
from gateway.domain.rules.spending import SpendingRule
from gateway.domain.rules.windows import period_key


def judge_spending(
    rule: SpendingRule, standing: History, today: date, spent_change: int
) -> Judgement:
    """Return what a change of what was spent on a business day, in minor units, comes to.

    `spent_change` counts what the rule's category takes, and is below zero for a refund. What was
    spent in the period is remembered, not added up from days: days know no categories, and a new
    version with another threshold goes on from how far the card was. A purchase never takes
    rewards back and a refund never gives any. What belongs to a period that is over changes
    nothing.
    """
    memory = remembered(standing, rule.key)
    key = period_key(rule.reset_period, today)
    if spent_change == 0:
        return _unchanged(rule, memory, "nothing_spent", "Nothing was spent that counts.")
    if memory.period != key:
        if spent_change < 0 or is_over(key, memory.period):
            return _unchanged(rule, memory, "period_over", "The period it belongs to is over.")
        memory = RuleMemory(period=key)
    return _judged(rule, memory, spent_change)


def _judged(rule: SpendingRule, memory: RuleMemory, spent_change: int) -> Judgement:
    amount = max(memory.granted * rule.threshold_amount + memory.count + spent_change, 0)
    due = amount // rule.threshold_amount
    if not rule.repeats:
        due = min(due, max(memory.granted, 1))
    wanted = due - memory.granted
    given = min(wanted, 0) if spent_change < 0 else wanted
    granted = memory.granted + given
    after = replace(memory, granted=granted, count=amount - granted * rule.threshold_amount)
    return Judgement(given=given, memory=after, explanation=_explained(rule, given))


def is_over(key: str, current: str) -> bool:
    """Say whether a period is before the current one, by their keys.

    Another kind of period begins anew.
    """
    same_kind = len(key) == len(current) and ("Q" in key) == ("Q" in current)
    return same_kind and key < current


def _explained(rule: SpendingRule, given: int) -> Explanation:
    if given > 0:
        reason, sentence = "threshold_reached", f"Spending reached the threshold: {given} more."
    elif given < 0:
        reason, sentence = "threshold_lost", f"Spending fell below the threshold: {-given} less."
    else:
        reason, sentence = "threshold_ahead", "Spending counts towards the next reward."
    return _explanation(rule, given, reason, sentence)


def _unchanged(rule: SpendingRule, memory: RuleMemory, reason: str, sentence: str) -> Judgement:
    explanation = _explanation(rule, None, reason, sentence)
    return Judgement(given=0, memory=memory, explanation=explanation)


def _explanation(rule: SpendingRule, given: int | None, reason: str, sentence: str) -> Explanation:
    """Return the words for a rule that gave so many, or for None that did not match."""
    return Explanation(
        rule=rule.key,
        unit=rule.unit,
        matched=given is not None,
        wanted=given or 0,
        given=given or 0,
        reason=reason,
        sentence=sentence,
    )
