"""What Google Wallet does with classes and objects: the verbs of its API without HTTP."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.google.budgets import Clock, may_notify
from sandbox.google.merging import merged, without_nulls
from sandbox.google.records import CLASS, OBJECT, SCHEMAS, Content, Record, Records
from sandbox.google.refusals import ApiRefusal, exists, invalid, not_found, quota_exceeded
from sandbox.google.rules import (
    DRAFT,
    MESSAGES_MAX,
    UNDER_REVIEW,
    check_complete,
    check_id,
    check_review,
)

PAGE_ROWS_MAX = 100
# The fields whose change notifies, when the writer asks for it.
NOTIFYING = {
    CLASS: ("rewardsTier", "secondaryRewardsTier", "programName"),
    OBJECT: ("loyaltyPoints", "secondaryLoyaltyPoints"),
}
EPHEMERAL = "notifyPreference"
SET_BY_GOOGLE = frozenset({"hasUsers", "hasLinkedDevice", "classReference", "kind", "version"})


@dataclass(frozen=True, slots=True)
class Notice:
    """What a holder's phone shows; `text` is empty where only a pass changed."""

    kind: str
    resource_id: str
    title: str
    text: str


Subscriber = Callable[[Record, Notice | None], None]


class Wallet:
    """Keeps loyalty classes and objects by Google's rules; every refusal is an ApiRefusal."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self.records = records
        self._clock = clock
        self._subscribers: list[Subscriber] = []

    def on_change(self, subscriber: Subscriber) -> None:
        """Call `subscriber(record, notice)` after each change; the notice may be None."""
        self._subscribers.append(subscriber)

    def get(self, kind: str, resource_id: str) -> Record:
        """Return a resource, or say 404."""
        record = self.records.find(kind, resource_id)
        if record is None:
            raise not_found(resource_id)
        return record

    def insert(self, kind: str, body: Content) -> Content:
        """Add a resource; 409 when there is one."""
        check_id(str(body.get("id", "")))
        if self.records.find(kind, body["id"]) is not None:
            raise exists(body["id"])
        return self._written(Record(kind=kind, content={}), body, body)

    def update(self, kind: str, resource_id: str, body: Content) -> Content:
        """Replace a resource whole: what is not in `body` is cleared."""
        self._check_same(resource_id, body)
        return self._written(self.get(kind, resource_id), body, body)

    def patch(self, kind: str, resource_id: str, body: Content) -> Content:
        """Merge `body` into a resource; arrays are replaced."""
        self._check_same(resource_id, body)
        record = self.get(kind, resource_id)
        kept = record.content
        if kind == CLASS and "reviewStatus" not in body and kept["reviewStatus"] not in DRAFT:
            raise invalid("An update of an approved class must set reviewStatus to UNDER_REVIEW.")
        return self._written(record, merged(kept, body), body)

    def add_message(self, kind: str, resource_id: str, message: Content) -> Content:
        """Append a message; Google never asks whether it had this id before."""
        record = self.get(kind, resource_id)
        if not message:
            raise invalid("Missing required field 'message'.")
        notice = None
        if message.get("messageType") == "TEXT_AND_NOTIFY":
            what = f"adding TEXT_AND_NOTIFY message to {'class' if kind == CLASS else 'object'}"
            if not may_notify(record.messages_noticed, self._clock()):
                raise quota_exceeded(what, resource_id)
            notice = Notice(
                kind, resource_id, str(message.get("header", "")), str(message.get("body", ""))
            )
        messages = [*record.content.get("messages", []), message][-MESSAGES_MAX:]
        record.content = {**record.content, "messages": messages}
        self._keep(record, notice)
        return {"resource": record.content}

    def page(self, kind: str, parent: str, size: int, token: str) -> Content:
        """List the objects of a class or the classes of an issuer; `token` as we gave it."""
        key = "classId" if kind == OBJECT else "id"
        start = int(token) if token.isdecimal() else 0
        size = size if 0 < size <= PAGE_ROWS_MAX else PAGE_ROWS_MAX
        mine = [
            record.content
            for record in self.records.of(kind)
            if record.content[key] == parent or record.content[key].startswith(f"{parent}.")
        ]
        pagination: Content = {"resultsPerPage": size}
        if start + size < len(mine):
            pagination["nextPageToken"] = str(start + size)
        return {"resources": mine[start : start + size], "pagination": pagination}

    def note_users(self, object_id: str, *, has_users: bool) -> None:
        """Remember whether anybody holds an object."""
        record = self.get(OBJECT, object_id)
        record.content = {**record.content, "hasUsers": has_users}
        self._keep(record, None)

    def _written(self, record: Record, whole: Content, body: Content) -> Content:
        """Keep what a write of `body` makes of a record, or refuse it and keep what was."""
        wants_notice = body.get(EPHEMERAL) in {"NOTIFY_ON_UPDATE", "notifyOnUpdate"}
        whole = without_nulls(whole)
        content = {k: v for k, v in whole.items() if k not in {EPHEMERAL, *SET_BY_GOOGLE}}
        content |= {k: v for k, v in record.content.items() if k in SET_BY_GOOGLE}
        check_complete(SCHEMAS[record.kind], content)
        if record.kind == CLASS:
            content["reviewStatus"] = _reviewed(record.content, content, body)
        else:
            self._check_class(content)
        notice = self._notice(record, content) if wants_notice else None
        record.content = content
        self._keep(record, notice)
        return content

    def _notice(self, record: Record, content: Content) -> Notice | None:
        before = record.content
        if not before or all(before.get(f) == content.get(f) for f in NOTIFYING[record.kind]):
            return None
        if not may_notify(record.updates_noticed, self._clock()):
            raise quota_exceeded("notifying about an update of", record.id)
        return Notice(record.kind, record.id, "", "")

    def _keep(self, record: Record, notice: Notice | None) -> None:
        self.records.keep(record)
        for subscriber in self._subscribers:
            subscriber(record, notice)

    def _check_class(self, content: Content) -> None:
        class_id = str(content["classId"])
        if class_id.partition(".")[0] != content["id"].partition(".")[0]:
            raise invalid(f"Invalid resource ID: {class_id}")
        found = self.records.find(CLASS, class_id)
        if found is None:
            raise ApiRefusal(404, "classNotFound", f"Class {class_id} not found.")
        if found.content["reviewStatus"] in DRAFT:
            raise invalid(f"Class {class_id} is a draft and cannot have objects.")

    @staticmethod
    def _check_same(resource_id: str, body: Content) -> None:
        if body.get("id", resource_id) != resource_id:
            raise invalid(f"Invalid resource ID: {body['id']}")


def _reviewed(before: Content, after: Content, body: Content) -> str:
    """Return the review status that follows: Google approves at once."""
    status = str(after["reviewStatus"])
    if "reviewStatus" in body:
        check_review(before.get("reviewStatus"), status)
    return "APPROVED" if status in UNDER_REVIEW else status
