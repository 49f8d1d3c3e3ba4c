"""A card's messages over the API: what its customer was sent, and why not, newest first."""

from datetime import datetime
from uuid import UUID

import msgspec
from aiohttp import web

from gateway.domain.messages import Channel, MessageState
from gateway.domain.wording import MessageEvent
from gateway.services.messages.history import messages_of_card
from gateway.web.answers import json_answer
from gateway.web.api.pages import cursor_of, position_of
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.parsing.queries import PageRows, path_id

PAGE_ROWS = 50


class MessagePage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which part of the messages."""

    limit: PageRows = PAGE_ROWS
    cursor: str | None = None


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message about a card; `reason` says why it was not sent, or did not arrive."""

    id: UUID
    event: MessageEvent
    channel: Channel
    state: MessageState
    reason: str | None
    created_at: datetime
    sent_at: datetime | None
    ended_at: datetime | None


class Messages(msgspec.Struct, frozen=True):
    """A page of messages; `next_cursor` is null on the last one."""

    items: list[Message]
    next_cursor: str | None = None


async def list_messages(request: web.Request, page: MessagePage) -> web.Response:
    """List what a card's customer was written about it; never to which address."""
    card_id = path_id(request, "card_id")
    name = f"messages|{card_id}"
    before = position_of(request, name, page.cursor)
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        lines = await messages_of_card(unit, card_id, page.limit, before)
    items = [
        Message(
            id=line.id,
            event=line.event,
            channel=line.channel,
            state=line.state,
            reason=line.reason,
            created_at=line.created_at,
            sent_at=line.sent_at,
            ended_at=line.ended_at,
        )
        for line in lines
    ]
    if len(lines) < page.limit:
        return json_answer(Messages(items))
    last = lines[-1].created_at, lines[-1].id
    return json_answer(Messages(items, cursor_of(request, name, last)))
