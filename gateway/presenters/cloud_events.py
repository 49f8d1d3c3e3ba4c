"""A fact as a CloudEvent, the body of webhooks and of the event stream: always the same bytes."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

CONTENT_TYPE = "application/cloudevents+json"
# Standard Webhooks asks to keep a message below 20 kB.
BODY_BYTES_MAX = 20_000

# What a fact is about, the most particular first: the member of its data, and how it is named.
_SUBJECTS = (
    ("card_id", "cards"),
    ("campaign_id", "campaigns"),
    ("program_id", "programs"),
    ("segment_id", "segments"),
    ("customer_id", "customers"),
)


class EventTooLarge(ValueError):
    """A fact holds more than a message may carry: whoever announces it has to say less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """A fact and whose it is."""

    id: UUID
    merchant_id: UUID
    type: str
    data: dict[str, object]
    announced_at: datetime


def cloud_event(occurrence: Occurrence, site: str) -> bytes:
    """Write the event in CloudEvents' structured JSON form, UTF-8; raises EventTooLarge.

    `site` is where the installation is reached, without a slash at the end.
    https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
    """
    event: dict[str, object] = {
        "specversion": "1.0",
        "id": str(occurrence.id),
        # Not the merchant's name in addresses, which may change while events must not.
        "source": f"{site}/merchants/{occurrence.merchant_id}",
        "type": occurrence.type,
        "time": _moment(occurrence.announced_at),
        "datacontenttype": "application/json",
        "data": occurrence.data,
    }
    subject = _subject(occurrence.data)
    if subject is not None:
        event["subject"] = subject
    # PostgreSQL keeps no order of names, a signature does.
    text = json.dumps(
        event, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True
    )
    body = text.encode()
    if len(body) > BODY_BYTES_MAX:
        raise EventTooLarge(occurrence.type)
    return body


def _subject(data: dict[str, object]) -> str | None:
    for member, noun in _SUBJECTS:
        if member in data:
            return f"{noun}/{data[member]}"
    return None


def _moment(moment: datetime) -> str:
    """Write a moment as RFC 3339 has it, in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
