"""What a till wants done to a card, carried out by the verb it names, alone or out of a batch."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypedDict
from uuid import UUID

import msgspec
from aiohttp import web

from gateway.domain.people import Principal
from gateway.domain.references import check_guid, check_reference
from gateway.domain.sales import ONLINE_HOURS_MAX
from gateway.presenters.pos_answers import kept
from gateway.resources import new_code, new_id
from gateway.services.cards.commands import Answer
from gateway.services.pos import reversing, verbs
from gateway.services.pos.verbs import Counter
from gateway.web.api import pos_shapes as shapes
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.origins import origin
from gateway.web.parsing.idempotency import fingerprint

CODE_CHARACTERS = 4
_PATH = "/api/v1/pos"

Transaction = shapes.PosAccrual | shapes.PosRedemption | shapes.PosReversal


@dataclass(frozen=True, slots=True)
class Told:
    """When something happened by the till's clock, since when it is online, and how old it may be.

    What a transaction says itself comes first.
    """

    occurred_at: datetime | None = None
    synced_at: datetime | None = None
    age_max: timedelta = timedelta(hours=ONLINE_HOURS_MAX)


class _Named(TypedDict):
    """What every verb names."""

    guid: str
    fingerprint: bytes
    card_id: UUID


def check(asked: Transaction) -> None:
    """Raise `ReferenceInvalid` for a GUID or a reference that another would be taken for."""
    check_guid(asked.transaction_guid, "/transaction_guid")
    match asked:
        case shapes.PosReversal():
            check_guid(asked.reversed_guid, "/reversed_guid")
        case shapes.PosAccrual() if asked.reference is not None:
            check_reference(asked.reference, "/reference")


async def carry_out(request: web.Request, asked: Transaction, card_id: UUID, told: Told) -> Answer:
    """Do to a card what a till wants done; raises what the verb raises."""
    counter = Counter(
        units=request.app[RESOURCES].units,
        principal=await _at(request, asked),
        origin=replace(origin(request), source=verbs.SOURCE),
        new_id=new_id,
        new_code=partial(new_code, CODE_CHARACTERS),
    )
    named: _Named = {
        "guid": asked.transaction_guid,
        "fingerprint": fingerprint("POST", _PATH, msgspec.to_builtins(asked)),
        "card_id": card_id,
    }
    match asked:
        case shapes.PosRedemption():
            redeem = verbs.Redeem(**named, reward_id=asked.reward_id)
            return await verbs.redeem(counter, redeem)
        case shapes.PosReversal():
            reverse = reversing.Reverse(**named, reversed_guid=asked.reversed_guid)
            return await reversing.reverse(counter, reverse)
        case shapes.PosAccrual():
            location = await request.app[RESOURCES].database.locations.of(
                request[PRINCIPAL].merchant_id, asked.location_id
            )
            accrue = verbs.Accrue(
                **named,
                location=location,
                source=asked.source,
                reference=asked.reference,
                sale=asked.sale.state if asked.sale else None,
                sequence=asked.sequence,
                occurred_at=asked.occurred_at or told.occurred_at,
                synced_at=told.synced_at,
                age_max=told.age_max,
            )
            return await verbs.accrue(counter, accrue)


async def _at(request: web.Request, asked: Transaction) -> Principal:
    """Return who asks, at the location that a redemption names."""
    principal: Principal = request[PRINCIPAL]
    if not isinstance(asked, shapes.PosRedemption) or asked.location_id is None:
        return principal
    locations = request.app[RESOURCES].database.locations
    location = await locations.of(principal.merchant_id, asked.location_id)
    return replace(principal, location_id=location.id)


def shown(guid: str, answer: Answer) -> shapes.PosDone:
    """Return what a till is told of something that was done, the same on every retry."""
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
