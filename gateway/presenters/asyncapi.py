"""The catalogue of events as an AsyncAPI 3.0 document, made from the types that announce them.

https://www.asyncapi.com/docs/reference/specification/v3.0.0
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from gateway.domain.events.base import Event
from gateway.domain.events.catalogue import EVENTS
from gateway.presenters.cloud_events import CONTENT_TYPE

VERSION = "3.0.0"
API_VERSION = "1"

Json = dict[str, Any]

_SCHEMA = "#/components/schemas/{name}"
_MESSAGE = "#/components/messages/{name}"


def asyncapi(site: str, events: Sequence[type[Event]] = EVENTS) -> Json:
    """Return the document; `site` is where the installation is reached, without a slash."""
    schemas, components = msgspec.json.schema_components(events, ref_template=_SCHEMA)
    data = dict(zip(events, schemas, strict=True))
    return {
        "asyncapi": VERSION,
        "info": {
            "title": "passgate events",
            "version": API_VERSION,
            "description": (
                "Everything that happened to a merchant's cards, programs, rewards and campaigns, "
                "as CloudEvents 1.0: by signed webhook, and on the event stream."
            ),
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {"webhook": _webhook(events), "stream": _stream(events)},
        "operations": {
            "receiveWebhook": _operation("webhook"),
            "receiveFromStream": _operation("stream"),
        },
        "components": {
            "messages": {event.__name__: _message(event, data[event], site) for event in events},
            "schemas": components,
        },
    }


def _webhook(events: Sequence[type[Event]]) -> Json:
    return {
        "address": None,
        "title": "Webhooks",
        "description": "Posted to each endpoint that asked for the type (Standard Webhooks 1.0).",
        "messages": _references(events),
    }


def _stream(events: Sequence[type[Event]]) -> Json:
    return {
        "address": "{merchant}.{event}",
        "title": "Event stream",
        "description": "A subject of NATS JetStream per merchant and type.",
        "parameters": {
            "merchant": {"description": "The merchant's name in addresses."},
            "event": {"enum": [event.type for event in events]},
        },
        "messages": _references(events),
    }


def _references(events: Sequence[type[Event]]) -> Json:
    return {event.__name__: {"$ref": _MESSAGE.format(name=event.__name__)} for event in events}


def _operation(channel: str) -> Json:
    return {"action": "send", "channel": {"$ref": f"#/channels/{channel}"}}


def _message(event: type[Event], data: Json, site: str) -> Json:
    summary, _, rest = (event.__doc__ or "").strip().partition("\n")
    return {
        "name": event.type,
        "title": event.type,
        "summary": summary,
        "description": " ".join(rest.split()),
        "contentType": CONTENT_TYPE,
        "payload": _envelope(event, data, site),
    }


def _envelope(event: type[Event], data: Json, site: str) -> Json:
    """Return the schema of the CloudEvent around a fact (https://cloudevents.io, 1.0)."""
    return {
        "type": "object",
        "required": ["specversion", "id", "source", "type", "time", "datacontenttype", "data"],
        "properties": {
            "specversion": {"const": "1.0"},
            "id": {"type": "string", "format": "uuid", "description": "Stable over all retries."},
            "source": {
                "type": "string",
                "format": "uri",
                "examples": [f"{site}/merchants/0197a000-0000-7000-8000-000000000000"],
            },
            "type": {"const": event.type},
            "time": {"type": "string", "format": "date-time"},
            "datacontenttype": {"const": "application/json"},
            "subject": {"type": "string", "description": "What it is about, such as cards/<id>."},
            "data": data,
        },
    }
