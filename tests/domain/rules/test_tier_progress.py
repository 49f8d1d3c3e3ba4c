"""Which tier is reached, by every measure and window, and what is missing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.cards import Totals
from gateway.domain.rules.outcomes import Day, TierMove
from gateway.domain.rules.tier_progress import (
    TierNeed,
    TierNeeds,
    amount,
    move_up,
    points_needed,
    rank,
    reached,
)
from gateway.domain.rules.tiers import (
    DegradationRules,
    Measure,
    Threshold,
    Tier,
    TierRule,
    Window,
)
from gateway.domain.rules.windows import Period
from tests.domain.rules.histories import a_card, spending

TODAY = date(2026, 11, 21)


def ladder(
    *values: int,
    measure: Measure = Measure.SPENDING,
    period: Period = Period.YEARLY,
    window: Window = Window.CALENDAR,
) -> TierRule:
    """Return tiers t1, t2 … with these thresholds."""
    return TierRule(
        tiers=tuple(
            Tier(
                key=f"t{place}",
                name=f"Tier {place}",
                threshold=Threshold(type=measure, value=value, period=period),
            )
            for place, value in enumerate(values, 1)
        ),
        window=window,
    )


RULE = ladder(10_000, 50_000)


@pytest.mark.parametrize(
    ("spent", "tier"),
    [(0, None), (9_999, None), (10_000, "t1"), (49_999, "t1"), (50_000, "t2"), (10**9, "t2")],
)
def test_exactly_the_threshold_reaches_a_tier_and_there_is_no_gap(
    spent: int, tier: str | None
) -> None:
    """A cent less is the tier below."""
    assert reached(RULE, a_card(days=spending({TODAY: spent})), TODAY) == tier


@given(st.integers(0, 10**6), st.lists(st.integers(1, 10**6), min_size=1, max_size=6, unique=True))
def test_every_amount_belongs_to_exactly_the_highest_tier_it_reaches(
    spent: int, values: list[int]
) -> None:
    """There is no amount between two tiers that belongs to neither."""
    rule = ladder(*sorted(values))
    place = rank(rule, reached(rule, a_card(days=spending({TODAY: spent})), TODAY))
    assert place == sum(value <= spent for value in values)


@pytest.mark.parametrize(
    ("window", "period", "first"),
    [
        (Window.CALENDAR, Period.MONTHLY, date(2026, 11, 1)),
        (Window.CALENDAR, Period.QUARTERLY, date(2026, 10, 1)),
        (Window.CALENDAR, Period.YEARLY, date(2026, 1, 1)),
        (Window.ROLLING, Period.MONTHLY, TODAY - timedelta(days=29)),
        (Window.ROLLING, Period.QUARTERLY, TODAY - timedelta(days=90)),
        (Window.ROLLING, Period.YEARLY, TODAY - timedelta(days=364)),
    ],
)
def test_a_window_counts_its_first_day_and_today_and_nothing_outside(
    window: Window, period: Period, first: date
) -> None:
    """Rolling windows are 30, 91 and 365 days with today."""
    rule = ladder(1, period=period, window=window)
    card = a_card(
        days=spending(
            {
                first - timedelta(days=1): 1,
                first: 10,
                TODAY: 100,
                TODAY + timedelta(days=1): 1_000,
            }
        )
    )
    assert amount(rule, rule.tiers[0].threshold, card, TODAY) == 110


@pytest.mark.parametrize(
    ("measure", "found"), [(Measure.SPENDING, 700), (Measure.VISITS, 1), (Measure.POINTS, 7)]
)
def test_each_measure_counts_its_own(measure: Measure, found: int) -> None:
    """In a window by days, in a lifetime by totals."""
    card = a_card(
        days=[Day(day=TODAY, visits=1, spent=700, points=7)],
        totals=Totals(visits=10, spent=7_000, points=70),
    )
    yearly = ladder(1, measure=measure)
    assert amount(yearly, yearly.tiers[0].threshold, card, TODAY) == found
    lifetime = ladder(1, measure=measure, period=Period.LIFETIME)
    assert amount(lifetime, lifetime.tiers[0].threshold, card, TODAY) == found * 10


def test_a_card_moves_up_at_once_and_over_several_tiers() -> None:
    """The purchase that reaches a tier brings it."""
    before, after = a_card(), a_card(days=spending({TODAY: 60_000}))
    assert move_up(RULE, before, after, TODAY) == TierMove(before=None, tier="t2", is_up=True)


@pytest.mark.parametrize(("held", "spent"), [("t1", 10_000), ("t2", 10_000), (None, 0)])
def test_nothing_that_happens_moves_a_card_down_or_to_where_it_is(
    held: str | None, spent: int
) -> None:
    """A refund is not a review."""
    card = a_card(tier=held, days=spending({TODAY: spent}))
    assert move_up(RULE, card, card, TODAY) is None


def test_a_tier_that_is_gone_is_below_all() -> None:
    """A card whose tier a new version dropped moves up to the one it reaches."""
    card = a_card(tier="platinum", days=spending({TODAY: 10_000}))
    assert rank(RULE, "platinum") == 0
    assert move_up(RULE, card, card, TODAY) == TierMove(before="platinum", tier="t1", is_up=True)


def test_what_is_missing_is_said_for_the_next_tier_and_the_own() -> None:
    """60 of 100 euros towards the first tier, which is also held from last year."""
    days = spending({TODAY: 6_000, date(2025, 12, 1): 20_000})
    year_end = date(2026, 12, 31)
    assert points_needed(RULE, a_card(days=days, tier="t1"), TODAY) == TierNeeds(
        next=TierNeed(tier="t2", type=Measure.SPENDING, missing=44_000, until=year_end),
        keep=TierNeed(tier="t1", type=Measure.SPENDING, missing=4_000, until=year_end),
    )


def test_nothing_is_missing_where_there_is_nothing_to_reach_or_keep() -> None:
    """Without a tier nothing is kept, above the highest there is none, and some are for good."""
    assert points_needed(RULE, a_card(), TODAY).keep is None
    assert points_needed(RULE, a_card(tier="t2"), TODAY).next is None
    for_good = replace(RULE, degradation_rules=DegradationRules(enabled=False))
    assert points_needed(for_good, a_card(tier="t2"), TODAY) == TierNeeds(next=None, keep=None)


def test_what_is_reached_is_not_missing() -> None:
    """Never less than nothing."""
    card = a_card(tier="t1", days=spending({TODAY: 30_000}))
    needs = points_needed(RULE, card, TODAY)
    assert needs.keep is not None
    assert needs.keep.missing == 0


@pytest.mark.parametrize(
    "rule", [ladder(1, window=Window.ROLLING), ladder(1, period=Period.LIFETIME)]
)
def test_rolling_windows_and_lifetimes_have_no_last_day(rule: TierRule) -> None:
    """Only a calendar period ends."""
    needs = points_needed(rule, a_card(), TODAY)
    assert needs.next is not None
    assert needs.next.until is None
