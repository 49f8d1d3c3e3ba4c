"""What a visit earns, by the stamp rule."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.business_day import BusinessClock, business_day
from gateway.domain.cards import CardStatus, Standing
from gateway.domain.earning import Outcome, Visit, evaluate
from gateway.domain.errors import (
    BalanceLimit,
    CardBlocked,
    CooldownActive,
    DailyLimitReached,
    ProgramNotActive,
    Refusal,
)
from gateway.domain.ledger import BALANCE_MAX, STAMP, Account, Transfer
from gateway.domain.programs import Look, ProgramStatus, ProgramVersion, StampRule

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
CLOCK = BusinessClock(time_zone="Europe/Luxembourg", cutoff_hour=4)
ID = UUID(int=1)
ONE_STAMP = (Transfer(STAMP, Account.ISSUED, Account.AVAILABLE, 1),)


def make_version(target: int = 10, cooldown: int = 15, daily_limit: int = 5) -> ProgramVersion:
    rule = StampRule(
        target=target,
        reward="Coffee",
        cooldown=timedelta(minutes=cooldown),
        daily_limit=daily_limit,
    )
    return ProgramVersion(id=ID, program_id=ID, number=1, name="Card", rule=rule, look=Look())


def make_standing(available: int = 0, **changes: object) -> Standing:
    values: dict[str, object] = {
        "card_id": ID,
        "program_id": ID,
        "program_version_id": ID,
        "program_status": ProgramStatus.ACTIVE,
        "version": 1,
        "balances": {Account.AVAILABLE: available},
    }
    return Standing(**(values | changes))  # type: ignore[arg-type]


def visit(standing: Standing, now: datetime = NOON, **rule: int) -> Outcome:
    return evaluate(make_version(**rule), standing, Visit(clock=CLOCK), now)


def test_a_first_visit_earns_one_stamp_and_says_why() -> None:
    """A fresh card gets a stamp, and the explanation names the rule and the amounts."""
    outcome = visit(make_standing())

    assert outcome.refusal is None
    assert outcome.transfers == ONE_STAMP
    assert (outcome.last_earned_at, outcome.earned_that_day) == (NOON, 1)
    (explanation,) = outcome.explanations
    assert (explanation.rule, explanation.matched) == ("stamp_card", True)
    assert (explanation.wanted, explanation.given) == (1, 1)


@pytest.mark.parametrize(
    ("available", "earned"), [(0, 0), (8, 0), (9, 1), (10, 0), (18, 0), (19, 1)]
)
def test_a_reward_is_earned_with_the_stamp_that_fills_the_card(
    available: int, earned: int
) -> None:
    """Only the stamp that completes a card earns the reward, also on the second card."""
    assert visit(make_standing(available)).rewards_earned == earned


def test_a_stamp_within_the_cooldown_is_refused_with_the_time_it_is_possible_again() -> None:
    """Fourteen minutes and 59 seconds are too soon; the refusal says when."""
    last = NOON - timedelta(minutes=15) + timedelta(seconds=1)
    refusal = refused(visit(make_standing(last_earned_at=last)), CooldownActive)

    assert refusal.detail["retry_at"] == NOON + timedelta(seconds=1)


def test_a_stamp_is_possible_at_the_very_end_of_the_cooldown() -> None:
    """The cooldown is over when it has passed, not a moment later."""
    last = NOON - timedelta(minutes=15)
    assert visit(make_standing(last_earned_at=last)).transfers == ONE_STAMP


def test_the_daily_limit_counts_within_the_business_day_only() -> None:
    """The sixth stamp of a day is refused until the next business day begins at four."""
    today = business_day(NOON, CLOCK)
    standing = make_standing(earned_on=today, earned_that_day=5)

    refusal = refused(visit(standing, cooldown=0), DailyLimitReached)
    assert refusal.detail["retry_at"] == datetime(2026, 3, 11, 3, tzinfo=UTC)

    tomorrow = visit(standing, NOON + timedelta(days=1), cooldown=0)
    assert tomorrow.transfers == ONE_STAMP
    assert tomorrow.earned_that_day == 1


@pytest.mark.parametrize(
    "status", [ProgramStatus.DRAFT, ProgramStatus.PAUSED, ProgramStatus.ENDED]
)
def test_a_program_that_does_not_run_gives_nothing(status: ProgramStatus) -> None:
    """Before, between and after, no stamp is given."""
    refused(visit(make_standing(program_status=status)), ProgramNotActive)


def test_a_blocked_card_gets_nothing() -> None:
    """A blocked card is refused."""
    refused(visit(make_standing(card_status=CardStatus.BLOCKED)), CardBlocked)


def test_a_card_that_cannot_hold_more_is_refused() -> None:
    """The balance has an end, so no sum can overflow."""
    assert visit(make_standing(BALANCE_MAX - 1)).refusal is None
    refused(visit(make_standing(BALANCE_MAX)), BalanceLimit)


@given(
    gaps=st.lists(st.integers(0, 60 * 60 * 30), max_size=30),
    cooldown=st.integers(0, 120),
    daily_limit=st.integers(1, 6),
)
def test_no_series_of_visits_beats_cooldown_or_daily_limit(
    gaps: list[int], cooldown: int, daily_limit: int
) -> None:
    """Whenever a customer comes, stamps are a cooldown apart and within the day's limit."""
    version = make_version(cooldown=cooldown, daily_limit=daily_limit)
    standing, now, given_at = make_standing(), NOON, []
    for gap in gaps:
        now += timedelta(seconds=gap)
        outcome = evaluate(version, standing, Visit(clock=CLOCK), now)
        if outcome.refusal is None:
            given_at.append(now)
            standing = make_standing(
                len(given_at),
                last_earned_at=outcome.last_earned_at,
                earned_on=outcome.earned_on,
                earned_that_day=outcome.earned_that_day,
            )

    pairs = pairwise(given_at)
    assert all(later - earlier >= timedelta(minutes=cooldown) for earlier, later in pairs)
    days = [business_day(moment, CLOCK) for moment in given_at]
    assert all(days.count(day) <= daily_limit for day in days)


def refused(outcome: Outcome, refusal: type[Refusal]) -> Refusal:
    assert isinstance(outcome.refusal, refusal)
    assert outcome.transfers == ()
    (explanation,) = outcome.explanations
    assert (explanation.matched, explanation.given) == (False, 0)
    assert explanation.reason == refusal.code
    return outcome.refusal
