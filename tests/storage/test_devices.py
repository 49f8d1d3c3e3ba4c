"""Devices and their registrations as they are stored."""

from collections.abc import Sequence
from datetime import timedelta

from gateway.storage.cards.ledger import Row
from gateway.storage.unit import Unit
from gateway.storage.wallets.devices import Device
from gateway.storage.wallets.pass_lookups import PassLookups
from tests.wallets import OTHER_PASS_TYPE, PASS_TYPE, Cafe, open_cafe


def device(unit: Unit, identifier: str = "phone", push_token: str = "aa") -> Device:
    return Device(
        pass_type_identifier=PASS_TYPE,
        identifier=identifier,
        push_token=push_token,
        registered_at=unit.now,
    )


async def test_listing_is_one_round_trip_for_fifty_passes_as_for_one(cafe: Cafe) -> None:
    """The cost of a list grows with a device's own passes and in nothing else."""
    cards = [await cafe.card() for _ in range(50)]
    async with cafe.resources.units(cafe.merchant.id) as unit:
        for card in cards:
            stored = await unit.passes.of_card(card)
            assert stored is not None
            await unit.devices.register(device(unit), stored.serial_number)
    asked: list[object] = []

    async def fetch(*arguments: object) -> Sequence[Row]:
        asked.append(arguments)
        rows: Sequence[Row] = await cafe.resources.database.pool.fetch(*arguments)
        return rows

    lookups = PassLookups(fetch)
    assert len(await lookups.changed_since(cafe.merchant.id, PASS_TYPE, "phone", None)) == 50
    assert len(asked) == 1


async def test_a_pending_change_is_never_told_to_a_device(cafe: Cafe) -> None:
    """What has no tag yet is for the publisher's eyes."""
    card = await cafe.card()
    await cafe.publish(card)
    stored = await cafe.stored(card)
    async with cafe.resources.units(cafe.merchant.id) as unit:
        await unit.devices.register(device(unit), stored.serial_number)
    await cafe.stamp(card)

    async with cafe.resources.units(cafe.merchant.id) as unit:
        assert await unit.devices.changed_since(PASS_TYPE, "phone", stored.tag) == []
    pending = await cafe.resources.passes.lookups.changed_since(
        cafe.merchant.id, PASS_TYPE, "phone", stored.tag
    )
    assert [each.is_behind for each in pending] == [True]


async def test_a_token_that_is_gone_is_forgotten_unless_it_registered_since(cafe: Cafe) -> None:
    """Apple's 410 says when a token stopped working; a later registration is not its business."""
    stored = await cafe.stored(await cafe.card())
    async with cafe.resources.units(cafe.merchant.id) as unit:
        now = unit.now
        for identifier in ("one", "two"):
            await unit.devices.register(device(unit, identifier), stored.serial_number)
        before = now - timedelta(seconds=1)
        assert await unit.devices.forget(PASS_TYPE, "aa", before) == 0
        assert await unit.devices.forget(PASS_TYPE, "aa", now + timedelta(seconds=1)) == 2
        assert await unit.devices.keeping(stored.card_id) == []


async def test_merchants_do_not_see_each_others_devices(cafe: Cafe) -> None:
    """The same device identifier under two pass types is two devices."""
    bakery = await open_cafe(cafe.resources, pass_type=OTHER_PASS_TYPE, slug="bakery")
    stored = await cafe.stored(await cafe.card())
    async with cafe.resources.units(cafe.merchant.id) as unit:
        await unit.devices.register(device(unit), stored.serial_number)

    async with cafe.resources.units(bakery.merchant.id) as unit:
        assert await unit.devices.push_token(PASS_TYPE, "phone") is None
        assert await unit.devices.changed_since(PASS_TYPE, "phone", None) == []
