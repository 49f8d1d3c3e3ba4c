"""How a phone keeps its passes up to date: register, ask what changed, fetch, compare, tell.

https://developer.apple.com/documentation/walletpasses/adding-a-web-service-to-update-passes
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from passes.apple.device_log import DeviceLogKind
from sandbox.opened_pass import NotAPass
from sandbox.phone import log as phone_log
from sandbox.phone.fields import fields_of, style_of, text_in, update_between
from sandbox.phone.log import Complaint, TaskError
from sandbox.phone.package import Package
from sandbox.phone.requests import Delivered, WebServiceRequests
from sandbox.phone.state import HeldPass, PhoneState, Registration, WebServiceLink
from sandbox.phone.verdicts import (
    Cause,
    verdict_on_headers,
    verdict_on_list,
    verdict_on_same_pass,
)

UNREGISTERED_FORGIVEN = timedelta(hours=1)
SERIALS_PER_LIST_MAX = 100


class Shelf(Protocol):
    """Where the packages of a phone lie."""

    async def opened(self, data: bytes) -> Package:
        """Open and check a package."""

    def package(self, key: str) -> Package:
        """The package now in the Wallet."""

    def replace(self, package: Package) -> None:
        """Put a newer package of the same pass in its place."""

    def changed(self) -> None:
        """Something on this phone is no longer as it was: keep it, show it."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The serial numbers of a list, and those whose pass has to be fetched again later."""

    serials: tuple[str, ...]
    owed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Updater:
    """What the steps of an update need: the phone's memory, its packages, the way out, a clock.

    `forgiven_for` is how long after a change a device keeps silent about a superfluous push or
    list, since two pushes may cross (5 minutes on a device; 0 makes every one of them count).
    """

    state: PhoneState
    shelf: Shelf
    requests: WebServiceRequests
    clock: Callable[[], datetime]
    forgiven_for: timedelta

    async def register(self, held: HeldPass, link: WebServiceLink) -> None:
        """Register for updates. Raises `TaskError`."""
        token = held.authentication_token or ""
        task = phone_log.register_task(link, held.serial)
        try:
            status = await self.requests.register(link, held.serial, token, self.state.push_token)
        except TaskError as error:
            self.witness("register", f"{held.serial}: {error.reason}")
            held.registration = _after(error)
            await self._complain(link, [phone_log.task_failed(task, error)])
            raise
        held.registration = Registration.REGISTERED
        self.witness("register", f"{held.serial}: {status}")

    async def unregister(self, link: WebServiceLink, serial: str, token: str) -> None:
        """Tell the web service to forget this pass on this device. Raises `TaskError`."""
        try:
            await self.requests.unregister(link, serial, token)
        except TaskError as error:
            self.witness("unregister", f"{serial}: {error.reason}")
            task = phone_log.unregister_task(link, serial)
            await self._complain(link, [phone_log.task_failed(task, error)])
            raise
        self.witness("unregister", f"{serial}: 200")

    async def ask_for_changes(self, link: WebServiceLink, cause: Cause) -> Listed:
        """List what changed since the stored tag, and fetch each pass of the list.

        Raises `TaskError` when the list itself cannot be had.
        """
        asked_at = self.clock()
        try:
            changes = await self.requests.list_changes(link)
        except TaskError as error:
            self.witness("list", f"{_since(link)}: {error.reason}")
            await self._complain(link, [phone_log.task_failed(phone_log.list_task(link), error)])
            raise
        serials = changes.serials[:SERIALS_PER_LIST_MAX]
        self.witness("list", f"{_since(link)}: {', '.join(serials) or 'nothing'}")
        complaint = verdict_on_list(link, changes, cause)
        if changes.tag is not None and changes.tag != link.tag:
            link.tag, link.tag_moved_at = changes.tag, asked_at
        await self._complain(link, [complaint] if complaint else [])
        owed = [serial for serial in serials if not await self._fetch_listed(link, serial)]
        return Listed(serials, tuple(owed))

    async def fetch(self, held: HeldPass, link: WebServiceLink, *, listed: bool) -> bool:
        """Get one pass, compare and show it; returns whether it changed. Raises `TaskError`."""
        since = held.last_modified
        token = held.authentication_token or ""
        try:
            delivered = await self.requests.get_pass(link, held.serial, token, since)
            package = None if delivered is None else await self._accept(held, delivered)
        except TaskError as error:
            self.witness("get", f"{held.serial}: {error.reason}")
            task = phone_log.get_task(link, held.serial, since)
            await self._complain(link, [phone_log.task_failed(task, error)])
            raise
        is_changed = package is not None and package.manifest_digest != held.manifest_digest
        self.witness("get", f"{held.serial}: {_outcome(package, is_changed=is_changed)}")
        complaints = verdict_on_headers(link, held, delivered)
        if not is_changed:
            complaints += verdict_on_same_pass(link, held, delivered, listed=listed)
        await self._complain(link, complaints)
        if delivered is not None:
            held.last_modified = delivered.last_modified
        if package is not None and is_changed:
            self._show(held, package, notify=listed)
        return is_changed

    async def _fetch_listed(self, link: WebServiceLink, serial: str) -> bool:
        """Fetch one pass of a list; returns False when it has to be tried again."""
        held = self.state.pass_of(link.pass_type, serial)
        if held is None or not held.wants_updates():
            if not self._was_just_unregistered(link, serial):
                await self._complain(link, [phone_log.unregistered_serial(link, serial)])
            return True
        try:
            await self.fetch(held, link, listed=True)
        except TaskError as error:
            return not error.is_retried
        return True

    async def _accept(self, held: HeldPass, delivered: Delivered) -> Package:
        invalid = TaskError(DeviceLogKind.INVALID_PASS_DATA, "Received invalid pass data")
        try:
            package = await self.shelf.opened(delivered.package)
        except NotAPass as error:
            raise invalid from error
        is_same_pass = (package.pass_type, package.serial) == (held.pass_type, held.serial)
        if package.problems or not is_same_pass:
            raise invalid
        return package

    def _is_forgiven(self, complaint: Complaint, now: datetime) -> bool:
        moment = complaint.forgiven_after
        if moment is None or now - moment >= self.forgiven_for:
            return False
        self.state.forgive(complaint.kind)
        return True

    def _was_just_unregistered(self, link: WebServiceLink, serial: str) -> bool:
        moment = self.state.unregistered_at.get(f"{link.pass_type}/{serial}")
        return moment is not None and self.clock() - moment < UNREGISTERED_FORGIVEN

    def _show(self, held: HeldPass, package: Package, *, notify: bool) -> None:
        now = self.clock()
        old = self.shelf.package(held.key)
        style = style_of(package.content, knows_poster_generic=self.state.knows_poster_generic)
        update = update_between(
            fields_of(old.content, style, old.words),
            fields_of(package.content, style, package.words),
            style,
        )
        held.changed_at, held.manifest_digest = now, package.manifest_digest
        held.updated_keys = list(update.changed_keys)
        self.shelf.replace(package)
        if update.message is not None and notify:
            title = text_in(package.content, "organizationName") or package.pass_type
            self.state.notify(title, update.message, held.key, now)
            self.witness("notify", update.message)

    async def _complain(self, link: WebServiceLink, complaints: Sequence[Complaint]) -> None:
        now = self.clock()
        meant = [complaint for complaint in complaints if not self._is_forgiven(complaint, now)]
        if not meant:
            return
        lines = [phone_log.dated(complaint.text, now) for complaint in meant]
        for complaint, line in zip(meant, lines, strict=True):
            self.state.write_log(complaint.kind, line, now)
        try:
            await self.requests.send_log(link.url, lines)
        except TaskError as error:
            self.witness("log", error.reason)
            return
        self.witness("log", f"{len(lines)} lines: 200")

    def witness(self, action: str, detail: str) -> None:
        """Note a step for the person who watches, and keep it."""
        self.state.witness(action, detail, self.clock())
        self.shelf.changed()


def _after(error: TaskError) -> Registration:
    return Registration.PENDING if error.is_retried else Registration.FAILED


def _outcome(package: Package | None, *, is_changed: bool) -> str:
    if package is None:
        return "304"
    return "200, changed" if is_changed else "200, the same pass"


def _since(link: WebServiceLink) -> str:
    return "without a tag" if link.tag is None else f"since {link.tag}"
