"""What a device holds against a web service after a list or a pass, as plain rules.

https://developer.apple.com/documentation/walletpasses/get-the-list-of-updatable-passes
"""

from enum import StrEnum

from sandbox.phone import log as phone_log
from sandbox.phone.log import Complaint
from sandbox.phone.requests import Changes, Delivered
from sandbox.phone.state import HeldPass, WebServiceLink


class Cause(StrEnum):
    """Why a phone asks for changes; only a push without a change is spurious."""

    PUSH = "push"
    REGISTERED = "registered"
    RESTART = "restart"
    RETRY = "retry"


def verdict_on_list(link: WebServiceLink, changes: Changes, cause: Cause) -> Complaint | None:
    """What is wrong with a list, judged before its tag is taken over."""
    count = len(changes.serials)
    if not count:
        is_spurious = cause is Cause.PUSH
        return phone_log.spurious_push(link) if is_spurious else None
    if changes.tag is None:
        return phone_log.tag_omitted(link, count)
    if changes.tag == link.tag:
        return phone_log.tag_remained_same(link, count)
    return None


def verdict_on_same_pass(
    link: WebServiceLink, held: HeldPass, delivered: Delivered | None, *, listed: bool
) -> list[Complaint]:
    """What is wrong with an answer that brought nothing new; None stands for 304.

    Without a date from the server the device has only the file the browser gave it, and does
    not blame the server for sending that again.
    """
    if held.last_modified is None:
        return []
    complaints = [phone_log.pass_unchanged(link, held)] if listed else []
    if delivered is not None:
        complaints.append(phone_log.ignored_if_modified_since(link, held))
    return complaints


def verdict_on_headers(
    link: WebServiceLink, held: HeldPass, delivered: Delivered | None
) -> list[Complaint]:
    """What is wrong with the headers of a pass that was sent."""
    if delivered is None or delivered.last_modified is not None:
        return []
    return [phone_log.missing_last_modified(link, held)]
