"""Pairing: a code turns one browser into a till, once, and for a short while."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import pytest
from uuid_utils.compat import uuid7

from gateway.domain.errors import NotFound, TooManyAttempts
from gateway.services.people.credentials import Credential
from gateway.services.people.pairing import Pairing, PairingCodeWrong, invite_till, pair_till
from gateway.services.people.signing_in import find_till
from gateway.services.people.unpairing import unpair_till
from gateway.storage.people.tills import Till
from tests.shops import ORIGIN, Shop

CODE = "ABCDE23456"


@pytest.fixture
def addresses() -> Iterator[str]:
    """Addresses nobody guessed from yet."""
    return (f"192.0.2.{n}" for n in count(1))


async def test_a_code_pairs_once_even_at_once(bare_shop: Shop, addresses: Iterator[str]) -> None:
    """Of many browsers with the same code one is the till."""
    till = await _invite(bare_shop)
    outcomes = await asyncio.gather(
        *(_pair(bare_shop, next(addresses)) for _ in range(8)), return_exceptions=True
    )
    (paired,) = [outcome for outcome in outcomes if isinstance(outcome, Credential)]
    assert sum(isinstance(outcome, PairingCodeWrong) for outcome in outcomes) == 7
    found = await find_till(bare_shop.database.units, paired)
    assert found is not None
    assert (found.id, found.location_id) == (till.id, bare_shop.location.id)


async def test_a_code_is_read_as_people_write_it(
    bare_shop: Shop, addresses: Iterator[str]
) -> None:
    """Small letters, spaces and hyphens do not matter."""
    await _invite(bare_shop)
    paired = await _pair(bare_shop, next(addresses), " abcde-23 456 ")
    assert await find_till(bare_shop.database.units, paired) is not None


async def test_wrong_old_and_unpaired_codes_do_not_pair(
    bare_shop: Shop, addresses: Iterator[str]
) -> None:
    """A code works for a quarter of an hour, and not for a till that was withdrawn."""
    till = await _invite(bare_shop)
    with pytest.raises(PairingCodeWrong):
        await _pair(bare_shop, next(addresses), "ZZZZZ99999")
    await bare_shop.execute(
        "UPDATE tills SET pairing_expires_at = pairing_expires_at - interval '15 minutes'"
    )
    with pytest.raises(PairingCodeWrong):
        await _pair(bare_shop, next(addresses))
    await bare_shop.execute(
        "UPDATE tills SET pairing_expires_at = pairing_expires_at + interval '15 minutes'"
    )
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        await unit.tills.revoke(till.id, unit.now)
    with pytest.raises(PairingCodeWrong):
        await _pair(bare_shop, next(addresses))


async def test_who_guesses_codes_is_stopped(bare_shop: Shop, addresses: Iterator[str]) -> None:
    """After ten tries an address may not even bring the right one; others may."""
    await _invite(bare_shop)
    guesser = next(addresses)
    for _ in range(10):
        with pytest.raises(PairingCodeWrong):
            await _pair(bare_shop, guesser, "ZZZZZ99999")
    with pytest.raises(TooManyAttempts):
        await _pair(bare_shop, guesser)
    paired = await _pair(bare_shop, next(addresses))
    assert await find_till(bare_shop.database.units, paired) is not None


async def test_an_invitation_is_for_a_place_of_ones_own_and_recorded(bare_shop: Shop) -> None:
    """Somebody else's location is not found; ours leaves an audit record."""
    with pytest.raises(NotFound):
        await _invite(bare_shop, Till(id=uuid7(), location_id=uuid7(), name="Till"))
    till = await _invite(bare_shop)
    assert await bare_shop.rows("SELECT action, actor, subject FROM audit") == [
        ("till.invited", "till:test", f"till:{till.id}")
    ]


async def test_only_a_till_of_ones_own_is_unpaired_and_once(bare_shop: Shop) -> None:
    """Somebody else's till, or one unpaired before, is not found and leaves no record."""
    till, owner = await _invite(bare_shop), bare_shop.principal
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        await unpair_till(unit, owner, till.id, ORIGIN, uuid7())
    for nobodys in (till.id, uuid7()):
        with pytest.raises(NotFound):
            async with bare_shop.database.units(bare_shop.merchant_id) as unit:
                await unpair_till(unit, owner, nobodys, ORIGIN, uuid7())
    rows = await bare_shop.rows("SELECT subject FROM audit WHERE action = 'till.unpaired'")
    assert rows == [(f"till:{till.id}",)]


async def test_a_browser_that_became_a_till_is_on_record(
    bare_shop: Shop, addresses: Iterator[str]
) -> None:
    """Who looks at the audit sees when a till was paired and from where."""
    till = await _invite(bare_shop)
    address = next(addresses)
    await _pair(bare_shop, address)
    rows = await bare_shop.rows(
        "SELECT subject, remote_address FROM audit WHERE action = 'till.paired'"
    )
    assert rows == [(f"till:{till.id}", address)]


async def _invite(shop: Shop, till: Till | None = None) -> Till:
    till = till or Till(id=uuid7(), location_id=shop.location.id, name="Till")
    async with shop.database.units(shop.merchant_id) as unit:
        await invite_till(unit, shop.principal, till, CODE, ORIGIN)
    return till


async def _pair(shop: Shop, address: str, code: str = CODE) -> Credential:
    origin = replace(ORIGIN, remote_address=address)
    pairing = Pairing(code=code, secret=uuid7().hex, record_id=uuid7(), origin=origin)
    return await pair_till(shop.database.units, shop.merchant_id, pairing)
