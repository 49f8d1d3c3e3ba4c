"""Keys and tokens: what opens the API, how much of it, and for how long."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.app import app_of
from gateway.domain.people import Permission
from gateway.resources import Resources, now
from gateway.services.people.api_keys import (
    issue_api_key,
    read_api_key,
    revoke_api_key,
    write_api_key,
)
from gateway.web.identity import guard_api
from tests.shops import Shop
from tests.web.api.conftest import Client
from tests.web.api.gate import MAKER, Caller, make_key

OpenOther = Callable[..., Awaitable[tuple[Shop, Caller]]]
CARDS_ONLY = frozenset({Permission.CARDS_READ})


async def revoke(resources: Resources, key: str) -> None:
    credential = read_api_key(key)
    assert credential is not None
    async with resources.units(credential.merchant_id) as unit:
        assert await revoke_api_key(unit, credential.id, MAKER)


async def test_a_key_opens_what_its_scopes_say(
    client: Client, resources: Resources, shop: Shop
) -> None:
    """Reading is allowed, stamping is not."""
    reader = Caller(client, await make_key(resources, shop.merchant_id, CARDS_ONLY))

    shown = await reader.get(f"cards/{shop.cards[0]}")
    refused = await reader.post(
        f"cards/{shop.cards[0]}/stamps", {"location_id": str(shop.location.id)}
    )
    members = await reader.get("cards")

    assert shown.status == 200
    assert (refused.status, refused.code) == (403, "not_allowed")
    assert (members.status, members.code) == (403, "not_allowed")


async def test_a8_a_wrong_secret_opens_nothing(caller: Caller) -> None:
    """Every part of a key matters, and none can be left out."""
    key = caller.bearer
    merchant, key_id = key.split("_")[1:3]
    for wrong in (
        key[:-1] + ("A" if key[-1] != "A" else "B"),
        f"pgk_{merchant}_{key_id}_",
        f"pgk_{merchant}_{key_id}",
        f"pgk_{key_id}_{merchant}_{key.split('_', 3)[3]}",
        key.upper(),
        "pgk_",
        "x" * 5_000,
        "schlüssel",
    ):
        refused = await replace(caller, bearer=wrong).get("locations")
        assert (refused.status, refused.code) == (401, "not_signed_in"), wrong


async def test_a8_a_key_in_the_address_opens_nothing(caller: Caller) -> None:
    """Addresses are written into logs, so a key there is never looked at."""
    for query in (f"api_key={caller.bearer}", f"access_token={caller.bearer}"):
        refused = await caller.anonymous().get(f"locations?{query}")
        assert refused.status == 401


async def test_no_scheme_but_bearer_and_no_second_header_is_believed(caller: Caller) -> None:
    """Basic, a bare key and two headers are all refused."""
    for sent in (
        [("Authorization", caller.bearer)],
        [("Authorization", f"Basic {caller.bearer}")],
        [("Authorization", f"Bearer {caller.bearer}"), ("Authorization", "Bearer x")],
        [("Authorization", "Bearer ")],
    ):
        async with caller.client.get("/api/v1/locations", headers=sent) as response:
            assert response.status == 401
            assert response.headers["WWW-Authenticate"].startswith("Bearer")


async def test_a8_a_revoked_key_stops_within_its_memory(
    caller: Caller, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that has seen the key asks again after `KEY_LIFETIME`, well under a minute."""
    assert (await caller.get("locations")).status == 200
    await revoke(resources, caller.bearer)
    assert timedelta(seconds=30) >= guard_api.KEY_LIFETIME

    monkeypatch.setattr(guard_api, "KEY_LIFETIME", timedelta(0))

    assert (await caller.get("locations")).status == 401


async def test_a_process_that_never_saw_a_revoked_key_refuses_it_at_once(
    caller: Caller, resources: Resources, aiohttp_client: Callable[..., Awaitable[Client]]
) -> None:
    """Nothing is remembered beyond one process."""
    await revoke(resources, caller.bearer)
    fresh = Caller(await aiohttp_client(app_of(resources)), caller.bearer)

    assert (await fresh.get("locations")).status == 401


async def test_a_token_lives_ten_minutes_and_allows_what_was_asked(
    caller: Caller, shop: Shop
) -> None:
    """A browser or a partner gets less than the key, and only for a while."""
    given = await caller.post("tokens", {"scopes": ["cards:read"]})
    token = replace(caller, bearer=given.body["access_token"])

    shown = await token.get(f"cards/{shop.cards[0]}")
    refused = await token.get("programs")

    assert (given.status, given.body["expires_in"]) == (201, 600)
    assert given.body["scopes"] == ["cards:read"]
    assert shown.status == 200
    assert (refused.status, refused.code) == (403, "not_allowed")


async def test_a_token_allows_no_more_than_its_key(
    client: Client, resources: Resources, shop: Shop
) -> None:
    """Asking for more is refused, not granted in part."""
    reader = Caller(client, await make_key(resources, shop.merchant_id, CARDS_ONLY))

    refused = await reader.post("tokens", {"scopes": ["cards:read", "programs:write"]})
    unknown = await reader.post("tokens", {"scopes": ["everything"]})

    assert (refused.status, refused.code) == (403, "not_allowed")
    assert unknown.status == 400


async def test_a_token_cannot_renew_itself(caller: Caller) -> None:
    """Only the key gets new ones, or a stolen token would live for ever."""
    given = await caller.post("tokens", {})

    refused = await replace(caller, bearer=given.body["access_token"]).post("tokens", {})

    assert (refused.status, refused.code) == (401, "not_signed_in")


async def test_a5_a_token_ends_with_its_key(
    caller: Caller, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token that is still current stops within a minute after its key was revoked."""
    given = await caller.post("tokens", {})
    token = replace(caller, bearer=given.body["access_token"])
    assert (await token.get("locations")).status == 200

    await revoke(resources, caller.bearer)
    monkeypatch.setattr(guard_api, "KEY_LIFETIME", timedelta(0))

    assert (await token.get("locations")).status == 401


async def test_a7_a_token_stays_with_its_merchant(
    caller: Caller, shop: Shop, open_other: OpenOther
) -> None:
    """No header moves a caller into another house."""
    other_shop, _ = await open_other()

    for headers in ({"X_Tenant": str(other_shop.merchant_id)}, {"X_Merchant": "other"}):
        foreign = await caller.get(f"cards/{other_shop.cards[0]}", **headers)
        own = await caller.get(f"cards/{shop.cards[0]}", **headers)
        assert (foreign.status, own.status) == (404, 200)


async def test_a_key_that_ran_out_opens_nothing(
    client: Client, resources: Resources, shop: Shop
) -> None:
    """A key may be given an end."""
    async with resources.units(shop.merchant_id) as unit:
        ended = now() - timedelta(seconds=1)
        credential = await issue_api_key(unit, "short", CARDS_ONLY, MAKER, expires_at=ended)

    refused = await Caller(client, write_api_key(credential)).get("locations")

    assert refused.status == 401
