"""The doors of a till, each idempotent by the GUID in its body."""

import msgspec
from aiohttp import web

from gateway.domain.contacts import Contact
from gateway.domain.errors import Invalid, NotFound
from gateway.services.cards.addresses import parse_contact
from gateway.services.pos.finding import card_of, find_cards
from gateway.web.answers import json_answer, stored_answer
from gateway.web.api import pos_shapes as shapes
from gateway.web.api.pos_cards import pos_card
from gateway.web.api.pos_deeds import Told, Transaction, carry_out, check, shown
from gateway.web.keys import PRINCIPAL, RESOURCES


async def search_cards(request: web.Request, asked: shapes.PosSearch) -> web.Response:
    """Find cards by code, or by the whole phone number or mail address of a customer."""
    if sum(each is not None for each in (asked.code, asked.phone, asked.mail)) != 1:
        raise Invalid("Please search by one of code, phone and mail.")
    contact = await _contact(request, asked.phone or asked.mail)
    found = await find_cards(
        request.app[RESOURCES].units, request[PRINCIPAL], code=asked.code, contact=contact
    )
    return json_answer(shapes.PosCards([pos_card(view, whose) for view, whose in found]))


async def inquire(request: web.Request, asked: shapes.PosInquiry) -> web.Response:
    """Show a card: balances, tier, rewards that can be had, and what ends when."""
    found = await find_cards(
        request.app[RESOURCES].units, request[PRINCIPAL], code=asked.identifier, contact=None
    )
    for view, whose in found:
        return json_answer(pos_card(view, whose))
    raise NotFound("This card does not exist.")


async def accrue(request: web.Request, asked: shapes.PosAccrual) -> web.Response:
    """Record a sale, a later state of it, or a visit."""
    return await _done(request, asked)


async def redeem_at_pos(request: web.Request, asked: shapes.PosRedemption) -> web.Response:
    """Hand out a reward."""
    return await _done(request, asked)


async def reverse_at_pos(request: web.Request, asked: shapes.PosReversal) -> web.Response:
    """Take a transaction of the same key back."""
    return await _done(request, asked)


async def _contact(request: web.Request, address: str | None) -> Contact | None:
    if address is None:
        return None
    served = request.app[RESOURCES].settings.sms_countries
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        merchant = await unit.merchants.me()
    return parse_contact(address, merchant.country, served)


async def _done(request: web.Request, asked: Transaction) -> web.Response:
    check(asked)
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        card_id = (await card_of(unit, asked.identifier)).id
    answer = await carry_out(request, asked, card_id, Told())
    if not answer.is_done:
        return stored_answer(answer.body.encode(), status=answer.status, is_replay=answer.replayed)
    body = msgspec.json.encode(shown(asked.transaction_guid, answer))
    return stored_answer(body, status=answer.status, is_replay=answer.replayed)
