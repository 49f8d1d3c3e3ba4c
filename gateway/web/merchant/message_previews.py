"""Messages as customers will see them, while their merchant is still typing."""

from dataclasses import dataclass

from aiohttp import web

from gateway.domain.consents import Medium
from gateway.domain.errors import Invalid, NotFound
from gateway.domain.sms_segments import segments
from gateway.domain.wording import Wording, check_wording
from gateway.presenters.message_previews import Brand, Preview, preview
from gateway.services.messages.wordings import Place, brand_of, wording_at
from gateway.web.headers import MAIL_HEADERS
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.merchant.message_forms import read_wording
from gateway.web.merchant.message_places import place_of
from gateway.web.pages.render import page
from gateway.web.parsing.bodies import Fields


@dataclass(frozen=True, slots=True)
class Look:
    """A message as it would arrive, and what an SMS of it would be charged as."""

    message: Preview
    characters: int
    segments: int


def look_at(place: Place, wording: Wording, brand: Brand) -> Look:
    """Return how checked words look."""
    shown = preview(place.event, place.medium, place.language, wording, brand)
    return Look(shown, len(shown.text), segments(shown.text))


async def preview_wording(request: web.Request, fields: Fields) -> web.Response:
    """Draw an SMS or a wallet's line from a form; raises `Invalid` for what cannot be sent."""
    place, wording = place_of(request), read_wording(fields)
    check_wording(place.event, place.medium, wording)
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        brand = await brand_of(unit)
    look = look_at(place, wording, brand)
    return page(request, "merchant/_message_preview.html", place=place, look=look, brand=brand)


async def preview_kept_mail(request: web.Request) -> web.Response:
    """Show the mail that is sent now, in a frame where nothing of it can run."""
    place = _mail(request)
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        kept, brand = await wording_at(unit, place), await brand_of(unit)
    return _framed(look_at(place, kept.wording, brand).message.html)


async def preview_typed_mail(request: web.Request, fields: Fields) -> web.Response:
    """Show the mail of a form, in a frame where nothing of it can run."""
    place, wording = _mail(request), read_wording(fields)
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        brand = await brand_of(unit)
    try:
        check_wording(place.event, place.medium, wording)
    except Invalid as mistake:
        found = mistake.detail["errors"]
        assert isinstance(found, dict), "the mistakes of words are by field"
        response = page(request, "merchant/mail_mistakes.html", mistakes=found, status=400)
        response.headers.update(MAIL_HEADERS)
        return response
    return _framed(look_at(place, wording, brand).message.html)


def _mail(request: web.Request) -> Place:
    place = place_of(request)
    if place.medium is not Medium.MAIL:
        raise NotFound
    return place


def _framed(html: str) -> web.Response:
    return web.Response(text=html, content_type="text/html", headers=MAIL_HEADERS)
