"""What one phone remembers over a restart: its passes, web services, notifications and log."""

from datetime import datetime
from enum import StrEnum

import msgspec

NOTIFICATIONS_KEPT_MAX = 50
LOG_LINES_KEPT_MAX = 200
TIMELINE_KEPT_MAX = 100


class Registration(StrEnum):
    """How far the phone is with telling a web service that it wants updates of a pass."""

    NONE = "none"
    PENDING = "pending"
    REGISTERED = "registered"
    FAILED = "failed"


class WebServiceLink(msgspec.Struct, kw_only=True):
    """What a device stores for one web service and pass type: its identifier there and its tag."""

    url: str
    pass_type: str
    device: str
    tag: str | None = None
    tag_moved_at: datetime | None = None


class HeldPass(msgspec.Struct, kw_only=True):
    """A pass in this phone's Wallet, without its package, which lies in a file beside it."""

    key: str
    pass_type: str
    serial: str
    web_service_url: str | None
    authentication_token: str | None
    manifest_digest: str
    added_at: datetime
    changed_at: datetime
    last_modified: str | None = None
    automatic_updates: bool = True
    registration: Registration = Registration.NONE
    updated_keys: list[str] = msgspec.field(default_factory=list)

    def wants_updates(self) -> bool:
        """Whether a device registers this pass at all."""
        return self.automatic_updates and self.can_be_updated()

    def can_be_updated(self) -> bool:
        """Whether the pass names a web service and the token to speak with it."""
        return self.web_service_url is not None and self.authentication_token is not None


class Farewell(msgspec.Struct, kw_only=True):
    """A registration the web service has not yet been told to forget."""

    url: str
    pass_type: str
    serial: str
    device: str
    authentication_token: str


class Notification(msgspec.Struct, kw_only=True):
    """A message on the lock screen."""

    number: int
    at: datetime
    title: str
    text: str
    pass_key: str


class LogLine(msgspec.Struct, kw_only=True):
    """A line of the device log as it was sent to the web service."""

    at: datetime
    kind: str
    text: str


class Step(msgspec.Struct, kw_only=True):
    """One request the phone made, or push it received, for the developer who watches."""

    at: datetime
    action: str
    detail: str


class PhoneState(msgspec.Struct, kw_only=True):
    """Everything a phone keeps.

    `forgiven` counts what a device would have logged, had it not seen a change just before.
    """

    id: str
    name: str
    created_at: datetime
    push_token: str
    knows_poster_generic: bool = False
    links: list[WebServiceLink] = msgspec.field(default_factory=list)
    passes: list[HeldPass] = msgspec.field(default_factory=list)
    farewells: list[Farewell] = msgspec.field(default_factory=list)
    notifications: list[Notification] = msgspec.field(default_factory=list)
    log: list[LogLine] = msgspec.field(default_factory=list)
    timeline: list[Step] = msgspec.field(default_factory=list)
    counters: dict[str, int] = msgspec.field(default_factory=dict)
    forgiven: dict[str, int] = msgspec.field(default_factory=dict)
    requests: dict[str, int] = msgspec.field(default_factory=dict)
    unregistered_at: dict[str, datetime] = msgspec.field(default_factory=dict)
    notification_number: int = 0
    version: int = 0

    def pass_of(self, pass_type: str, serial: str) -> HeldPass | None:
        """The pass with this identity, if it is in the Wallet."""
        for held in self.passes:
            if held.pass_type == pass_type and held.serial == serial:
                return held
        return None

    def link_of(self, url: str, pass_type: str) -> WebServiceLink | None:
        """What is known of this web service for this pass type, if anything is."""
        for link in self.links:
            if link.url == url and link.pass_type == pass_type:
                return link
        return None

    def notify(self, title: str, text: str, pass_key: str, now: datetime) -> None:
        """Put a message on the lock screen, newest first."""
        self.notification_number += 1
        message = Notification(
            number=self.notification_number, at=now, title=title, text=text, pass_key=pass_key
        )
        self.notifications = [message, *self.notifications][:NOTIFICATIONS_KEPT_MAX]

    def write_log(self, kind: str, text: str, now: datetime) -> None:
        """Keep a line of the device log, newest first, and count its kind."""
        self.counters[kind] = self.counters.get(kind, 0) + 1
        self.log = [LogLine(at=now, kind=kind, text=text), *self.log][:LOG_LINES_KEPT_MAX]

    def forgive(self, kind: str) -> None:
        """Count what a device lets pass because a change was only just seen."""
        self.forgiven[kind] = self.forgiven.get(kind, 0) + 1

    def witness(self, action: str, detail: str, now: datetime) -> None:
        """Keep what happened for the panel beside the phone, newest first."""
        self.requests[action] = self.requests.get(action, 0) + 1
        self.timeline = [Step(at=now, action=action, detail=detail), *self.timeline]
        self.timeline = self.timeline[:TIMELINE_KEPT_MAX]
