"""The lines a device writes into its log when a web service does not behave.

The wording is what iPhones send to `/v1/log` as seen in public server logs; servers parse it.
"""

from dataclasses import dataclass
from datetime import datetime

from passes.apple.device_log import DeviceLogKind
from sandbox.phone.state import HeldPass, WebServiceLink

_RETRIED = frozenset({DeviceLogKind.UNEXPECTED_RESPONSE_CODE, DeviceLogKind.CONNECTION_ERROR})


class TaskError(Exception):
    """A request to a web service did not end as a device expects."""

    def __init__(self, kind: DeviceLogKind, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason

    @property
    def is_retried(self) -> bool:
        """Whether a device tries again after a while."""
        return self.kind in _RETRIED


@dataclass(frozen=True, slots=True)
class Complaint:
    """A line for the device log, before it is dated.

    A device keeps silent for a while after `forgiven_after`, the moment it last saw a change.
    """

    kind: DeviceLogKind
    text: str
    forgiven_after: datetime | None = None


def dated(text: str, now: datetime) -> str:
    """A log line with the date in front as a device writes it."""
    return f"[{now:%Y-%m-%d %H:%M:%S %z}] {text}"


def task_failed(task: str, error: TaskError) -> Complaint:
    """A request failed; `task` describes it as `register_task` and its siblings do."""
    return Complaint(error.kind, f"{task} encountered error: {error.reason}")


def register_task(link: WebServiceLink, serial: str) -> str:
    """How a device names its registration of a pass."""
    return _pass_task("Register task", link, serial)


def unregister_task(link: WebServiceLink, serial: str) -> str:
    """How a device names the end of a registration."""
    return _pass_task("Unregister task", link, serial)


def list_task(link: WebServiceLink) -> str:
    """How a device names its question what changed."""
    tag = "(null)" if link.tag is None else link.tag
    return (
        f"Get serial #s task (for device {link.device}, pass type {link.pass_type}, "
        f"last updated {tag}; with web service url {link.url})"
    )


def get_task(link: WebServiceLink, serial: str, last_modified: str | None) -> str:
    """How a device names its download of a changed pass."""
    since = "(null)" if last_modified is None else last_modified
    return (
        f"Get pass task (pass type {link.pass_type}, serial number {serial}, "
        f"if-modified-since {since}; with web service url {link.url})"
    )


def spurious_push(link: WebServiceLink) -> Complaint:
    """A push came, yet nothing had changed."""
    text = (
        f"Device received spurious push. Request for passesUpdatedSince '{link.tag}' "
        f"returned no serial numbers. (Device = {link.device})"
    )
    return _of_service(DeviceLogKind.SPURIOUS_PUSH, link, text, link.tag_moved_at)


def pass_unchanged(link: WebServiceLink, held: HeldPass) -> Complaint:
    """The list named a pass whose content is the same as before."""
    text = f"Server requested update to serial number '{held.serial}', but the pass was unchanged."
    return _of_service(DeviceLogKind.PASS_UNCHANGED, link, text, held.changed_at)


def tag_remained_same(link: WebServiceLink, count: int) -> Complaint:
    """The list named passes, yet its tag did not move, so that they will be listed for ever."""
    text = (
        f"Response to 'What changed?' request included {count} serial numbers "
        f"but the lastUpdated tag ({link.tag}) remained the same."
    )
    return _of_service(DeviceLogKind.TAG_SAME, link, text)


def tag_omitted(link: WebServiceLink, count: int) -> Complaint:
    """The list named passes without a tag."""
    text = (
        f"Response to 'What changed?' request included {count} serial numbers "
        f"but omitted a lastUpdated tag."
    )
    return _of_service(DeviceLogKind.TAG_MISSING, link, text)


def unregistered_serial(link: WebServiceLink, serial: str) -> Complaint:
    """The list named a pass this device never asked to be told of."""
    text = f"Update requested for unregistered serial number {serial}"
    return _of_service(DeviceLogKind.UNREGISTERED_SERIAL, link, text)


def ignored_if_modified_since(link: WebServiceLink, held: HeldPass) -> Complaint:
    """The server sent a pass the device already has, although it said so."""
    text = (
        f"Server ignored the 'if-modified-since' header ({held.last_modified}) and returned "
        f"the full unchanged pass data for serial number '{held.serial}'."
    )
    return _of_service(DeviceLogKind.IF_MODIFIED_SINCE_IGNORED, link, text)


def missing_last_modified(link: WebServiceLink, held: HeldPass) -> Complaint:
    """The server sent a pass without saying when it changed."""
    text = f"Server did not provide a 'last-modified' header for serial number '{held.serial}'."
    return _of_service(DeviceLogKind.LAST_MODIFIED_MISSING, link, text)


def _pass_task(name: str, link: WebServiceLink, serial: str) -> str:
    return (
        f"{name} (for device {link.device}, pass type {link.pass_type}, "
        f"serial number {serial}; with web service url {link.url})"
    )


def _of_service(
    kind: DeviceLogKind,
    link: WebServiceLink,
    text: str,
    forgiven_after: datetime | None = None,
) -> Complaint:
    said = f"Web service error for {link.pass_type} ({link.url}): {text}"
    return Complaint(kind, said, forgiven_after)
