"""Ready: the rewards that a card has earned and can collect, by what promised them."""

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.domain.ledger import Account, Balances, balance
from gateway.domain.progress import rule_progress
from gateway.domain.rules.keys import voucher
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.points import PointsRule
from gateway.domain.rules.promises import Promise
from gateway.domain.rules.stamps import PunchRule, StampRule
from gateway.domain.rules.tiers import TierRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A reward that can be collected `count` times; `key` is that of the rule or milestone."""

    key: str
    reward: Promise
    count: int


def ready_rewards(plan: Plan, balances: Balances) -> tuple[Ready, ...]:
    """Return what a card can collect, in plan order.

    Rewards of the catalogue, which are bought with points, are not among them.
    """
    return tuple(ready for ready in _all(plan, balances) if ready.count > 0)


def _all(plan: Plan, balances: Balances) -> Iterator[Ready]:
    for rule in plan.rules:
        if isinstance(rule, PointsRule | TierRule):
            continue
        count = rule_progress(plan, rule, balances).rewards_ready
        yield Ready(key=rule.key, reward=rule.reward, count=count)
        if isinstance(rule, StampRule | PunchRule):
            for milestone in rule.intermediate_rewards:
                count = balance(balances, voucher(milestone.key), Account.AVAILABLE)
                yield Ready(key=milestone.key, reward=milestone.reward, count=count)
