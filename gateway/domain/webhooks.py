"""A webhook endpoint: what it hears, with which secrets, how often we try and when we give up."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from gateway.domain.errors import Invalid
from gateway.domain.events.catalogue import EVENTS

_PUBLIC = "loyalty."
EVENT_TYPES = frozenset(event.type for event in EVENTS)
EVERYTHING = "*"
_ANY_AFTER = ".*"
FILTER_NAMES_MAX = 50

# Standard Webhooks asks for 24 to 64.
SECRET_BYTES = 32
OLD_SECRET_VALID = timedelta(hours=24)

# The schedule Standard Webhooks gives as its example: ten attempts within 75 hours 35 minutes.
# https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
_PAUSES_SECONDS = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
ATTEMPTS_MAX = 1 + len(_PAUSES_SECONDS)
# Later by up to this part, so that what failed together does not come back together.
JITTER = 0.1
# As long as a merchant's long weekend and a day: then nobody is listening any more.
FAILING_MAX = timedelta(days=5)


class EndpointStatus(StrEnum):
    """Whether anything is sent to an endpoint."""

    ENABLED = "enabled"
    DISABLED = "disabled"


class DisabledReason(StrEnum):
    """Why nothing is sent to an endpoint."""

    MERCHANT = "merchant"
    GONE = "gone"
    FAILING = "failing"


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningSecrets:
    """An endpoint's secret, and the one before it for as long as that is still good."""

    current: bytes = field(repr=False)
    old: bytes | None = field(default=None, repr=False)
    old_until: datetime | None = None

    def rotated(self, secret: bytes, now: datetime) -> "SigningSecrets":
        """Return the secrets after a change; the receiver has a day to learn the new one."""
        return SigningSecrets(current=secret, old=self.current, old_until=now + OLD_SECRET_VALID)

    def valid(self, now: datetime) -> tuple[bytes, ...]:
        """Return the one or two secrets to sign with, the current one first."""
        if self.old is None or self.old_until is None or now >= self.old_until:
            return (self.current,)
        return (self.current, self.old)


def check_events(names: Collection[str]) -> None:
    """Raise `Invalid` unless these are names of events, `loyalty.card.*` or `*`."""
    if not names:
        fault = "Please choose at least one event."
    elif len(names) > FILTER_NAMES_MAX:
        fault = f"Please name at most {FILTER_NAMES_MAX} events."
    elif unknown := [name for name in names if not _is_known(name)]:
        fault = f"There is no event called {unknown[0][:60]!r}."
    else:
        return
    raise Invalid("Please check the events.", errors={"events": fault})


def is_public(event_type: str) -> bool:
    """Whether anybody outside is told of facts of this type, be it an old one."""
    return event_type.startswith(_PUBLIC)


def matches(names: Collection[str], event_type: str) -> bool:
    """Whether an endpoint with this filter hears of events of this type."""
    return is_public(event_type) and any(_covers(name, event_type) for name in names)


def next_try(attempt_number: int, lot: float) -> float | None:
    """Return the seconds to wait after this failed attempt, counted from 1; None: give up.

    `lot` is drawn from 0 to 1.
    """
    assert attempt_number >= 1
    if attempt_number >= ATTEMPTS_MAX:
        return None
    return _PAUSES_SECONDS[attempt_number - 1] * (1 + JITTER * lot)


def reason_to_disable(
    *, is_gone: bool, failing_since: datetime | None, now: datetime
) -> DisabledReason | None:
    """Say why an endpoint is to be left alone from now on, or None.

    `is_gone` after an answer 410; `failing_since` is the first failure after the last success.
    """
    if is_gone:
        return DisabledReason.GONE
    if failing_since is not None and now - failing_since >= FAILING_MAX:
        return DisabledReason.FAILING
    return None


def _is_known(name: str) -> bool:
    return any(_covers(name, event_type) for event_type in EVENT_TYPES)


def _covers(name: str, event_type: str) -> bool:
    if name == EVERYTHING:
        return True
    if name.endswith(_ANY_AFTER):
        # The point stays, so that `loyalty.card.*` does not hear of `loyalty.cardholder.moved`.
        return event_type.startswith(name[: -len(EVERYTHING)])
    return name == event_type
