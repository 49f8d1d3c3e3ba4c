"""What the courier to Google Wallet carries: how a class or an object shall be, or a message."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from workers.channels.google.calls import Resource

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PutClass:
    """A program's class as it shall be; `digest` is of its body."""

    issuer_id: str
    lane: int
    program_id: UUID
    class_id: str
    body: Body
    digest: bytes
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PutObject:
    """A card as it stands at a version; its class comes first where Google has none yet.

    The body asks for the phone to be lit up where a balance changed; without `may_notify` that
    was done often enough today.
    """

    issuer_id: str
    lane: int
    card_id: UUID
    program_id: UUID
    object_id: str
    body: Body
    is_new: bool
    version: int
    balance: str
    may_notify: bool
    before: PutClass | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddMessage:
    """A campaign's words to one card, or to a class and so to all of its cards.

    It is about the one message `message_id`, or about the cards of `program_id`; `is_repeat`
    says that an earlier attempt may have reached Google.
    """

    issuer_id: str
    lane: int
    resource: Resource
    resource_id: str
    message: Body
    may_notify: bool
    is_repeat: bool
    campaign_id: UUID
    program_id: UUID | None = None
    message_id: UUID | None = None


Parcel = PutClass | PutObject | AddMessage

_NOTIFY = "notifyPreference"
_MESSAGE_TYPE, _ALOUD, _QUIET = "messageType", "TEXT_AND_NOTIFY", "TEXT"


def aloud(parcel: PutObject | AddMessage) -> Body:
    """Return what to send first."""
    body = parcel.message if isinstance(parcel, AddMessage) else parcel.body
    return body if parcel.may_notify else quietly(parcel)


def quietly(parcel: PutObject | AddMessage) -> Body:
    """Return what to send when the phone may not be lit up again today."""
    if isinstance(parcel, AddMessage):
        return {**parcel.message, _MESSAGE_TYPE: _QUIET}
    return {name: value for name, value in parcel.body.items() if name != _NOTIFY}


def notifies(parcel: PutObject | AddMessage) -> bool:
    """Say whether the phone is lit up, which counts."""
    body = aloud(parcel)
    return _NOTIFY in body or body.get(_MESSAGE_TYPE) == _ALOUD
