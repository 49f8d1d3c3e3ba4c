"""Maturing: what was held back becomes usable, and what was not used in time is gone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from gateway.domain.business_day import business_day
from gateway.domain.cards import Standing
from gateway.domain.events.balances import PointsExpired, PointsExpiring, PointsReleased
from gateway.domain.events.base import Event
from gateway.domain.ledger import Account, TransactionKind, in_transfers
from gateway.domain.merging import Part
from gateway.domain.people import Origin, Principal
from gateway.domain.rules.outcomes import Day
from gateway.services.cards.commands import Answer, Command
from gateway.services.cards.posting import Decision, carry_out
from gateway.services.merchants.steering import SYSTEM
from gateway.storage.cards.postings import Reading
from gateway.storage.unit import Unit, Units

NOTICE = timedelta(days=14)
"""How long before the end customers are told of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """What a run does to one card: the parts that are due, and where they go."""

    kind: TransactionKind
    destination: Account
    parts: list[Part]


async def release(units: Units, command: Command, new_id: Callable[[], UUID]) -> Answer:
    """Let a card use everything that was held back long enough, in one transaction."""

    async def decide(unit: Unit, reading: Reading, standing: Standing) -> Decision:
        parts = await unit.lots.matured(standing.card_id, reading.now)
        turn = _Turn(kind=TransactionKind.RELEASE, destination=Account.AVAILABLE, parts=parts)
        return await _decision(unit, reading, standing, turn, new_id())

    return await carry_out(units, command, decide)


async def expire(units: Units, command: Command, new_id: Callable[[], UUID]) -> Answer:
    """Take everything that ended from a card, in one transaction; each lot ends once."""

    async def decide(unit: Unit, reading: Reading, standing: Standing) -> Decision:
        parts = await unit.lots.expired(standing.card_id, reading.now)
        turn = _Turn(kind=TransactionKind.EXPIRE, destination=Account.EXPIRED, parts=parts)
        return await _decision(unit, reading, standing, turn, new_id())

    return await carry_out(units, command, decide)


async def expire_first(units: Units, before: Command, new_id: Callable[[], UUID]) -> Answer:
    """Take everything that ended from a card before a command that it must not serve any more."""
    merchant_id = before.principal.merchant_id
    command = Command(
        principal=Principal(merchant_id=merchant_id, name=SYSTEM, permissions=frozenset()),
        origin=Origin(source=SYSTEM),
        key=new_id().hex,
        fingerprint=before.fingerprint,
        card_id=before.card_id,
    )
    return await expire(units, command, new_id)


async def give_notice(units: Units, merchant_id: UUID, card_id: UUID) -> int:
    """Announce what of a card ends soon, once per end; return how many announcements there were.

    What ends on the same business day is told of together.
    """
    async with units(merchant_id) as unit:
        since, until = unit.now, unit.now + NOTICE
        parts = await unit.lots.unnoticed(card_id, since, until)
        clock = await unit.merchants.clock(None)
        facts: dict[tuple[str, object], PointsExpiring] = {}
        for part in parts:
            assert part.expires_at is not None, "what never ends is not asked for"
            key = part.unit, business_day(part.expires_at, clock)
            before = facts[key].amount if key in facts else 0
            facts[key] = PointsExpiring(
                card_id=card_id,
                unit=part.unit,
                amount=before + part.amount,
                expires_at=part.expires_at.isoformat(),
            )
        unit.announce(*facts.values())
        await unit.lots.notice(card_id, since, until)
    return len(facts)


async def _decision(
    unit: Unit, reading: Reading, standing: Standing, turn: _Turn, transaction_id: UUID
) -> Decision:
    amounts: dict[tuple[str, Account], int] = {}
    for part in turn.parts:
        key = part.unit, part.account
        amounts[key] = amounts.get(key, 0) + part.amount
    day = business_day(reading.now, await unit.merchants.clock(None))
    by_unit = {unit_name: amount for (unit_name, _), amount in amounts.items()}
    return Decision(
        transaction_id=transaction_id,
        kind=turn.kind,
        transfers=tuple(
            transfer
            for (unit_name, source), amount in amounts.items()
            for transfer in in_transfers(unit_name, source, turn.destination, amount)
        ),
        standing=standing,
        facts=(_fact(turn.kind, standing.card_id, transaction_id, by_unit),) if by_unit else (),
        body="{}",
        day=Day(day=day),
    )


def _fact(
    kind: TransactionKind, card_id: UUID, transaction_id: UUID, by_unit: dict[str, int]
) -> Event:
    if kind is TransactionKind.RELEASE:
        return PointsReleased(card_id=card_id, transaction_id=transaction_id, released=by_unit)
    return PointsExpired(card_id=card_id, transaction_id=transaction_id, expired=by_unit)
