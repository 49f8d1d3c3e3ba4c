"""How far a card is by each rule of its plan, for software that asks."""

from collections.abc import Mapping

import msgspec

from gateway.domain.ledger import Balances
from gateway.domain.progress import Progress, rule_progress
from gateway.domain.rules.outcomes import RuleMemory
from gateway.domain.rules.plan import Plan, Rule
from gateway.domain.rules.tiers import TierRule
from gateway.domain.rules.visits import VisitRule


class RuleProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a card is by one rule: `count` of `target` of a unit, or without a target so many.

    The unit of money is its currency, in minor units. `streak` is how many periods in a row have
    a visit, `best` the most there ever were; null for rules that count no streaks.
    """

    rule: str
    kind: str
    unit: str
    count: int
    target: int | None
    streak: int | None
    best: int | None


def rules_progress(
    plan: Plan, balances: Balances, memory: Mapping[str, RuleMemory]
) -> tuple[RuleProgress, ...]:
    """Return how far a card is by each rule but the tiers, which are told of on their own.

    `memory` is what the card remembers as it reads today.
    """
    return tuple(
        _written(rule, rule_progress(plan, rule, balances, memory), memory)
        for rule in plan.rules
        if not isinstance(rule, TierRule)
    )


def _written(rule: Rule, progress: Progress, memory: Mapping[str, RuleMemory]) -> RuleProgress:
    remembered = memory.get(rule.key, RuleMemory())
    has_streaks = isinstance(rule, VisitRule) and rule.consecutive_required
    return RuleProgress(
        rule=rule.key,
        kind=rule.kind,
        unit=progress.unit,
        count=progress.count,
        target=progress.target,
        streak=remembered.streak if has_streaks else None,
        best=remembered.best if has_streaks else None,
    )
