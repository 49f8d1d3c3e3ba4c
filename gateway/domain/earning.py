"""Earning: what a visit gives a card, decided by its program's rule and explained."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from gateway.domain.business_day import BusinessClock, business_day, next_day_begins
from gateway.domain.cards import CardStatus, Standing
from gateway.domain.errors import (
    BalanceLimit,
    CardBlocked,
    CooldownActive,
    DailyLimitReached,
    ProgramNotActive,
    Refusal,
)
from gateway.domain.ledger import BALANCE_MAX, STAMP, Account, Transfer
from gateway.domain.programs import ProgramStatus, ProgramVersion, StampRule

STAMPS_PER_VISIT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A customer was at a location."""

    clock: BusinessClock


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What one rule said to an event: did it match, what it wanted to give, what it gave, why."""

    rule: str
    matched: bool
    wanted: int
    given: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an event comes to: transfers to post and what the card remembers, or a refusal."""

    explanations: tuple[Explanation, ...]
    transfers: tuple[Transfer, ...] = ()
    refusal: Refusal | None = None
    rewards_earned: int = 0
    last_earned_at: datetime | None = None
    earned_on: date | None = None
    earned_that_day: int = 0
    detail: Mapping[str, object] = field(default_factory=dict)


def evaluate(version: ProgramVersion, standing: Standing, event: Visit, now: datetime) -> Outcome:
    """Return what `event` gives the card at `now`, by the rule of its program version.

    The order is: who may earn at all, then the limits, then the amount, then the balance limit.
    """
    refusal = _not_allowed_at_all(standing)
    if refusal:
        return _refused(version.rule, refusal)
    return _RULES[type(version.rule)](version.rule, standing, event, now)


def _not_allowed_at_all(standing: Standing) -> Refusal | None:
    if standing.program_status is not ProgramStatus.ACTIVE:
        return ProgramNotActive(status=standing.program_status)
    if standing.card_status is not CardStatus.ACTIVE:
        return CardBlocked()
    return None


def _stamp(rule: StampRule, standing: Standing, visit: Visit, now: datetime) -> Outcome:
    today = business_day(now, visit.clock)
    earned_today = standing.earned_that_day if standing.earned_on == today else 0
    refusal = (
        _cooling_down(rule, standing, now)
        or _had_enough_today(rule, earned_today, visit, now)
        or _full(standing)
    )
    if refusal:
        return _refused(rule, refusal)
    balance = standing.available + STAMPS_PER_VISIT
    return Outcome(
        explanations=(
            Explanation(
                rule=rule.kind,
                matched=True,
                wanted=STAMPS_PER_VISIT,
                given=STAMPS_PER_VISIT,
                reason="one stamp per visit",
            ),
        ),
        transfers=(Transfer(STAMP, Account.ISSUED, Account.AVAILABLE, STAMPS_PER_VISIT),),
        rewards_earned=balance // rule.target - standing.available // rule.target,
        last_earned_at=now,
        earned_on=today,
        earned_that_day=earned_today + STAMPS_PER_VISIT,
    )


def _cooling_down(rule: StampRule, standing: Standing, now: datetime) -> Refusal | None:
    if standing.last_earned_at is None:
        return None
    free_at = standing.last_earned_at + rule.cooldown
    if now >= free_at:
        return None
    return CooldownActive(
        "This card was stamped a moment ago.",
        retry_at=free_at,
        last_stamp_at=standing.last_earned_at,
    )


def _had_enough_today(
    rule: StampRule, earned_today: int, visit: Visit, now: datetime
) -> Refusal | None:
    if earned_today + STAMPS_PER_VISIT <= rule.daily_limit:
        return None
    return DailyLimitReached(
        f"This card has all {rule.daily_limit} stamps it can get today.",
        retry_at=next_day_begins(now, visit.clock),
        daily_limit=rule.daily_limit,
    )


def _full(standing: Standing) -> Refusal | None:
    return BalanceLimit() if standing.available + STAMPS_PER_VISIT > BALANCE_MAX else None


def _refused(rule: StampRule, refusal: Refusal) -> Outcome:
    explanation = Explanation(
        rule=rule.kind, matched=False, wanted=STAMPS_PER_VISIT, given=0, reason=refusal.code
    )
    return Outcome(explanations=(explanation,), refusal=refusal)


_RULES: Mapping[type, Callable[[StampRule, Standing, Visit, datetime], Outcome]] = {
    StampRule: _stamp
}
