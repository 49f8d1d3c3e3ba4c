"""Selling: a sale is recorded once, and every later state of it posts only the difference."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from gateway.domain.cards import Standing
from gateway.domain.events.base import Event
from gateway.domain.events.sales import SaleChanged, SaleRecorded, SaleRefunded
from gateway.domain.ledger import TransactionKind
from gateway.domain.progress import progress_of
from gateway.domain.rules.keys import REMAINDER_PREFIX
from gateway.domain.rules.outcomes import Given
from gateway.domain.sales import KnownSale
from gateway.presenters.answers import amounts, body_of, explained, shown
from gateway.presenters.card_face import held_name
from gateway.presenters.receipts import receipt_text
from gateway.presenters.sale_answers import SaleSettled
from gateway.services.cards.commands import Answer
from gateway.services.cards.earning import decision_of, facts_of
from gateway.services.cards.posting import Decision, Lost, carry_out
from gateway.services.sales.settlements import RecordSale, Settlement, settlement_of
from gateway.storage.cards.postings import Reading
from gateway.storage.unit import Unit, Units


async def record_sale(units: Units, command: RecordSale, new_id: Callable[[], UUID]) -> Answer:
    """Record a sale, or a later state of it, and post what that changes on its card.

    The first state is judged by the program version of the business day on which it happened, a
    later one by the version, tier and basis of the first, and gives more only while there is room
    for it. The answer may be a refusal of the rules, `sale_of_another_card`, `card_merged`,
    `already_recorded`, `too_long_ago` or `in_the_future`. Raises `NotFound` for an unknown card,
    and `Invalid` for a sale that cannot be right.
    """

    async def decide(unit: Unit, reading: Reading, _standing: Standing) -> Decision:
        settlement = await settlement_of(unit, reading, command, new_id)
        return await _decision(unit, settlement)

    return await carry_out(units, command, decide)


async def _decision(unit: Unit, settlement: Settlement) -> Decision:
    known, earning = settlement.known, settlement.earning
    decision = replace(
        decision_of(earning),
        kind=settlement.kind,
        happened_at=known.occurred_at if settlement.before is None else None,
        location_id=known.location_id,
        may_owe=settlement.before is not None,
        sale_id=known.id,
    )
    if not decision.is_posted:
        known = replace(known, past=replace(known.past, transactions=_posted(settlement)))
    if not await _keep(unit, known, settlement.before, earning.now):
        raise Lost
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


def _facts(settlement: Settlement, decision: Decision) -> list[Event]:
    told = _told(settlement, decision.transaction_id if decision.is_posted else None)
    is_earning = settlement.kind is TransactionKind.EARN
    return [*told, *(facts_of(settlement.earning) if is_earning else ())]


def _told(settlement: Settlement, transaction_id: UUID | None) -> list[Event]:
    """Return that the sale was recorded or changed; of a state known already nothing is told."""
    known, before = settlement.known, settlement.before
    kind: type[SaleChanged | SaleRefunded] = SaleChanged
    if before is None:
        return [
            SaleRecorded(
                card_id=known.card_id,
                sale_id=known.id,
                transaction_id=transaction_id,
                reference=known.reference,
                currency=known.sale.currency,
                total_paid=known.sale.total_paid,
                total_refunded=known.sale.total_refunded,
            )
        ]
    if known.revision == before.revision:
        return []
    if known.sale.total_refunded > before.sale.total_refunded:
        kind = SaleRefunded
    return [
        kind(
            card_id=known.card_id,
            sale_id=known.id,
            transaction_id=transaction_id,
            reference=known.reference,
            currency=known.sale.currency,
            total_paid=known.sale.total_paid,
            total_refunded=known.sale.total_refunded,
            given=settlement.earning.given(),
        )
    ]


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
