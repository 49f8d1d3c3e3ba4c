"""Rewards over the API: a program's catalogue, and what a card can have."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from gateway.domain import rewards as domain
from gateway.domain.configurations.faults import ConfigurationInvalid, Fault
from gateway.services.cards.offering import claims_of, of_card
from gateway.services.rewards.cataloguing import (
    archive_reward,
    change_reward,
    create_reward,
    restock_reward,
)
from gateway.storage.unit import Unit
from gateway.web.answers import json_answer
from gateway.web.api.reward_shapes import (
    CardRewards,
    ChangedReward,
    NewReward,
    Restock,
    Rewards,
    shown,
    shown_claim,
)
from gateway.web.authors import author_of
from gateway.web.keys import PRINCIPAL, RESOURCES, REVISION
from gateway.web.parsing.preconditions import etag
from gateway.web.parsing.queries import path_id

DESIGN = "/design"


async def list_rewards(request: web.Request) -> web.Response:
    """List what a program promises now, and then its catalogue."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        program = await unit.programs.one(path_id(request, "program_id"))
        rewards = await unit.rewards.of_program(program.id, program.version.id)
    return json_answer(Rewards([shown(reward) for reward in rewards]))


async def add_reward(request: web.Request, asked: NewReward) -> web.Response:
    """Add a reward to a program's catalogue."""

    async def add(unit: Unit) -> domain.Reward:
        program_id, author = path_id(request, "program_id"), author_of(request)
        return await create_reward(unit, program_id, asked.design, asked.stock, author)

    reward = await _carry_out(request, add)
    return _answer(reward, status=201, headers={"Location": f"/api/v1/rewards/{reward.id}"})


async def show_reward(request: web.Request) -> web.Response:
    """Show a reward, with the ETag that a change of it must bring."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        reward = await unit.rewards.one(path_id(request, "reward_id"))
    return _answer(reward)


async def replace_reward(request: web.Request, asked: ChangedReward) -> web.Response:
    """Offer a reward otherwise from now on; what is set aside already stays as it was."""

    async def change(unit: Unit) -> domain.Reward:
        reward_id, author = path_id(request, "reward_id"), author_of(request)
        return await change_reward(
            unit, reward_id, asked.design, author, revision=request[REVISION]
        )

    return _answer(await _carry_out(request, change))


async def change_stock(request: web.Request, asked: Restock) -> web.Response:
    """Put more of a reward on the shelf, or take some away, whatever is taken meanwhile."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        reward = await restock_reward(
            unit,
            path_id(request, "reward_id"),
            asked.add,
            author_of(request),
            revision=request[REVISION],
        )
    return _answer(reward)


async def remove_reward(request: web.Request) -> web.Response:
    """Take a reward off the shelf for good, and show it once more; reservations still hold."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        reward = await archive_reward(
            unit, path_id(request, "reward_id"), author_of(request), revision=request[REVISION]
        )
    return json_answer(shown(reward))


async def list_card_rewards(request: web.Request) -> web.Response:
    """List what a card can have now, and what is missing for the rest."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        card = await unit.cards.one(path_id(request, "card_id"))
        version = await unit.programs.version(card.program_version_id)
        claims = await claims_of(unit, of_card(card, version))
    return json_answer(CardRewards([shown_claim(claim) for claim in claims]))


async def _carry_out(
    request: web.Request, change: Callable[[Unit], Awaitable[domain.Reward]]
) -> domain.Reward:
    """Change a reward in a unit; its faults point into the body, where the design is a part."""
    try:
        async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
            return await change(unit)
    except ConfigurationInvalid as invalid:
        faults = [Fault(DESIGN + fault.pointer, fault.sentence) for fault in invalid.faults]
        raise ConfigurationInvalid(faults) from None


def _answer(
    reward: domain.Reward, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    tag = {"ETag": etag(reward.revision)}
    return json_answer(shown(reward), status=status, headers=tag | dict(headers or {}))
