"""Segments over the API: groups of cards under a name, and how many cards are in one."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from aiohttp import web

from gateway.domain.configurations.faults import ConfigurationInvalid, Fault
from gateway.domain.configurations.reading import read
from gateway.domain.configurations.writing import written
from gateway.domain.segments import Segment
from gateway.services.merchants.segmenting import (
    change_segment,
    delete_segment,
    save_segment,
)
from gateway.storage.cards.segments import SavedSegment
from gateway.web.answers import json_answer
from gateway.web.authors import author_of
from gateway.web.keys import PRINCIPAL, RESOURCES, REVISION
from gateway.web.parsing.preconditions import etag
from gateway.web.parsing.queries import path_id

NAME_CHARACTERS_MAX = 60
DEFINITION = "/definition"

WrittenSegment = Annotated[
    dict[str, Any],
    msgspec.Meta(extra_json_schema={"allOf": [{"$ref": "#/components/schemas/Segment"}]}),
]


class SegmentDesign(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A segment as a merchant writes it."""

    name: Annotated[
        str, msgspec.Meta(min_length=1, max_length=NAME_CHARACTERS_MAX, examples=["Regulars"])
    ]
    definition: WrittenSegment

    def read(self) -> Segment:
        """Return the conditions; raises `ConfigurationInvalid` with pointers into this body."""
        try:
            return read(Segment, self.definition)
        except ConfigurationInvalid as invalid:
            raise ConfigurationInvalid(
                [Fault(DEFINITION + each.pointer, each.sentence) for each in invalid.faults]
            ) from None


class ShownSegment(msgspec.Struct, frozen=True, kw_only=True):
    """A segment; `revision` is what its ETag holds."""

    id: UUID
    name: str
    definition: WrittenSegment
    revision: int


class ShownSegments(msgspec.Struct, frozen=True):
    """The merchant's segments, by name."""

    items: list[ShownSegment]


class CountQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose cards to count: of one program, or of all."""

    program_id: UUID | None = None


class CardCount(msgspec.Struct, frozen=True):
    """How many usable cards are in a segment at this moment."""

    cards: int


async def list_segments(request: web.Request) -> web.Response:
    """List the segments."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        segments = await unit.segments.all()
    return json_answer(ShownSegments([_shown(each) for each in segments]))


async def add_segment(request: web.Request, design: SegmentDesign) -> web.Response:
    """Keep a segment."""
    segment = design.read()
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        saved = await save_segment(unit, design.name, segment, author_of(request))
    headers = {"ETag": etag(saved.revision), "Location": f"/api/v1/segments/{saved.id}"}
    return json_answer(_shown(saved), status=201, headers=headers)


async def show_segment(request: web.Request) -> web.Response:
    """Show a segment, with the ETag that a change of it must bring."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        return _answer(await unit.segments.one(path_id(request, "segment_id")))


async def replace_segment(request: web.Request, design: SegmentDesign) -> web.Response:
    """Write a segment anew; what took over its conditions before keeps them."""
    revision = request[REVISION]
    changed = SavedSegment(
        id=path_id(request, "segment_id"),
        name=design.name.strip(),
        segment=design.read(),
        revision=revision + 1,
    )
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        return _answer(await change_segment(unit, changed, author_of(request), revision=revision))


async def remove_segment(request: web.Request) -> web.Response:
    """Forget a segment; the answer is what it was."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        saved = await delete_segment(
            unit, path_id(request, "segment_id"), author_of(request), revision=request[REVISION]
        )
    return _answer(saved)


async def count_segment(request: web.Request, query: CountQuery) -> web.Response:
    """Count the cards in a segment now."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        saved = await unit.segments.one(path_id(request, "segment_id"))
        cards = await unit.segments.count(saved.segment, query.program_id, unit.now)
    return json_answer(CardCount(cards))


def _shown(saved: SavedSegment) -> ShownSegment:
    return ShownSegment(
        id=saved.id,
        name=saved.name,
        definition=written(saved.segment),
        revision=saved.revision,
    )


def _answer(saved: SavedSegment) -> web.Response:
    return json_answer(_shown(saved), headers={"ETag": etag(saved.revision)})
