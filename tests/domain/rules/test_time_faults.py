"""What cannot be in a plan's times."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.domain.configurations.faults import Fault
from gateway.domain.rules.time_faults import window_faults
from tests.domain.rules.documents import POINTS, PUNCHES, STAMPS, Document, faults_of

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
TOO_SOON = {"/pending_days": "Points would expire before they can be used."}


def test_a_window_ends_after_it_starts() -> None:
    """At the same moment is too early; without an end or a start it never is."""
    moment = timedelta(microseconds=1)
    fault = Fault("/x/ends_at", "End date must be after start date")

    assert list(window_faults(NOON, NOON, "/x")) == [fault]
    assert list(window_faults(NOON, NOON - moment, "/x")) == [fault]
    assert not list(window_faults(NOON, NOON + moment, "/x"))
    assert not list(window_faults(None, NOON, "/x"))
    assert not list(window_faults(NOON, None, "/x"))


def test_hours_end_at_another_hour_than_they_begin() -> None:
    """Past midnight is welcome, and so is a whole day."""
    hours = [(22, 2), (0, 24), (9, 9), (0, 0), (9, 10)]
    schedule = {"hours": [{"start": start, "end": end} for start, end in hours]}
    sentence = "Valid hours must not end when they begin."

    assert faults_of(STAMPS, schedule=schedule) == {
        "/schedule/hours/2/end": sentence,
        "/schedule/hours/3/end": sentence,
    }
    assert faults_of(PUNCHES | {"valid_hours": {"start": 9, "end": 9}}) == {
        "/rules/0/valid_hours/end": sentence
    }
    assert not faults_of(PUNCHES | {"valid_hours": {"start": 9, "end": 8}})


def test_weekdays_and_blackout_dates_are_in_order() -> None:
    """One day alone is a span too."""
    spans = [("2026-12-24", "2026-12-24"), ("2026-12-26", "2026-12-25")]
    schedule = {
        "weekdays": ["monday", "friday", "monday"],
        "blackout_dates": [{"first": first, "last": last} for first, last in spans],
    }

    assert faults_of(STAMPS, schedule=schedule) == {
        "/schedule/weekdays/2": "This day is there twice.",
        "/schedule/blackout_dates/1/last": "The last day must not be before the first.",
    }


def test_a_date_of_expiry_is_a_day_of_the_year() -> None:
    """The 29 February is one, the 30 is not; each is there once."""
    dates = [(2, 29), (2, 30), (4, 31), (12, 31), (2, 29)]
    expiry = {"type": "fixed_dates", "dates": [{"month": m, "day": d} for m, d in dates]}

    assert faults_of(POINTS, expiry=expiry, pending_days=365) == {
        "/expiry/dates/1/day": "This month has no such day.",
        "/expiry/dates/2/day": "This month has no such day.",
        "/expiry/dates/4": "This date is there twice.",
    }


@pytest.mark.parametrize("expiry", ["rolling", "sliding"])
def test_points_live_longer_than_they_are_held_back(expiry: str) -> None:
    """A month has at least 28 days, and on the 28th they would be gone."""
    lives = {"type": expiry, "months": 2}

    assert faults_of(POINTS, expiry=lives, pending_days=56) == TOO_SOON
    assert not faults_of(POINTS, expiry=lives, pending_days=55)


def test_points_with_a_life_of_their_own_live_longer_too() -> None:
    """The rule's months count beside the plan's."""
    points: Document = POINTS | {"expiration_months": 1}

    assert faults_of(points, pending_days=28) == TOO_SOON
    assert not faults_of(points, pending_days=27)
    assert not faults_of(POINTS, pending_days=365)
