"""Manners and words written at once: one holds, and the audit says whose."""

import asyncio
from dataclasses import replace

import pytest

from gateway.domain.consents import Medium
from gateway.domain.contacting import ContactPolicy
from gateway.domain.errors import ChangedMeanwhile, Invalid
from gateway.domain.people import Role
from gateway.domain.wording import Language, MessageEvent, Wording
from gateway.resources import new_id
from gateway.services.merchants.designing import Author
from gateway.services.messages.minding import write_manners
from gateway.services.messages.wordings import NoMailAddress, Place, send_test, write_wording
from gateway.storage.messages.manners import MessageSettings
from gateway.storage.people.people import Member
from tests.shops import ORIGIN, Shop

PLACE = Place(MessageEvent.STAMP, Medium.WALLET, Language.FR)


def author_of(shop: Shop) -> Author:
    return Author(principal=shop.principal, origin=ORIGIN, new_id=new_id)


def to(address: str | None) -> MessageSettings:
    return MessageSettings(policy=ContactPolicy(), reply_to=address)


async def test_of_many_first_writers_one_holds(bare_shop: Shop) -> None:
    """Of manners and of words, and only what held is in the audit."""

    async def write(number: int) -> None:
        async with bare_shop.database.units(bare_shop.merchant_id) as unit:
            silent = frozenset({str(number)})
            settings = MessageSettings(policy=ContactPolicy(), silent_events=silent)
            await write_manners(unit, settings, author_of(bare_shop))
            words = Wording(f"Number {number}")
            await write_wording(unit, PLACE, words, author_of(bare_shop), revision=0)

    ended = await asyncio.gather(*(write(number) for number in range(8)), return_exceptions=True)

    assert [type(each) for each in ended if each] == [ChangedMeanwhile] * 7
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        kept = await unit.manners.read()
        (own,) = await unit.wordings.all()
    assert {own.wording.body} == {f"Number {each}" for each in kept.silent_events}
    audited = await bare_shop.rows("SELECT action, count(*) FROM audit GROUP BY 1 ORDER BY 1")
    assert audited == [("message_settings.written", 1), ("wording.written", 1)]


@pytest.mark.parametrize("sender", ["+352621000002", "Post", "x\ny", ""])
async def test_no_merchant_chooses_what_its_texts_come_from(bare_shop: Shop, sender: str) -> None:
    """Neither another's number or a bank's name, nor one that the operator did not assign."""
    settings = MessageSettings(policy=ContactPolicy(), sms_sender=sender)
    with pytest.raises(Invalid) as refused:
        async with bare_shop.database.units(bare_shop.merchant_id) as unit:
            await write_manners(unit, settings, author_of(bare_shop))

    assert refused.value.detail["errors"].keys() == {"sms_sender"}  # type: ignore[attr-defined]


async def test_answers_reach_only_people_who_work_here(bare_shop: Shop) -> None:
    """Not somebody elsewhere, and not who has left."""
    ben = Member(id=new_id(), name="Ben", role=Role.OWNER, email="ben@cafe.example")
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        await unit.staff.add(ben, unit.now)
        await write_manners(unit, to(ben.email), author_of(bare_shop))
        await unit.staff.deactivate(ben.id, unit.now)

    for stranger in (ben.email, "victim@elsewhere.example"):
        late = replace(to(stranger), revision=1)
        with pytest.raises(Invalid) as refused:
            async with bare_shop.database.units(bare_shop.merchant_id) as unit:
                await write_manners(unit, late, author_of(bare_shop))
        assert refused.value.detail["errors"].keys() == {"reply_to"}  # type: ignore[attr-defined]


async def test_a_program_has_no_address_to_try_words_on(bare_shop: Shop) -> None:
    """Only somebody who logs in has."""
    with pytest.raises(NoMailAddress):
        async with bare_shop.database.units(bare_shop.merchant_id) as unit:
            await send_test(unit, MessageEvent.STAMP, Language.FR, author_of(bare_shop))
