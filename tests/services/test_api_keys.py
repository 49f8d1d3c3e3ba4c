"""API keys: shown once, kept as a hash, holding until they are revoked or run out."""

from dataclasses import replace
from datetime import timedelta

import pytest
from uuid_utils.compat import uuid7

from gateway.domain.people import Permission
from gateway.services.people.api_keys import (
    KeyMaker,
    find_api_key,
    issue_api_key,
    principal_of_key,
    read_api_key,
    revoke_api_key,
    write_api_key,
)
from gateway.services.people.credentials import Credential
from tests.shops import ORIGIN, Shop

SCOPES = frozenset({Permission.CARDS_READ})
MAKER = KeyMaker(actor="test", origin=ORIGIN, new_id=uuid7, new_secret=lambda: "secret_with_-")


async def test_a_key_gives_exactly_its_scopes_until_it_is_revoked(bare_shop: Shop) -> None:
    """Revoking it a second time says that it held no longer."""
    units, merchant_id = bare_shop.database.units, bare_shop.merchant_id
    async with units(merchant_id) as unit:
        credential = await issue_api_key(unit, "Till software", SCOPES, MAKER)
    key = await find_api_key(units, merchant_id, credential.id)
    assert key is not None
    assert credential.matches(key.secret_hash)
    assert not replace(credential, secret="guess").matches(key.secret_hash)
    assert principal_of_key(key, merchant_id).permissions == SCOPES

    async with units(merchant_id) as unit:
        first = await revoke_api_key(unit, credential.id, MAKER)
    async with units(merchant_id) as unit:
        second = await revoke_api_key(unit, credential.id, MAKER)

    assert (first, second) == (True, False)
    assert await find_api_key(units, merchant_id, credential.id) is None


async def test_a_key_runs_out(bare_shop: Shop) -> None:
    """At the moment it was given, by the database's clock."""
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        ended = unit.now - timedelta(seconds=1)
        credential = await issue_api_key(unit, "x", SCOPES, MAKER, expires_at=ended)

    found = await find_api_key(bare_shop.database.units, bare_shop.merchant_id, credential.id)

    assert found is None


def test_a_key_is_read_as_it_was_written() -> None:
    """Also when its secret holds the separator."""
    credential = Credential(uuid7(), uuid7(), "with_under_scores")

    assert read_api_key(write_api_key(credential)) == credential


WRITTEN = write_api_key(Credential(uuid7(), uuid7(), "secret"))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(WRITTEN.removeprefix("pgk_"), id="no prefix"),
        pytest.param(WRITTEN.upper(), id="upper case"),
        pytest.param(WRITTEN.rpartition("_")[0], id="no secret"),
        pytest.param(WRITTEN + "ü", id="not ASCII"),
        pytest.param(WRITTEN + "\udcff", id="half a surrogate"),
        pytest.param(WRITTEN + "x" * 200, id="too long"),
        pytest.param(WRITTEN.replace("pgk_", "pgk_x"), id="no id"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_no_key_is_none(text: str) -> None:
    """Before anything is looked up."""
    assert read_api_key(text) is None
