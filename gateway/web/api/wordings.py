"""A merchant's own words over the API: read, written, given up for ours, and looked at."""

from typing import Annotated

import msgspec
from aiohttp import web

from gateway.domain.consents import Medium
from gateway.domain.errors import Invalid, NotFound
from gateway.domain.sms_segments import segments
from gateway.domain.wording import (
    BODY_CHARACTERS_MAX,
    SUBJECT_CHARACTERS_MAX,
    Language,
    MessageEvent,
    Wording,
    check_wording,
)
from gateway.presenters.message_previews import preview
from gateway.services.messages.wordings import (
    EVENTS,
    Place,
    brand_of,
    reset_wording,
    wording_at,
    write_wording,
)
from gateway.storage.messages.wordings import UNWRITTEN, OwnWording
from gateway.web.answers import json_answer
from gateway.web.api.message_settings import pointed
from gateway.web.authors import author_of
from gateway.web.keys import PRINCIPAL, RESOURCES, REVISION
from gateway.web.parsing.preconditions import etag

Subject = Annotated[
    str,
    msgspec.Meta(
        max_length=SUBJECT_CHARACTERS_MAX, description="Of a mail only.", examples=["Thank you!"]
    ),
]
Body = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=max(BODY_CHARACTERS_MAX.values()),
        description="Words with placeholders in double braces; paragraphs by a blank line.",
        examples=["Thank you! You now have {{ progress }} stamps."],
    ),
]


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is said."""

    body: Body
    subject: Subject = ""


class EventWording(msgspec.Struct, frozen=True, kw_only=True):
    """What is said about an event by one way in one language; `is_own` unless it is ours."""

    event: MessageEvent
    channel: Medium
    language: Language
    subject: str
    body: str
    is_own: bool


class PreviewWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Words to look at; nothing of them is kept."""

    event: MessageEvent
    channel: Medium
    language: Language
    body: Body
    subject: Subject = ""


class WordingPreview(msgspec.Struct, frozen=True, kw_only=True):
    """A message as it would arrive, with an example card.

    `subject` and `html` are those of a mail; `sms_segments` is what an SMS is charged as.
    """

    text: str
    subject: str | None
    html: str | None
    sms_segments: int | None


async def show_wording(request: web.Request) -> web.Response:
    """Show what is said, with the ETag that a change of it must bring."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        own = await wording_at(unit, _place(request))
    return _answer(own)


async def replace_wording(request: web.Request, words: Words) -> web.Response:
    """Say it in the merchant's own words from now on."""
    place, wording = _place(request), Wording(words.body, words.subject)
    try:
        async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
            author, revision = author_of(request), request[REVISION]
            own = await write_wording(unit, place, wording, author, revision=revision)
    except Invalid as mistake:
        raise pointed(mistake, {}) from None
    return _answer(own)


async def drop_wording(request: web.Request) -> web.Response:
    """Say it in our words again, which are the answer."""
    place = _place(request)
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        ours = await reset_wording(unit, place, author_of(request), revision=request[REVISION])
    return _answer(ours)


async def look_at_wording(request: web.Request, asked: PreviewWanted) -> web.Response:
    """Return what a customer would get."""
    wording = Wording(asked.body, asked.subject)
    try:
        check_wording(asked.event, asked.channel, wording)
    except Invalid as mistake:
        raise pointed(mistake, {}) from None
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        brand = await brand_of(unit)
    shown = preview(asked.event, asked.channel, asked.language, wording, brand)
    answer = WordingPreview(
        text=shown.text,
        subject=shown.subject or None,
        html=shown.html or None,
        sms_segments=segments(shown.text) if asked.channel is Medium.SMS else None,
    )
    return json_answer(answer)


def _place(request: web.Request) -> Place:
    """Return which words the address is about; raises `NotFound`, also for a campaign's."""
    info = request.match_info
    try:
        place = Place(
            MessageEvent(info["event"]), Medium(info["channel"]), Language(info["language"])
        )
    except ValueError:
        raise NotFound from None
    if place.event not in EVENTS:
        raise NotFound
    return place


def _answer(own: OwnWording) -> web.Response:
    shown = EventWording(
        event=own.event,
        channel=own.medium,
        language=own.language,
        subject=own.wording.subject,
        body=own.wording.body,
        is_own=own.revision != UNWRITTEN,
    )
    return json_answer(shown, headers={"ETag": etag(own.revision)})
