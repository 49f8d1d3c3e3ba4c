"""Adjusting: value given or taken by hand, with a reason, above a limit by two people."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from gateway.domain.adjustments import (
    Adjustment,
    AdjustmentStatus,
    check,
    check_second,
    needs_second,
    transfer_of,
)
from gateway.domain.business_day import business_day
from gateway.domain.cards import CardStatus, Standing
from gateway.domain.earning.posting import expiry_of
from gateway.domain.errors import NotFound
from gateway.domain.events.balances import AdjustmentAsked, AdjustmentRefused, BalanceAdjusted
from gateway.domain.events.base import Event
from gateway.domain.ledger import TransactionKind, Transfer
from gateway.domain.merging import MergedAway
from gateway.domain.programs import ProgramVersion
from gateway.domain.rules.expiry import expires_at
from gateway.domain.rules.outcomes import Day
from gateway.presenters.answers import body_of
from gateway.presenters.ledger_answers import Adjusted
from gateway.services.cards.commands import Answer, Command
from gateway.services.cards.posting import Decision, carry_out
from gateway.storage.cards.postings import Reading
from gateway.storage.unit import Unit, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustCard(Command):
    """Give an amount of a unit to a card, or below zero take it, for a reason."""

    unit: str
    amount: int
    reason: str
    may_owe: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideAdjustment(Command):
    """Approve or refuse what somebody else asked for."""

    adjustment_id: UUID


async def adjust(units: Units, command: AdjustCard, new_id: Callable[[], UUID]) -> Answer:
    """Adjust a card, or above what one person may do alone, ask a second one.

    The answer may be a refusal `below_zero`, `balance_limit` or `card_merged`. Raises `NotFound`
    for an unknown card, and `Invalid` for a unit, amount or reason that cannot be.
    """

    async def decide(unit: Unit, reading: Reading, standing: Standing) -> Decision:
        version = await unit.programs.version(standing.program_version_id)
        adjustment = Adjustment(
            id=new_id(),
            card_id=command.card_id,
            unit=command.unit,
            amount=command.amount,
            reason=command.reason.strip(),
            may_owe=command.may_owe,
            status=AdjustmentStatus.ASKED,
            asked_by=command.principal.name,
            asked_by_staff_id=command.principal.staff_id,
            asked_at=reading.now,
        )
        check(version.plan, adjustment)
        alone_max = await unit.adjustments.alone_max()
        if needs_second(adjustment, alone_max, await unit.adjustments.posted_alone(adjustment)):
            await unit.adjustments.add(adjustment)
            return _asked(adjustment, standing, new_id(), reading)
        posted = _decided(adjustment, command, reading, new_id())
        decision = await _posted(unit, posted, version, standing, reading)
        await unit.adjustments.add(posted)
        return decision

    return await carry_out(units, command, decide)


async def approve(units: Units, command: DecideAdjustment, new_id: Callable[[], UUID]) -> Answer:
    """Post what somebody else asked for.

    The answer may be a refusal `adjustment_closed`, `below_zero`, `balance_limit` or
    `card_merged`. Raises `NotFound`, and `SecondPersonNeeded` for who asked.
    """

    async def decide(unit: Unit, reading: Reading, standing: Standing) -> Decision:
        adjustment = await _asked_for(unit, command)
        version = await unit.programs.version(standing.program_version_id)
        posted = _decided(adjustment, command, reading, new_id())
        decision = await _posted(unit, posted, version, standing, reading)
        await _decide(unit, posted)
        return replace(decision, approved_by=command.principal.staff_id)

    return await carry_out(units, command, decide)


async def refuse(units: Units, command: DecideAdjustment, new_id: Callable[[], UUID]) -> Answer:
    """Refuse what somebody else asked for: nothing is posted.

    The answer may be a refusal `adjustment_closed`. Raises `NotFound`, and `SecondPersonNeeded`
    for who asked.
    """

    async def decide(unit: Unit, reading: Reading, standing: Standing) -> Decision:
        refused = _decided(await _asked_for(unit, command), command, reading, None)
        await _decide(unit, refused)
        return _asked(refused, standing, new_id(), reading)

    return await carry_out(units, command, decide)


async def _asked_for(unit: Unit, command: DecideAdjustment) -> Adjustment:
    adjustment = await unit.adjustments.one(command.adjustment_id)
    if adjustment.card_id != command.card_id:
        raise NotFound("This adjustment does not exist.")
    check_second(adjustment, command.principal)
    return adjustment


def _decided(
    adjustment: Adjustment, command: Command, reading: Reading, transaction_id: UUID | None
) -> Adjustment:
    """Return an adjustment as it is posted by a transaction, or without one refused."""
    return replace(
        adjustment,
        status=AdjustmentStatus.POSTED if transaction_id else AdjustmentStatus.REFUSED,
        decided_by_staff_id=command.principal.staff_id,
        decided_at=reading.now,
        transaction_id=transaction_id,
    )


async def _decide(unit: Unit, adjustment: Adjustment) -> None:
    assert adjustment.decided_at is not None, "somebody just decided"
    await unit.adjustments.decide(
        adjustment.id,
        adjustment.status,
        adjustment.decided_by_staff_id,
        adjustment.decided_at,
        adjustment.transaction_id,
    )


async def _posted(
    unit: Unit,
    adjustment: Adjustment,
    version: ProgramVersion,
    standing: Standing,
    reading: Reading,
) -> Decision:
    if standing.card_status is CardStatus.MERGED:
        raise MergedAway
    clock = await unit.merchants.clock(None)
    ends_at = expires_at(expiry_of(version.plan, adjustment.unit), reading.now, clock)
    transfer = transfer_of(adjustment, standing, ends_at)
    assert adjustment.transaction_id is not None, "about to be posted"
    return Decision(
        transaction_id=adjustment.transaction_id,
        kind=TransactionKind.ADJUST,
        transfers=(transfer,),
        standing=standing,
        facts=(_adjusted(adjustment, adjustment.transaction_id, transfer, standing),),
        body=body_of(shown(adjustment)),
        day=Day(day=business_day(reading.now, clock)),
        may_owe=adjustment.may_owe,
        reason=adjustment.reason,
    )


def _asked(
    adjustment: Adjustment, standing: Standing, transaction_id: UUID, reading: Reading
) -> Decision:
    """Return a decision that posts nothing, and tells that it was asked for or refused."""
    is_asked = adjustment.status is AdjustmentStatus.ASKED
    fact = AdjustmentAsked if is_asked else AdjustmentRefused
    return Decision(
        transaction_id=transaction_id,
        kind=TransactionKind.ADJUST,
        transfers=(),
        standing=standing,
        facts=(
            fact(
                card_id=adjustment.card_id,
                adjustment_id=adjustment.id,
                unit=adjustment.unit,
                amount=adjustment.amount,
            ),
        ),
        body=body_of(shown(adjustment)),
        day=Day(day=reading.now.date()),
    )


def _adjusted(
    adjustment: Adjustment, transaction_id: UUID, transfer: Transfer, standing: Standing
) -> Event:
    return BalanceAdjusted(
        card_id=adjustment.card_id,
        adjustment_id=adjustment.id,
        transaction_id=transaction_id,
        unit=transfer.unit,
        amount=adjustment.amount,
        balance=standing.available(transfer.unit) + adjustment.amount,
    )


def shown(adjustment: Adjustment) -> Adjusted:
    """Return an adjustment as answers carry it."""
    return Adjusted(
        adjustment_id=adjustment.id,
        card_id=adjustment.card_id,
        unit=adjustment.unit,
        amount=adjustment.amount,
        reason=adjustment.reason,
        status=adjustment.status,
        asked_by_staff_id=adjustment.asked_by_staff_id,
        asked_at=adjustment.asked_at,
        decided_by_staff_id=adjustment.decided_by_staff_id,
        decided_at=adjustment.decided_at,
        transaction_id=adjustment.transaction_id,
    )
