"""What each reply of a mail server means for the mail and for its address.

RFC 5321 §4.2 and §4.3.2 for the replies, RFC 3463 for the enhanced codes in their texts.
"""

import re
from enum import StrEnum

from workers.channels.base import (
    Ambiguous,
    Delivered,
    Gone,
    Outcome,
    Permanent,
    StopSender,
    Temporary,
)

SENDER_STOPPED_RETRY_SECONDS = 15 * 60
SUCCESS_MIN, GO_ON_MIN, TEMPORARY_MIN, PERMANENT_MIN, REPLY_MAX = 200, 300, 400, 500, 599
AUTHENTICATION_CODES = frozenset({530, 534, 535, 538})
RECIPIENT_CODES = frozenset({550, 551, 553})
_ENHANCED = re.compile(r"^5\.(\d{1,3})\.\d{1,3}\b")
_ABOUT_ADDRESS, _ABOUT_POLICY = "1", "7"


class Stage(StrEnum):
    """How far a transaction had come when the reply came, or did not come."""

    OPENING = "Opening"
    SENDER = "Sender"
    RECIPIENT = "Recipient"
    DATA = "Data"
    SENT = "Sent"


def react(stage: Stage, code: int, text: str, server: str) -> Outcome:
    """Turn a reply to this stage into what the delivery and its address do next."""
    reason = f"{stage}{code}"
    if not SUCCESS_MIN <= code <= REPLY_MAX or GO_ON_MIN <= code < TEMPORARY_MIN:
        return lost(stage, "Unreadable")
    if code in AUTHENTICATION_CODES:
        return stop(reason)
    if code < GO_ON_MIN:
        return Delivered(server) if stage is Stage.SENT else Temporary(reason)
    if code < PERMANENT_MIN or stage is Stage.OPENING:
        return Temporary(reason)
    if stage is Stage.SENDER:
        return stop(reason)
    return Permanent(reason, Gone() if _is_dead(stage, code, text) else None)


def lost(stage: Stage, reason: str) -> Outcome:
    """Say what follows when no readable reply came.

    Once the content went out with its final dot the server may have taken it: RFC 5321 §4.2.5
    makes it answerable for the mail the moment it replies, whether the reply arrives or not.
    """
    return Ambiguous(reason) if stage is Stage.SENT else Temporary(reason)


def stop(reason: str) -> Temporary:
    """The server refuses us, not the recipient: later, and somebody must look."""
    return Temporary(reason, SENDER_STOPPED_RETRY_SECONDS, StopSender(reason))


def _is_dead(stage: Stage, code: int, text: str) -> bool:
    """Whether the address itself was refused, and not our standing or the content."""
    enhanced = _ENHANCED.match(text)
    subject = None if enhanced is None else enhanced[1]
    if stage is Stage.RECIPIENT:
        return code in RECIPIENT_CODES and subject != _ABOUT_POLICY
    return code in RECIPIENT_CODES and subject == _ABOUT_ADDRESS
