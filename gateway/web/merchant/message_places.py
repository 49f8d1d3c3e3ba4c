"""Which words an address is about."""

from aiohttp import web

from gateway.domain.consents import Medium
from gateway.domain.errors import NotFound
from gateway.domain.wording import Language, MessageEvent
from gateway.services.messages.wordings import EVENTS, Place


def place_of(request: web.Request) -> Place:
    """Return which words the address is about; raises `NotFound`."""
    info = request.match_info
    try:
        medium, language = Medium(info["medium"]), Language(info["language"])
    except ValueError:
        raise NotFound from None
    return Place(event_of(request), medium, language)


def event_of(request: web.Request) -> MessageEvent:
    """Return which event the address is about; raises `NotFound`, also for a campaign."""
    event = next((each for each in EVENTS if each == request.match_info["event"]), None)
    if event is None:
        raise NotFound
    return event


def address_of(place: Place) -> str:
    """Return the address of the page for these words."""
    return f"/merchant/messages/{place.event}/{place.medium}/{place.language}"
