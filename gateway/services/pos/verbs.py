"""The verbs of a till: each a story of its own under the till's transaction GUID.

They are those of Toast's loyalty integration (https://doc.toasttab.com/openapi/loyalty): "all
loyalty transactions must be considered idempotent".
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypedDict
from uuid import UUID

import msgspec

from gateway.domain.ledger import TransactionKind
from gateway.domain.people import Origin, Principal
from gateway.domain.rules.happenings import Sale
from gateway.domain.sales import ONLINE_HOURS_MAX, KnownSale, TransactionCannotBeReversed
from gateway.services.cards.commands import (
    STATUS_DONE,
    Answer,
    EndRedemption,
    ReserveReward,
    UndoStamp,
)
from gateway.services.cards.undoing import undo_stamp
from gateway.services.rewards.ending import end_redemption, take_reward_back
from gateway.services.rewards.reserving import reserve_reward
from gateway.services.sales.selling import record_sale
from gateway.services.sales.settlements import RecordSale
from gateway.services.sales.visiting import RecordVisit, record_visit
from gateway.storage.cards.postings import Question
from gateway.storage.people.merchants import Location
from gateway.storage.unit import Unit, Units

SOURCE = "pos"
"""Where the references of sales and visits are from, unless a till says otherwise."""

_OF_ANOTHER_CARD = "This was done with another card, or before this one got what that one had."


@dataclass(frozen=True, slots=True)
class Counter:
    """Where verbs are carried out: for whom, in whose books, with which new ids and codes."""

    units: Units
    principal: Principal
    origin: Origin
    new_id: Callable[[], UUID]
    new_code: Callable[[], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """What every verb names: the till's GUID, which makes a retry the same, and the card.

    `fingerprint` is the SHA-256 of what was asked.
    """

    guid: str
    fingerprint: bytes = field(repr=False)
    card_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Accrue(Verb):
    """A sale, or without one a visit, at a location; the GUID is its reference if it has none.

    `occurred_at` is at most `age_max` ago and counts from `synced_at` at the earliest.
    """

    location: Location
    source: str = SOURCE
    reference: str | None = None
    sale: Sale | None = None
    sequence: int | None = None
    occurred_at: datetime | None = None
    synced_at: datetime | None = None
    age_max: timedelta = timedelta(hours=ONLINE_HOURS_MAX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeem(Verb):
    """A reward that is handed out at once."""

    reward_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Reverse(Verb):
    """The GUID of a transaction of the same till that is taken back whole."""

    reversed_guid: str


class _Done(msgspec.Struct):
    """What an answer says that can be taken back, and of which card."""

    card_id: UUID
    sale_id: UUID | None = None
    redemption_id: UUID | None = None
    transaction_id: UUID | None = None


async def accrue(counter: Counter, asked: Accrue) -> Answer:
    """Record a sale or a visit; one that is known already in this state is refused.

    The answer may be any refusal of `record_sale` or `record_visit`.
    """
    if asked.sale is None:
        visit = RecordVisit(
            **_asked(counter, asked, source=asked.source),
            reference=asked.reference or asked.guid,
            location_id=asked.location.id,
            clock=asked.location.clock,
            occurred_at=asked.occurred_at,
            synced_at=asked.synced_at,
            age_max=asked.age_max,
        )
        return await record_visit(counter.units, visit, counter.new_id)
    command = RecordSale(
        **_asked(counter, asked),
        source=asked.source,
        reference=asked.reference or asked.guid,
        sale=asked.sale,
        location_id=asked.location.id,
        clock=asked.location.clock,
        occurred_at=asked.occurred_at,
        synced_at=asked.synced_at,
        age_max=asked.age_max,
        sequence=asked.sequence,
        is_once=True,
    )
    return await record_sale(counter.units, command, counter.new_id)


async def redeem(counter: Counter, asked: Redeem) -> Answer:
    """Reserve a reward and hand it out, in two steps that a retry goes on with.

    The answer may be any refusal of `reserve_reward` or `end_redemption`. Should nobody retry
    after the first step, the reservation runs out by itself.
    """
    reservation = ReserveReward(
        **_asked(counter, asked, step=":reserve"),
        reward_id=asked.reward_id,
    )
    reserved = await reserve_reward(counter.units, reservation, counter.new_id, counter.new_code())
    if not reserved.is_done:
        return reserved
    redemption_id = msgspec.json.decode(reserved.body, type=_Done).redemption_id
    assert redemption_id is not None, "a reservation has an id"
    command = EndRedemption(
        **_asked(counter, asked),
        redemption_id=redemption_id,
    )
    return await end_redemption(counter.units, command, TransactionKind.REDEEM, counter.new_id)


async def reverse(counter: Counter, asked: Reverse) -> Answer:
    """Take a transaction of the same till back: refund its sale, undo its visit or redemption.

    The answer may be a refusal of whatever takes it back. Raises `TransactionCannotBeReversed`
    for a GUID that did nothing or that is taken back already. Of a card that was merged since,
    only what was sold is taken back.
    """
    async with counter.units(counter.principal.merchant_id) as unit:
        kept = await _kept(unit, counter, asked, _key(asked.guid))
        done = await _kept(unit, counter, asked, _key(asked.reversed_guid))
        sale = await _sale(unit, asked, done)
    if sale is not None:
        if sale.sale.net == 0 and kept is None:
            raise TransactionCannotBeReversed
        return await _refund(counter, asked, sale)
    if done is None:
        raise TransactionCannotBeReversed
    if done.card_id != asked.card_id and kept is None:
        raise TransactionCannotBeReversed(_OF_ANOTHER_CARD)
    return await _undo(counter, asked, done)


async def _kept(unit: Unit, counter: Counter, asked: Reverse, key: str) -> _Done | None:
    """Return what a key was answered with when it was done, or None."""
    ledger = await unit.ledger()
    question = Question(unit.merchant_id, asked.card_id, counter.principal.name, key)
    (reading,) = await ledger.read([question])
    if reading.answer is None or reading.answer.status != STATUS_DONE:
        return None
    return msgspec.json.decode(reading.answer.body, type=_Done)


async def _sale(unit: Unit, asked: Reverse, done: _Done | None) -> KnownSale | None:
    """Return the sale a GUID recorded, also when its answer was forgotten long ago."""
    if done is not None:
        return await unit.sales.one(done.sale_id) if done.sale_id else None
    sale = await unit.sales.known(SOURCE, asked.reversed_guid)
    return sale if sale and sale.card_id == asked.card_id else None


async def _refund(counter: Counter, asked: Reverse, known: KnownSale) -> Answer:
    paid = known.sale.total_paid
    command = RecordSale(
        **_asked(counter, asked),
        source=known.source,
        reference=known.reference,
        sale=replace(known.sale, total_refunded=paid),
        location_id=known.location_id,
        clock=known.past.basis.clock,
        sequence=None if known.sequence is None else known.sequence + 1,
        is_once=True,
    )
    return await record_sale(counter.units, command, counter.new_id)


async def _undo(counter: Counter, asked: Reverse, done: _Done) -> Answer:
    if done.redemption_id is not None:
        ending = EndRedemption(
            **_asked(counter, asked),
            redemption_id=done.redemption_id,
        )
        return await take_reward_back(counter.units, ending, counter.new_id)
    if done.transaction_id is None:
        raise TransactionCannotBeReversed
    undoing = UndoStamp(
        **_asked(counter, asked),
        transaction_id=done.transaction_id,
    )
    return await undo_stamp(counter.units, undoing, counter.new_id)


class _Asked(TypedDict):
    """The fields all commands share."""

    principal: Principal
    origin: Origin
    key: str
    fingerprint: bytes
    card_id: UUID


def _asked(counter: Counter, asked: Verb, *, step: str = "", source: str | None = None) -> _Asked:
    """Return what every command of a verb has in common; a verb of two steps has two keys."""
    return _Asked(
        principal=counter.principal,
        origin=replace(counter.origin, source=source) if source else counter.origin,
        key=_key(asked.guid) + step,
        fingerprint=asked.fingerprint,
        card_id=asked.card_id,
    )


def _key(guid: str) -> str:
    return f"pos:{guid}"
