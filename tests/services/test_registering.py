"""Registering, listing and fetching under concurrency: no change is ever missed."""

import asyncio
import random
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import text

from gateway.services.wallets.issuing import SignedPass, Snapshot
from gateway.services.wallets.registering import PassClaim, changes, fetch, register
from gateway.storage.wallets.pass_lookups import PassLookups
from gateway.storage.wallets.passes import StoredPass
from passes.apple.service import Registration, authentication_token, http_date
from tests.wallets import PASS_TYPE, Cafe

CARDS = 24
STAMPS = 96
STAMPERS = 3
PUBLISHERS = 3
DEVICES = 2
PAUSE_SECONDS_MAX = 0.03


@pytest.fixture(autouse=True)
def unsigned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show the version instead of a signed pass: signing is another test's story."""

    async def shown(_office: object, found: Snapshot) -> SignedPass:
        await asyncio.sleep(0)
        return SignedPass(f"{found.card.version}".encode(), found.stored.changed_at)

    monkeypatch.setattr("gateway.services.wallets.registering.sign", shown)


@dataclass(slots=True)
class Device:
    """A device that polls as Wallet does: list with its tag, then fetch what is listed."""

    cafe: Cafe
    identifier: str
    tag: int | None = None
    held: dict[str, bytes] = field(default_factory=dict)
    dates: dict[str, datetime] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    def claim(self, serial_number: str) -> PassClaim:
        """Name a pass with its token."""
        key = self.cafe.resources.passes.token_key
        token = authentication_token(key, PASS_TYPE, serial_number)
        return PassClaim(PASS_TYPE, serial_number, token)

    async def keep(self, card_id: UUID) -> None:
        """Register for a card's pass."""
        serial_number = (await self.cafe.stored(card_id)).serial_number
        office = self.cafe.resources.passes
        await register(office, self.claim(serial_number), self.identifier, Registration("aa"))

    async def poll(self) -> None:
        """List what changed and fetch it."""
        office = self.cafe.resources.passes
        listed = await changes(office, PASS_TYPE, self.identifier, self.tag)
        if listed is None:
            return
        if self.tag is not None and listed.last_updated <= self.tag:
            self.complaints.append(f"tag {listed.last_updated} after {self.tag}")
        self.tag = listed.last_updated
        await asyncio.gather(*(self.fetch(each) for each in listed.serial_numbers))

    async def fetch(self, serial_number: str) -> None:
        """Fetch a pass that was listed."""
        known = self.dates.get(serial_number)
        fetched = await fetch(
            self.cafe.resources.passes,
            self.claim(serial_number),
            http_date(known) if known else None,
        )
        if fetched is None:
            # Right only if the last fetch was already newer than its list, as `settle` checks.
            return
        before = self.held.get(serial_number)
        if before is not None and int(fetched.data) <= int(before):
            self.complaints.append(f"fetched {fetched.data!r} again")
        self.held[serial_number] = fetched.data
        self.dates[serial_number] = fetched.changed_at

    async def settle(self) -> None:
        """Ask for a last time, after everything has happened."""
        await self.poll()
        for serial_number, data in self.held.items():
            async with self.cafe.resources.units(self.cafe.merchant.id) as unit:
                stored = await unit.passes.one(PASS_TYPE, serial_number)
            assert stored is not None
            if int(data) != stored.card_version:
                self.complaints.append(f"holds {data!r} of {stored.card_version}")


async def storm(cafe: Cafe, seed: int) -> list[str]:
    """Stamp, publish and poll at once; return what a device would have complained about."""
    cards = [await cafe.card() for _ in range(CARDS)]
    devices = [Device(cafe, f"device-{seed}-{n}") for n in range(DEVICES)]
    for device in devices:
        for card in cards:
            await device.keep(card)
        await device.poll()
    stamping = asyncio.gather(
        *(stamp(cafe, random.Random(seed + n), cards) for n in range(STAMPERS))
    )
    others = [
        relay(cafe, random.Random(seed + n), cards[n::PUBLISHERS], stamping)
        for n in range(PUBLISHERS)
    ]
    others += [poll(device, stamping) for device in devices]
    await asyncio.gather(stamping, *others)
    await cafe.publish(*cards)
    for device in devices:
        await device.settle()
        if len(device.held) != CARDS:
            device.complaints.append(f"was never told of {CARDS - len(device.held)} cards")
    return [complaint for device in devices for complaint in device.complaints]


async def stamp(cafe: Cafe, lots: random.Random, cards: list[UUID]) -> None:
    for _ in range(STAMPS // STAMPERS):
        await cafe.stamp(lots.choice(cards))
        await asyncio.sleep(lots.random() * PAUSE_SECONDS_MAX)


async def relay(
    cafe: Cafe, lots: random.Random, cards: list[UUID], stamping: asyncio.Future[list[None]]
) -> None:
    """Publish cards one after the other in a slow transaction, while others end theirs."""
    while not stamping.done():
        async with cafe.resources.units(cafe.merchant.id) as unit:
            for card in cards:
                await unit.passes.publish([card])
            await asyncio.sleep(lots.random() * PAUSE_SECONDS_MAX)


async def poll(device: Device, stamping: asyncio.Future[list[None]]) -> None:
    while not stamping.done():
        await device.poll()


@pytest.fixture
def only_relays_publish(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the list rely on others for tags, which makes the order of their commits matter."""
    changed_since = PassLookups.changed_since

    async def told_only(
        self: PassLookups, merchant_id: UUID, pass_type: str, device: str, tag: int | None
    ) -> list[StoredPass]:
        listed = await changed_since(self, merchant_id, pass_type, device, tag)
        return [
            replace(stored, card_version=stored.published_version)
            for stored in listed
            if stored.tag > (tag or 0)
        ]

    monkeypatch.setattr(PassLookups, "changed_since", told_only)


@pytest.mark.parametrize("turn", range(2))
async def test_no_device_ever_misses_a_change(cafe: Cafe, seed: int, turn: int) -> None:
    """Stamps, relays and polls commit in any order, and each device ends with what is newest.

    Every fetch on the way brought a newer version, and its tag only grew.
    """
    assert await storm(cafe, seed + turn) == []


@pytest.mark.usefixtures("only_relays_publish")
async def test_no_device_misses_a_change_that_relays_publish(cafe: Cafe, seed: int) -> None:
    """The tags alone, by the order they become visible in, keep the promise."""
    assert await storm(cafe, seed) == []


@pytest.mark.usefixtures("only_relays_publish")
async def test_without_the_lock_a_device_misses_a_change(
    cafe: Cafe, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock is worth something: what becomes visible after a larger tag is passed over."""
    no_lock = text("SELECT CAST(:pass_type AS text)")
    monkeypatch.setattr("gateway.storage.wallets.passes._LOCK", no_lock)
    device, early, late = Device(cafe, "device"), await cafe.card(), await cafe.card()
    for card in (early, late):
        await device.keep(card)
    await cafe.publish(early, late)
    await device.poll()
    for card in (early, late):
        await cafe.stamp(card)
    async with cafe.resources.units(cafe.merchant.id) as unit:
        await unit.passes.publish([early])
        await cafe.publish(late)
        await device.poll()
    await device.settle()
    assert len(device.held) == 2
    assert len(device.complaints) == 1
