"""Long lists, a page at a time: where the last page ended travels as a sealed cursor."""

from datetime import datetime
from uuid import UUID

from aiohttp import web

from gateway.web.keys import PRINCIPAL, WIRING
from gateway.web.parsing import cursors
from gateway.web.refusals import CursorInvalid

Position = tuple[datetime, UUID]
"""The moment and id of the last row seen."""


def cursor_of(request: web.Request, name: str, position: Position) -> str:
    """Seal the end of a page of the list `name`, for this merchant only."""
    moment, row_id = position
    text = f"{moment.isoformat()}|{row_id}"
    key = request.app[WIRING].cursor_key
    return cursors.encode(text, key=key, purpose=_purpose(request, name))


def position_of(request: web.Request, name: str, cursor: str | None) -> Position | None:
    """Open the cursor of a list; raises CursorInvalid for any other text."""
    if cursor is None:
        return None
    key = request.app[WIRING].cursor_key
    text = cursors.decode(cursor, key=key, purpose=_purpose(request, name))
    moment, _, row_id = text.partition("|")
    try:
        return datetime.fromisoformat(moment), UUID(row_id)
    except ValueError:
        raise CursorInvalid from None


def _purpose(request: web.Request, name: str) -> str:
    return f"{name}|{request[PRINCIPAL].merchant_id}"
