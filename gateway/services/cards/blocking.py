"""Blocking: a card that was lost or misused is closed, and opened again."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from gateway.domain.adjustments import REASON_CHARACTERS_MAX
from gateway.domain.cards import CardStatus, Standing
from gateway.domain.errors import Invalid
from gateway.domain.events.base import Event
from gateway.domain.events.cards import CardBlocked, CardUnblocked
from gateway.domain.ledger import TransactionKind
from gateway.domain.merging import MergedAway
from gateway.domain.rules.outcomes import Day
from gateway.presenters.answers import body_of
from gateway.presenters.ledger_answers import CardState
from gateway.services.cards.commands import Answer, Command
from gateway.services.cards.posting import Decision, carry_out
from gateway.storage.cards.postings import Reading
from gateway.storage.people.audit import Record
from gateway.storage.unit import Unit, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockCard(Command):
    """Block a card for a `reason`; None unblocks it."""

    reason: str | None


async def block_card(units: Units, command: BlockCard, new_id: Callable[[], UUID]) -> Answer:
    """Block or unblock a card; one that is so already stays as it is, with its first reason.

    The answer may be a refusal `card_merged`. Raises `NotFound`, or `Invalid` for a reason that
    cannot be.
    """
    if command.reason is not None and not _is_plain(command.reason):
        raise Invalid("Please give the reason in plain words.")

    async def decide(unit: Unit, reading: Reading, standing: Standing) -> Decision:
        if standing.card_status is CardStatus.MERGED:
            raise MergedAway
        has_changed = await unit.upkeep.block(standing.card_id, command.reason)
        if has_changed:
            await _record(unit, command, new_id)
        return Decision(
            transaction_id=new_id(),
            kind=TransactionKind.ADJUST,
            transfers=(),
            standing=standing,
            facts=(_fact(command),) if has_changed else (),
            body=body_of(await _state(unit, command)),
            day=Day(day=reading.now.date()),
        )

    return await carry_out(units, command, decide)


def _fact(command: BlockCard) -> Event:
    fact = CardUnblocked if command.reason is None else CardBlocked
    return fact(card_id=command.card_id)


async def _state(unit: Unit, command: BlockCard) -> CardState:
    card = await unit.cards.one(command.card_id)
    return CardState(
        card_id=card.id,
        status=card.status,
        blocked_reason=await unit.upkeep.blocked_reason(card.id),
    )


async def _record(unit: Unit, command: BlockCard, new_id: Callable[[], UUID]) -> None:
    record = Record(
        id=new_id(),
        actor=command.principal.name,
        action="card.unblocked" if command.reason is None else "card.blocked",
        subject=f"card:{command.card_id}",
    )
    await unit.audit.add(record, command.origin, unit.now)


def _is_plain(reason: str) -> bool:
    return bool(reason.strip()) and reason.isprintable() and len(reason) <= REASON_CHARACTERS_MAX
