"""Consents over the API: what holds, how it came to that, and lines that only change something."""

import asyncio
from typing import Any

import pytest

from gateway.domain.people import Permission
from gateway.resources import Resources
from tests.shops import Shop
from tests.web.api.conftest import Client
from tests.web.api.gate import Caller, make_key

YES: dict[str, Any] = {
    "channel": "mail",
    "purpose": "marketing",
    "granted": True,
    "wording": "Offers by mail? Yes, please.",
    "source": "paper form",
}


async def path_of(caller: Caller, shop: Shop) -> str:
    card = await caller.get(f"cards/{shop.cards[0]}")
    return f"customers/{card.body['customer_id']}/consents"


async def test_a_consent_given_elsewhere_is_appended_once(caller: Caller, shop: Shop) -> None:
    """With its words and where it was given; told again, at once or later, it is known."""
    path = await path_of(caller, shop)
    answers = await asyncio.gather(*(caller.post(path, YES) for _ in range(5)))
    shown = await caller.get(path)

    assert sorted(each.status for each in answers) == [200] * 4 + [201]
    (line,) = shown.body["log"]
    assert (line["wording"], line["source"]) == (YES["wording"], "api: paper form")
    assert YES["granted"] == line["granted"]


async def test_the_newest_word_holds_and_the_old_ones_stay(caller: Caller, shop: Shop) -> None:
    """A no after a yes; and a wallet shows its news unless somebody said no."""
    path = await path_of(caller, shop)
    await caller.post(path, YES)
    await caller.post(path, YES | {"granted": False})
    shown = await caller.get(path)

    holds = {
        (each["channel"], each["purpose"]): each["granted"] for each in shown.body["consents"]
    }
    assert not holds["mail", "marketing"]
    assert holds["wallet", "service"]
    assert not holds["sms", "service"]
    assert [line["granted"] for line in shown.body["log"]] == [False, True]


@pytest.mark.parametrize(
    "change",
    [
        {"channel": "post"},
        {"purpose": "both"},
        {"granted": "yes"},
        {"wording": ""},
        {"source": "x" * 101},
        {"remote_address": "192.0.2.1"},
    ],
)
async def test_a_line_that_proves_nothing_is_refused(
    caller: Caller, shop: Shop, change: dict[str, Any]
) -> None:
    """Without words, or with what we would have to believe."""
    path = await path_of(caller, shop)
    refused = await caller.post(path, YES | change)

    assert (refused.status, refused.code) == (400, "body_invalid")
    assert (await caller.get(path)).body["log"] == []


async def test_who_may_only_read_appends_nothing(
    client: Client, resources: Resources, caller: Caller, shop: Shop
) -> None:
    """Reading members and writing for them are two scopes."""
    key = await make_key(resources, shop.merchant_id, frozenset({Permission.MEMBERS_READ}))
    reader, path = Caller(client, key), await path_of(caller, shop)

    assert (await reader.get(path)).status == 200
    refused = await reader.post(path, YES)
    assert (refused.status, refused.code) == (403, "not_allowed")
