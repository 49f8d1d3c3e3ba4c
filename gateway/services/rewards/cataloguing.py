"""Cataloguing: a merchant adds rewards to a program, changes, restocks and archives them."""

from dataclasses import replace
from uuid import UUID

from gateway.domain.events.rewards import (
    CatalogueChanged,
    RewardArchived,
    RewardCreated,
    RewardUpdated,
)
from gateway.domain.reward_designs import RewardCannot, TooManyRewards, read_design, restocked
from gateway.domain.rewards import Reward
from gateway.services.merchants.designing import Author
from gateway.storage.people.audit import Record
from gateway.storage.unit import Unit


async def create_reward(
    unit: Unit, program_id: UUID, value: object, stock: int | None, author: Author
) -> Reward:
    """Add a reward to a program's catalogue; `value` is its design as decoded JSON.

    Raises `ConfigurationInvalid`, `NotFound` or `TooManyRewards`.
    """
    program = await unit.programs.one(program_id)
    reward = Reward(
        id=author.new_id(),
        program_id=program.id,
        design=read_design(value, program.version.plan),
        stock=restocked(0, stock, "/stock"),
    )
    if not await unit.rewards.add(reward, unit.now):
        raise TooManyRewards
    await _want_picture(unit, reward)
    await _record(unit, author, RewardCreated, reward)
    return reward


async def change_reward(
    unit: Unit, reward_id: UUID, value: object, author: Author, *, revision: int
) -> Reward:
    """Offer something else from now on; what is set aside already stays as it was.

    `revision` is the one the author saw. Raises `ConfigurationInvalid`, `NotFound`,
    `RewardCannot` or `ChangedMeanwhile`.
    """
    reward = await _of_catalogue(unit, reward_id)
    program = await unit.programs.one(reward.program_id)
    design = read_design(value, program.version.plan)
    changed = replace(reward, design=design, revision=revision + 1)
    await unit.rewards.change(changed, revision=revision)
    await _want_picture(unit, changed)
    await _record(unit, author, RewardUpdated, changed)
    return changed


async def restock_reward(
    unit: Unit, reward_id: UUID, add: int | None, author: Author, *, revision: int
) -> Reward:
    """Put more pieces on the shelf, or below zero take some away; None is without end from now on.

    Customers may take pieces meanwhile, so it is said what to add and not what will be there.
    Raises as `change_reward`.
    """
    reward = await _of_catalogue(unit, reward_id)
    stock = restocked(await unit.rewards.stock_locked(reward_id), add, "/add")
    await unit.rewards.restock(reward_id, stock, revision=revision)
    changed = replace(reward, stock=stock, revision=revision + 1)
    await _record(unit, author, RewardUpdated, changed)
    return changed


async def archive_reward(unit: Unit, reward_id: UUID, author: Author, *, revision: int) -> Reward:
    """Take a reward off the shelf for good; what is set aside is still handed out.

    Raises `NotFound`, `RewardCannot` or `ChangedMeanwhile`.
    """
    reward = await _of_catalogue(unit, reward_id)
    await unit.rewards.archive(reward_id, unit.now, revision=revision)
    await unit.pictures.drop_unused()
    await _record(unit, author, RewardArchived, reward)
    return reward


async def _of_catalogue(unit: Unit, reward_id: UUID) -> Reward:
    reward = await unit.rewards.one(reward_id)
    if reward.program_version_id is not None:
        raise RewardCannot
    return reward


async def _want_picture(unit: Unit, reward: Reward) -> None:
    """Have a reward's picture fetched, and forget the one it had before."""
    if reward.design.image is not None:
        await unit.pictures.want(reward.design.image, unit.now)
    await unit.pictures.drop_unused()


async def _record(
    unit: Unit, author: Author, kind: type[CatalogueChanged], reward: Reward
) -> None:
    record = Record(
        id=author.new_id(),
        actor=author.principal.name,
        action=kind.type.removeprefix("loyalty."),
        subject=f"reward:{reward.id}",
        detail={"unit": reward.unit, "cost": reward.cost, "stock": reward.stock},
    )
    await unit.audit.add(record, author.origin, unit.now)
    unit.announce(
        kind(
            reward_id=reward.id,
            program_id=reward.program_id,
            name=reward.name,
            unit=reward.unit,
            cost=reward.cost,
            stock=reward.stock,
            by=author.principal.name,
        )
    )
