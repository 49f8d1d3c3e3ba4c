"""Comparing: something else is tried while the program promises what it did, and one way kept."""

from dataclasses import replace
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from gateway.domain.configurations.faults import ConfigurationInvalid
from gateway.domain.errors import ChangedMeanwhile, NotFound
from gateway.domain.programs import Program, ProgramCannot, ProgramCommand
from gateway.services.merchants.comparing import (
    HELD,
    RIVAL,
    RIVAL_POINTER,
    Decision,
    Shares,
    Wish,
    begin_comparison,
    settle_comparison,
)
from gateway.services.merchants.designing import Author, Design, design_of, publish_version
from gateway.services.merchants.experimenting import AnotherRuns, ExperimentCannot
from gateway.services.merchants.steering import command_program
from gateway.storage.cards.experiments import ExperimentStatus, Trial
from tests.plans import stamp_plan
from tests.shops import ORIGIN, Shop

HALVES = Shares(held=5_000, rival=4_000, hold_out=1_000)


async def test_a_design_is_tried_while_the_program_promises_what_it_did(bare_shop: Shop) -> None:
    """It becomes a version that held at no moment, also for a sale that is told of late."""
    trial = await _begin(bare_shop, _design(bare_shop, 6))

    program = await _program(bare_shop)
    assert trial.status is ExperimentStatus.RUNNING
    assert design_of(program.version) == design_of(bare_shop.version)
    assert trial.versions[HELD] == program.version.id
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        rival = await unit.programs.version(trial.versions[RIVAL])
        assert await unit.sales.version_at(program.version, unit.now) == program.version.id
    assert rival.plan == stamp_plan(6)
    assert [variant.weight for variant in trial.experiment.variants] == [5_000, 4_000]
    assert trial.experiment.hold_out == 1_000


async def test_a_version_there_was_is_tried_as_it_is(bare_shop: Shop) -> None:
    """Nothing is published for it."""
    await _publish(bare_shop, 6)
    before = await _program(bare_shop)
    trial = await _begin(bare_shop, 1)
    assert trial.versions == {HELD: before.version.id, RIVAL: bare_shop.version.id}
    assert await _program(bare_shop) == before


async def test_what_cannot_be_tried_leaves_nothing_behind(bare_shop: Shop) -> None:
    """The same twice, a version that never was, from an old page, a second one at a time."""
    for same in (_design(bare_shop, 3), 1):
        with pytest.raises(ConfigurationInvalid) as invalid:
            await _begin(bare_shop, same)
        assert [fault.pointer for fault in invalid.value.faults] == [RIVAL_POINTER]
    with pytest.raises(NotFound):
        await _begin(bare_shop, 9)
    with pytest.raises(ChangedMeanwhile):
        await _begin(bare_shop, _design(bare_shop, 6), revision=0)
    await _begin(bare_shop, _design(bare_shop, 6))
    before = await _program(bare_shop)
    with pytest.raises(AnotherRuns):
        await _begin(bare_shop, _design(bare_shop, 7))
    assert await _program(bare_shop) == before


async def test_a_program_that_ended_tries_nothing(bare_shop: Shop) -> None:
    """Nor does it promise anything else when its trial ends."""
    trial = await _begin(bare_shop, _design(bare_shop, 6))
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        revision = (await unit.programs.one(bare_shop.program.id)).revision
        end = ProgramCommand.END
        await command_program(
            unit, bare_shop.program.id, end, _author(bare_shop), revision=revision
        )
    with pytest.raises(ProgramCannot):
        await _begin(bare_shop, _design(bare_shop, 7))
    with pytest.raises(ProgramCannot):
        await _settle(bare_shop, trial, RIVAL)
    assert (await _settle(bare_shop, trial, HELD)).status is ExperimentStatus.ENDED


@pytest.mark.parametrize(("kept", "stamps", "is_published"), [(RIVAL, 6, 1), (HELD, 3, 0)])
async def test_everybody_gets_what_is_kept(
    bare_shop: Shop, kept: str, stamps: int, is_published: int
) -> None:
    """By a new version; what holds already is not published again."""
    trial = await _begin(bare_shop, _design(bare_shop, 6))
    before = await _program(bare_shop)
    ended = await _settle(bare_shop, trial, kept)
    after = await _program(bare_shop)
    assert ended.status is ExperimentStatus.ENDED
    assert after.version.plan == stamp_plan(stamps)
    assert after.version.number == before.version.number + is_published
    with pytest.raises(ExperimentCannot):
        await _settle(bare_shop, ended, kept)


async def test_what_was_published_meanwhile_is_not_overwritten_unseen(bare_shop: Shop) -> None:
    """Who saw it may keep a variant instead, or neither; who did not, ends nothing."""
    trial = await _begin(bare_shop, _design(bare_shop, 6))
    seen = (await _program(bare_shop)).revision
    await _publish(bare_shop, 8)
    for kept in (HELD, RIVAL):
        with pytest.raises(ChangedMeanwhile):
            await _settle(bare_shop, trial, kept, program_revision=seen)
    with pytest.raises(NotFound):
        await _settle(bare_shop, trial, "c")
    await _settle(bare_shop, trial, None)
    assert (await _program(bare_shop)).version.plan == stamp_plan(8)


def _author(shop: Shop) -> Author:
    return Author(principal=shop.principal, origin=ORIGIN, new_id=uuid7)


def _design(shop: Shop, stamps: int) -> Design:
    return replace(design_of(shop.version), plan=stamp_plan(stamps))


async def _program(shop: Shop) -> Program:
    async with shop.database.units(shop.merchant_id) as unit:
        return await unit.programs.one(shop.program.id)


async def _publish(shop: Shop, stamps: int) -> None:
    revision = (await _program(shop)).revision
    async with shop.database.units(shop.merchant_id) as unit:
        design = _design(shop, stamps)
        await publish_version(unit, shop.program.id, design, _author(shop), revision=revision)


async def _begin(shop: Shop, rival: Design | int, *, revision: int | None = None) -> Trial:
    wish = Wish(name="Sooner?", rival=rival, shares=HALVES)
    seen = (await _program(shop)).revision if revision is None else revision
    async with shop.database.units(shop.merchant_id) as unit:
        return await begin_comparison(unit, shop.program.id, wish, _author(shop), revision=seen)


async def _settle(
    shop: Shop, trial: Trial, kept: str | None, *, program_revision: int | None = None
) -> Trial:
    seen = (await _program(shop)).revision if program_revision is None else program_revision
    decision = Decision(kept=kept, revision=trial.revision, program_revision=seen)
    experiment_id: UUID = trial.experiment.id
    async with shop.database.units(shop.merchant_id) as unit:
        return await settle_comparison(
            unit, shop.program.id, experiment_id, decision, _author(shop)
        )
