"""The verbs of a till: each a story of its own under the till's transaction GUID.

They are those of Toast's loyalty integration (https://doc.toasttab.com/openapi/loyalty): "all
loyalty transactions must be considered idempotent".
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from gateway.domain.ledger import TransactionKind
from gateway.domain.people import Origin, Principal
from gateway.domain.rules.happenings import Sale
from gateway.domain.sales import ONLINE_HOURS_MAX
from gateway.services.cards.commands import Answer, Asked, EndRedemption, ReserveReward
from gateway.services.rewards.ending import end_redemption
from gateway.services.rewards.reserving import reserve_reward
from gateway.services.sales.selling import record_sale
from gateway.services.sales.settlements import RecordSale
from gateway.services.sales.visiting import RecordVisit, record_visit
from gateway.storage.people.merchants import Location
from gateway.storage.unit import Units

SOURCE = "pos"
"""Where the references of sales and visits are from, unless a till says otherwise."""


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


class Done(msgspec.Struct):
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
            **asked_of(counter, asked, source=asked.source),
            reference=asked.reference or asked.guid,
            location_id=asked.location.id,
            clock=asked.location.clock,
            occurred_at=asked.occurred_at,
            synced_at=asked.synced_at,
            age_max=asked.age_max,
        )
        return await record_visit(counter.units, visit, counter.new_id)
    command = RecordSale(
        **asked_of(counter, asked),
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
        **asked_of(counter, asked, step=":reserve"),
        reward_id=asked.reward_id,
    )
    reserved = await reserve_reward(counter.units, reservation, counter.new_id, counter.new_code())
    if not reserved.is_done:
        return reserved
    redemption_id = msgspec.json.decode(reserved.body, type=Done).redemption_id
    assert redemption_id is not None, "a reservation has an id"
    command = EndRedemption(
        **asked_of(counter, asked),
        redemption_id=redemption_id,
    )
    return await end_redemption(counter.units, command, TransactionKind.REDEEM, counter.new_id)


def asked_of(counter: Counter, asked: Verb, *, step: str = "", source: str | None = None) -> Asked:
    """Return what every command of a verb has in common; a verb of two steps has two keys."""
    return Asked(
        principal=counter.principal,
        origin=replace(counter.origin, source=source) if source else counter.origin,
        key=key_of(asked.guid) + step,
        fingerprint=asked.fingerprint,
        card_id=asked.card_id,
    )


def key_of(guid: str) -> str:
    """Return the key that a till's GUID is kept under."""
    return f"pos:{guid}"
