"""A callback of Google: somebody saved a card or deleted one.

Source: https://developers.google.com/wallet/retail/loyalty-cards/use-cases/use-callbacks-for-saves-and-deletions
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from passes.google.ids import ClassId, ObjectId
from passes.google.root_keys import RootKeys, moment
from passes.google.signed_message import Distrust, UntrustedCallback, signed_message

NONCE_CHARACTERS_MAX = 256


class CallbackEvent(StrEnum):
    """What happened to the card; UNKNOWN is an event Google has thought of since."""

    SAVE = "save"
    DELETE = "del"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """What Google says happened; the same `nonce` again is the same event, told twice.

    A nonce need not be remembered beyond `expires_at`: after that the callback is not believed.
    """

    class_id: ClassId
    object_id: ObjectId
    event: CallbackEvent
    nonce: str
    expires_at: datetime


def verify(body: bytes, issuer_id: str, root_keys: RootKeys, now: datetime) -> Callback:
    """Return what the callback says, if Google says so to this issuer and it is not too late.

    The issuer is ours, from our own settings; one read from the message would let in what was
    meant for others. Raises UntrustedCallback.
    """
    callback = _callback(signed_message(body, issuer_id, root_keys, now))
    if callback.expires_at <= now:
        raise UntrustedCallback(Distrust.EXPIRED)
    if {callback.class_id.issuer_id, callback.object_id.issuer_id} != {issuer_id}:
        raise UntrustedCallback(Distrust.OTHER_ISSUER)
    return callback


def _callback(content: Mapping[str, Any]) -> Callback:
    """Read the message; fields that Google adds, or leaves out as it does `count`, are nothing."""
    nonce, expires_at = content.get("nonce"), moment(content.get("expTimeMillis"))
    if not isinstance(nonce, str) or not 0 < len(nonce) <= NONCE_CHARACTERS_MAX:
        raise UntrustedCallback(Distrust.CONTENT)
    if not nonce.isprintable() or expires_at is None:
        raise UntrustedCallback(Distrust.CONTENT)
    try:
        class_id = ClassId.parse(str(content.get("classId")))
        object_id = ObjectId.parse(str(content.get("objectId")))
    except ValueError:
        raise UntrustedCallback(Distrust.CONTENT) from None
    return Callback(
        class_id=class_id,
        object_id=object_id,
        event=_event(content.get("eventType")),
        nonce=nonce,
        expires_at=expires_at,
    )


def _event(name: object) -> CallbackEvent:
    written = str(name).lower()
    return CallbackEvent(written) if written in set(CallbackEvent) else CallbackEvent.UNKNOWN
