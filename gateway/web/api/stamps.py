"""Stamps over the API: given for a visit, and taken back."""

from typing import Annotated
from uuid import UUID

import msgspec
from aiohttp import web

from gateway.domain.errors import Refusal
from gateway.domain.references import check_reference
from gateway.resources import new_id
from gateway.services.cards.commands import StampCard, UndoStamp
from gateway.services.cards.undoing import undo_stamp
from gateway.web.api.commands import asked, given
from gateway.web.api.sale_shapes import SEEN_PATTERN
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.parsing.queries import path_id

RECEIPT_CHARACTERS_MAX = 200

Receipt = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=RECEIPT_CHARACTERS_MAX,
        extra_json_schema={"pattern": SEEN_PATTERN},
        description="The receipt or order this visit is known by: it earns once, for ever.",
        examples=["till-4/2026-11-21/000917"],
    ),
]


class Visit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the customer was and, if there is one, the receipt."""

    location_id: UUID
    source_event_id: Receipt | None = None


async def stamp_card(request: web.Request, visit: Visit) -> web.Response:
    """Stamp a card for a visit."""
    if visit.source_event_id is not None:
        check_reference(visit.source_event_id, "/source_event_id")
    resources, merchant_id = request.app[RESOURCES], request[PRINCIPAL].merchant_id
    location = await resources.database.locations.of(merchant_id, visit.location_id)
    reply = await resources.stamps.ask(
        StampCard(
            **asked(request),
            location_id=location.id,
            clock=location.clock,
            source_event_id=visit.source_event_id,
        )
    )
    if isinstance(reply, Refusal):
        raise reply
    return given(reply)


async def reverse_stamp(request: web.Request) -> web.Response:
    """Take a stamp back, as if it had never been given."""
    command = UndoStamp(**asked(request), transaction_id=path_id(request, "transaction_id"))
    return given(await undo_stamp(request.app[RESOURCES].units, command, new_id))
