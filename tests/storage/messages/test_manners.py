"""A merchant's manners: its country's before it wrote any, and nobody overwrites another."""

from dataclasses import replace
from datetime import time

import pytest

from gateway.domain.contacting import ContactBudget, ContactPolicy, QuietHours
from gateway.domain.errors import ChangedMeanwhile
from gateway.storage.messages.manners import UNWRITTEN, MessageSettings
from tests.shops import Shop

OWN = MessageSettings(
    policy=ContactPolicy(
        quiet=QuietHours(begins=time(20, 30), ends=time(9), sundays=True),
        budget=ContactBudget(a_day=1, a_week=2),
    ),
    silent_events=frozenset({"stamp"}),
    reply_to="chef@example.org",
    sms_sender="+352621000001",
)


async def test_before_the_first_writing_the_countrys_manners_hold(bare_shop: Shop) -> None:
    """There is no row, and the revision says so."""
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        assert await unit.manners.read() == MessageSettings(policy=ContactPolicy())


async def test_what_is_written_is_read_back(bare_shop: Shop) -> None:
    """Every field, and each writing counts the revision up."""
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        await unit.manners.write(OWN, revision=UNWRITTEN)
        assert await unit.manners.read() == replace(OWN, revision=1)
        await unit.manners.write(replace(OWN, reply_to=None), revision=1)
        assert await unit.manners.read() == replace(OWN, reply_to=None, revision=2)


@pytest.mark.parametrize("revision", [UNWRITTEN, 2])
async def test_who_comes_second_is_told(bare_shop: Shop, revision: int) -> None:
    """A revision that is not the newest any more writes nothing."""
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        await unit.manners.write(OWN, revision=UNWRITTEN)
    with pytest.raises(ChangedMeanwhile):
        async with bare_shop.database.units(bare_shop.merchant_id) as unit:
            await unit.manners.write(OWN, revision=revision)
