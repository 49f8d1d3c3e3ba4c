"""Recipients as a list shows them: a masked address, and where the next page begins."""

from collections.abc import Mapping
from uuid import UUID

from aiohttp import web

from gateway.domain.contacts import KINDS
from gateway.domain.messages import Channel
from gateway.storage.cards.customers import Customer
from gateway.storage.messages.campaign_messages import Recipient
from gateway.web.keys import PRINCIPAL, WIRING
from gateway.web.parsing import cursors
from gateway.web.refusals import CursorInvalid

Position = tuple[UUID, Channel]
"""The customer and channel of the last row seen."""


def address_of(one: Recipient, customers: Mapping[UUID, Customer]) -> str | None:
    """Return the masked address a message goes to; None where it is a wallet, or was erased."""
    kind = KINDS.get(one.channel.medium)
    contacts = customers[one.customer_id].contacts
    return next((contact.masked for contact in contacts if contact.kind is kind), None)


def seal(request: web.Request, name: str, last: Recipient) -> str:
    """Seal the end of a page of the list `name`, for this merchant only."""
    position = f"{last.customer_id}|{last.channel}"
    return cursors.encode(
        position, key=request.app[WIRING].cursor_key, purpose=_purpose(request, name)
    )


def position_of(request: web.Request, name: str, cursor: str | None) -> Position | None:
    """Open the cursor of a list; raises `CursorInvalid` for any other text."""
    if not cursor:
        return None
    key = request.app[WIRING].cursor_key
    position = cursors.decode(cursor, key=key, purpose=_purpose(request, name))
    customer_id, _, channel = position.partition("|")
    try:
        return UUID(customer_id), Channel(channel)
    except ValueError:
        raise CursorInvalid from None


def _purpose(request: web.Request, name: str) -> str:
    return f"recipients|{name}|{request[PRINCIPAL].merchant_id}"
