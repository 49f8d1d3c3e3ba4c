"""Reads what a delivery to Google has to say now; a Verdict where there is nothing to say."""

from uuid import UUID

from gateway.services.wallets.google_cards import (
    GoogleOffice,
    compose_class,
    compose_object,
)
from gateway.storage.queues.delivery_queue import Delivery, Verdict
from gateway.storage.unit import Unit
from gateway.storage.wallets.google import GoogleClass
from workers.couriers.google.parcels import Parcel, PutClass, PutObject

NOTICES_A_DAY_MAX = 3
"""Updates, and messages, that light up a phone per card in 24 hours.

https://developers.google.com/wallet/retail/loyalty-cards/use-cases/trigger-push-notifications
"""
UPDATE = "update"
UP_TO_DATE = Verdict(state="done", reason="UpToDate")
NOBODY_THERE = Verdict(state="done", reason="NobodyThere")


async def look_up_object(
    unit: Unit, office: GoogleOffice, delivery: Delivery, card_id: UUID
) -> Parcel | Verdict:
    """Compose a card as it stands; raises `InvalidPass`."""
    known = (await unit.google.objects([card_id])).get(card_id)
    if known is None:
        return NOBODY_THERE
    card = await unit.cards.one(card_id)
    if known.written_version is not None and known.written_version >= card.version:
        return UP_TO_DATE
    its_class = (await unit.google.classes([card.program_id]))[card.program_id]
    composed = await compose_object(unit, office, card, (its_class, known))
    used = await unit.google.notices([known.object_id], UPDATE, unit.now)
    return PutObject(
        issuer_id=known.issuer_id,
        lane=delivery.lane,
        card_id=card_id,
        program_id=card.program_id,
        object_id=known.object_id,
        body=composed.body,
        is_new=known.written_version is None,
        version=composed.version,
        balance=composed.balance,
        may_notify=used.get(known.object_id, 0) < NOTICES_A_DAY_MAX,
        before=await _missing_class(unit, office, delivery, its_class),
    )


async def look_up_class(
    unit: Unit, office: GoogleOffice, delivery: Delivery, program_id: UUID
) -> Parcel | Verdict:
    """Compose a program's class as it stands; raises `InvalidPass`."""
    known = (await unit.google.classes([program_id])).get(program_id)
    if known is None:
        return NOBODY_THERE
    parcel = await _class(unit, office, delivery, known)
    return UP_TO_DATE if parcel.digest == known.written_digest else parcel


async def _missing_class(
    unit: Unit, office: GoogleOffice, delivery: Delivery, known: GoogleClass
) -> PutClass | None:
    if known.written_digest is not None:
        return None
    return await _class(unit, office, delivery, known)


async def _class(
    unit: Unit, office: GoogleOffice, delivery: Delivery, known: GoogleClass
) -> PutClass:
    merchant = await unit.merchants.me()
    program = (await unit.programs.of_cards([known.program_id]))[known.program_id]
    composed = compose_class(office, merchant, program.version, known)
    return PutClass(
        issuer_id=known.issuer_id,
        lane=delivery.lane,
        program_id=known.program_id,
        class_id=composed.class_id,
        body=composed.body,
        digest=composed.digest,
        is_new=known.written_digest is None,
    )
