"""One webhook to send, and what is kept of the answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """A message to one endpoint with its signed headers; `key` is the delivery's id.

    Only the key is shown: addresses of endpoints may hold a password of the receiver's.
    """

    key: UUID
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the merchant sees of an attempt; without a status no answer came.

    `excerpt` is the beginning of the answer's text, as it came and without NUL.
    """

    status: int | None
    milliseconds: int
    excerpt: str = ""
