"""A customer's choices: what is written to them, where, and in which language."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import msgspec
from aiohttp import web

from gateway.domain.attempts import ENROL_PER_ADDRESS, guesser
from gateway.domain.contacts import ContactKind
from gateway.domain.errors import NotFound
from gateway.domain.wording import Language, choose_language
from gateway.presenters.page_phrases.languages import PAGE_PHRASES
from gateway.resources import new_id
from gateway.services.cards.addresses import ContactInvalid, NumberNotServed, parse_contact
from gateway.services.messages.links import LinkUnreadable, read_preferences_token
from gateway.services.messages.preferring import (
    Chooser,
    LastAddress,
    choose,
    drop_address,
    speak,
    use_address,
    view_preferences,
)
from gateway.services.people.guarding import count_attempt
from gateway.services.people.inviting import find_merchant
from gateway.storage.people.merchants import Merchant
from gateway.web.customer.held_cards import card_not_held
from gateway.web.customer.holding import holds
from gateway.web.customer.preference_pages import CHOOSE, NOTHING, Shown, choices_of, draw
from gateway.web.keys import CLIENT_ADDRESS, RESOURCES
from gateway.web.pages.redirects import see_other
from gateway.web.parsing.bodies import Fields
from gateway.web.parsing.names import path_name
from gateway.web.parsing.queries import path_id

SOURCE = "preferences"


class Done(StrEnum):
    """What was just done, said on top of the page that follows a form."""

    CHOICES = "choices"
    ADDRESS = "address"
    LAST_ADDRESS = "last-address"


class PreferencesQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the page has to say first."""

    done: Done | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """A customer on their page, by which door they came, and their card if it was that."""

    merchant: Merchant
    customer_id: UUID
    here: str
    card_id: UUID | None = None


async def preferences(request: web.Request, asked: PreferencesQuery) -> web.Response:
    """Show who holds a card in this browser what they can choose."""
    visitor = await _holder(request)
    if visitor is None:
        return card_not_held(request)
    return await _shown(request, visitor, asked.done)


async def change_preferences(request: web.Request, fields: Fields) -> web.Response:
    """Keep what the holder of a card chose."""
    visitor = await _holder(request)
    if visitor is None:
        return card_not_held(request)
    return await _keep(request, visitor, fields)


async def linked_preferences(request: web.Request, asked: PreferencesQuery) -> web.Response:
    """Show who followed the link in a message what they can choose."""
    return await _shown(request, await _linked(request), asked.done)


async def change_linked_preferences(request: web.Request, fields: Fields) -> web.Response:
    """Keep what was chosen by the link in a message."""
    return await _keep(request, await _linked(request), fields)


async def _holder(request: web.Request) -> Visitor | None:
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
    here = f"/card/{slug}/{card_id}/preferences"
    return Visitor(merchant=merchant, customer_id=customer_id, here=here, card_id=card_id)


async def _linked(request: web.Request) -> Visitor:
    """Return whose link it is; raises `LinkUnreadable`, whatever is wrong with it."""
    resources, token = request.app[RESOURCES], request.match_info["token"]
    holder = read_preferences_token(resources.keys.links, token)
    try:
        async with resources.units(holder.merchant_id) as unit:
            merchant = await unit.merchants.me()
            await unit.customers.one(holder.customer_id)
    except NotFound:
        raise LinkUnreadable from None
    here = f"/choices/{token}"
    return Visitor(merchant=merchant, customer_id=holder.customer_id, here=here)


async def _shown(
    request: web.Request, visitor: Visitor, done: Done | None, mistake: str | None = None
) -> web.Response:
    async with request.app[RESOURCES].units(visitor.merchant.id) as unit:
        view = await view_preferences(unit, visitor.customer_id)
    shown = Shown(merchant=visitor.merchant, view=view, here=visitor.here, card_id=visitor.card_id)
    return draw(request, shown, done=done, mistake=mistake)


async def _keep(request: web.Request, visitor: Visitor, fields: Fields) -> web.Response:
    keep = _WISHES.get(fields.get("do", ""))
    if keep is None:
        raise NotFound
    return await keep(request, visitor, fields)


async def _choose(request: web.Request, visitor: Visitor, fields: Fields) -> web.Response:
    chooser = Chooser(source=SOURCE, remote_address=request[CLIENT_ADDRESS], new_id=new_id)
    async with request.app[RESOURCES].units(visitor.merchant.id) as unit:
        view = await view_preferences(unit, visitor.customer_id)
        await choose(
            unit, visitor.customer_id, choices_of(visitor.merchant, view, fields), chooser
        )
    return _back(visitor, Done.CHOICES)


async def _add(request: web.Request, visitor: Visitor, fields: Fields) -> web.Response:
    """Take another address; whosever it is, the answer is the same (case L1)."""
    resources, merchant = request.app[RESOURCES], visitor.merchant
    who = guesser(request[CLIENT_ADDRESS])
    await count_attempt(resources.units, merchant.id, [(ENROL_PER_ADDRESS, who)])
    served = resources.settings.sms_countries
    try:
        contact = parse_contact(fields.get("contact", ""), merchant.country, served)
    except ContactInvalid as mistake:
        phrases = PAGE_PHRASES[await _language(request, visitor)].addresses
        is_far = isinstance(mistake, NumberNotServed)
        sentence = phrases.not_served if is_far else phrases.unreadable
        return await _shown(request, visitor, None, sentence)
    async with resources.units(merchant.id) as unit:
        await use_address(unit, visitor.customer_id, contact)
    return _back(visitor, Done.ADDRESS)


async def _remove(request: web.Request, visitor: Visitor, fields: Fields) -> web.Response:
    try:
        kind = ContactKind(fields.get("kind", ""))
    except ValueError:
        raise NotFound from None
    try:
        async with request.app[RESOURCES].units(visitor.merchant.id) as unit:
            await drop_address(unit, visitor.customer_id, kind)
    except LastAddress:
        return _back(visitor, Done.LAST_ADDRESS)
    return _back(visitor, Done.ADDRESS)


async def _speak(request: web.Request, visitor: Visitor, fields: Fields) -> web.Response:
    try:
        language = Language(fields.get("language", ""))
    except ValueError:
        raise NotFound from None
    async with request.app[RESOURCES].units(visitor.merchant.id) as unit:
        await speak(unit, visitor.customer_id, language)
    return _back(visitor, Done.CHOICES)


async def _language(request: web.Request, visitor: Visitor) -> Language:
    async with request.app[RESOURCES].units(visitor.merchant.id) as unit:
        customer = await unit.customers.one(visitor.customer_id)
    return choose_language([customer.language])


def _back(visitor: Visitor, done: Done) -> web.Response:
    return see_other(f"{visitor.here}?done={done}")


_Keep = Callable[[web.Request, Visitor, Fields], Awaitable[web.Response]]
_WISHES: dict[str, _Keep] = {
    CHOOSE: _choose,
    NOTHING: _choose,
    "add": _add,
    "remove": _remove,
    "speak": _speak,
}
