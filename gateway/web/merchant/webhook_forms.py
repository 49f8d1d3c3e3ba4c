"""The form of a webhook endpoint: fields, the events to choose from, and what was wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.domain.errors import Invalid
from gateway.domain.events.base import Event
from gateway.domain.events.catalogue import EVENTS
from gateway.domain.webhooks import EVERYTHING
from gateway.services.webhooks.endpoints import EndpointWish
from gateway.storage.events.webhook_endpoints import WebhookEndpoint

_TICK = "event:"


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be ticked."""

    name: str
    words: str
    is_ticked: bool

    @property
    def field(self) -> str:
        """The form field's name."""
        return _TICK + self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointForm:
    """What stands in the form, with a sentence for each field that is wrong."""

    url: str = ""
    description: str = ""
    events: tuple[str, ...] = (EVERYTHING,)
    mistakes: Mapping[str, str] = field(default_factory=dict)

    @property
    def choices(self) -> list[Choice]:
        """What there is to choose from; a family that a program asked for is kept."""
        known = {event.type: _sentence(event) for event in EVENTS}
        families = {name: "All of these." for name in self.events if name.endswith(".*")}
        words = {EVERYTHING: "Everything, also what is yet to be invented."} | families | known
        return [Choice(name, words[name], name in self.events) for name in words]


def _sentence(event: type[Event]) -> str:
    """Return what its docstring says of an event, without its marks."""
    return (event.__doc__ or "").strip().partition("\n")[0].replace("`", "")


def form_of(endpoint: WebhookEndpoint) -> EndpointForm:
    """Return the form of an endpoint as it stands."""
    return EndpointForm(url=endpoint.url, description=endpoint.description, events=endpoint.events)


def read_wish(fields: Mapping[str, str]) -> EndpointWish:
    """Return what was typed; nothing of it is checked yet."""
    events = [name.removeprefix(_TICK) for name in fields if name.startswith(_TICK)]
    return EndpointWish(
        url=fields.get("url", "").strip(),
        description=fields.get("description", "").strip(),
        events=(EVERYTHING,) if EVERYTHING in events else tuple(events),
    )


def corrected(wish: EndpointWish, mistake: Invalid) -> EndpointForm:
    """Return what was typed with what is wrong; raises `mistake` when that names no field."""
    mistakes = mistake.detail.get("errors")
    if not isinstance(mistakes, dict):
        raise mistake
    return EndpointForm(
        url=wish.url, description=wish.description, events=wish.events, mistakes=mistakes
    )
