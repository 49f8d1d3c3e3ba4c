"""The catalogue of events: complete, and every fact that is announced fits its schema."""

import json
from dataclasses import fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Literal, get_type_hints
from uuid import UUID

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from uuid_utils.compat import uuid7

from gateway.domain.events.base import Event
from gateway.domain.events.catalogue import EVENTS
from gateway.presenters.asyncapi import asyncapi
from gateway.presenters.cloud_events import Occurrence, cloud_event

SITE = "https://cards.example"
DOCUMENT = asyncapi(SITE)


def test_every_public_event_is_in_the_catalogue_once() -> None:
    """Who reads the document knows every type they may be sent."""
    names = [message["name"] for message in DOCUMENT["components"]["messages"].values()]
    assert sorted(names) == sorted(event.type for event in EVENTS)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_an_announced_event_fits_its_schema(event: type[Event]) -> None:
    """What goes out as a CloudEvent is what the catalogue promises, member by member."""
    hints = get_type_hints(event)
    fact = event(**{field.name: _example(hints[field.name]) for field in fields(event)})
    body = cloud_event(
        Occurrence(
            id=uuid7(),
            merchant_id=uuid7(),
            type=fact.type,
            data=fact.data(),
            announced_at=datetime(2026, 11, 21, tzinfo=UTC),
        ),
        SITE,
    )
    schema = DOCUMENT["components"]["messages"][event.__name__]["payload"]
    whole = {**schema, "components": DOCUMENT["components"]}
    validator = Draft202012Validator(whole, format_checker=FormatChecker())
    assert list(validator.iter_errors(json.loads(body))) == []


def test_a_wrong_event_does_not_fit() -> None:
    """The schema is one that can refuse."""
    schema = DOCUMENT["components"]["messages"]["PointsEarned"]["payload"]
    whole = {**schema, "components": DOCUMENT["components"]}
    assert not Draft202012Validator(whole).is_valid({"type": "loyalty.points.earned", "data": {}})


def _example(hint: Any) -> object:  # noqa: ANN401 -- any type a field can have
    examples: dict[object, object] = {UUID: uuid7(), int: 1, str: "text", bool: True}
    if hint in examples:
        return examples[hint]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return next(iter(hint))
    origin = getattr(hint, "__origin__", None)
    if origin is Literal:
        return hint.__args__[0]
    if origin is not None and issubclass(origin, tuple):
        return ()
    return None if type(None) in getattr(hint, "__args__", ()) else {"point": 1}
