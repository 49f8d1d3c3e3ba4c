"""Facts as CloudEvents: held against the specification's rules, and the same bytes for ever."""

import json
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from jsonschema import Draft202012Validator

from gateway.presenters.cloud_events import (
    BODY_BYTES_MAX,
    EventTooLarge,
    Occurrence,
    cloud_event,
)

SITE = "https://cards.example.com"
CARD = "01890a5d-ac96-774b-bcce-b302099a8057"
# Written from sections 2 and 3 of the specification, 1.0.2, and its JSON format.
SPECIFICATION = Draft202012Validator(
    {
        "type": "object",
        "required": ["id", "source", "specversion", "type"],
        "properties": {
            "id": {"type": "string", "minLength": 1},
            "source": {"type": "string", "format": "uri-reference", "minLength": 1},
            "specversion": {"const": "1.0"},
            "type": {"type": "string", "minLength": 1},
            "datacontenttype": {"const": "application/json"},
            "dataschema": {"type": "string", "format": "uri"},
            "subject": {"type": "string", "minLength": 1},
            "time": {
                "type": "string",
                "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$",
            },
            "data": {},
        },
        # Extensions are lower-case letters and digits, and scalars.
        "patternProperties": {
            "^[a-z0-9]{1,20}$": {"type": ["string", "integer", "boolean", "object"]}
        },
        "additionalProperties": False,
        "not": {"required": ["data", "data_base64"]},
    }
)


def make_occurrence(**data: object) -> Occurrence:
    """Make a fact with this data."""
    return Occurrence(
        id=UUID(int=7),
        merchant_id=UUID(int=1),
        type="loyalty.card.stamped",
        data=data,
        announced_at=datetime(2026, 11, 21, 8, 30, 1, 250_000, UTC),
    )


def test_an_event_follows_the_specification() -> None:
    """Every attribute where and as CloudEvents 1.0 has it."""
    event = json.loads(cloud_event(make_occurrence(card_id=CARD, balance=3), SITE))

    SPECIFICATION.validate(event)
    assert event == {
        "specversion": "1.0",
        "id": "00000000-0000-0000-0000-000000000007",
        "source": "https://cards.example.com/merchants/00000000-0000-0000-0000-000000000001",
        "type": "loyalty.card.stamped",
        "time": "2026-11-21T08:30:01.250000Z",
        "subject": f"cards/{CARD}",
        "datacontenttype": "application/json",
        "data": {"card_id": CARD, "balance": 3},
    }


@pytest.mark.parametrize(
    ("data", "subject"),
    [
        ({"program_id": "p"}, "programs/p"),
        ({"program_id": "p", "card_id": "c"}, "cards/c"),
        ({"campaign_id": "m", "program_id": "p"}, "campaigns/m"),
        ({}, None),
    ],
)
def test_the_subject_is_the_most_particular_thing(
    data: dict[str, object], subject: str | None
) -> None:
    """A consumer finds the card without opening the data; an event may be about nothing."""
    event = json.loads(cloud_event(make_occurrence(**data), SITE))

    SPECIFICATION.validate(event)
    assert event.get("subject") == subject


def test_the_same_fact_gives_the_same_bytes() -> None:
    """In whatever order the database gives the names, in whatever zone the moment."""
    one = make_occurrence(balance=3, card_id=CARD)
    other = Occurrence(
        id=one.id,
        merchant_id=one.merchant_id,
        type=one.type,
        data={"card_id": CARD, "balance": 3},
        announced_at=one.announced_at.astimezone(timezone(timedelta(hours=9))),
    )

    assert cloud_event(one, SITE) == cloud_event(other, SITE)


def test_letters_travel_as_they_are() -> None:
    """UTF-8, without escapes that double the size."""
    assert "Café ☕".encode() in cloud_event(make_occurrence(name="Café ☕"), SITE)


def test_an_event_has_a_size() -> None:
    """The largest message receivers are asked to take; more is our own mistake."""
    empty = len(cloud_event(make_occurrence(text=""), SITE))

    full = cloud_event(make_occurrence(text="x" * (BODY_BYTES_MAX - empty)), SITE)
    assert len(full) == BODY_BYTES_MAX
    with pytest.raises(EventTooLarge):
        cloud_event(make_occurrence(text="x" * (BODY_BYTES_MAX - empty + 1)), SITE)


def test_what_is_no_json_is_not_sent() -> None:
    """Not-a-number would break the receiver's parser."""
    with pytest.raises(ValueError, match="JSON"):
        cloud_event(make_occurrence(balance=float("nan")), SITE)
