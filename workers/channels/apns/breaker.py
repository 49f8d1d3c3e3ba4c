"""Whether pushes for one pass type may go out, and what stopped them."""

from dataclasses import dataclass, replace

from workers.channels.apns.reactions import (
    ACCEPTED,
    NOT_FOR_TOPIC,
    SENDER_STOPPED_RETRY_SECONDS,
    Answer,
    react,
)
from workers.channels.base import Gone, Outcome, Permanent, StopSender, Temporary

MISMATCHES_MAX = 5


@dataclass(frozen=True, slots=True)
class Breaker:
    """The standing of a sender; every answer makes the next one.

    Apple answers DeviceTokenNotForTopic both for one stray token and for every token when the
    certificate is the wrong one. So a token is given up only after this sender has had a push
    accepted, and several mismatches without an accepted push between them stop the sender.
    """

    proven: bool = False
    mismatches: int = 0
    stopped: StopSender | None = None
    trial_at: float = 0.0

    def refuses(self, now: float) -> Temporary | None:
        """Say why nothing may be sent at `now` (seconds of a monotonic clock), or None."""
        if self.stopped is None or now >= self.trial_at:
            return None
        return Temporary("SenderStopped", max(1, round(self.trial_at - now)), self.stopped)

    def trying(self, now: float) -> "Breaker":
        """Let one push through as a trial and hold the others back for another while."""
        return replace(self, trial_at=now + SENDER_STOPPED_RETRY_SECONDS)

    def after(self, answer: Answer, now: float) -> "tuple[Breaker, Outcome]":
        """Take in an answer; the outcome spares registrations while the sender is in doubt."""
        outcome = react(answer)
        if answer.status == ACCEPTED.status:
            return PROVEN, outcome
        if answer.reason == NOT_FOR_TOPIC:
            return self._after_mismatch(now)
        if isinstance(outcome, Temporary) and isinstance(outcome.follow_up, StopSender):
            return self._stop(outcome.follow_up, now), outcome
        return self, outcome

    def _after_mismatch(self, now: float) -> "tuple[Breaker, Outcome]":
        mismatches = self.mismatches + 1
        if self.stopped is not None or mismatches >= MISMATCHES_MAX:
            stop = StopSender(NOT_FOR_TOPIC)
            outcome = Temporary(NOT_FOR_TOPIC, SENDER_STOPPED_RETRY_SECONDS, stop)
            return self._stop(stop, now), outcome
        follow_up = Gone() if self.proven else None
        return replace(self, mismatches=mismatches), Permanent(NOT_FOR_TOPIC, follow_up)

    def _stop(self, stop: StopSender, now: float) -> "Breaker":
        return replace(self, stopped=stop, trial_at=now + SENDER_STOPPED_RETRY_SECONDS)


UNPROVEN = Breaker()
PROVEN = Breaker(proven=True)
