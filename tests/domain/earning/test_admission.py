"""Admission: who may earn, when, how soon and how often."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from gateway.domain.business_day import BusinessClock
from gateway.domain.cards import CardStatus, Standing, Totals
from gateway.domain.errors import (
    CardBlocked,
    CooldownActive,
    DailyLimitReached,
    LocationNotParticipating,
    NotInAudience,
    NotValidNow,
    ProgramNotActive,
    Refusal,
)
from gateway.domain.programs import ProgramStatus
from gateway.domain.rules.happenings import Sale
from gateway.domain.rules.outcomes import Day, Explanation
from gateway.domain.rules.plan import Limits
from gateway.domain.rules.schedules import Schedule, Span, Weekday
from gateway.domain.segments import Comparison, Condition, Segment, SegmentField
from tests.domain.earning.tills import (
    CLOCK,
    NOON,
    TODAY,
    card,
    judge,
    points,
    posted,
    sale,
    stamps,
    version,
)

ELSEWHERE = UUID(int=9)
REGULARS = Segment(
    conditions=(Condition(field=SegmentField.VISITS, comparison=Comparison.AT_LEAST, value=5),)
)
STRICT = Limits(cooldown_minutes=15, daily_limit=2)


@pytest.mark.parametrize(
    ("plan", "standing", "refusal"),
    [
        ({}, card(program_status=ProgramStatus.PAUSED), ProgramNotActive),
        ({}, card(program_status=ProgramStatus.ENDED), ProgramNotActive),
        ({}, card(card_status=CardStatus.BLOCKED), CardBlocked),
        ({}, card(card_status=CardStatus.MERGED), CardBlocked),
        ({"locations": (ELSEWHERE,)}, card(), LocationNotParticipating),
        ({"audience": REGULARS}, card(), NotInAudience),
        ({"schedule": Schedule(weekdays=(Weekday.SUNDAY,))}, card(), NotValidNow),
        (
            {"schedule": Schedule(blackout_dates=(Span(first=TODAY, last=TODAY),))},
            card(),
            NotValidNow,
        ),
        ({"limits": STRICT}, card(last_earned_at=NOON), CooldownActive),
        ({"limits": STRICT}, card(days=(Day(day=TODAY, earnings=2),)), DailyLimitReached),
    ],
)
@pytest.mark.parametrize("bought", [None, sale(1_000)])
def test_whoever_may_not_earn_is_told_why(
    plan: dict[str, object], standing: Standing, refusal: type[Refusal], bought: Sale | None
) -> None:
    """A visit and a sale are refused alike, and nothing is posted."""
    outcome = judge(version(stamps(), **plan), bought, standing)

    assert isinstance(outcome.refusal, refusal)
    assert not outcome.transfers
    (explanation,) = outcome.explanations
    assert explanation == Explanation(
        rule="",
        unit="",
        matched=False,
        wanted=0,
        given=0,
        reason=refusal.code,
        sentence=outcome.refusal.sentence,
    )


def test_a_location_that_takes_part_and_a_customer_of_the_audience_may_earn() -> None:
    """What would refuse others lets these pass."""
    plan = version(stamps(), locations=(ELSEWHERE, UUID(int=1)), audience=REGULARS)
    assert judge(plan, None, card(totals=Totals(visits=5))).refusal is None


def test_an_audience_is_judged_by_the_moment() -> None:
    """Who joined ten days ago has been there for nine days, and not for eleven."""
    standing = card(opened_at=NOON - timedelta(days=10))
    for days, refusal in ((9, type(None)), (11, NotInAudience)):
        joined = Condition(
            field=SegmentField.DAYS_SINCE_JOINING, comparison=Comparison.AT_LEAST, value=days
        )
        plan = version(stamps(), audience=Segment(conditions=(joined,)))
        assert isinstance(judge(plan, None, standing).refusal, refusal)


def test_who_comes_at_the_wrong_time_is_told_the_right_one() -> None:
    """The next business day on which the program holds, when there is one within a year or so."""
    sundays = judge(version(stamps(), schedule=Schedule(weekdays=(Weekday.SUNDAY,))), None)
    assert isinstance(sundays.refusal, NotValidNow)
    opens_at = sundays.refusal.detail["retry_at"]
    assert isinstance(opens_at, datetime)
    assert (opens_at > NOON, opens_at.isoweekday()) == (True, 7)
    never = Schedule(blackout_dates=(Span(first=TODAY, last=TODAY + timedelta(days=500)),))
    refusal = judge(version(stamps(), schedule=never), None).refusal
    assert isinstance(refusal, NotValidNow)
    assert refusal.detail == {}


def test_the_first_reason_is_told() -> None:
    """A blocked card of a paused program reads that the program is paused."""
    standing = card(program_status=ProgramStatus.PAUSED, card_status=CardStatus.BLOCKED)
    refusal = judge(version(stamps()), None, standing).refusal
    assert isinstance(refusal, ProgramNotActive)
    assert refusal.detail == {"status": ProgramStatus.PAUSED}


def test_a_cooldown_says_when_it_is_over_and_is_then_over() -> None:
    """The last second still waits."""
    plan = version(stamps(), limits=STRICT)
    standing = card(last_earned_at=NOON)
    free_at = NOON + timedelta(minutes=15)

    refusal = judge(plan, None, standing, free_at - timedelta(seconds=1)).refusal
    assert refusal is not None
    assert refusal.detail == {"retry_at": free_at, "last_earned_at": NOON}
    assert judge(plan, None, standing, free_at).refusal is None


def test_the_daily_limit_ends_with_the_business_day() -> None:
    """At 03:59 it is still yesterday, at 04:00 a new day, and retry_at says so."""
    plan = version(stamps(), limits=Limits(cooldown_minutes=0, daily_limit=2))
    standing = card(days=(Day(day=TODAY, earnings=2),))
    local = ZoneInfo("Europe/Luxembourg")
    before = datetime(2026, 3, 11, 3, 59, tzinfo=local).astimezone(UTC)
    begins = datetime(2026, 3, 11, 4, tzinfo=local)

    refusal = judge(plan, None, standing, before).refusal
    assert isinstance(refusal, DailyLimitReached)
    assert refusal.detail == {"retry_at": begins, "daily_limit": 2}
    assert refusal.sentence == "This card was used 2 times today, which is all it can be."
    assert judge(plan, None, standing, begins).refusal is None


@pytest.mark.parametrize("month_day", [(3, 29), (10, 25)])
def test_a_daily_limit_holds_all_through_a_day_on_which_the_clock_changes(
    month_day: tuple[int, int],
) -> None:
    """The business day of 23 or 25 hours has one limit, and the next one a new one."""
    clock = BusinessClock(time_zone="Europe/Luxembourg")
    day = date(2026, *month_day)
    local = ZoneInfo(clock.time_zone)
    plan = version(stamps(), limits=Limits(cooldown_minutes=0, daily_limit=2))
    standing = card(days=(Day(day=day, earnings=2),))
    midnight = datetime(2026, *month_day, tzinfo=local).astimezone(UTC)
    next_midnight = (datetime(2026, *month_day, tzinfo=local) + timedelta(days=1)).astimezone(UTC)

    for moment in (midnight, next_midnight - timedelta(seconds=1)):
        refusal = judge(plan, None, standing, moment, clock).refusal
        assert isinstance(refusal, DailyLimitReached)
        assert refusal.detail["retry_at"] == next_midnight
    assert judge(plan, None, standing, next_midnight, clock).refusal is None


@pytest.mark.parametrize("month_day", [(3, 29), (10, 25)])
def test_a_cooldown_lasts_as_long_when_the_clock_changes(month_day: tuple[int, int]) -> None:
    """Fifteen minutes are fifteen minutes, whatever the wall says."""
    plan = version(stamps(), limits=STRICT)
    earned = datetime(2026, *month_day, 0, 50, tzinfo=UTC)
    standing = card(last_earned_at=earned)
    soon = earned + timedelta(minutes=14)
    assert isinstance(judge(plan, None, standing, soon).refusal, CooldownActive)
    assert judge(plan, None, standing, earned + timedelta(minutes=15)).refusal is None


def test_no_more_is_earned_on_a_day_than_the_limit_allows() -> None:
    """D4 of the abuse matrix: five a business day, whatever the moments are."""
    plan = version(stamps(), limits=Limits(cooldown_minutes=1, daily_limit=5))
    standing, earned = card(), 0
    for minute in range(60 * 24):
        now = datetime(2026, 3, 10, 3, tzinfo=UTC) + timedelta(minutes=minute)
        outcome = judge(plan, None, standing, now, CLOCK)
        if outcome.refusal is None:
            standing, earned = posted(standing, outcome), earned + 1
    assert earned == 5


def test_a_sale_that_earns_nothing_starts_no_cooldown() -> None:
    """Whoever bought too little can buy more at once."""
    plan = version(points(minimum_purchase_amount=350), limits=STRICT)
    outcome = judge(plan, sale(320))
    standing = posted(card(), outcome)
    assert standing.last_earned_at is None
    assert judge(plan, sale(1_000), standing).given == {("points", "point"): 10}
