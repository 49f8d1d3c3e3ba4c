"""Google's pages in the sandbox: a link puts a card on the phone, and its owner hears of it."""

import base64
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from sandbox.app import SandboxConfig, create_sandbox
from sandbox.google.save_links import LinkRefused, objects_of
from sandbox.google.stand_in import GoogleStandIn
from tests.googles import (
    CLASS_ID,
    EMAIL,
    ISSUER,
    OBJECT_ID,
    make_class,
    make_key_file,
    make_message,
    make_object,
)

Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def calls() -> AsyncIterator[tuple[str, list[dict[str, Any]]]]:
    """Listen for callbacks; gives the address and what came."""
    received: list[dict[str, Any]] = []

    async def take(request: web.Request) -> web.Response:
        received.append(json.loads(await request.read()))
        return web.Response()

    app = web.Application()
    app.add_routes([web.post("/callback", take)])
    async with TestServer(app) as server:
        yield str(server.make_url("/callback")), received


@pytest.fixture
async def google(
    tmp_path: Path, calls: tuple[str, list[dict[str, Any]]]
) -> AsyncIterator[GoogleStandIn]:
    """Run a stand-in that already has a class and an object."""
    async with GoogleStandIn(tmp_path / "accounts", tmp_path / "google") as stand_in:
        make_key_file(tmp_path / "accounts", stand_in.url)
        body = make_class(callbackOptions={"url": calls[0]}, hexBackgroundColor="#fed")
        stand_in.wallet.insert("loyaltyClass", body)
        stand_in.wallet.insert("loyaltyObject", make_object(accountName="Ada"))
        yield stand_in


@pytest.fixture
async def browser(google: GoogleStandIn, tmp_path: Path) -> AsyncIterator[Client]:
    """Open a browser on a sandbox with this stand-in."""
    config = SandboxConfig("http://127.0.0.1:1", tmp_path / "sandbox", [])
    async with TestClient(TestServer(create_sandbox(config, google=google))) as client:
        yield client


def make_link(folder: Path, **changes: object) -> str:
    """Sign a save link's JWT, right but for what is changed."""
    content = json.loads((folder / "accounts" / ISSUER / "service-account.json").read_text())
    claims = {
        "iss": EMAIL,
        "aud": "google",
        "typ": "savetowallet",
        "iat": int(time.time()),
        "origins": [],
        "payload": {"loyaltyObjects": [{"id": OBJECT_ID}]},
    }
    return jwt.encode(claims | changes, content["private_key"], algorithm="RS256")


def verified(keys: dict[str, Any], issuer: str, envelope: dict[str, Any]) -> dict[str, Any]:
    """Verify a callback as Google's page says, and return its message."""
    intermediate = envelope["intermediateSigningKey"]
    root = keys["keys"][0]["keyValue"]
    protocol = envelope["protocolVersion"]
    check(root, intermediate["signatures"][0], protocol, intermediate["signedKey"])
    key = json.loads(intermediate["signedKey"])["keyValue"]
    check(key, envelope["signature"], issuer, protocol, envelope["signedMessage"])
    return dict(json.loads(envelope["signedMessage"]))


def check(key: str, signature: str, *words: str) -> None:
    """Check an ECDSA signature over length-prefixed words of Google's passes."""
    public = load_der_public_key(base64.b64decode(key))
    assert isinstance(public, ec.EllipticCurvePublicKey)
    data = [word.encode() for word in ("GooglePayPasses", *words)]
    signed = b"".join(len(each).to_bytes(4, "little") + each for each in data)
    public.verify(base64.b64decode(signature), signed, ec.ECDSA(SHA256()))


async def test_a_card_is_saved_shown_changed_and_removed(
    browser: Client,
    google: GoogleStandIn,
    calls: tuple[str, list[dict[str, Any]]],
    tmp_path: Path,
) -> None:
    """The whole way of a person, and two callbacks that verify with the published key."""
    link = f"/gp/v/save/{make_link(tmp_path)}"
    async with browser.get(link) as response:
        offered = await response.text()
    async with browser.post(link) as response:
        page, address = await response.text(), response.url.path
    google.wallet.add_message(
        "loyaltyClass", CLASS_ID, make_message(messageType="TEXT_AND_NOTIFY")
    )
    async with browser.get(address) as response:
        later = await response.text()
    async with browser.get(f"/gp/v/object/{OBJECT_ID}") as response:
        assert response.status == 200
    async with browser.post(f"{address}/google/{OBJECT_ID}/remove") as response:
        gone = await response.text()
    await google.callbacks.settle()

    assert "Coffee card" in offered
    assert "Ada" in page
    assert "Two stamps to go" not in page
    assert later.count("Two stamps to go") >= 2
    assert "Coffee card" not in gone
    async with browser.session.get(f"{google.url}/gp/m/issuer/keys") as response:
        keys = await response.json()
    events = [verified(keys, ISSUER, envelope) for envelope in calls[1]]
    assert {(each["eventType"], each["objectId"]) for each in events} == {
        ("save", OBJECT_ID),
        ("del", OBJECT_ID),
    }
    assert google.wallet.get("loyaltyObject", OBJECT_ID).content["hasUsers"] is False


async def test_a_spoilt_callback_does_not_verify(
    google: GoogleStandIn, calls: tuple[str, list[dict[str, Any]]]
) -> None:
    """On command the signature is that of another issuer."""
    google.callbacks.spoil_next()
    google.shelf.save("phone", OBJECT_ID)
    await google.callbacks.settle()

    verified(google._signer.root_keys(), "0", calls[1][0])


REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "iss": ({"iss": "nobody"}, "nobody knows"),
    "aud": ({"aud": "apple"}, "cannot be verified"),
    "typ": ({"typ": "save"}, "typ is not"),
    "iat": ({"iat": ""}, "cannot be verified"),
    "iat as float": ({"iat": 1.5}, "iat is not a whole number"),
    "payload": ({"payload": {}}, "names no loyalty object"),
    "object": ({"payload": {"loyaltyObjects": [{"id": f"{ISSUER}.x"}]}}, "not found"),
    "issuer": ({"payload": {"loyaltyObjects": [{"id": "1.x"}]}}, "no user of the issuer"),
    "length": ({"more": "x" * 1_500}, "more than 1800"),
}


@pytest.mark.parametrize(("changes", "problem"), REFUSED.values(), ids=REFUSED.keys())
async def test_a_link_google_would_refuse_is_refused_with_the_reason(
    google: GoogleStandIn, tmp_path: Path, changes: dict[str, object], problem: str
) -> None:
    """Google says "Something went wrong"; here a developer reads what."""
    link = make_link(tmp_path, **changes)

    with pytest.raises(LinkRefused, match=problem):
        objects_of(link, google.accounts, google.wallet)


async def test_the_panel_lets_the_next_calls_fail(browser: Client, google: GoogleStandIn) -> None:
    """The index page names each misbehaviour, and a button orders it."""
    async with browser.get("/") as response:
        assert "apply and drop" in await response.text()
    async with browser.post("/google/next/quota-exceeded", data={"times": "2"}) as response:
        assert response.status == 200
    for expected in (403, 403, 401):
        async with browser.session.get(f"{google.url}/walletobjects/v1/issuer") as response:
            assert response.status == expected
    for path, status in (("/google/next/nonsense", 404), ("/gp/v/save/nonsense", 400)):
        async with browser.post(path) as response:
            assert response.status == status
