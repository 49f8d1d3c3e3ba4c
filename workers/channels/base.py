"""The words every channel answers with: what became of a message and what follows from it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar


@dataclass(frozen=True, slots=True)
class Gone:
    """The address is dead: forget it, unless it was registered again at or after `before`."""

    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class StopSender:
    """The provider refuses the sender, not the address: stop, alert, leave registrations alone."""

    reason: str


FollowUp = Gone | StopSender


@dataclass(frozen=True, slots=True)
class Delivered:
    """The provider took the message; `reference` is how `provider` names it in its reports."""

    provider: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Temporary:
    """Not taken, and worth another try after `retry_after_seconds` (None: the usual back-off)."""

    reason: str
    retry_after_seconds: int | None = None
    follow_up: FollowUp | None = None


@dataclass(frozen=True, slots=True)
class Permanent:
    """Refused for good: the same message would be refused again."""

    reason: str
    follow_up: FollowUp | None = None


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Perhaps taken: sending again may show it twice, so the job decides, never the channel."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unclassified:
    """An answer nobody has met: keep the message, try it slowly and let somebody look."""

    reason: str


Outcome = Delivered | Temporary | Permanent | Ambiguous | Unclassified

DELIVERED = Delivered()

Message_contra = TypeVar("Message_contra", contravariant=True)


class Channel(Protocol[Message_contra]):
    """A way out that is opened once and used by many jobs at the same time."""

    async def send(self, message: Message_contra) -> Outcome:
        """Send one message; every way it can fail is an Outcome, never an exception."""
        ...

    async def close(self) -> None:
        """Hang up; messages still under way come back as Temporary."""
        ...
