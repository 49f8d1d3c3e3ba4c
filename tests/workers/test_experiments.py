"""Experiments in the relay: cards of a program are tied chunk by chunk, and let go at the end."""

import asyncio

from uuid_utils.compat import uuid7

from gateway.domain.experiments import Variant
from gateway.resources import new_id
from gateway.services.merchants.designing import Author
from gateway.services.merchants.experimenting import (
    Comparison,
    create_experiment,
    start_experiment,
    stop_experiment,
)
from tests import database as databases
from tests.shops import ORIGIN, Shop, open_shop, opened
from tests.workers.stages import EXPERIMENT_KEY, OUTSIDE
from workers.relay import Relay

SAME = Comparison(
    key="same",
    name="The same twice",
    variants=(Variant(key="a", weight=5_000), Variant(key="b", weight=5_000)),
    versions={"a": 1, "b": 1},
)


async def test_a_start_ties_every_card_and_an_end_lets_it_go(
    database: databases.Database,
) -> None:
    """Each counts its version up both times, so that wallets show what it is promised now."""
    async with opened(database.worker_dsn) as connected:
        shop = await open_shop(connected, cards=9)
        relay = Relay(connected, new_id, (), OUTSIDE, EXPERIMENT_KEY)
        author = Author(principal=shop.principal, origin=ORIGIN, new_id=uuid7)
        program_id = shop.program.id
        async with connected.units(shop.merchant_id) as unit:
            trial = await create_experiment(unit, program_id, SAME, author)
            trial = await start_experiment(
                unit, program_id, trial.experiment.id, author, revision=1
            )
        await relay.relay_waiting(asyncio.Event())

        ties = await _ties(shop)
        assert {variant for variant, _, _ in ties} == {"same:a", "same:b"}
        assert {version_id for _, version_id, _ in ties} == {shop.program.version.id}
        assert {version for _, _, version in ties} == {2}

        async with connected.units(shop.merchant_id) as unit:
            await stop_experiment(unit, program_id, trial.experiment.id, author, revision=2)
        await relay.relay_waiting(asyncio.Event())
        assert {(version_id, version) for _, version_id, version in await _ties(shop)} == {
            (None, 3)
        }


async def _ties(shop: Shop) -> list[tuple[object, ...]]:
    return await shop.rows(
        "SELECT variant, variant_version_id, version FROM cards WHERE merchant_id = :merchant",
        merchant=shop.merchant_id,
    )
