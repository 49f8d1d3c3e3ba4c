"""Redeeming: a reward is set aside, and then handed out, cancelled, or runs out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from gateway.domain.business_day import business_day
from gateway.domain.cards import Standing
from gateway.domain.claims import obstacle
from gateway.domain.earning.sliding import ends_after_use
from gateway.domain.errors import Busy, LocationNotParticipating, NotFound
from gateway.domain.events.base import Event
from gateway.domain.events.rewards import (
    RedemptionReversed,
    ReservationReleased,
    RewardRedeemed,
    RewardReserved,
    RewardSoldOut,
)
from gateway.domain.ledger import TransactionKind, Transfer, after
from gateway.domain.people import Permission
from gateway.domain.programs import ProgramVersion
from gateway.domain.progress import progress_of
from gateway.domain.redemptions import (
    Ending,
    Redemption,
    RedemptionStatus,
    expiry,
    finish,
    set_aside,
    take_back,
)
from gateway.domain.rewards import Reward
from gateway.domain.rules.outcomes import Day
from gateway.presenters.answers import Redeeming, body_of, shown
from gateway.services.cards.commands import Answer, Command, EndRedemption, ReserveReward
from gateway.services.cards.offering import had, of_standing, offered
from gateway.services.cards.posting import Decision, carry_out
from gateway.services.ledger.maturing import expire_first
from gateway.services.rewards.collecting import collect, owing
from gateway.storage.cards.postings import Reading
from gateway.storage.unit import Unit, Units


class Overdue(Busy):
    """Something on the card ended and is still there."""


async def reserve_reward(
    units: Units, command: ReserveReward, new_id: Callable[[], UUID], code: str
) -> Answer:
    """Set aside what a reward costs, and a piece of it; `code` is what staff compare.

    The answer may be a refusal of `gateway.domain.claims`, `not_enough` or `card_blocked`. Raises
    `NotFound` for an unknown card, or a reward that is not for it.
    """

    async def decide(unit: Unit, reading: Reading, standing: Standing) -> Decision:
        if await unit.lots.expired(standing.card_id, reading.now):
            raise Overdue
        version = await unit.programs.version(standing.program_version_id)
        place = command.principal.location_id
        if place and version.plan.locations and place not in version.plan.locations:
            raise LocationNotParticipating
        reward = await _claimed(unit, standing, version, command.reward_id)
        transaction_id = new_id()
        # The only writes, and nothing is refused after them: a refusal is kept, and they with it.
        left = await unit.rewards.take_stock(reward.id) if reward.stock is not None else None
        redemption = Redemption(
            id=new_id(),
            card_id=command.card_id,
            reward_id=reward.id,
            name=reward.name,
            unit=reward.unit,
            cost=reward.cost,
            transaction_id=transaction_id,
            has_taken_stock=left is not None,
            code=code,
            reserved_at=reading.now,
            expires_at=expiry(reward, reading.now),
        )
        await unit.redemptions.add(redemption)
        facts: tuple[Event, ...] = (_fact(RewardReserved, redemption),)
        if left == 0:
            facts += (RewardSoldOut(reward_id=reward.id, program_id=reward.program_id),)
        return Decision(
            transaction_id=transaction_id,
            kind=TransactionKind.RESERVE,
            transfers=(set_aside(reward),),
            standing=standing,
            day=await _day(unit, command),
            location_id=command.principal.location_id,
            facts=facts,
            body=_body(version, standing, set_aside(reward), redemption),
            slides=await _slides(unit, command, standing, reading.now),
        )

    try:
        return await carry_out(units, command, decide)
    except Overdue:
        await expire_first(units, command, new_id)
        return await carry_out(units, command, decide)


async def end_redemption(
    units: Units, command: EndRedemption, how: TransactionKind, new_id: Callable[[], UUID]
) -> Answer:
    """Hand a reserved reward out, cancel it, or let it run out; each happens once.

    The answer may be a refusal `redemption_closed`, `redemption_expired` or `card_blocked`.
    Raises `NotFound` for an unknown card or redemption, or one of another card.
    """

    async def decide(unit: Unit, reading: Reading, standing: Standing) -> Decision:
        redemption = await _redemption(unit, command)
        await owing(unit, redemption)
        is_use = how is TransactionKind.REDEEM
        used_at = reading.now if is_use else _last_used(redemption, standing)
        ending = finish(redemption, how, standing.card_status, reading.now)
        transaction_id = new_id()
        await unit.redemptions.end(redemption, ending.status, transaction_id, reading.now)
        decision = Decision(
            transaction_id=transaction_id,
            kind=how,
            transfers=(ending.transfer,),
            standing=standing,
            day=await _day(unit, command),
            location_id=command.principal.location_id,
            facts=(_ended(redemption, ending.status),),
            body="",
            slides=await _slides(unit, command, standing, used_at),
        )
        return await _settled(unit, decision, redemption, ending)

    async def follow(unit: Unit) -> None:
        await collect(unit, command, new_id)

    return await carry_out(units, command, decide, follow)


async def take_reward_back(
    units: Units, command: EndRedemption, new_id: Callable[[], UUID]
) -> Answer:
    """Undo a redemption: what it cost and the piece are back, once.

    The answer may be a refusal `redemption_closed`, `not_reversible` or `card_blocked`. Whoever
    may change programs is not bound to the day after. Raises `NotFound` as `end_redemption`.
    """

    async def decide(unit: Unit, reading: Reading, standing: Standing) -> Decision:
        redemption = await _redemption(unit, command)
        await owing(unit, redemption)
        is_manager = Permission.PROGRAMS_WRITE in command.principal.permissions
        ending = take_back(redemption, standing.card_status, reading.now, is_manager=is_manager)
        await unit.redemptions.reverse(redemption.id, reading.now)
        decision = Decision(
            transaction_id=new_id(),
            kind=TransactionKind.REVERSE,
            transfers=(ending.transfer,),
            reverses=redemption.end_transaction_id,
            standing=standing,
            day=await _day(unit, command),
            location_id=command.principal.location_id,
            facts=(_fact(RedemptionReversed, redemption),),
            body="",
            slides=await _slides(unit, command, standing, _last_used(redemption, standing)),
        )
        return await _settled(unit, decision, redemption, ending)

    async def follow(unit: Unit) -> None:
        await collect(unit, command, new_id)

    return await carry_out(units, command, decide, follow)


async def _claimed(
    unit: Unit, standing: Standing, version: ProgramVersion, reward_id: UUID
) -> Reward:
    """Return a reward the card can have now; raises what stands in its way, or `NotFound`."""
    customer = of_standing(standing, version)
    reward = next((r for r in await offered(unit, customer) if r.id == reward_id), None)
    if reward is None:
        raise NotFound("This reward does not exist.")
    times = await had(unit, standing.card_id, [reward])
    if refusal := obstacle(reward, customer.claimant(times, unit.now)):
        raise refusal
    return reward


async def _redemption(unit: Unit, command: EndRedemption) -> Redemption:
    redemption = await unit.redemptions.one(command.redemption_id)
    if redemption.card_id != command.card_id:
        raise NotFound("This redemption does not exist.")
    return redemption


async def _day(unit: Unit, command: Command) -> Day:
    """Return the business day it falls on: it counts as no visit and earns nothing."""
    clock = await unit.merchants.clock(command.principal.location_id)
    return Day(day=business_day(unit.now, clock))


def _last_used(redemption: Redemption, standing: Standing) -> datetime:
    """Return when the card was used last: what comes back missed what was moved meanwhile."""
    is_redeemed = redemption.status is RedemptionStatus.REDEEMED
    used = (redemption.ended_at if is_redeemed else None, standing.last_earned_at)
    return max([redemption.reserved_at, *(moment for moment in used if moment)])


async def _slides(
    unit: Unit, command: Command, standing: Standing, used_at: datetime
) -> dict[str, datetime]:
    version = await unit.programs.version(standing.program_version_id)
    clock = await unit.merchants.clock(command.principal.location_id)
    return ends_after_use(version.plan, standing.balances, used_at, clock)


async def _settled(
    unit: Unit, decision: Decision, redemption: Redemption, ending: Ending
) -> Decision:
    """Return the decision with its answer, the piece put back on the shelf."""
    if ending.returns_stock:
        await unit.rewards.return_stock(redemption.reward_id)
    version = await unit.programs.version(decision.standing.program_version_id)
    ended = await unit.redemptions.one(redemption.id)
    return replace(decision, body=_body(version, decision.standing, ending.transfer, ended))


def _ended(redemption: Redemption, status: RedemptionStatus) -> Event:
    if status is RedemptionStatus.REDEEMED:
        return _fact(RewardRedeemed, redemption)
    return ReservationReleased(
        card_id=redemption.card_id,
        redemption_id=redemption.id,
        reward_id=redemption.reward_id,
        unit=redemption.unit,
        cost=redemption.cost,
        reason=status,
    )


def _fact(
    kind: type[RewardReserved | RewardRedeemed | RedemptionReversed], redemption: Redemption
) -> Event:
    return kind(
        card_id=redemption.card_id,
        redemption_id=redemption.id,
        reward_id=redemption.reward_id,
        unit=redemption.unit,
        cost=redemption.cost,
    )


def _body(
    version: ProgramVersion, standing: Standing, transfer: Transfer, redemption: Redemption
) -> str:
    balances = after(standing.balances, [transfer])
    return body_of(
        Redeeming(
            redemption_id=redemption.id,
            card_id=redemption.card_id,
            reward_id=redemption.reward_id,
            reward=redemption.name,
            unit=redemption.unit,
            cost=redemption.cost,
            status=redemption.status,
            fulfilment=redemption.fulfilment,
            code=redemption.code,
            expires_at=redemption.expires_at,
            progress=shown(progress_of(version.plan, balances, standing.memory)),
        )
    )
