"""Reserving: what a reward costs is set aside for it, and a piece of it."""

from collections.abc import Callable
from uuid import UUID

from gateway.domain.cards import Standing
from gateway.domain.claims import obstacle
from gateway.domain.errors import Busy, LocationNotParticipating, NotFound
from gateway.domain.events.base import Event
from gateway.domain.events.rewards import RewardReserved, RewardSoldOut
from gateway.domain.ledger import TransactionKind
from gateway.domain.programs import ProgramVersion
from gateway.domain.redemptions import Redemption, expiry, set_aside
from gateway.domain.rewards import Reward
from gateway.services.cards.commands import Answer, ReserveReward
from gateway.services.cards.offering import had, of_standing, offered
from gateway.services.cards.posting import Decision, carry_out
from gateway.services.ledger.maturing import expire_first
from gateway.services.rewards.redemption_steps import Step, decision_of, fact_of
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
        reward = await _claimed(unit, command, standing)
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
        step = Step(
            transaction_id=transaction_id,
            kind=TransactionKind.RESERVE,
            transfer=set_aside(reward),
            redemption=redemption,
            facts=_facts(redemption, reward, left),
            used_at=reading.now,
        )
        return await decision_of(unit, command, standing, step)

    try:
        return await carry_out(units, command, decide)
    except Overdue:
        await expire_first(units, command, new_id)
        return await carry_out(units, command, decide)


async def _claimed(unit: Unit, command: ReserveReward, standing: Standing) -> Reward:
    """Return a reward the card can have now; raises what stands in its way, or `NotFound`."""
    version = await unit.programs.version(standing.program_version_id)
    _check_place(version, command.principal.location_id)
    customer = of_standing(standing, version)
    rewards = await offered(unit, customer)
    reward = next((each for each in rewards if each.id == command.reward_id), None)
    if reward is None:
        raise NotFound("This reward does not exist.")
    times = await had(unit, standing.card_id, [reward])
    if refusal := obstacle(reward, customer.claimant(times, unit.now)):
        raise refusal
    return reward


def _check_place(version: ProgramVersion, location_id: UUID | None) -> None:
    places = version.plan.locations
    if location_id and places and location_id not in places:
        raise LocationNotParticipating


def _facts(redemption: Redemption, reward: Reward, left: int | None) -> tuple[Event, ...]:
    """Return what is to be told; `left` is how many pieces there still are, None without end."""
    reserved = fact_of(RewardReserved, redemption)
    if left == 0:
        return reserved, RewardSoldOut(reward_id=reward.id, program_id=reward.program_id)
    return (reserved,)
