"""Which tier a card reaches, and what it lacks for the next one or to keep its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from gateway.domain.rules.history import History, Lifetime
from gateway.domain.rules.outcomes import Day, TierMove
from gateway.domain.rules.tiers import Measure, Threshold, TierRule, Window
from gateway.domain.rules.windows import ROLLING_DAYS, Period, next_period, period_began

_MEASURED: Mapping[Measure, Callable[[Day | Lifetime], int]] = {
    Measure.SPENDING: lambda done: done.spent,
    Measure.VISITS: lambda done: done.visits,
    Measure.POINTS: lambda done: done.points,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TierNeed:
    """What a card lacks for a tier: `missing` of its measure, to be reached up to `until`.

    `until` is the last day of a calendar period; rolling windows and lifetimes have none.
    """

    tier: str
    type: Measure
    missing: int
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TierNeeds:
    """What a card lacks for the next tier, and to keep its own; None where there is none."""

    next: TierNeed | None
    keep: TierNeed | None


def amount(rule: TierRule, threshold: Threshold, history: History, on: date) -> int:
    """Return how much of what a threshold measures a card has in its window up to a day."""
    measured = _MEASURED[threshold.type]
    if threshold.period is Period.LIFETIME:
        return measured(history.totals)
    first = _first_day(rule.window, threshold.period, on)
    return sum(measured(day) for day in history.days if first <= day.day <= on)


def rank(rule: TierRule, key: str | None) -> int:
    """Return a tier's place, 1 for the lowest; 0 for none, or one the rule does not have."""
    return next((place for place, tier in enumerate(rule.tiers, 1) if tier.key == key), 0)


def reached(rule: TierRule, standing_after: History, today: date) -> str | None:
    """Return the highest tier whose threshold a card has reached; exactly reached is reached."""
    return next(
        (
            tier.key
            for tier in reversed(rule.tiers)
            if amount(rule, tier.threshold, standing_after, today) >= tier.threshold.value
        ),
        None,
    )


def move_up(
    rule: TierRule, standing: History, standing_after: History, today: date
) -> TierMove | None:
    """Return the move to a higher tier that an event brings at once, or None.

    Nothing that happens moves a card down: that is for `tier_reviews.evaluate_tier`.
    """
    key = reached(rule, standing_after, today)
    if rank(rule, key) <= rank(rule, standing.tier):
        return None
    return TierMove(before=standing.tier, tier=key, is_up=True)


def points_needed(rule: TierRule, standing: History, today: date) -> TierNeeds:
    """Return what a card lacks for the next tier and to keep its own, as of today."""
    held = rank(rule, standing.tier)
    return TierNeeds(
        next=_need(rule, held, standing, today) if held < len(rule.tiers) else None,
        keep=_need(rule, held - 1, standing, today)
        if held and rule.degradation_rules.enabled
        else None,
    )


def _need(rule: TierRule, index: int, standing: History, today: date) -> TierNeed:
    tier = rule.tiers[index]
    threshold = tier.threshold
    is_calendar = rule.window is Window.CALENDAR and threshold.period is not Period.LIFETIME
    return TierNeed(
        tier=tier.key,
        type=threshold.type,
        missing=max(threshold.value - amount(rule, threshold, standing, today), 0),
        until=next_period(threshold.period, today) - timedelta(days=1) if is_calendar else None,
    )


def _first_day(window: Window, period: Period, on: date) -> date:
    if window is Window.CALENDAR:
        return period_began(period, on)
    return on - timedelta(days=ROLLING_DAYS[period] - 1)
