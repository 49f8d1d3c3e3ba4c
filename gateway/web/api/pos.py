"""The doors of a till, each idempotent by the GUID in its body."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import msgspec
from aiohttp import web

from gateway.domain.contacts import Contact
from gateway.domain.errors import Invalid, NotFound, Refusal
from gateway.domain.people import Principal
from gateway.domain.sales import (
    OFFLINE_DAYS_MAX,
    OFFLINE_REDEMPTION_DAYS_MAX,
    ONLINE_HOURS_MAX,
    happened_at,
)
from gateway.presenters.pos_answers import kept
from gateway.presenters.problems import problem
from gateway.resources import new_code, new_id
from gateway.services.cards.addresses import parse_contact
from gateway.services.cards.commands import Answer
from gateway.services.pos import verbs
from gateway.services.pos.batching import Deed, do_all
from gateway.services.pos.finding import card_of, find_cards
from gateway.services.pos.verbs import Counter
from gateway.storage.unit import Unit
from gateway.web.answers import json_answer, stored_answer
from gateway.web.api import pos_shapes as shapes
from gateway.web.api.pos_cards import pos_card
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.origins import origin
from gateway.web.parsing.idempotency import fingerprint

CODE_CHARACTERS = 4
_PATH = "/api/v1/pos"

ONLINE, OFFLINE = timedelta(hours=ONLINE_HOURS_MAX), timedelta(days=OFFLINE_DAYS_MAX)

Transaction = shapes.PosAccrual | shapes.PosRedemption | shapes.PosReversal


@dataclass(frozen=True, slots=True)
class _Told:
    """When something happened by the till's clock, since when it is online, and how old it may be.

    What a transaction says itself comes first.
    """

    occurred_at: datetime | None = None
    synced_at: datetime | None = None
    age_max: timedelta = ONLINE


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


async def do_batch(request: web.Request, batch: shapes.PosBatch) -> web.Response:
    """Carry out what a till did while it was offline; each item has its own result."""
    deeds = await _deeds(request, batch)
    replies = iter(await do_all([deed for deed in deeds if isinstance(deed, Deed)]))
    results = [
        _result(
            item.transaction.transaction_guid,
            next(replies) if isinstance(deed, Deed) else deed,
        )
        for item, deed in zip(batch.items, deeds, strict=True)
    ]
    return json_answer(shapes.PosResults(results))


async def _contact(request: web.Request, address: str | None) -> Contact | None:
    if address is None:
        return None
    served = request.app[RESOURCES].settings.sms_countries
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        merchant = await unit.merchants.me()
    return parse_contact(address, merchant.country, served)


async def _done(request: web.Request, asked: Transaction) -> web.Response:
    card_id = await _card_id(request, asked.identifier)
    answer = await _carry_out(request, asked, card_id, _Told())
    if not answer.is_done:
        return stored_answer(answer.body.encode(), status=answer.status, is_replay=answer.replayed)
    body = msgspec.json.encode(_shown(asked.transaction_guid, answer))
    return stored_answer(body, status=answer.status, is_replay=answer.replayed)


async def _carry_out(
    request: web.Request,
    asked: Transaction,
    card_id: UUID,
    told: _Told,
) -> Answer:
    counter = Counter(
        units=request.app[RESOURCES].units,
        principal=await _at(request, asked),
        origin=replace(origin(request), source=verbs.SOURCE),
        new_id=new_id,
        new_code=partial(new_code, CODE_CHARACTERS),
    )
    fingerprinted = fingerprint("POST", _PATH, msgspec.to_builtins(asked))
    match asked:
        case shapes.PosRedemption():
            return await verbs.redeem(
                counter,
                verbs.Redeem(
                    guid=asked.transaction_guid,
                    fingerprint=fingerprinted,
                    card_id=card_id,
                    reward_id=asked.reward_id,
                ),
            )
        case shapes.PosReversal():
            return await verbs.reverse(
                counter,
                verbs.Reverse(
                    guid=asked.transaction_guid,
                    fingerprint=fingerprinted,
                    card_id=card_id,
                    reversed_guid=asked.reversed_guid,
                ),
            )
        case shapes.PosAccrual():
            location = await request.app[RESOURCES].database.locations.of(
                request[PRINCIPAL].merchant_id, asked.location_id
            )
            return await verbs.accrue(
                counter,
                verbs.Accrue(
                    guid=asked.transaction_guid,
                    fingerprint=fingerprinted,
                    card_id=card_id,
                    location=location,
                    source=asked.source,
                    reference=asked.reference,
                    sale=asked.sale.state if asked.sale else None,
                    sequence=asked.sequence,
                    occurred_at=asked.occurred_at or told.occurred_at,
                    synced_at=told.synced_at,
                    age_max=told.age_max,
                ),
            )


async def _at(request: web.Request, asked: Transaction) -> Principal:
    """Return who asks, at the location that a redemption names."""
    principal: Principal = request[PRINCIPAL]
    if not isinstance(asked, shapes.PosRedemption) or asked.location_id is None:
        return principal
    locations = request.app[RESOURCES].database.locations
    location = await locations.of(principal.merchant_id, asked.location_id)
    return replace(principal, location_id=location.id)


async def _deeds(request: web.Request, batch: shapes.PosBatch) -> list[Deed | Refusal]:
    """Return each item ready to be done, or why it cannot be."""
    identifiers = {item.transaction.identifier for item in batch.items}
    # One unit, and each card once: a till that was offline sends hundreds about a few.
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        cards = {identifier: await _known(unit, identifier) for identifier in identifiers}
        now = unit.now
    return [
        _deed(request, item, cards[item.transaction.identifier], batch.synced_at, now)
        for item in batch.items
    ]


async def _known(unit: Unit, identifier: str) -> UUID | Refusal:
    try:
        return (await card_of(unit, identifier)).id
    except Refusal as refusal:
        return refusal


def _deed(
    request: web.Request,
    item: shapes.PosDeed,
    card: UUID | Refusal,
    synced_at: datetime | None,
    now: datetime,
) -> Deed | Refusal:
    """Return an item ready to be done, or why its moment or its card is not one."""
    try:
        happened_at(item.occurred_at, now, age_max=_age_max(item.transaction))
    except Refusal as refusal:
        return refusal
    if isinstance(card, Refusal):
        return card
    told = _Told(item.occurred_at, synced_at, OFFLINE)
    do = partial(_carry_out, request, item.transaction, card, told)
    return Deed(item.occurred_at, item.counter, card, do)


def _age_max(asked: Transaction) -> timedelta:
    """Return how old something may be: what has a reference of its own may be older."""
    is_redemption = isinstance(asked, shapes.PosRedemption)
    return timedelta(days=OFFLINE_REDEMPTION_DAYS_MAX) if is_redemption else OFFLINE


async def _card_id(request: web.Request, identifier: str) -> UUID:
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        return (await card_of(unit, identifier)).id


def _shown(guid: str, answer: Answer) -> shapes.PosDone:
    said = kept(answer.body)
    return shapes.PosDone(
        transaction_guid=guid,
        card_id=said.card_id,
        transaction_id=said.transaction_id,
        sale_id=said.sale_id,
        redemption_id=said.redemption_id,
        given=said.changes,
        progress=said.progress,
        tier=said.tier,
        tier_name=said.tier_name,
        receipt_text=said.receipt_text,
        explanations=said.explanations,
    )


def _result(guid: str, reply: Answer | Refusal) -> shapes.PosResult:
    if isinstance(reply, Refusal):
        told = problem(reply)
        return shapes.PosResult(
            transaction_guid=guid, status=int(str(told["status"])), problem=told
        )
    if reply.is_done:
        return shapes.PosResult(
            transaction_guid=guid,
            status=reply.status,
            replayed=reply.replayed,
            done=_shown(guid, reply),
        )
    return shapes.PosResult(
        transaction_guid=guid,
        status=reply.status,
        replayed=reply.replayed,
        problem=msgspec.json.decode(reply.body, type=dict),
    )
