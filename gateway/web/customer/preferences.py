"""A customer's choices: what is written to them, where, and in which language."""

from collections.abc import Awaitable, Callable
from enum import StrEnum

import msgspec
from aiohttp import web

from gateway.domain.attempts import ENROL_PER_ADDRESS, guesser
from gateway.domain.contacts import ContactKind
from gateway.domain.errors import NotFound
from gateway.domain.wording import Language, choose_language
from gateway.resources import new_id
from gateway.services.cards.addresses import ContactInvalid, parse_contact
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
from gateway.web.customer.held_cards import card_not_held
from gateway.web.customer.preference_pages import CHOOSE, NOTHING, Shown, choices_of, draw
from gateway.web.customer.typed_addresses import fault_words
from gateway.web.customer.unproven import LINK, draw_way, send_link
from gateway.web.customer.visitors import Visitor, as_visitor, card_holder, linked_visitor
from gateway.web.keys import CLIENT_ADDRESS, RESOURCES
from gateway.web.pages.redirects import see_other
from gateway.web.parsing.bodies import Fields

SOURCE = "preferences"


class Done(StrEnum):
    """What was just done, said on top of the page that follows a form."""

    CHOICES = "choices"
    ADDRESS = "address"
    LAST_ADDRESS = "last-address"
    LINK = LINK


class PreferencesQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the page has to say first."""

    done: Done | None = None


async def preferences(request: web.Request, asked: PreferencesQuery) -> web.Response:
    """Show who may choose for a card what they can choose; others are told the way."""
    holder = await card_holder(request)
    if holder is None:
        return card_not_held(request)
    if not holder.may_choose:
        return await draw_way(request, holder, is_asked=asked.done is Done.LINK)
    return await _shown(request, as_visitor(holder), asked.done)


async def change_preferences(request: web.Request, fields: Fields) -> web.Response:
    """Keep what the holder of a card chose, or send the link by which they may."""
    holder = await card_holder(request)
    if holder is None:
        return card_not_held(request)
    if fields.get("do") == LINK:
        return await send_link(request, holder)
    if not holder.may_choose:
        return await draw_way(request, holder, status=403)
    return await _keep(request, as_visitor(holder), fields)


async def linked_preferences(request: web.Request, asked: PreferencesQuery) -> web.Response:
    """Show who followed the link in a message what they can choose."""
    return await _shown(request, await linked_visitor(request), asked.done)


async def change_linked_preferences(request: web.Request, fields: Fields) -> web.Response:
    """Keep what was chosen by the link in a message."""
    return await _keep(request, await linked_visitor(request), fields)


async def _shown(
    request: web.Request, visitor: Visitor, done: Done | None, mistake: str | None = None
) -> web.Response:
    async with request.app[RESOURCES].units(visitor.merchant.id) as unit:
        view = await view_preferences(unit, visitor.customer_id)
    shown = Shown(visitor=visitor, view=view)
    return draw(request, shown, done=done, mistake=mistake)


async def _keep(request: web.Request, visitor: Visitor, fields: Fields) -> web.Response:
    keep = _WISHES.get(fields.get("do", ""))
    if keep is None:
        raise NotFound
    return await keep(request, visitor, fields)


async def _choose(request: web.Request, visitor: Visitor, fields: Fields) -> web.Response:
    chooser = Chooser(
        source=SOURCE,
        remote_address=request[CLIENT_ADDRESS],
        new_id=new_id,
        is_proven=visitor.is_proven,
    )
    async with request.app[RESOURCES].units(visitor.merchant.id) as unit:
        view = await view_preferences(unit, visitor.customer_id)
        choices = choices_of(Shown(visitor=visitor, view=view), fields)
        await choose(unit, visitor.customer_id, choices, chooser)
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
        sentence = fault_words(mistake, await _language(request, visitor))
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
