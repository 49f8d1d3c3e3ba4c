"""Settling: what changes on a card once a sale, or a bare visit, counts for so much."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from gateway.domain.business_day import business_day
from gateway.domain.cards import Standing
from gateway.domain.earning.counting import WHOLE_CARD, Change, count, is_progress, spent_of
from gateway.domain.earning.giving import give
from gateway.domain.earning.posting import Books, post
from gateway.domain.earning.raising import basis_now, so_far
from gateway.domain.earning.standings import standing_after
from gateway.domain.errors import BalanceLimit
from gateway.domain.ledger import (
    AMOUNT_MAX,
    BALANCE_MAX,
    Account,
    Balances,
    Transfer,
    after,
    balance,
)
from gateway.domain.rules.budgets import budget_key
from gateway.domain.rules.caps import CapSpan, covers
from gateway.domain.rules.history import remembered
from gateway.domain.rules.keys import POINT, VOUCHER_PREFIX
from gateway.domain.rules.outcomes import (
    Basis,
    Day,
    Explanation,
    Given,
    Outcome,
    PastSale,
    RuleMemory,
    TierMove,
)
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.qualifying import Counted
from gateway.domain.rules.stamps import PunchRule, StampRule
from gateway.domain.rules.tier_progress import move_up
from gateway.domain.rules.tiers import TierRule

_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """What a sale should have come to in all: what it gave, and how the card's day changes."""

    basis: Basis
    given: Given
    day: Day
    memory: Mapping[str, RuleMemory]
    explanations: tuple[Explanation, ...]


def settle(
    plan: Plan,
    standing: Standing,
    past: PastSale,
    lines: tuple[Counted, ...] | None,
    now: datetime,
) -> Outcome:
    """Return what makes a card hold what the lines are worth by the basis of the past sale.

    Only the difference to what it gave until now is posted, so the same lines once more change
    nothing. Without lines (None) it is a visit that nobody typed an amount for. Refused with
    `BalanceLimit` when the card cannot hold as much.
    """
    target = _target(plan, standing, past, lines)
    if max(_by_unit(target.given).values(), default=0) > AMOUNT_MAX:
        return Outcome(explanations=target.explanations, refusal=BalanceLimit())
    difference = _difference(past.given, target.given)
    books = Books(plan, standing, past.basis, past.transactions, now)
    posting = post(books, _by_unit(difference))
    balances = after(standing.balances, posting.transfers)
    if _is_too_much(balances, posting.transfers):
        return Outcome(explanations=target.explanations, refusal=BalanceLimit())
    outcome = Outcome(
        explanations=target.explanations + posting.explanations,
        transfers=posting.transfers,
        day=replace(_with_gifts(plan, target.day, difference), points=_points(posting.transfers)),
        memory=target.memory,
        basis=_owing(target.basis, posting.owed),
        given=target.given,
        budgets=budget_changes(plan, difference),
        rewards_earned=_rewards(plan, standing, balances, posting.transfers),
    )
    move = _tier_move(plan, standing, outcome, now)
    return replace(outcome, tier_move=move) if move else outcome


def _target(
    plan: Plan, standing: Standing, past: PastSale, lines: tuple[Counted, ...] | None
) -> _Target:
    basis = basis_now(plan, past, standing)
    gifts = give(plan, basis, lines, so_far(plan, past, standing))
    spent = None if lines is None else spent_of(plan, lines)
    before = next((day for day in standing.days if day.day == past.day), Day(day=past.day))
    is_visit = before.visits == 0 if lines is None else bool(lines)
    earned = any(gifts.given.values()) or is_progress(plan, spent, is_visit=is_visit)
    earnings = earned - past.basis.earned
    visits = _visits(before, earnings)
    changes = None if spent is None else _difference(past.basis.spent, spent)
    judgements = count(plan, standing, Change(day=past.day, spent=changes, visits=visits))
    given = gifts.given | {
        (key, judged.explanation.unit): judged.given
        + past.given.get((key, judged.explanation.unit), 0)
        for key, judged in judgements.items()
    }
    return _Target(
        basis=replace(past.basis, collected=basis.collected, spent=spent or {}, earned=earned),
        given={key: amount for key, amount in given.items() if amount},
        day=Day(
            day=past.day,
            earnings=earnings,
            visits=visits,
            spent=(changes or {}).get(WHOLE_CARD, 0),
        ),
        memory={
            key: judged.memory
            for key, judged in judgements.items()
            if judged.memory != remembered(standing, key)
        },
        explanations=(
            *gifts.explanations,
            *(judged.explanation for judged in judgements.values()),
        ),
    )


def _visits(before: Day, earnings: int) -> int:
    """Return 1 for the day's first earning, and -1 when its only one is taken back."""
    if earnings > 0 and not before.visits:
        return 1
    return -1 if earnings < 0 and before.visits and before.earnings <= 1 else 0


def _difference(before: Mapping[_Key, int], now: Mapping[_Key, int]) -> dict[_Key, int]:
    keys = dict.fromkeys((*now, *before))
    return {key: now.get(key, 0) - before.get(key, 0) for key in keys}


def _by_unit(given: Given) -> dict[str, int]:
    units: dict[str, int] = {}
    for (_, unit), amount in given.items():
        units[unit] = units.get(unit, 0) + amount
    return units


def _with_gifts(plan: Plan, day: Day, difference: Given) -> Day:
    """Return the day's change with what its rules gave more or less, each in its own unit."""
    own = {rule.key: rule.unit for rule in plan.rules if not isinstance(rule, TierRule)}
    return replace(
        day,
        given={
            rule: amount
            for (rule, unit), amount in difference.items()
            if amount and own[rule] == unit
        },
    )


def _points(transfers: Iterable[Transfer]) -> int:
    """Return how many points were issued, or taken back: not what stays with the customer."""
    return sum(
        transfer.amount if transfer.source is Account.ISSUED else -transfer.amount
        for transfer in transfers
        if transfer.unit == POINT
    )


def _owing(basis: Basis, owed: Mapping[str, int]) -> Basis:
    return replace(basis, owed=owed) if owed != basis.owed else basis


def _is_too_much(balances: Balances, transfers: Iterable[Transfer]) -> bool:
    return any(
        balance(balances, transfer.unit, Account.AVAILABLE)
        + balance(balances, transfer.unit, Account.PENDING)
        > BALANCE_MAX
        for transfer in transfers
        if transfer.source is Account.ISSUED
    )


def _tier_move(plan: Plan, standing: Standing, outcome: Outcome, now: datetime) -> TierMove | None:
    rule = next((rule for rule in plan.rules if isinstance(rule, TierRule)), None)
    if rule is None or outcome.basis is None or outcome.day is None:
        return None
    stands = standing_after(standing, outcome.transfers, outcome.day, outcome.memory)
    return move_up(rule, standing, stands, business_day(now, outcome.basis.clock))


def budget_changes(plan: Plan, difference: Given) -> dict[str, int]:
    """Return how a difference of what rules gave changes a program's budgets, by their keys."""
    changes = {
        budget_key(cap): sum(amount for key, amount in difference.items() if covers(cap, *key))
        for cap in plan.caps
        if cap.per is CapSpan.PROGRAM
    }
    return {key: change for key, change in changes.items() if change}


def _rewards(
    plan: Plan, standing: Standing, balances: Balances, transfers: tuple[Transfer, ...]
) -> int:
    """Count the rewards that became ready: cards filled, and rewards given by rules."""
    targets = {
        rule.unit: rule.target for rule in plan.rules if isinstance(rule, StampRule | PunchRule)
    }
    filled = sum(
        _cards(balance(balances, unit, Account.AVAILABLE), target)
        - _cards(standing.available(unit), target)
        for unit, target in targets.items()
    )
    given = sum(
        transfer.amount
        for transfer in transfers
        if transfer.unit.startswith(VOUCHER_PREFIX) and transfer.source is Account.ISSUED
    )
    return max(filled, 0) + given


def _cards(available: int, target: int) -> int:
    return max(available, 0) // target
