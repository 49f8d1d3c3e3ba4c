"""Whether a customer may be written to now: each reason alone, in its order, and the hour."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from gateway.domain.consents import Medium, Purpose
from gateway.domain.contacting import (
    ContactBudget,
    ContactPolicy,
    Go,
    Later,
    QuietHours,
    Reach,
    Skip,
    check_policy,
    default_policy,
    judge,
    quiet_until,
)
from gateway.domain.errors import Invalid
from gateway.domain.messages import Channel, SkipReason

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
NIGHT = datetime(2026, 11, 18, 23, tzinfo=UTC)
POLICY = ContactPolicy()
SERVICE, MARKETING = Purpose.SERVICE, Purpose.MARKETING
REACH = Reach(
    consents={(medium, purpose): True for medium in Medium for purpose in Purpose},
    is_reachable=True,
    is_suppressed=False,
    is_card_usable=True,
    time_zone="UTC",
)
LIMITS = {
    "a_day": "Please choose from 0 to 20.",
    "a_week": "Please choose at least what a day allows, and at most 50.",
}


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("channel", Channel)
def test_at_noon_who_agreed_is_written_to(channel: Channel, purpose: Purpose) -> None:
    """By every channel and for both purposes."""
    assert judge(channel, purpose, REACH, POLICY, NOON) == Go()


@pytest.mark.parametrize("channel", Channel)
def test_the_first_reason_is_the_one_that_is_said(channel: Channel) -> None:
    """Take away one obstacle after another, and the next one shows."""
    wallet = channel.medium is Medium.WALLET
    reach = Reach(
        consents={(channel.medium, MARKETING): False},
        is_reachable=False,
        is_suppressed=True,
        is_card_usable=False,
        time_zone="UTC",
        offers_today=3,
        offers_this_week=3,
    )
    steps: list[tuple[dict[str, object], SkipReason]] = [
        ({}, SkipReason.NOT_IN_WALLET if wallet else SkipReason.NO_ADDRESS),
        ({"is_reachable": True}, SkipReason.SUPPRESSED),
        ({"is_suppressed": False}, SkipReason.NO_CONSENT),
        ({"consents": REACH.consents}, SkipReason.CARD_BLOCKED),
        ({"is_card_usable": True}, SkipReason.CONTACT_BUDGET),
        ({"offers_today": 2, "offers_this_week": 7}, SkipReason.CONTACT_BUDGET),
    ]
    for change, reason in steps:
        reach = replace(reach, **change)  # type: ignore[arg-type]
        assert judge(channel, MARKETING, reach, POLICY, NOON) == Skip(reason)
    reach = replace(reach, offers_this_week=6)
    assert judge(channel, MARKETING, reach, POLICY, NOON) == Go()


def test_news_of_a_card_is_no_offer() -> None:
    """A used-up budget holds back offers only."""
    spent = replace(REACH, offers_today=9, offers_this_week=99)
    assert judge(Channel.MAIL, SERVICE, spent, POLICY, NOON) == Go()


@pytest.mark.parametrize(
    ("channel", "purpose", "rings"),
    [
        (Channel.SMS, SERVICE, True),
        (Channel.SMS, MARKETING, True),
        (Channel.APPLE, MARKETING, True),
        (Channel.GOOGLE, MARKETING, True),
        (Channel.APPLE, SERVICE, False),
        (Channel.MAIL, MARKETING, False),
        (Channel.MAIL, SERVICE, False),
    ],
)
def test_at_night_nothing_rings_that_nobody_asked_for(
    channel: Channel, purpose: Purpose, *, rings: bool
) -> None:
    """A mail waits by itself, and the answer to a stamp is expected."""
    morning = datetime(2026, 11, 19, 8, tzinfo=UTC)
    expected = Later(morning) if rings else Go()
    assert judge(channel, purpose, REACH, POLICY, NIGHT) == expected


@pytest.mark.parametrize(
    ("at", "zone", "quiet", "until"),
    [
        ("2026-11-18T20:59", "UTC", QuietHours(), None),
        ("2026-11-18T21:00", "UTC", QuietHours(), "2026-11-19T08:00"),
        ("2026-11-18T03:00", "UTC", QuietHours(), "2026-11-18T08:00"),
        ("2026-11-18T08:00", "UTC", QuietHours(), None),
        ("2026-11-18T20:30", "Europe/Luxembourg", QuietHours(), "2026-11-19T07:00"),
        ("2026-11-18T12:00", "Asia/Tokyo", QuietHours(), "2026-11-18T23:00"),
        ("2026-11-18T12:00", "UTC", QuietHours(begins=time(0), ends=time(0)), None),
        (
            "2026-11-18T13:00",
            "UTC",
            QuietHours(begins=time(12), ends=time(14)),
            "2026-11-18T14:00",
        ),
        ("2026-11-18T14:00", "UTC", QuietHours(begins=time(12), ends=time(14)), None),
        # A Sunday, and the Saturday night before it.
        ("2026-11-22T12:00", "UTC", QuietHours(sundays=True), "2026-11-23T08:00"),
        ("2026-11-21T22:00", "UTC", QuietHours(sundays=True), "2026-11-23T08:00"),
        ("2026-11-22T12:00", "UTC", QuietHours(), None),
        # The night in which clocks go forward, and the one in which they go back.
        ("2026-03-29T00:30", "Europe/Luxembourg", QuietHours(), "2026-03-29T06:00"),
        ("2026-10-25T00:30", "Europe/Luxembourg", QuietHours(), "2026-10-25T07:00"),
    ],
)
def test_quiet_hours_end_by_the_readers_clock(
    at: str, zone: str, quiet: QuietHours, until: str | None
) -> None:
    """Given as we count time, computed as the reader does."""
    now = datetime.fromisoformat(at).replace(tzinfo=UTC)
    expected = None if until is None else datetime.fromisoformat(until).replace(tzinfo=UTC)
    assert quiet_until(quiet, zone, now) == expected


def test_after_the_quiet_hours_it_is_not_quiet() -> None:
    """Whatever the hour, who waits until then is not told to wait again."""
    quiet = QuietHours(begins=time(22), sundays=True)
    for hours in range(24 * 14):
        until = quiet_until(quiet, "Europe/Paris", NOON + timedelta(hours=hours))
        assert until is None or quiet_until(quiet, "Europe/Paris", until) is None


def test_france_has_manners_of_its_own() -> None:
    """From 8 to 22, and not on Sundays."""
    assert default_policy("FR").quiet == QuietHours(begins=time(22), ends=time(8), sundays=True)
    assert default_policy("LU") == ContactPolicy()


@pytest.mark.parametrize(
    "budget",
    [ContactBudget(), ContactBudget(a_day=0, a_week=0), ContactBudget(a_day=20, a_week=50)],
)
def test_limits_up_to_the_largest_are_taken(budget: ContactBudget) -> None:
    """From nothing at all to every few hours."""
    check_policy(ContactPolicy(budget=budget))


@pytest.mark.parametrize(
    ("budget", "field"),
    [
        (ContactBudget(a_day=-1), "a_day"),
        (ContactBudget(a_day=21, a_week=30), "a_day"),
        (ContactBudget(a_day=5, a_week=4), "a_week"),
        (ContactBudget(a_day=5, a_week=51), "a_week"),
    ],
)
def test_limits_nobody_can_mean_are_refused(budget: ContactBudget, field: str) -> None:
    """A week allows at least what a day does."""
    with pytest.raises(Invalid, match=r"^Please check the limits\.$") as refused:
        check_policy(ContactPolicy(budget=budget))
    assert refused.value.detail == {"errors": {field: LIMITS[field]}}
