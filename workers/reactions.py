"""What a channel's outcome means for the delivery: done, dead, or another try and when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.storage.queues.delivery_queue import Verdict
from workers.channels.base import (
    Ambiguous,
    Delivered,
    Gone,
    Outcome,
    Permanent,
    StopSender,
    Temporary,
    Unclassified,
)

# About a day at the longest pause.
ATTEMPTS_MAX = 100
BACKOFF_FIRST_SECONDS = 1.0
BACKOFF_SECONDS_MAX = 900.0
UNCLASSIFIED_SECONDS = 3_600.0
# A provider's own "not before" is kept; later by up to this part, so that not all come at once.
SPREAD = 0.1
DOUBLINGS_MAX = 20
SENDER_STOPPED = "SenderStopped"
"""The reason all of a topic's deliveries wait for, whatever its provider said."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt that ended: its number, when, and a lot drawn from 0 to 1 for its jitter."""

    number: int
    ended_at: datetime
    lot: float


def react(outcome: Outcome, attempt: Attempt) -> Verdict:
    """Return how the delivery goes on.

    A wallet push says only "look again", so one that may have arrived is simply sent again. A
    sender that its provider refuses is nobody's fault among the receivers: that attempt does not
    count, however long it takes until somebody puts the certificate right.
    """
    match outcome:
        case Delivered():
            return Verdict(state="done", reason="Delivered")
        case Permanent(reason, follow_up):
            state = "done" if isinstance(follow_up, Gone) else "dead"
            return Verdict(state=state, reason=reason)
        case Temporary(_, seconds, StopSender()):
            pause = _not_before(seconds or BACKOFF_SECONDS_MAX, attempt)
            return _later(attempt, SENDER_STOPPED, pause)
    if attempt.number >= ATTEMPTS_MAX:
        return Verdict(state="dead", reason=outcome.reason)
    return _later(attempt, outcome.reason, _pause_seconds(outcome, attempt), counted=True)


def backoff_seconds(attempt: Attempt) -> float:
    """Return the usual pause: exponential with full jitter.

    https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    """
    longest = BACKOFF_FIRST_SECONDS * 2.0 ** min(attempt.number - 1, DOUBLINGS_MAX)
    return attempt.lot * min(longest, BACKOFF_SECONDS_MAX)


def _pause_seconds(outcome: Temporary | Ambiguous | Unclassified, attempt: Attempt) -> float:
    if isinstance(outcome, Unclassified):
        return _not_before(UNCLASSIFIED_SECONDS, attempt)
    if isinstance(outcome, Temporary) and outcome.retry_after_seconds is not None:
        return _not_before(outcome.retry_after_seconds, attempt)
    return backoff_seconds(attempt)


def _not_before(seconds: float, attempt: Attempt) -> float:
    return seconds * (1 + SPREAD * attempt.lot)


def _later(attempt: Attempt, reason: str, seconds: float, *, counted: bool = False) -> Verdict:
    return Verdict(
        state="waiting",
        reason=reason,
        next_at=attempt.ended_at + timedelta(seconds=seconds),
        counted=counted,
    )
