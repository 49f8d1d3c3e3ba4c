"""Reviews of tiers: kept, warned of, and lost, with grace and notice."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.cards import Standing, Totals
from gateway.domain.rules.outcomes import RuleMemory, TierMove
from gateway.domain.rules.tier_progress import rank
from gateway.domain.rules.tier_reviews import (
    TierReview,
    Verdict,
    evaluate_tier,
    next_evaluation,
)
from gateway.domain.rules.tiers import DegradationRules, Downgrade, TierRule, Window
from gateway.domain.rules.windows import Period
from tests.domain.rules.histories import a_card, spending
from tests.domain.rules.test_tier_progress import ladder

YEARLY = ladder(10_000, 50_000, 90_000)
MONTHLY = ladder(10_000, 50_000, 90_000, period=Period.MONTHLY)
NEW_YEAR = date(2027, 1, 1)


def rules(rule: TierRule, **changes: object) -> TierRule:
    base = {"grace_period_months": 0, "notice_days": 14, "downgrade": Downgrade.ONE_DOWN}
    return replace(rule, degradation_rules=DegradationRules(**{**base, **changes}))  # type: ignore[arg-type]


def card(
    rule: TierRule,
    tier: str | None = "t3",
    memory: RuleMemory | None = None,
    **spent: int,
) -> Standing:
    """Return a card with a tier that spent so much on days named like d2026_12_31."""
    days = {
        date(*(int(part) for part in name[1:].split("_"))): value for name, value in spent.items()
    }
    return a_card(days=spending(days), tier=tier, memory={rule.key: memory} if memory else {})


def follow(rule: TierRule, standing: Standing, start: date, end: date) -> list[tuple[date, str]]:
    """Return what the reviews say that follow one another, in short, keeping aside."""
    said = []
    day = start
    while day <= end:
        review = evaluate_tier(rule, standing, day)
        assert review.next_on > day
        tier = standing.tier
        if review.verdict is Verdict.DOWNGRADE:
            assert review.move is not None
            tier = review.move.tier
        standing = replace(
            standing, tier=tier, memory={**standing.memory, rule.key: review.memory}
        )
        if review.verdict is not Verdict.KEEP:
            said.append((day, f"{review.verdict} {review.move and review.move.tier}"))
        day = review.next_on
    return said


@pytest.mark.parametrize(
    ("period", "first"),
    [
        (Period.MONTHLY, date(2026, 12, 1)),
        (Period.QUARTERLY, NEW_YEAR),
        (Period.YEARLY, NEW_YEAR),
    ],
)
def test_the_next_evaluation_is_the_first_of_a_period(period: Period, first: date) -> None:
    """After the day, also when the day is one."""
    rule = replace(YEARLY, evaluation_period=period)
    assert next_evaluation(rule, date(2026, 11, 21)) == first
    assert next_evaluation(rule, first) > first


@pytest.mark.parametrize(
    ("tier", "is_enabled"), [(None, True), ("t3", False), ("platinum", False)]
)
def test_who_has_no_tier_or_cannot_lose_it_is_not_reviewed(
    tier: str | None, *, is_enabled: bool
) -> None:
    """Nothing to keep, nothing to lose, no next time."""
    rule = rules(YEARLY, enabled=is_enabled)
    review = evaluate_tier(rule, card(rule, tier), NEW_YEAR)
    assert review == TierReview(verdict=Verdict.KEEP, memory=RuleMemory(), next_on=date.max)


def test_a_years_tier_is_kept_through_the_next_year_and_then_lost() -> None:
    """Reached in 2026, evaluated monthly: warned of on 18 December 2027, lost on New Year."""
    rule = rules(YEARLY)
    standing = card(rule, d2026_12_31=90_000)
    assert follow(rule, standing, NEW_YEAR, date(2028, 1, 2)) == [
        (date(2027, 12, 18), "warn t2"),
        (date(2028, 1, 1), "downgrade t2"),
    ]


def test_one_down_falls_a_tier_at_each_evaluation_and_to_fit_all_at_once() -> None:
    """Nothing spent since November: t2 and t1 and none month by month, or none in one go."""
    one_down, to_fit = rules(MONTHLY), rules(MONTHLY, downgrade=Downgrade.TO_FIT)
    standing = card(one_down, d2026_11_30=90_000)
    start, end = date(2026, 12, 1), date(2027, 3, 31)
    assert [said for said in follow(one_down, standing, start, end) if "down" in said[1]] == [
        (date(2027, 1, 1), "downgrade t2"),
        (date(2027, 2, 1), "downgrade t1"),
        (date(2027, 3, 1), "downgrade None"),
    ]
    assert follow(to_fit, standing, start, end) == [
        (date(2026, 12, 18), "warn None"),
        (date(2027, 1, 1), "downgrade None"),
    ]


def test_to_fit_falls_to_the_tier_that_was_reached() -> None:
    """December's 100 euros are still the first tier."""
    rule = rules(MONTHLY, downgrade=Downgrade.TO_FIT)
    review = evaluate_tier(rule, card(rule, d2026_12_15=10_000), NEW_YEAR)
    assert review.move == TierMove(before="t3", tier="t1", is_up=False)
    assert review.moves_on == NEW_YEAR


def test_exactly_the_threshold_keeps_the_tier() -> None:
    """A cent less loses it."""
    rule = rules(MONTHLY)
    kept = evaluate_tier(rule, card(rule, d2026_12_31=90_000), NEW_YEAR)
    lost = evaluate_tier(rule, card(rule, d2026_12_31=89_999), NEW_YEAR)
    assert (kept.verdict, lost.verdict) == (Verdict.KEEP, Verdict.DOWNGRADE)


def test_what_was_reached_on_the_morning_of_the_evaluation_keeps_the_tier() -> None:
    """The new month's purchase came before the review of the old month."""
    rule = rules(MONTHLY)
    review = evaluate_tier(rule, card(rule, d2027_1_1=90_000), NEW_YEAR)
    assert review.verdict is Verdict.KEEP


def test_grace_puts_the_fall_off_and_notice_is_given_before_it() -> None:
    """Failed on New Year with three months of grace: told on 18 March, fallen on 1 April."""
    rule = rules(YEARLY, grace_period_months=3, downgrade=Downgrade.TO_FIT)
    standing = card(rule, d2026_5_1=50_000)
    assert follow(rule, standing, NEW_YEAR, date(2027, 5, 31)) == [
        (date(2027, 3, 18), "warn t2"),
        (date(2027, 4, 1), "downgrade t2"),
    ]


def test_what_is_reached_within_the_grace_keeps_the_tier() -> None:
    """900 euros in February make the failed year good; nothing is announced."""
    rule = rules(YEARLY, grace_period_months=3)
    standing = card(rule, d2026_5_1=50_000, d2027_2_20=90_000)
    assert follow(rule, standing, NEW_YEAR, date(2027, 12, 1)) == []
    failed = RuleMemory(period="2027-01-01", count=2)
    review = evaluate_tier(rule, card(rule, memory=failed, d2027_2_20=90_000), date(2027, 3, 1))
    assert review.memory == RuleMemory()


def test_a_tier_reached_within_the_grace_is_the_lowest_to_fall_to() -> None:
    """Nothing fitted on New Year, but February's 500 euros do."""
    rule = rules(YEARLY, grace_period_months=3, downgrade=Downgrade.TO_FIT)
    failed = RuleMemory(period="2027-01-01", count=0, used_until=date(2027, 4, 1))
    standing = card(rule, memory=failed, d2027_2_20=50_000)
    review = evaluate_tier(rule, standing, date(2027, 4, 1))
    assert review.move == TierMove(before="t3", tier="t2", is_up=False)


def test_grace_that_was_another_tiers_is_void() -> None:
    """The card came to its tier after the failed evaluation."""
    rule = rules(YEARLY, grace_period_months=3)
    failed = RuleMemory(period="2027-01-01", count=1)
    standing = replace(card(rule, memory=failed), tier_since=datetime(2027, 2, 10, 12, tzinfo=UTC))
    review = evaluate_tier(rule, standing, date(2027, 4, 1))
    assert (review.verdict, review.memory) == (Verdict.KEEP, RuleMemory())
    same_day = replace(standing, tier_since=datetime(2027, 1, 1, 12, tzinfo=UTC))
    assert evaluate_tier(rule, same_day, date(2027, 4, 1)).verdict is Verdict.DOWNGRADE


def test_a_warning_is_given_once_and_again_when_the_fall_had_been_averted() -> None:
    """The purchase after the warning averts it, its refund brings it back."""
    rule = rules(MONTHLY)
    day = date(2026, 12, 20)
    first = evaluate_tier(rule, card(rule), day)
    assert (first.verdict, first.moves_on) == (Verdict.WARN, NEW_YEAR)
    again = evaluate_tier(rule, card(rule, memory=first.memory), day + timedelta(days=1))
    assert (again.verdict, again.moves_on) == (Verdict.KEEP, NEW_YEAR)
    averted = evaluate_tier(
        rule, card(rule, memory=first.memory, d2026_12_21=90_000), day + timedelta(days=2)
    )
    assert (averted.verdict, averted.memory) == (Verdict.KEEP, RuleMemory())
    refunded = evaluate_tier(rule, card(rule, memory=averted.memory), day + timedelta(days=3))
    assert refunded.verdict is Verdict.WARN


def test_a_notice_longer_than_a_month_is_given_the_day_after_the_last_fall() -> None:
    """Forty days before the first of February, the card still held the tier above."""
    rule = rules(MONTHLY, notice_days=40)
    standing = card(rule, tier="t2")
    assert follow(rule, standing, NEW_YEAR, date(2027, 2, 3)) == [
        (NEW_YEAR, "downgrade t1"),
        (date(2027, 1, 2), "warn None"),
        (date(2027, 2, 1), "downgrade None"),
    ]


def test_before_it_is_time_the_fall_is_known_but_nothing_is_said() -> None:
    """The next review is on the day of the notice."""
    rule = rules(MONTHLY)
    review = evaluate_tier(rule, card(rule), date(2026, 12, 2))
    assert review.verdict is Verdict.KEEP
    assert review.moves_on == NEW_YEAR
    assert review.next_on == date(2026, 12, 18)


def test_without_notice_nobody_is_warned() -> None:
    """The fall comes unannounced."""
    rule = rules(MONTHLY, notice_days=0)
    standing = card(rule, tier="t1")
    assert follow(rule, standing, date(2026, 12, 2), date(2027, 1, 5)) == [
        (NEW_YEAR, "downgrade None")
    ]


def test_a_rolling_tier_is_lost_when_its_days_slide_out() -> None:
    """365 days from 10 January 2026 still hold on the first of January, not on the next."""
    rule = rules(replace(YEARLY, window=Window.ROLLING), notice_days=0)
    standing = card(rule, d2026_1_10=90_000)
    assert follow(rule, standing, date(2026, 12, 1), date(2027, 2, 2)) == [
        (date(2027, 2, 1), "downgrade t2")
    ]


def test_a_lifetimes_tier_is_lost_only_by_refunds() -> None:
    """With less than the threshold left of it, at the next evaluation."""
    rule = rules(ladder(10_000, period=Period.LIFETIME))
    kept, lost = (
        replace(card(rule, tier="t1"), totals=Totals(spent=spent)) for spent in (10_000, 9_999)
    )
    assert evaluate_tier(rule, kept, NEW_YEAR).verdict is Verdict.KEEP
    assert evaluate_tier(rule, lost, NEW_YEAR).verdict is Verdict.DOWNGRADE


def test_a_tier_that_a_version_dropped_is_left_at_once_for_the_one_reached() -> None:
    """On any day, and without grace: there is nothing left to hold."""
    rule = rules(MONTHLY, grace_period_months=6)
    day = date(2026, 12, 9)
    some = evaluate_tier(rule, card(rule, tier="platinum", d2026_12_8=50_000), day)
    none = evaluate_tier(rule, card(rule, tier="platinum"), day)
    assert some.move == TierMove(before="platinum", tier="t2", is_up=False)
    assert none.move == TierMove(before="platinum", tier=None, is_up=False)
    assert (some.next_on, none.next_on) == (date(2026, 12, 10), date.max)


@given(
    rule=st.sampled_from([YEARLY, MONTHLY, replace(YEARLY, window=Window.ROLLING)]),
    evaluation=st.sampled_from([Period.MONTHLY, Period.QUARTERLY, Period.YEARLY]),
    grace=st.integers(0, 4),
    notice=st.integers(0, 40),
    downgrade=st.sampled_from(Downgrade),
    spent=st.dictionaries(
        st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(0, 60_000), max_size=5
    ),
)
def test_every_fall_is_announced_in_time_and_goes_down(
    *,
    rule: TierRule,
    evaluation: Period,
    grace: int,
    notice: int,
    downgrade: Downgrade,
    spent: dict[date, int],
) -> None:
    """Who spends no more after 2026 ends without a tier, step by step and told before."""
    rule = rules(
        replace(rule, evaluation_period=evaluation),
        grace_period_months=grace,
        notice_days=notice,
        downgrade=downgrade,
    )
    standing = a_card(days=spending(spent), tier="t3")
    said = follow(rule, standing, NEW_YEAR, date(2034, 1, 1))

    falls = [(day, words.split()[1]) for day, words in said if words.startswith("downgrade")]
    places = [3, *(rank(rule, tier) for _, tier in falls)]
    assert places == sorted(places, reverse=True)
    assert len(set(places)) == len(places)
    assert places[-1] == 0
    warned = {words.split()[1]: day for day, words in said if words.startswith("warn")}
    for day, tier in falls[1:]:
        if notice:
            assert warned[tier] <= day - timedelta(days=min(notice, 27))
