"""How long after a stamp was committed APNs has accepted the push, and the phone the new pass.

The web process and the worker run as they do in production. The stand-in for APNs and the phones
run in this process, which also stamps, so that one clock tells all moments. The installation is
idle but for this: a stamp, a pause, the next stamp.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from aiohttp import web
from cryptography.x509 import load_pem_x509_certificate

from benchmarks.installation import Installation, installed
from benchmarks.shop import SLUG, Shop, open_shop
from benchmarks.turns import Figures, percentile
from gateway.resources import now
from gateway.services.cards.commands import Answer
from gateway.services.wallets.pass_links import download_link
from sandbox.apns.stand_in import ApnsStandIn, StandInIdentity
from sandbox.app import SandboxConfig, create_sandbox
from sandbox.installation import DEMO_PASS_TYPE
from sandbox.phone.phone import Phone
from sandbox.phone.shelf import PhoneShelf
from sandbox.phone.state import Registration
from sandbox.phone.surroundings import SHELF

# Stamped in turn: a pass that changes twice within a second is a special case of the protocol.
PHONES = 10
STAMPS = 60
PAUSE_SECONDS = 0.15
ARRIVAL_SECONDS_MAX = 10.0


@dataclass(frozen=True, slots=True)
class Stage:
    """What is measured: a shop, a phone for each of some cards, and when each was last pushed.

    `pushed` holds moments of `time.perf_counter` by push token.
    """

    shop: Shop
    phones: dict[UUID, Phone]
    pushed: dict[str, float]


@dataclass(frozen=True, slots=True)
class Journey:
    """Milliseconds after the commit."""

    pushed: float
    held: float


async def measure() -> Figures:
    """Return milliseconds from the commit to the accepted push, and to the pass on the phone."""
    async with _stage() as stage:
        cards = list(stage.phones)
        for card_id in cards:
            await _one(stage, card_id)
        journeys = [await _one(stage, cards[number % PHONES]) for number in range(STAMPS)]
    pushed = [journey.pushed for journey in journeys]
    held = [journey.held for journey in journeys]
    return {
        "commit_to_push_ms_p50": round(percentile(pushed, 50), 1),
        "commit_to_push_ms_p95": round(percentile(pushed, 95), 1),
        "commit_to_pass_on_phone_ms_p50": round(percentile(held, 50), 1),
        "commit_to_pass_on_phone_ms_p95": round(percentile(held, 95), 1),
    }


async def _one(stage: Stage, card_id: UUID) -> Journey:
    """Stamp a card and wait for its phone."""
    await asyncio.sleep(PAUSE_SECONDS)
    phone = stage.phones[card_id]
    before = phone.state.passes[0].manifest_digest
    reply = await stage.shop.resources.stamps.ask(stage.shop.command(card_id))
    committed = time.perf_counter()
    assert isinstance(reply, Answer), reply
    async with asyncio.timeout(ARRIVAL_SECONDS_MAX):
        await _until(phone, lambda: phone.state.passes[0].manifest_digest != before)
    held, pushed = time.perf_counter(), stage.pushed[phone.state.push_token]
    return Journey(1_000 * (pushed - committed), 1_000 * (held - committed))


async def _until(phone: Phone, is_true: Callable[[], bool]) -> None:
    with phone.watched() as changed:
        while not is_true():
            changed.clear()
            await changed.wait()


@asynccontextmanager
async def _stage() -> AsyncIterator[Stage]:
    async with (
        installed() as here,
        here.opened() as resources,
        _apns(here) as apns,
        _shelf(here, apns) as shelf,
        here.process("serve", port=here.ports.web),
        here.process("work"),
    ):
        shop = await open_shop(resources, here)
        pushed: dict[str, float] = {}
        apns.on_push(lambda _topic, token: pushed.update({token: time.perf_counter()}))
        phones = {
            card_id: await _phone(here, shelf, shop, card_id) for card_id in shop.cards[:PHONES]
        }
        yield Stage(shop, phones, pushed)


def _apns(here: Installation) -> ApnsStandIn:
    chain = here.chain
    trusted = (chain.root, chain.intermediate)
    identity = StandInIdentity(chain.server_certificate, chain.server_key, trusted)
    return ApnsStandIn(identity, {DEMO_PASS_TYPE}, port=here.ports.apns)


@asynccontextmanager
async def _shelf(here: Installation, apns: ApnsStandIn) -> AsyncIterator[PhoneShelf]:
    config = SandboxConfig(
        public_url=here.web_url,
        data_directory=here.folder / "sandbox",
        roots=[load_pem_x509_certificate(here.chain.root.read_bytes())],
    )
    runner = web.AppRunner(app := create_sandbox(config, apns))
    await runner.setup()
    try:
        yield app[SHELF]
    finally:
        await runner.cleanup()


async def _phone(here: Installation, shelf: PhoneShelf, shop: Shop, card_id: UUID) -> Phone:
    """Take a new phone, and add the card to its Wallet as a person does."""
    await shop.issued(card_id)
    link = download_link(shop.resources.keys.links, SLUG, card_id, now())
    phone = shelf.create()
    await phone.consider(f"{here.web_url}{link}")
    held = phone.accept()
    assert held is not None, phone.offer
    await phone.settle()
    assert held.registration is Registration.REGISTERED
    return phone
