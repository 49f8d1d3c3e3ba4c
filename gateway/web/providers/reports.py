"""What providers tell us about text messages, in our words."""

from dataclasses import dataclass, field
from enum import StrEnum


class ReportState(StrEnum):
    """What became of a message after the provider took it."""

    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """The fate of the message that `provider` calls `reference`.

    The reason of a bounce tells a dead number from a phone that was off.
    """

    provider: str
    reference: str
    state: ReportState
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundSms:
    """A text message from a person to a merchant's number, both E.164.

    `reference` is the provider's name for it, the same when the callback is repeated.
    """

    provider: str
    reference: str
    sender: str = field(repr=False)
    recipient: str
    text: str = field(repr=False)
