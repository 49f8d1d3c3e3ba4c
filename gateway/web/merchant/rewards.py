"""Rewards on the merchant's pages: the catalogue of a program, added to, changed and restocked."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from gateway.domain.configurations.faults import ConfigurationInvalid, Fault
from gateway.domain.programs import Program
from gateway.domain.reward_designs import RewardCannot
from gateway.domain.rewards import STOCK_MAX, Reward, spendable, tiers_of
from gateway.presenters import reward_words
from gateway.services.rewards.cataloguing import (
    archive_reward,
    change_reward,
    create_reward,
    restock_reward,
)
from gateway.storage.cards.rewards import CATALOGUE_REWARDS_MAX
from gateway.web.authors import author_of
from gateway.web.keys import PRINCIPAL, RESOURCES
from gateway.web.merchant.reward_forms import (
    RewardForm,
    corrected,
    empty_form,
    form_of,
    number_of,
    read_value,
)
from gateway.web.pages.redirects import see_other
from gateway.web.pages.render import page
from gateway.web.parsing.bodies import Fields
from gateway.web.parsing.queries import path_id
from gateway.web.parsing.revisions import revision_of

WITHOUT_END = "without_end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Where a form stands: its program, the clock of its moments, and the reward if it exists."""

    program: Program
    zone: str
    reward: Reward | None = None


async def rewards_page(request: web.Request) -> web.Response:
    """List what a program promises, and its catalogue."""
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        merchant = await unit.merchants.me()
        program = await unit.programs.one(path_id(request, "program_id"))
        rewards = await unit.rewards.of_program(program.id, program.version.id)
        zone = await unit.merchants.time_zone()
    return page(
        request,
        "merchant/rewards.html",
        merchant=merchant,
        program=program,
        promised=[reward for reward in rewards if reward.program_version_id],
        catalogue=[reward for reward in rewards if not reward.program_version_id],
        rewards_max=CATALOGUE_REWARDS_MAX,
        can_cost=bool(spendable(program.version.plan)),
        words=reward_words,
        now=unit.now,
        zone=zone,
    )


async def new_reward(request: web.Request) -> web.Response:
    """Begin a reward."""
    shelf = await _shelf_of_program(request)
    units = spendable(shelf.program.version.plan)
    return await _editor(request, shelf, empty_form(units[0] if units else ""))


async def add_reward_by_form(request: web.Request, fields: Fields) -> web.Response:
    """Keep a new reward, with how many there are of it."""
    shelf = await _shelf_of_program(request)
    try:
        stock = _stock(fields)
        async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
            value = read_value(fields, shelf.zone)
            await create_reward(unit, shelf.program.id, value, stock, author_of(request))
    except ConfigurationInvalid as mistake:
        return await _editor(request, shelf, corrected(fields, mistake), status=400)
    return _back_to(shelf)


async def reward_page(request: web.Request) -> web.Response:
    """Show a reward and let it be changed."""
    shelf = await _shelf_of_reward(request)
    assert shelf.reward is not None
    return await _editor(request, shelf, form_of(shelf.reward.design, shelf.zone))


async def change_reward_by_form(request: web.Request, fields: Fields) -> web.Response:
    """Offer a reward otherwise."""
    shelf = await _shelf_of_reward(request)
    reward_id, revision = path_id(request, "reward_id"), revision_of(fields)
    try:
        async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
            value = read_value(fields, shelf.zone)
            await change_reward(unit, reward_id, value, author_of(request), revision=revision)
    except ConfigurationInvalid as mistake:
        return await _editor(request, shelf, corrected(fields, mistake), status=400)
    return _back_to(shelf)


async def restock_reward_by_form(request: web.Request, fields: Fields) -> web.Response:
    """Add pieces, take some away, or stop counting."""
    shelf = await _shelf_of_reward(request)
    reward_id, revision = path_id(request, "reward_id"), revision_of(fields)
    try:
        add = None if fields.get("do") == WITHOUT_END else _whole(fields.get("add", ""), "/add")
        async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
            await restock_reward(unit, reward_id, add, author_of(request), revision=revision)
    except ConfigurationInvalid as mistake:
        assert shelf.reward is not None
        mistakes = corrected(fields, mistake).mistakes
        form = form_of(shelf.reward.design, shelf.zone)
        return await _editor(
            request, shelf, RewardForm(fields=form.fields, mistakes=mistakes), status=400
        )
    return see_other(f"/merchant/rewards/{reward_id}")


async def archive_reward_by_form(request: web.Request, fields: Fields) -> web.Response:
    """Take a reward off the shelf for good."""
    shelf = await _shelf_of_reward(request)
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        await archive_reward(
            unit, path_id(request, "reward_id"), author_of(request), revision=revision_of(fields)
        )
    return _back_to(shelf)


async def _shelf_of_program(request: web.Request) -> Shelf:
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        program = await unit.programs.one(path_id(request, "program_id"))
        return Shelf(program=program, zone=await unit.merchants.time_zone())


async def _shelf_of_reward(request: web.Request) -> Shelf:
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        reward = await unit.rewards.one(path_id(request, "reward_id"))
        if reward.program_version_id is not None:
            raise RewardCannot
        program = await unit.programs.one(reward.program_id)
        return Shelf(program=program, zone=await unit.merchants.time_zone(), reward=reward)


def _stock(fields: Mapping[str, str]) -> int | None:
    return _whole(fields["stock"], "/stock") if fields.get("stock", "").strip() else None


def _whole(typed: str, pointer: str) -> int:
    number = number_of(typed)
    if not isinstance(number, int):
        raise ConfigurationInvalid([Fault(pointer, "This must be a whole number.")])
    return number


async def _editor(
    request: web.Request, shelf: Shelf, form: RewardForm, *, status: int = 200
) -> web.Response:
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        merchant = await unit.merchants.me()
    plan = shelf.program.version.plan
    return page(
        request,
        "merchant/reward.html",
        status=status,
        merchant=merchant,
        program=shelf.program,
        reward=shelf.reward,
        zone=shelf.zone,
        form=form,
        units=[(unit, reward_words.unit_name(plan, unit)) for unit in spendable(plan)],
        tiers=tiers_of(plan),
        stock_max=STOCK_MAX,
        words=reward_words,
    )


def _back_to(shelf: Shelf) -> web.Response:
    return see_other(f"/merchant/programs/{shelf.program.id}/rewards")
