"""What becomes of a delivery after each answer a channel can give."""

from datetime import UTC, datetime, timedelta

import pytest

from workers.channels.base import (
    DELIVERED,
    Ambiguous,
    Gone,
    Outcome,
    Permanent,
    StopSender,
    Temporary,
    Unclassified,
)
from workers.reactions import (
    ATTEMPTS_MAX,
    BACKOFF_SECONDS_MAX,
    SENDER_STOPPED,
    Attempt,
    backoff_seconds,
    react,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LAST = 10_000


def attempt(number: int = 1, lot: float = 0.0) -> Attempt:
    """Make an attempt that ended now."""
    return Attempt(number, NOW, lot)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (DELIVERED, "done"),
        (Permanent("Unregistered", Gone()), "done"),
        (Permanent("PayloadTooLarge"), "dead"),
        (Temporary("InternalServerError", 900), "waiting"),
        (Ambiguous("NoAnswer"), "waiting"),
        (Unclassified("Status418"), "waiting"),
    ],
)
def test_an_answer_ends_a_delivery_or_makes_it_wait(outcome: Outcome, state: str) -> None:
    """Taken or nobody there: done. Refused for good: dead. All else is tried again."""
    assert react(outcome, attempt()).state == state


@pytest.mark.parametrize(
    ("outcome", "least"),
    [
        (Temporary("InternalServerError", 900), timedelta(minutes=15)),
        (Temporary("TooManyRequests", 1_800), timedelta(minutes=30)),
        (Temporary("BadCertificate", None, StopSender("BadCertificate")), timedelta(minutes=15)),
        (Unclassified("Status418"), timedelta(hours=1)),
    ],
)
@pytest.mark.parametrize("lot", [0.0, 0.5, 1.0])
def test_a_provider_is_never_asked_again_too_early(
    outcome: Outcome, least: timedelta, lot: float
) -> None:
    """A stated pause is kept and spread out a little, whatever the lot says."""
    next_at = react(outcome, attempt(lot=lot)).next_at

    assert next_at is not None
    assert NOW + least <= next_at <= NOW + least * 1.1


def test_backoff_grows_and_is_spread_over_its_whole_length() -> None:
    """The longest pause doubles up to a limit, and the lot picks any point of it."""
    longest = [backoff_seconds(attempt(number, lot=1.0)) for number in range(1, LAST)]

    assert longest[:4] == [1, 2, 4, 8]
    assert max(longest) == BACKOFF_SECONDS_MAX
    assert backoff_seconds(attempt(5, lot=0.25)) == 4
    assert backoff_seconds(attempt(5, lot=0.0)) == 0


def test_the_last_attempt_makes_it_dead() -> None:
    """Nothing is tried for ever."""
    assert react(Temporary("ConnectionLost"), attempt(ATTEMPTS_MAX)).state == "dead"
    assert react(Unclassified("Status418"), attempt(ATTEMPTS_MAX)).state == "dead"


def test_a_refused_sender_never_uses_up_a_delivery() -> None:
    """However long the certificate is wrong, its deliveries are there when it is right."""
    stopped = Temporary("BadCertificate", 900, StopSender("BadCertificate"))

    verdict = react(stopped, attempt(LAST))

    assert (verdict.state, verdict.reason, verdict.counted) == ("waiting", SENDER_STOPPED, False)
