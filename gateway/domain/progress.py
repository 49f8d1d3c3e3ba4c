"""Progress: how far a card is, in the words and numbers of its program's leading rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gateway.domain.ledger import Account, Balances, balance
from gateway.domain.money import exponent
from gateway.domain.rules.keys import POINT
from gateway.domain.rules.outcomes import RuleMemory
from gateway.domain.rules.plan import Plan, Rule
from gateway.domain.rules.points import PointsRule
from gateway.domain.rules.spending import SpendingRule
from gateway.domain.rules.stamps import PunchRule, StampRule
from gateway.domain.rules.tiers import TierRule
from gateway.domain.rules.visits import VisitRule

VISIT = "visit"


class Counts(StrEnum):
    """What a rule counts: how its number is drawn and named."""

    STAMPS = "stamps"
    PUNCHES = "punches"
    POINTS = "points"
    MONEY = "money"
    VISITS = "visits"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a card is: `count` of `target` of its unit, and rewards ready.

    Without a target there is nothing to fill, as with points; then `count` is what can be spent.
    `scale` says how many digits of `count` are behind the point, as with money. The unit of money
    is its currency, that of visits `VISIT`; any other is the ledger's.
    """

    count: int
    target: int | None
    rewards_ready: int
    unit: str = "stamp"
    scale: int = 0
    counts: Counts = Counts.STAMPS

    @property
    def has_places(self) -> bool:
        """Whether each of what is counted has a place on the card, taken or not."""
        return self.target is not None and self.counts in {Counts.STAMPS, Counts.PUNCHES}

    @property
    def missing(self) -> int | None:
        """How much is missing until the card is full; None when there is nothing to fill."""
        return None if self.target is None else max(self.target - self.count, 0)

    @property
    def text(self) -> str:
        """The progress in words, for everybody who cannot see dots."""
        if self.target is None:
            return f"{self.count:,} {'points' if self.unit == POINT else self.unit}"
        return f"{self.written(self.count)} of {self.written(self.target)}"

    def written(self, number: int) -> str:
        """Return a number of what is counted with its digits behind the point: 1,250.00."""
        return f"{number / 10**self.scale:,.{self.scale}f}"


def leading(plan: Plan) -> Rule:
    """Return the rule that a card shows first: stamps, then what fills up, then points."""
    order = (StampRule, PunchRule, SpendingRule, VisitRule, PointsRule, TierRule)
    return min(plan.rules, key=lambda rule: order.index(type(rule)))


def stamp_progress(
    available: int, target: int, unit: str = "stamp", counts: Counts = Counts.STAMPS
) -> Progress:
    """Return how a balance reads on a stamp card; a just completed card reads full, not empty."""
    rewards, count = divmod(max(available, 0), target)
    if rewards and not count:
        count = target
    return Progress(count, target, rewards, unit, counts=counts)


def progress_of(
    plan: Plan, balances: Balances, memory: Mapping[str, RuleMemory] | None = None
) -> Progress:
    """Return how far a card with these balances is under a plan, by its leading rule.

    `memory` is what the card remembers per rule; periods that are over are not looked at here.
    """
    return rule_progress(plan, leading(plan), balances, memory)


def rule_progress(
    plan: Plan, rule: Rule, balances: Balances, memory: Mapping[str, RuleMemory] | None = None
) -> Progress:
    """Return how far a card is by one rule of a plan; a rule about tiers reads as points."""
    remembered = (memory or {}).get(rule.key, RuleMemory())
    match rule:
        case StampRule() | PunchRule():
            available = balance(balances, rule.unit, Account.AVAILABLE)
            counts = Counts.PUNCHES if isinstance(rule, PunchRule) else Counts.STAMPS
            return stamp_progress(available, rule.target, rule.unit, counts)
        case SpendingRule():
            ready = balance(balances, rule.unit, Account.AVAILABLE)
            # What is spent after the only reward still counts for a refund, but shows no more.
            capped = min(remembered.count, rule.threshold_amount)
            return Progress(
                remembered.count if rule.repeats else capped,
                rule.threshold_amount,
                ready,
                plan.currency,
                exponent(plan.currency),
                Counts.MONEY,
            )
        case VisitRule():
            ready = balance(balances, rule.unit, Account.AVAILABLE)
            return Progress(
                remembered.count, rule.visits_required, ready, VISIT, counts=Counts.VISITS
            )
        case _:
            available = balance(balances, POINT, Account.AVAILABLE)
            return Progress(available, None, 0, POINT, counts=Counts.POINTS)
