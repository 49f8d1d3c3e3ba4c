"""Reviews of a tier: whether a card keeps it, loses it, or is told that it will."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from gateway.domain.rules.history import History, remembered
from gateway.domain.rules.outcomes import RuleMemory, TierMove
from gateway.domain.rules.tier_progress import amount, rank, reached
from gateway.domain.rules.tiers import Downgrade, TierRule, Window
from gateway.domain.rules.windows import (
    Period,
    months_after,
    next_period,
    period_began,
    period_key,
)

NO_MEMORY = RuleMemory()


class Verdict(StrEnum):
    """What a review comes to."""

    KEEP = "keep"
    WARN = "warn"
    DOWNGRADE = "downgrade"


@dataclass(frozen=True, slots=True, kw_only=True)
class TierReview:
    """A verdict; `move` is the move down that happens today, or on `moves_on` as things stand.

    `memory` is what the card remembers from now on and `next_on` the day of its next review,
    `date.max` for none.
    """

    verdict: Verdict
    memory: RuleMemory
    next_on: date
    move: TierMove | None = None
    moves_on: date | None = None


@dataclass(frozen=True, slots=True)
class _Fall:
    """A move down that is to come: to which tier, counted from 1, and when."""

    to: int
    on: date


def next_evaluation(rule: TierRule, day: date) -> date:
    """Return the first day after `day` on which it is looked whether tiers are still deserved.

    It is the first of a period; no plan's tiers are evaluated once in a lifetime.
    """
    assert rule.evaluation_period is not Period.LIFETIME, "a plan with this has a fault"
    return next_period(rule.evaluation_period, day)


def evaluate_tier(rule: TierRule, standing: History, today: date) -> TierReview:
    """Return whether a card keeps its tier on a business day, loses it, or is to be warned.

    On the first day of an evaluation period a tier must have been reached up to the day before:
    in a rolling window, or in the calendar period that just ended (a year's tier is therefore
    kept through the next year, however often it is evaluated). Who fails may still reach it
    within the grace period, falls when it is over, and is warned `notice_days` before. A day
    that was missed can be reviewed later, in the order of `next_on`. A tier that a new version
    no longer has is left at once for the one reached.

    Of the memory, `period` is the evaluation that was failed, `count` the place of the tier that
    was still deserved then, and `used_until` the day of the fall that was warned of.
    """
    if standing.tier is None or not rule.degradation_rules.enabled:
        return TierReview(verdict=Verdict.KEEP, memory=NO_MEMORY, next_on=date.max)
    held = rank(rule, standing.tier)
    if held == 0:
        return _downgraded(rule, standing, rank(rule, reached(rule, standing, today)), today)
    memory = _still_failing(rule, standing, held, today)
    if not memory.period and _is_evaluation(rule, today) and _fails(rule, standing, held, today):
        fit = _fit(rule, standing, held, today)
        memory = replace(memory, period=today.isoformat(), count=fit)
    fall = _fall(rule, standing, memory, today)
    if fall and fall.on <= today:
        fit = max(fall.to, rank(rule, reached(rule, standing, today)))
        return _downgraded(rule, standing, min(fit, held - 1), today)
    return _kept(rule, standing, memory, fall, today)


def _still_failing(rule: TierRule, standing: History, held: int, today: date) -> RuleMemory:
    """Return the memory, without a failed evaluation that was made good or was another tier's."""
    memory = remembered(standing, rule.key)
    if not memory.period:
        return memory
    moved_since = standing.tier_since and standing.tier_since.date() > _failed_on(memory)
    return NO_MEMORY if moved_since or _meets(rule, standing, held, today) else memory


def _fall(rule: TierRule, standing: History, memory: RuleMemory, today: date) -> _Fall | None:
    """Return the fall that comes if nothing else happens, or None."""
    grace = rule.degradation_rules.grace_period_months
    if memory.period:
        return _Fall(memory.count, months_after(_failed_on(memory), grace))
    coming = next_evaluation(rule, today)
    held = rank(rule, standing.tier)
    if not _fails(rule, standing, held, coming):
        return None
    return _Fall(_fit(rule, standing, held, coming), months_after(coming, grace))


def _kept(
    rule: TierRule, standing: History, memory: RuleMemory, fall: _Fall | None, today: date
) -> TierReview:
    next_on = _next_look(rule, fall, today)
    if fall is None:
        return TierReview(verdict=Verdict.KEEP, memory=NO_MEMORY, next_on=next_on)
    notice = timedelta(days=rule.degradation_rules.notice_days)
    is_time = today >= fall.on - notice and memory.used_until != fall.on
    return TierReview(
        verdict=Verdict.WARN if is_time else Verdict.KEEP,
        memory=replace(memory, used_until=fall.on) if is_time else memory,
        next_on=next_on,
        move=_move(rule, standing, fall.to),
        moves_on=fall.on,
    )


def _downgraded(rule: TierRule, standing: History, to: int, today: date) -> TierReview:
    """Return the fall; the tier fallen to is reviewed tomorrow: its notice may be due already."""
    return TierReview(
        verdict=Verdict.DOWNGRADE,
        memory=NO_MEMORY,
        next_on=today + timedelta(days=1) if to else date.max,
        move=_move(rule, standing, to),
        moves_on=today,
    )


def _move(rule: TierRule, standing: History, to: int) -> TierMove:
    key = rule.tiers[to - 1].key if to else None
    return TierMove(before=standing.tier, tier=key, is_up=False)


def _next_look(rule: TierRule, fall: _Fall | None, today: date) -> date:
    """Return the next day on which there may be something to say or do."""
    rules = rule.degradation_rules
    coming = next_evaluation(rule, today)
    falls_on = fall.on if fall else months_after(coming, rules.grace_period_months)
    notice_on = falls_on - timedelta(days=rules.notice_days)
    return min(day for day in (coming, falls_on, notice_on) if day > today)


def _fit(rule: TierRule, standing: History, held: int, on: date) -> int:
    """Return the place of the tier below that a card which fails its own falls to."""
    if rule.degradation_rules.downgrade is Downgrade.ONE_DOWN:
        return held - 1
    below = range(held - 1, 0, -1)
    return next((place for place in below if not _fails(rule, standing, place, on)), 0)


def _fails(rule: TierRule, standing: History, place: int, on: date) -> bool:
    """Say whether a tier was not reached in the window that ended before a day.

    A calendar period that goes on that day has not been failed yet.
    """
    period = rule.tiers[place - 1].threshold.period
    goes_on = period_key(period, on) == period_key(period, on - timedelta(days=1))
    if rule.window is Window.CALENDAR and period is not Period.LIFETIME and goes_on:
        return False
    return not _meets(rule, standing, place, on)


def _meets(rule: TierRule, standing: History, place: int, on: date) -> bool:
    """Say whether a tier is reached up to a day, or was up to the day before."""
    threshold = rule.tiers[place - 1].threshold
    days = (on - timedelta(days=1), on)
    return any(amount(rule, threshold, standing, day) >= threshold.value for day in days)


def _is_evaluation(rule: TierRule, day: date) -> bool:
    return period_began(rule.evaluation_period, day) == day


def _failed_on(memory: RuleMemory) -> date:
    return date.fromisoformat(memory.period)
