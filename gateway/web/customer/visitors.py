"""Who comes to a customer's choices: by a card that the browser holds, or by a link of ours."""

from dataclasses import dataclass
from uuid import UUID

from aiohttp import web

from gateway.domain.errors import NotFound
from gateway.services.messages.links import LinkUnreadable, read_preferences_token
from gateway.services.people.inviting import find_merchant
from gateway.storage.people.merchants import Merchant
from gateway.web.customer.holding import holds, may_choose
from gateway.web.keys import RESOURCES
from gateway.web.parsing.names import path_name
from gateway.web.parsing.queries import path_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A browser that holds a card, and whether it may choose for the card's customer."""

    merchant: Merchant
    customer_id: UUID
    card_id: UUID
    here: str
    may_choose: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """A customer on their page, and their card if they came by that.

    `is_proven` says that they came by the link in a message.
    """

    merchant: Merchant
    customer_id: UUID
    here: str
    is_proven: bool
    card_id: UUID | None = None


async def card_holder(request: web.Request) -> Holder | None:
    """Return who holds the card of the address in this browser, or None."""
    slug = path_name(request, "merchant")
    try:
        card_id = path_id(request, "card_id")
    except NotFound:
        return None
    if not holds(request, slug, card_id):
        return None
    resources = request.app[RESOURCES]
    merchant = await find_merchant(resources.database, slug)
    async with resources.units(merchant.id) as unit:
        customer_id = (await unit.cards.one(card_id)).customer_id
    return Holder(
        merchant=merchant,
        customer_id=customer_id,
        card_id=card_id,
        here=f"/card/{slug}/{card_id}/preferences",
        may_choose=may_choose(request, slug, card_id),
    )


def as_visitor(holder: Holder) -> Visitor:
    """Return the visitor that a holder is who may choose."""
    assert holder.may_choose, "others see nothing of the customer"
    return Visitor(
        merchant=holder.merchant,
        customer_id=holder.customer_id,
        here=holder.here,
        is_proven=False,
        card_id=holder.card_id,
    )


async def linked_visitor(request: web.Request) -> Visitor:
    """Return whose link it is; raises `LinkUnreadable`, whatever is wrong with it."""
    resources, token = request.app[RESOURCES], request.match_info["token"]
    holder = read_preferences_token(resources.keys.links, token)
    try:
        async with resources.units(holder.merchant_id) as unit:
            merchant = await unit.merchants.me()
            await unit.customers.one(holder.customer_id)
    except NotFound:
        raise LinkUnreadable from None
    return Visitor(
        merchant=merchant,
        customer_id=holder.customer_id,
        here=f"/choices/{token}",
        is_proven=True,
    )
