"""Choices written at once: the log holds each change once, and the last address stays."""

import asyncio

import pytest

from gateway.domain.consents import Medium, Purpose
from gateway.domain.contacts import Contact, ContactKind
from gateway.domain.errors import NotFound
from gateway.resources import new_id
from gateway.services.messages.preferring import (
    Choice,
    Chooser,
    LastAddress,
    choose,
    drop_address,
    use_address,
)
from tests.shops import Shop

CHOOSER = Chooser(source="test", remote_address="192.0.2.1", new_id=new_id, is_proven=False)
YES = Choice(medium=Medium.SMS, purpose=Purpose.MARKETING, granted=True, wording="Yes")
PHONE = Contact(kind=ContactKind.PHONE, address="+352621123456")


async def test_of_many_equal_choices_at_once_one_is_a_change(bare_shop: Shop) -> None:
    """Each waits for the one before it, and sees what that one wrote."""
    (row,) = await bare_shop.rows("SELECT id FROM customers")

    async def say() -> int:
        async with bare_shop.database.units(bare_shop.merchant_id) as unit:
            return len(await choose(unit, row[0], [YES], CHOOSER))

    assert sorted(await asyncio.gather(*(say() for _ in range(12)))) == [0] * 11 + [1]
    assert await bare_shop.rows("SELECT count(*) FROM consents") == [(1,)]


async def test_of_two_addresses_removed_at_once_one_stays(bare_shop: Shop) -> None:
    """However the two forms overtake each other."""
    (row,) = await bare_shop.rows("SELECT id FROM customers")
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        await use_address(unit, row[0], PHONE)

    async def drop(kind: ContactKind) -> None:
        async with bare_shop.database.units(bare_shop.merchant_id) as unit:
            await drop_address(unit, row[0], kind)

    ended = await asyncio.gather(*(drop(kind) for kind in ContactKind), return_exceptions=True)

    assert [type(each) for each in ended if each] == [LastAddress]
    assert await bare_shop.rows("SELECT count(*) FROM contacts") == [(1,)]


async def test_nobody_chooses_for_a_customer_who_never_was(bare_shop: Shop) -> None:
    """No line is written about them."""
    with pytest.raises(NotFound):
        async with bare_shop.database.units(bare_shop.merchant_id) as unit:
            await choose(unit, new_id(), [YES], CHOOSER)

    assert await bare_shop.rows("SELECT count(*) FROM consents") == [(0,)]
