"""Undoing a visit: a linked transaction that takes back all it gave, while it still can be."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from gateway.domain.cards import Standing
from gateway.domain.earning.settling import budget_changes
from gateway.domain.earning.terms import giving_rules
from gateway.domain.errors import AlreadyReversed, NotReversible
from gateway.domain.ledger import LOTTED, Account, TransactionKind, Transfer, balance
from gateway.domain.rules.keys import POINT
from gateway.domain.rules.outcomes import Day, RuleMemory
from gateway.domain.rules.plan import Plan

UNDO_SECONDS_MAX = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A transaction as it was posted: what it moved by unit and account, and what `day` it made.

    It was posted at `occurred_at`; a till that was offline says that it `happened_at` another
    moment, which is what the card remembers. `earned_before` and `memory_before` are what the
    card remembered before it.
    """

    id: UUID
    card_id: UUID
    kind: TransactionKind
    occurred_at: datetime
    happened_at: datetime
    moved: Mapping[tuple[str, Account], int]
    day: Day
    reversed: bool
    earned_before: datetime | None
    memory_before: Mapping[str, RuleMemory] = field(default_factory=dict)
    sale_id: UUID | None = None

    @property
    def points(self) -> int:
        """How many points it gave."""
        return sum(self.moved.get((POINT, account), 0) for account in LOTTED)


def undo(past: Past, standing: Standing, now: datetime) -> tuple[Transfer, ...]:
    """Return the transfers that take back what a visit gave, from the very lots it made.

    Raises `AlreadyReversed`, or `NotReversible` when it is not a visit, too long ago, what it
    gave was spent meanwhile, or later visits were counted on from it. A sale is not undone but
    refunded.
    """
    if past.reversed:
        raise AlreadyReversed
    if past.kind is not TransactionKind.EARN or past.sale_id is not None:
        raise NotReversible("Only a visit can be undone. A sale can be refunded.")
    if now - past.occurred_at > timedelta(seconds=UNDO_SECONDS_MAX):
        raise NotReversible(f"A visit can be undone for {UNDO_SECONDS_MAX} seconds only.")
    if past.memory_before and standing.last_earned_at != past.happened_at:
        raise NotReversible("Please undo what came after this visit first.")
    given = {key: delta for key, delta in past.moved.items() if key[1] in LOTTED}
    for (unit, account), delta in given.items():
        if balance(standing.balances, unit, account) < delta:
            raise NotReversible("What the visit gave was already used.")
    return tuple(
        Transfer(unit, account, Account.ISSUED, delta, takes=(past.id,))
        if delta > 0
        else Transfer(unit, Account.ISSUED, account, -delta)
        for (unit, account), delta in given.items()
    )


def undone_day(past: Past, standing: Standing) -> Day:
    """Return the change of the visit's own business day, wherever the undoing falls.

    A day keeps its visit as long as something else was earned on it.
    """
    now = next((day for day in standing.days if day.day == past.day.day), past.day)
    is_last = now.earnings <= past.day.earnings
    return Day(
        day=past.day.day,
        earnings=-past.day.earnings,
        visits=-now.visits if is_last else 0,
        spent=-past.day.spent,
        points=-past.points,
        given={rule: -amount for rule, amount in past.day.given.items()},
    )


def undone_budgets(past: Past, plan: Plan) -> dict[str, int]:
    """Return what the whole program gave less by undoing a visit, by the key of each budget."""
    units = {rule.key: rule.unit for rule in giving_rules(plan)}
    given = {
        (rule, units[rule]): amount for rule, amount in past.day.given.items() if rule in units
    }
    return budget_changes(plan, {key: -amount for key, amount in given.items()})


def forget(past: Past, standing: Standing) -> Standing:
    """Return what the card remembers once a visit is taken back: its limits are free again.

    Only the card's latest visit sets the cooldown and the memory, so an older one leaves both.
    """
    if standing.last_earned_at != past.happened_at:
        return standing
    return replace(
        standing,
        last_earned_at=past.earned_before,
        memory={**standing.memory, **past.memory_before},
    )
