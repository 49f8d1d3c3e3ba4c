"""One event for the stream, and the subject it goes under."""

import re
from dataclasses import dataclass, field
from uuid import UUID

BODY_BYTES_MAX = 60_000

_SLUG = re.compile(r"[a-z0-9-]{1,40}")
_EVENT_TYPE = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)+")


@dataclass(frozen=True, slots=True)
class StreamMessage:
    """An event of one merchant; `key`, the event's id, makes of repetitions one message."""

    key: UUID
    merchant_slug: str
    event_type: str
    body: bytes = field(repr=False)

    @property
    def subject(self) -> str:
        """The subject `<merchant>.<service>.<event>`, such as `acme.loyalty.card.stamped`."""
        return f"{self.merchant_slug}.{self.event_type}"

    @property
    def captured_by(self) -> str:
        """The wildcard of the stream that takes it, such as `acme.loyalty.>`."""
        return f"{self.merchant_slug}.{self.event_type.partition('.')[0]}.>"

    @property
    def addressable(self) -> bool:
        """Whether this is a subject of this merchant alone: no wildcard, blank or extra point."""
        is_merchant = _SLUG.fullmatch(self.merchant_slug) is not None
        return is_merchant and _EVENT_TYPE.fullmatch(self.event_type) is not None
