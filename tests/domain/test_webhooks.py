"""Webhook endpoints: what they hear, how often we try, and how secrets change."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.errors import Invalid
from gateway.domain.events.catalogue import EVENTS
from gateway.domain.webhooks import (
    ATTEMPTS_MAX,
    FILTER_NAMES_MAX,
    DisabledReason,
    SigningSecrets,
    check_events,
    matches,
    next_try,
    reason_to_disable,
)

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


@pytest.mark.parametrize("event", EVENTS)
def test_everything_means_every_event(event: type) -> None:
    """An endpoint that asked for all hears of each kind there is."""
    assert matches(["*"], event.type)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("names", "event_type", "hears"),
    [
        (["loyalty.card.stamped"], "loyalty.card.stamped", True),
        (["loyalty.card.stamped"], "loyalty.card.stamped_twice", False),
        (["loyalty.card.*"], "loyalty.card.stamped", True),
        (["loyalty.card.*"], "loyalty.cardholder.moved", False),
        (["loyalty.card.*"], "loyalty.card", False),
        (["loyalty.*"], "loyalty.reward.earned", True),
        (["loyalty.reward.*", "loyalty.card.opened"], "loyalty.card.opened", True),
        ([], "loyalty.card.opened", False),
    ],
)
def test_a_filter_names_events_or_a_family(
    names: list[str], event_type: str, *, hears: bool
) -> None:
    """A family ends at a point, never within a word."""
    assert matches(names, event_type) is hears


@pytest.mark.parametrize(
    "names",
    [
        [],
        [""],
        [".*"],
        ["loyalty.card.stampd"],
        ["loyalty.card*"],
        ["*.card.stamped"],
        ["loyalty.card.stamped", "other.*"],
        ["*"] * (FILTER_NAMES_MAX + 1),
    ],
)
def test_a_filter_that_would_hear_nothing_is_refused(names: list[str]) -> None:
    """A slip of the finger shows at once, not in weeks of silence."""
    with pytest.raises(Invalid):
        check_events(names)


def test_a_filter_of_known_names_is_taken() -> None:
    """Names, families and everything."""
    check_events(["loyalty.card.stamped", "loyalty.reward.*", "*"])
    check_events(["*"] * FILTER_NAMES_MAX)


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ([], "Please choose at least one event."),
        (["*"] * (FILTER_NAMES_MAX + 1), "Please name at most 50 events."),
        (["*", "x" * 99], f"There is no event called '{'x' * 60}'."),
    ],
)
def test_what_is_wrong_with_a_filter_is_said(names: list[str], sentence: str) -> None:
    """Beside the field, and not longer than a line."""
    with pytest.raises(Invalid, match=r"^Please check the events\.$") as refused:
        check_events(names)
    assert refused.value.detail == {"errors": {"events": sentence}}


def test_the_schedule_is_that_of_standard_webhooks() -> None:
    """Ten attempts in 75 hours and 35 minutes, the first five seconds after the failure."""
    pauses = [next_try(number, 0) for number in range(1, ATTEMPTS_MAX)]

    assert pauses == [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]
    total = timedelta(seconds=sum(pause or 0 for pause in pauses))
    assert total == timedelta(hours=75, minutes=35, seconds=5)
    assert next_try(ATTEMPTS_MAX, 0) is None
    assert next_try(ATTEMPTS_MAX + 7, 1) is None


@given(st.integers(1, ATTEMPTS_MAX - 1), st.floats(0, 1))
def test_jitter_only_delays_and_only_a_little(number: int, lot: float) -> None:
    """What failed together comes back apart, never early, at most a tenth later."""
    plain, spread = next_try(number, 0), next_try(number, lot)

    assert plain is not None
    assert spread is not None
    assert plain <= spread <= plain * 1.1 + 1e-6


def test_an_endpoint_is_left_alone_when_it_is_gone_or_fails_for_days() -> None:
    """410 at once; failures after five days without a success; nothing else."""
    days = timedelta(days=1)

    def reason(failing_since: datetime | None, *, is_gone: bool = False) -> object:
        return reason_to_disable(is_gone=is_gone, failing_since=failing_since, now=NOW)

    assert reason(None, is_gone=True) is DisabledReason.GONE
    assert reason(None) is None
    assert reason(NOW - 4.9 * days) is None
    assert reason(NOW - 5 * days) is DisabledReason.FAILING


def test_the_old_secret_signs_for_a_day() -> None:
    """A receiver that was not told in time still believes us, and not for ever."""
    first = SigningSecrets(current=b"a" * 32)
    second = first.rotated(b"b" * 32, NOW)

    assert first.valid(NOW) == (b"a" * 32,)
    assert second.valid(NOW + timedelta(hours=23, minutes=59)) == (b"b" * 32, b"a" * 32)
    assert second.valid(NOW + timedelta(hours=24)) == (b"b" * 32,)
    assert second.rotated(b"c" * 32, NOW).valid(NOW) == (b"c" * 32, b"b" * 32)
    assert "aaa" not in repr(second)
    assert SigningSecrets(current=b"a", old=b"b").valid(NOW) == (b"a",)
