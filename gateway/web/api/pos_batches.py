"""What a till did while it was offline: a batch, of which each item has its own result."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import msgspec
from aiohttp import web

from gateway.domain.errors import Refusal
from gateway.domain.sales import OFFLINE_DAYS_MAX, OFFLINE_REDEMPTION_DAYS_MAX, happened_at
from gateway.presenters.problems import problem
from gateway.services.cards.commands import Answer
from gateway.services.pos.batching import Deed, do_all
from gateway.services.pos.finding import card_of
from gateway.storage.unit import Unit
from gateway.web.answers import json_answer
from gateway.web.api import pos_shapes as shapes
from gateway.web.api.pos_deeds import Told, Transaction, carry_out, check, shown
from gateway.web.keys import PRINCIPAL, RESOURCES

OFFLINE = timedelta(days=OFFLINE_DAYS_MAX)


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
    """Return an item ready to be done, or what of it cannot be: its names, moment or card."""
    try:
        check(item.transaction)
        happened_at(item.occurred_at, now, age_max=_age_max(item.transaction))
    except Refusal as refusal:
        return refusal
    if isinstance(card, Refusal):
        return card
    told = Told(item.occurred_at, synced_at, OFFLINE)
    do = partial(carry_out, request, item.transaction, card, told)
    return Deed(item.occurred_at, item.counter, card, do)


def _age_max(asked: Transaction) -> timedelta:
    """Return how old something may be: what has a reference of its own may be older."""
    is_redemption = isinstance(asked, shapes.PosRedemption)
    return timedelta(days=OFFLINE_REDEMPTION_DAYS_MAX) if is_redemption else OFFLINE


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
            done=shown(guid, reply),
        )
    return shapes.PosResult(
        transaction_guid=guid,
        status=reply.status,
        replayed=reply.replayed,
        problem=msgspec.json.decode(reply.body, type=dict),
    )
