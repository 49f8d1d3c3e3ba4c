"""Rewards of a catalogue to test with."""

from dataclasses import replace
from uuid import UUID

from uuid_utils.compat import uuid7

from gateway.domain.rewards import Reward, RewardDesign
from gateway.services.cards.commands import Answer
from tests.shops import Shop, body


def a_design(**fields: object) -> RewardDesign:
    """Return a reward for one stamp, with what a test wants otherwise."""
    return replace(RewardDesign(name="Mug", unit="stamp", cost=1), **fields)  # type: ignore[arg-type]


async def put_on_shelf(shop: Shop, stock: int | None = None, **fields: object) -> Reward:
    """Keep a reward in the catalogue of a shop's program."""
    reward = Reward(id=uuid7(), program_id=shop.program.id, design=a_design(**fields), stock=stock)
    async with shop.database.units(shop.merchant_id) as unit:
        assert await unit.rewards.add(reward, unit.now)
    return reward


async def take(shop: Shop, reward: Reward, card: UUID | None = None) -> Answer:
    """Reserve a reward for a card, the first unless told otherwise."""
    return await shop.reserve(shop.reserve_command(card=card, reward=reward.id))


async def stock_of(shop: Shop, reward: Reward) -> int | None:
    """Return what is left of a reward."""
    async with shop.database.units(shop.merchant_id) as unit:
        return (await unit.rewards.one(reward.id)).stock


def redemption_of(answer: Answer) -> UUID:
    """Return which redemption an answer tells of."""
    return UUID(str(body(answer)["redemption_id"]))
