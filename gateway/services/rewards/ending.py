"""Ending: a reserved reward is handed out, cancelled or runs out, or one handed out comes back."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from gateway.domain.cards import Standing
from gateway.domain.errors import NotFound
from gateway.domain.events.base import Event
from gateway.domain.events.rewards import RedemptionReversed, ReservationReleased, RewardRedeemed
from gateway.domain.ledger import TransactionKind
from gateway.domain.people import Permission
from gateway.domain.redemptions import Ending, Redemption, RedemptionStatus, finish, take_back
from gateway.services.cards.commands import Answer, EndRedemption
from gateway.services.cards.posting import Decision, carry_out
from gateway.services.rewards.collecting import collect, owing
from gateway.services.rewards.redemption_steps import Step, decision_of, fact_of
from gateway.storage.cards.postings import Reading
from gateway.storage.unit import Unit, Units


async def end_redemption(
    units: Units, command: EndRedemption, how: TransactionKind, new_id: Callable[[], UUID]
) -> Answer:
    """Hand a reserved reward out, cancel it, or let it run out; each happens once.

    The answer may be a refusal `redemption_closed`, `redemption_expired` or `card_blocked`.
    Raises `NotFound` for an unknown card or redemption, or one of another card.
    """

    async def decide(unit: Unit, reading: Reading, standing: Standing) -> Decision:
        redemption = await _held(unit, command)
        is_use = how is TransactionKind.REDEEM
        used_at = reading.now if is_use else _last_used(redemption, standing)
        ending = finish(redemption, how, standing.card_status, reading.now)
        transaction_id = new_id()
        await unit.redemptions.end(redemption, ending.status, transaction_id, reading.now)
        step = Step(
            transaction_id=transaction_id,
            kind=how,
            transfer=ending.transfer,
            redemption=await _ended(unit, redemption, ending),
            facts=(_fact(redemption, ending.status),),
            used_at=used_at,
        )
        return await decision_of(unit, command, standing, step)

    follow = partial(collect, command=command, new_id=new_id)
    return await carry_out(units, command, decide, follow)


async def take_reward_back(
    units: Units, command: EndRedemption, new_id: Callable[[], UUID]
) -> Answer:
    """Undo a redemption: what it cost and the piece are back, once.

    The answer may be a refusal `redemption_closed`, `not_reversible` or `card_blocked`. Whoever
    may change programs is not bound to the day after. Raises `NotFound` as `end_redemption`.
    """

    async def decide(unit: Unit, reading: Reading, standing: Standing) -> Decision:
        redemption = await _held(unit, command)
        is_manager = Permission.PROGRAMS_WRITE in command.principal.permissions
        ending = take_back(redemption, standing.card_status, reading.now, is_manager=is_manager)
        await unit.redemptions.reverse(redemption.id, reading.now)
        step = Step(
            transaction_id=new_id(),
            kind=TransactionKind.REVERSE,
            transfer=ending.transfer,
            redemption=await _ended(unit, redemption, ending),
            facts=(fact_of(RedemptionReversed, redemption),),
            used_at=_last_used(redemption, standing),
            reverses=redemption.end_transaction_id,
        )
        return await decision_of(unit, command, standing, step)

    follow = partial(collect, command=command, new_id=new_id)
    return await carry_out(units, command, decide, follow)


async def _held(unit: Unit, command: EndRedemption) -> Redemption:
    """Return the redemption, with the sales locked that what comes back may have to pay."""
    redemption = await unit.redemptions.one(command.redemption_id)
    if redemption.card_id != command.card_id:
        raise NotFound("This redemption does not exist.")
    await owing(unit, redemption)
    return redemption


def _last_used(redemption: Redemption, standing: Standing) -> datetime:
    """Return when the card was used last: what comes back missed what was moved meanwhile."""
    is_redeemed = redemption.status is RedemptionStatus.REDEEMED
    used = (redemption.ended_at if is_redeemed else None, standing.last_earned_at)
    return max([redemption.reserved_at, *(moment for moment in used if moment)])


async def _ended(unit: Unit, redemption: Redemption, ending: Ending) -> Redemption:
    """Put the piece back on the shelf, if it goes there; return the redemption as it is now."""
    if ending.returns_stock:
        await unit.rewards.return_stock(redemption.reward_id)
    return await unit.redemptions.one(redemption.id)


def _fact(redemption: Redemption, status: RedemptionStatus) -> Event:
    if status is RedemptionStatus.REDEEMED:
        return fact_of(RewardRedeemed, redemption)
    return ReservationReleased(
        card_id=redemption.card_id,
        redemption_id=redemption.id,
        reward_id=redemption.reward_id,
        unit=redemption.unit,
        cost=redemption.cost,
        reason=status,
    )
