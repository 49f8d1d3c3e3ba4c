"""Selling: a sale is recorded once, and every later state of it posts only the difference."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from gateway.domain.cards import Standing
from gateway.domain.errors import AlreadyRecorded
from gateway.domain.events.base import Event
from gateway.domain.ledger import TransactionKind
from gateway.domain.progress import progress_of
from gateway.domain.rules.keys import REMAINDER_PREFIX
from gateway.domain.rules.outcomes import Given
from gateway.domain.sales import KnownSale, SaleOfAnotherCard
from gateway.presenters.answers import amounts, body_of, explained, shown
from gateway.presenters.card_face import held_name
from gateway.presenters.receipts import receipt_text
from gateway.presenters.sale_answers import SaleSettled
from gateway.services.cards.commands import Answer
from gateway.services.cards.earning import decision_of, facts_of
from gateway.services.cards.posting import Decision, Lost, carry_out
from gateway.services.sales.first_states import first_state
from gateway.services.sales.later_states import later_state
from gateway.services.sales.sale_facts import changed, recorded, refunded
from gateway.services.sales.settlements import RecordSale, Settlement, standing_of
from gateway.storage.cards.postings import Reading
from gateway.storage.unit import Unit, Units


async def record_sale(units: Units, command: RecordSale, new_id: Callable[[], UUID]) -> Answer:
    """Record a sale, or a later state of it, and post what that changes on its card.

    The first state is judged by the program version of the business day on which it happened, a
    later one by the version, tier and basis of the first, and gives more only while there is room
    for it. Of a card that was merged it is told to the one that lives on. The answer may be a
    refusal of the rules, `sale_of_another_card`, `already_recorded`, `too_long_ago` or
    `in_the_future`. Raises `NotFound` for an unknown card, and `Invalid` for a sale that cannot
    be right.
    """

    async def decide(unit: Unit, reading: Reading, _standing: Standing) -> Decision:
        settlement = await _settlement(unit, reading, command, new_id)
        return await _decision(unit, settlement)

    try:
        return await carry_out(units, command, decide)
    except AlreadyRecorded:
        # A visit of this receipt was faster by a moment; by now it is known which one.
        return await carry_out(units, command, decide)


async def _settlement(
    unit: Unit, reading: Reading, command: RecordSale, new_id: Callable[[], UUID]
) -> Settlement:
    known = await unit.sales.told(command.source, command.reference)
    if known is None:
        return await first_state(unit, reading, command, new_id)
    if isinstance(known, UUID):
        raise AlreadyRecorded(transaction_id=str(known))
    standing = standing_of(reading)
    if known.card_id != standing.card_id:
        if not await unit.upkeep.hold_at(standing.card_id, standing.version):
            # Maybe it was merged between the two looks, and its sales went along.
            raise Lost
        raise SaleOfAnotherCard
    return await later_state(unit, reading, known, command, new_id)


async def _decision(unit: Unit, settlement: Settlement) -> Decision:
    known, earning = settlement.known, settlement.earning
    decision = replace(
        decision_of(earning),
        kind=settlement.kind,
        happened_at=known.occurred_at if settlement.before is None else None,
        location_id=known.location_id,
        may_owe=settlement.before is not None,
        event_source=known.source,
        source_event_id=known.reference if settlement.before is None else None,
        sale_id=known.id,
    )
    if not decision.is_posted:
        known = replace(known, past=replace(known.past, transactions=_posted(settlement)))
    if not await _keep(unit, known, settlement.before, earning.now):
        raise Lost
    if not decision.is_posted:
        await _see_to_it(unit, settlement)
    body = _body(known, settlement, decision)
    return replace(decision, facts=tuple(_facts(settlement, decision)), body=body)


def _posted(settlement: Settlement) -> tuple[UUID, ...]:
    return settlement.before.past.transactions if settlement.before else ()


async def _keep(unit: Unit, known: KnownSale, before: KnownSale | None, now: datetime) -> bool:
    if before is None:
        return await unit.sales.add(known, now)
    if known.revision == before.revision:
        return True
    return await unit.sales.change(known, now)


async def _see_to_it(unit: Unit, settlement: Settlement) -> None:
    """See for a state that posts nothing to what posting would: the card, and a new reference.

    Raises `Lost` when the card changed since it was read, and the answer would show it as it was
    before a state that it knows; or when a visit has the reference.
    """
    known, standing = settlement.known, settlement.earning.standing
    if not await unit.upkeep.hold_at(known.card_id, standing.version):
        raise Lost
    is_new = settlement.before is None
    if is_new and not await unit.sales.claim(known.source, known.reference):
        raise Lost


def _facts(settlement: Settlement, decision: Decision) -> list[Event]:
    told = _told(settlement, decision.transaction_id if decision.is_posted else None)
    is_earning = settlement.kind is TransactionKind.EARN
    return [*told, *(facts_of(settlement.earning) if is_earning else ())]


def _told(settlement: Settlement, transaction_id: UUID | None) -> list[Event]:
    """Return that the sale was recorded or changed; of a state known already nothing is told."""
    known, before = settlement.known, settlement.before
    if before is None:
        return [recorded(known, transaction_id)]
    if known.revision == before.revision:
        return []
    is_refund = known.sale.total_refunded > before.sale.total_refunded
    tell = refunded if is_refund else changed
    return [tell(known, transaction_id, settlement.earning.given())]


def _body(known: KnownSale, settlement: Settlement, decision: Decision) -> str:
    earning = settlement.earning
    left, given = earning.after, earning.given()
    progress = shown(progress_of(earning.version.plan, left.balances, left.memory))
    tier = held_name(earning.version.plan, left.tier)
    return body_of(
        SaleSettled(
            sale_id=known.id,
            card_id=known.card_id,
            source=known.source,
            reference=known.reference,
            transaction_id=decision.transaction_id if decision.is_posted else None,
            occurred_at=known.occurred_at,
            total_paid=known.sale.total_paid,
            total_refunded=known.sale.total_refunded,
            given=amounts(given),
            given_in_all=amounts(_by_unit(known.past.given)),
            rewards_earned=earning.outcome.rewards_earned,
            progress=progress,
            tier=left.tier,
            tier_name=tier,
            receipt_text=receipt_text(given, progress, tier),
            explanations=explained(earning.outcome.explanations),
        )
    )


def _by_unit(given: Given) -> dict[str, int]:
    units: dict[str, int] = {}
    for (_, unit), amount in given.items():
        if not unit.startswith(REMAINDER_PREFIX):
            units[unit] = units.get(unit, 0) + amount
    return units
