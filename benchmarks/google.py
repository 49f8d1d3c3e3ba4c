"""Patches of Google Wallet objects per second: our client beside Google's own, and a bare one.

The server is the sandbox's Google, which holds every body against Google's own description, with
its limit of 20 requests a second lifted. It is slower than any of the clients, so the processor
time that each takes per patch is told as well.
"""

import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from google.oauth2.service_account import Credentials
from googleapiclient.discovery import build_from_document  # type: ignore[import-untyped]

from benchmarks.google_server import google_server
from benchmarks.turns import Figures, take_turns
from passes.google.bodies import class_body, object_patch_body
from passes.google.card import Barcode, Image, LoyaltyClass, LoyaltyObject, State
from passes.google.ids import ClassId, ObjectId
from passes.google.points import Points
from passes.google.texts import Link, LocalizedString, TextModule
from sandbox.google.accounts import DEVELOPMENT_ISSUER, FILE
from sandbox.google.discovery import document
from workers.channels.base import DELIVERED
from workers.channels.google.client import GoogleWallet
from workers.channels.google.service_accounts import SCOPE, ServiceAccounts
from workers.channels.google.tokens import AccessTokens
from workers.outlets import GOOGLE_AT_ONCE_MAX

TURNS = 3
OBJECTS = 100
BATCH_PARTS = 100
OUR_PATCHES, SINGLE_PATCHES, BATCHES = 1_000, 150, 2
UNLIMITED_PER_SECOND = 10**9
CLASS_ID = ClassId(DEVELOPMENT_ISSUER, "p1")
IDS = [ObjectId(DEVELOPMENT_ISSUER, f"card{number}") for number in range(OBJECTS)]


@dataclass(frozen=True, slots=True)
class Target:
    """Where Google is, and the clients for it: nearly nothing, ours and Google's."""

    url: str
    session: aiohttp.ClientSession
    tokens: AccessTokens
    wallet: GoogleWallet
    google_client: Any


async def measure() -> Figures:
    """Return patches per second, microseconds of processor per patch, and ratios."""
    spent: dict[str, float] = {}

    def rival(name: str, count: int, patch_all: Callable[[], Awaitable[None]]) -> Rival:
        return lambda: _rate(name, count, patch_all, spent)

    async with _target() as target:
        rates = await take_turns(
            {
                "bare": rival("bare", OUR_PATCHES, lambda: _patch_barely(target)),
                "ours": rival("ours", OUR_PATCHES, lambda: _patch(target)),
                "theirs": rival("theirs", SINGLE_PATCHES, lambda: _patch_one_by_one(target)),
                "batch": rival("batch", BATCHES * BATCH_PARTS, lambda: _patch_in_batches(target)),
            },
            TURNS,
        )
    return {
        "bare_aiohttp_per_second": rates.median("bare"),
        "ours_per_second": rates.median("ours"),
        "google_client_per_second": rates.median("theirs"),
        "google_client_batch_100_per_second": rates.median("batch"),
        "bare_aiohttp_processor_us": spent["bare"],
        "ours_processor_us": spent["ours"],
        "google_client_processor_us": spent["theirs"],
        "google_client_batch_100_processor_us": spent["batch"],
        "ratio_to_bare_aiohttp": rates.ratio("ours", "bare"),
        "ratio_to_google_client": rates.ratio("ours", "theirs"),
    }


Rival = Callable[[], Awaitable[float]]


async def _rate(
    name: str, count: int, patch_all: Callable[[], Awaitable[None]], spent: dict[str, float]
) -> float:
    """Return patches per second, and keep what this turn spent per patch."""
    began, processor = time.perf_counter(), time.process_time()
    await patch_all()
    spent[name] = round((time.process_time() - processor) / count * 1_000_000)
    return count / (time.perf_counter() - began)


@asynccontextmanager
async def _target() -> AsyncIterator[Target]:
    with tempfile.TemporaryDirectory(prefix="passgate-bench-") as name:
        folder = Path(name)
        async with (
            google_server(folder, UNLIMITED_PER_SECOND) as url,
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
        ):
            accounts = folder / "google"
            tokens = AccessTokens(ServiceAccounts(accounts).of)
            wallet = GoogleWallet(session, url, tokens)
            await _insert_all(wallet)
            with _google_client(url, accounts) as google_client:
                yield Target(url, session, tokens, wallet, google_client)


async def _insert_all(wallet: GoogleWallet) -> None:
    content = LoyaltyClass(
        id=CLASS_ID,
        issuer_name=LocalizedString("Corner Café"),
        program_name=LocalizedString("Coffee card"),
        program_logo=Image("https://example.com/logo.png", LocalizedString("Logo")),
        background="#1f4d3a",
    )
    assert await wallet.put_class(str(CLASS_ID), class_body(content), is_new=True) == DELIVERED
    for object_id in IDS:
        outcome = await wallet.put_object(str(object_id), _body(object_id, 0), is_new=True)
        assert outcome == DELIVERED, outcome


def _body(object_id: ObjectId, stamps: int) -> dict[str, Any]:
    """Write what a stamp patches."""
    content = LoyaltyObject(
        id=object_id,
        class_id=CLASS_ID,
        state=State.ACTIVE,
        points=Points(LocalizedString("Stamps"), f"{stamps} / 10"),
        barcode=Barcode("LC1-ABCDEFGHIJKLMNOPQRST", alternate_text="ABCD EFGH"),
        text_modules=(
            TextModule("reward", LocalizedString("Reward"), LocalizedString("A free coffee")),
        ),
        links=(Link("card", "https://cards.example.com/c/1", LocalizedString("Your card")),),
    )
    return object_patch_body(content, notify=False)


def _patches(count: int) -> Iterator[tuple[str, dict[str, Any]]]:
    for number in range(count):
        object_id = IDS[number % OBJECTS]
        yield str(object_id), _body(object_id, number % 10)


async def _patch(target: Target) -> None:
    waiting = _patches(OUR_PATCHES)

    async def sender() -> None:
        for object_id, body in waiting:
            assert await target.wallet.put_object(object_id, body) == DELIVERED

    await asyncio.gather(*(sender() for _ in range(GOOGLE_AT_ONCE_MAX)))


async def _patch_barely(target: Target) -> None:
    """Send the same bytes with a token that is there, and look at nothing but the status."""
    token = await target.tokens.token(DEVELOPMENT_ISSUER)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    waiting = _patches(OUR_PATCHES)

    async def sender() -> None:
        for object_id, body in waiting:
            url = f"{target.url}/walletobjects/v1/loyaltyObject/{object_id}?fields=id"
            data = json.dumps(body).encode()
            async with target.session.patch(url, data=data, headers=headers) as response:
                await response.read()
                assert response.status == 200

    await asyncio.gather(*(sender() for _ in range(GOOGLE_AT_ONCE_MAX)))


async def _patch_one_by_one(target: Target) -> None:
    objects = target.google_client.loyaltyobject()
    for object_id, body in _patches(SINGLE_PATCHES):
        objects.patch(resourceId=object_id, body=body, fields="id").execute()


async def _patch_in_batches(target: Target) -> None:
    failed: list[Exception] = []

    def note(_name: str, _answer: object, error: Exception | None) -> None:
        if error is not None:
            failed.append(error)

    objects = target.google_client.loyaltyobject()
    for _ in range(BATCHES):
        batch = target.google_client.new_batch_http_request(callback=note)
        for object_id, body in _patches(BATCH_PARTS):
            batch.add(objects.patch(resourceId=object_id, body=body, fields="id"))
        batch.execute()
    assert not failed, failed[0]


def _google_client(url: str, accounts: Path) -> Any:  # noqa: ANN401 -- it has no types
    """Build Google's client on the description that comes with it."""
    description = deepcopy(dict(document()))
    description["rootUrl"] = description["baseUrl"] = f"{url}/"
    path = accounts / DEVELOPMENT_ISSUER / FILE
    credentials = Credentials.from_service_account_file(  # type: ignore[no-untyped-call]
        str(path), scopes=[SCOPE]
    )
    return build_from_document(description, credentials=credentials)
