"""Passes as they are stored, and the order in which their tags become visible."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest

from tests.wallets import OTHER_PASS_TYPE, Cafe, open_cafe


async def test_a_tag_becomes_visible_only_after_all_smaller_ones(cafe: Cafe) -> None:
    """Who publishes second waits for the first one's commit, and stamping waits for neither."""
    first, second = await cafe.card(), await cafe.card()
    async with cafe.resources.units(cafe.merchant.id) as unit:
        await unit.passes.publish([first])
        publishing = asyncio.create_task(cafe.publish(second))
        await cafe.stamp(first)
        await cafe.stamp(second)
        done, _ = await asyncio.wait([publishing], timeout=0.2)
        assert not done
        assert (await cafe.stored(second)).tag == 0
    await publishing

    assert (await cafe.stored(second)).tag > (await cafe.stored(first)).tag > 0


async def test_pass_types_do_not_wait_for_each_other(cafe: Cafe) -> None:
    """One merchant's slow transaction delays no other merchant's tags."""
    bakery = await open_cafe(cafe.resources, pass_type=OTHER_PASS_TYPE, slug="bakery")
    card, bread = await cafe.card(), await bakery.card()
    async with cafe.resources.units(cafe.merchant.id) as unit:
        await unit.passes.publish([card])
        await bakery.publish(bread)

    assert not (await bakery.stored(bread)).is_behind


async def test_publishing_again_changes_nothing(cafe: Cafe) -> None:
    """The relay, the list and the get all publish; only the first one finds something to do."""
    card = await cafe.card()
    await cafe.publish(card)
    before = await cafe.stored(card)
    await asyncio.gather(*(cafe.publish(card) for _ in range(5)))

    assert await cafe.stored(card) == before
    assert not before.is_behind


async def test_each_change_has_a_second_of_its_own(cafe: Cafe) -> None:
    """`changed_at` is whole seconds and grows, however fast the changes come."""
    card = await cafe.card()
    seen = []
    for _ in range(4):
        await cafe.stamp(card)
        await cafe.publish(card)
        seen.append((await cafe.stored(card)).changed_at)

    assert all(moment.microsecond == 0 for moment in seen)
    assert all(b - a >= timedelta(seconds=1) for a, b in pairwise(seen))


async def test_a_card_keeps_its_first_pass(cafe: Cafe) -> None:
    """Two that make a pass at once make one."""
    card = await cafe.card()
    stored = await cafe.stored(card)
    async with cafe.resources.units(cafe.merchant.id) as unit:
        await unit.passes.add(cafe.pass_type, "another", card, unit.now)

    assert await cafe.stored(card) == stored


@pytest.mark.parametrize("version", [3, 1])
async def test_the_proof_of_delivery_never_goes_back(cafe: Cafe, version: int) -> None:
    """Two fetches that end in the wrong order leave the newer one remembered."""
    stored = await cafe.stored(await cafe.card())
    for each in (2, version):
        async with cafe.resources.units(cafe.merchant.id) as unit:
            await unit.passes.fetched(stored, each, unit.now)

    pool = cafe.resources.database.pool
    async with pool.acquire() as connection, connection.transaction():
        merchant = str(cafe.merchant.id)
        await connection.execute("SELECT set_config('app.merchant', $1, true)", merchant)
        assert await connection.fetchval("SELECT fetched_version FROM passes") == max(2, version)
