"""The events that webhooks and the event stream tell of, and what each carries."""

from typing import Any

import msgspec
from aiohttp import web

from gateway.domain.events.catalogue import EVENTS
from gateway.web.answers import json_answer


class EventType(msgspec.Struct, frozen=True):
    """A kind of event; `data_schema` is the JSON Schema of its `data`."""

    type: str
    description: str
    data_schema: dict[str, Any]


class EventTypes(msgspec.Struct, frozen=True):
    """All kinds of events there are."""

    items: list[EventType]


async def list_event_types(_request: web.Request) -> web.Response:
    """List the kinds of events that an endpoint can ask for."""
    return json_answer(_EVENT_TYPES)


_EVENT_TYPES = EventTypes(
    [
        EventType(
            type=event.type,
            description=(event.__doc__ or "").strip().partition("\n")[0],
            data_schema=msgspec.json.schema(event),
        )
        for event in EVENTS
    ]
)
