"""Blocking: a card that was lost or misused is closed, and opened again."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from gateway.domain.adjustments import REASON_CHARACTERS_MAX
from gateway.domain.cards import CardStatus
from gateway.domain.errors import Invalid
from gateway.domain.events import CardBlocked, CardUnblocked
from gateway.domain.merging import MergedAway
from gateway.domain.people import Origin, Principal
from gateway.storage.people.audit import Record
from gateway.storage.unit import Unit, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class Barrier:
    """Who blocks which card for what `reason`; None unblocks it."""

    principal: Principal
    origin: Origin
    card_id: UUID
    reason: str | None


async def set_barrier(units: Units, barrier: Barrier, new_id: Callable[[], UUID]) -> None:
    """Block or unblock a card; one that is so already stays as it is, with its first reason.

    Raises `NotFound`, `MergedAway`, or `Invalid` for a reason that cannot be.
    """
    reason = barrier.reason
    if reason is not None and not _is_plain(reason):
        raise Invalid("Please give the reason in plain words.")
    async with units(barrier.principal.merchant_id) as unit:
        card = await unit.cards.one(barrier.card_id)
        if card.status is CardStatus.MERGED:
            raise MergedAway
        if await unit.upkeep.block(card.id, reason):
            await _tell(unit, barrier, new_id)


async def _tell(unit: Unit, barrier: Barrier, new_id: Callable[[], UUID]) -> None:
    fact = CardUnblocked if barrier.reason is None else CardBlocked
    unit.announce(fact(card_id=barrier.card_id))
    record = Record(
        id=new_id(),
        actor=barrier.principal.name,
        action="card.unblocked" if barrier.reason is None else "card.blocked",
        subject=f"card:{barrier.card_id}",
    )
    await unit.audit.add(record, barrier.origin, unit.now)


def _is_plain(reason: str) -> bool:
    return bool(reason.strip()) and reason.isprintable() and len(reason) <= REASON_CHARACTERS_MAX
