"""A phone in the browser: adds passes as Wallet does and keeps them up to date as `passd` does."""

import asyncio
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.phone.files import PhoneFiles
from sandbox.phone.offers import Offer, offer_of
from sandbox.phone.package import Package, PassOpener, open_package
from sandbox.phone.requests import WebServiceRequests
from sandbox.phone.state import HeldPass, PhoneState
from sandbox.phone.tasks import RETRY_DELAYS_S, PhoneTasks
from sandbox.phone.updates import Updater

FORGIVEN_FOR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class PhoneSurroundings:
    """What all phones share."""

    files: PhoneFiles
    requests: WebServiceRequests
    opener: PassOpener
    clock: Callable[[], datetime]
    forgiven_for: timedelta = FORGIVEN_FOR
    retry_delays_s: Sequence[float] = RETRY_DELAYS_S


class Phone:
    """One phone: its memory, its packages, and the tasks running on it."""

    def __init__(self, state: PhoneState, around: PhoneSurroundings) -> None:
        self.state = state
        self.offer: Offer | None = None
        self.is_asleep = False
        self._around = around
        self._packages: dict[str, Package] = {}
        self._watchers: set[asyncio.Event] = set()
        updater = Updater(
            state=state,
            shelf=self,
            requests=around.requests,
            clock=around.clock,
            forgiven_for=around.forgiven_for,
        )
        self._tasks = PhoneTasks(updater, around.retry_delays_s)

    # What a person does.

    async def consider(self, address: str) -> None:
        """Download a pass and lay it before the person, or say why Wallet refuses it."""
        around = self._around
        self.offer = await offer_of(address, self.state, around.requests, around.opener)
        self.changed()

    def accept(self) -> HeldPass | None:
        """Add the offered pass and register it; None when nothing acceptable is offered."""
        offer, self.offer = self.offer, None
        if offer is None or offer.package is None or offer.problems:
            self.changed()
            return None
        held = self._hold(offer.package)
        self.replace(offer.package)
        self.changed()
        self._tasks.register(held)
        return held

    def decline(self) -> None:
        """Put the offered pass aside."""
        self.offer = None
        self.changed()

    def remove(self, key: str) -> None:
        """Delete a pass and tell its web service; what was queued for it is cancelled."""
        held = self._held(key)
        self._tasks.unregister(held)
        self.state.passes.remove(held)
        self._tasks.drop_unused_links()
        self._packages.pop(key, None)
        self.changed()
        self._around.files.forget_package(self.state.id, key)

    def set_automatic_updates(self, key: str, *, enabled: bool) -> None:
        """Register or unregister a pass that stays in the Wallet."""
        held = self._held(key)
        if held.automatic_updates == enabled:
            return
        if enabled:
            held.automatic_updates = True
            self._tasks.register(held)
        else:
            self._tasks.unregister(held)
            held.automatic_updates = False
            self._tasks.drop_unused_links()
        self.changed()

    async def refresh(self, key: str) -> None:
        """Pull to refresh: fetch this pass alone, without a list and without a message."""
        held = self._held(key)
        if held.can_be_updated():
            await self._tasks.refresh(held)

    def rotate_push_token(self) -> None:
        """Take a new push token, as iOS does now and then, and register everything again."""
        self.state.push_token = secrets.token_hex(32)
        self._witness("rotate", "new push token")
        for held in self.state.passes:
            self._tasks.register(held)

    def know_poster_generic(self, *, known: bool) -> None:
        """Draw passes as iOS 27 does, or as the versions before it."""
        self.state.knows_poster_generic = known
        self.changed()

    def clear_notifications(self) -> None:
        """Wipe the lock screen."""
        self.state.notifications = []
        self.changed()

    # What the world does.

    def receive_push(self, topic: str) -> None:
        """A push says that something changed for the passes of type `topic`."""
        self._witness("push", topic)
        self._tasks.push(topic)

    def wake(self) -> None:
        """After a restart a device asks for changes and goes on with what was left undone."""
        self.is_asleep = False
        self._tasks.resume()

    async def sleep(self) -> None:
        """Stop all tasks, and send those who watch away; `wake` goes on with the tasks."""
        self.is_asleep = True
        for event in self._watchers:
            event.set()
        await self._tasks.stop()

    async def settle(self) -> None:
        """Wait until nothing is going on, retries included."""
        await self._tasks.settle()

    @contextmanager
    def watched(self) -> Iterator[asyncio.Event]:
        """An event that is set at every change of this phone."""
        event = asyncio.Event()
        self._watchers.add(event)
        try:
            yield event
        finally:
            self._watchers.discard(event)

    # The shelf the updater puts passes on.

    async def opened(self, data: bytes) -> Package:
        """Open and check a package, off the event loop."""
        return await asyncio.to_thread(open_package, data, self._around.opener)

    def package(self, key: str) -> Package:
        """The package now in the Wallet. Raises `KeyError`."""
        if key not in self._packages:
            self._held(key)
            data = self._around.files.package(self.state.id, key)
            self._packages[key] = open_package(data, self._around.opener)
        return self._packages[key]

    def replace(self, package: Package) -> None:
        """Keep a package in place of the one with the same key."""
        self._packages[package.key] = package
        self._around.files.save_package(self.state.id, package.key, package.data)

    def changed(self) -> None:
        """Keep the phone on disk and wake those who watch it."""
        self.state.version += 1
        self._around.files.save(self.state)
        for event in self._watchers:
            event.set()

    # Below the glass.

    def _hold(self, package: Package) -> HeldPass:
        now = self._around.clock()
        previous = self.state.pass_of(package.pass_type, package.serial)
        service = package.content.get("webServiceURL")
        token = package.content.get("authenticationToken")
        held = HeldPass(
            key=package.key,
            pass_type=package.pass_type,
            serial=package.serial,
            web_service_url=str(service) if service else None,
            authentication_token=str(token) if token else None,
            manifest_digest=package.manifest_digest,
            added_at=now,
            changed_at=now,
        )
        if previous is not None:
            self.state.passes.remove(previous)
        self.state.passes.append(held)
        return held

    def _held(self, key: str) -> HeldPass:
        """The pass with this key. Raises `KeyError`."""
        for held in self.state.passes:
            if held.key == key:
                return held
        raise KeyError(key)

    def _witness(self, action: str, detail: str) -> None:
        self.state.witness(action, detail, self._around.clock())
        self.changed()
