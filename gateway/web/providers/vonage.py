"""Vonage's callbacks: the signature, status reports and inbound messages."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import jwt
import msgspec
import structlog

from gateway.web.providers.reports import DeliveryReport, InboundSms, ReportState

NAME = "vonage"
BEARER = "Bearer "
AGE_MAX = timedelta(minutes=5)
TEXT_CHARACTERS_MAX = 1_600
NUMBER = re.compile(r"[1-9][0-9]{6,14}", re.ASCII)
ERROR = re.compile(r"#([0-9]{1,6})$", re.ASCII)
# https://developer.vonage.com/en/messages/concepts/messages-status-callbacks
STATES: Mapping[str, ReportState] = {
    "submitted": ReportState.SENT,
    "delivered": ReportState.DELIVERED,
    "read": ReportState.DELIVERED,
    "rejected": ReportState.FAILED,
    "undeliverable": ReportState.BOUNCED,
}

_log = structlog.get_logger()


class _Error(msgspec.Struct, frozen=True):
    type: str = ""


class _Status(msgspec.Struct, frozen=True):
    """A report; Vonage adds fields as it likes, so that those we do not use are passed over."""

    message_uuid: UUID
    status: str
    error: _Error = _Error()


class _Inbound(msgspec.Struct, frozen=True, rename={"sender": "from", "recipient": "to"}):
    message_uuid: UUID
    sender: str
    recipient: str
    text: str = ""


def is_signed(authorization: str, body: bytes, secret: str, now: datetime) -> bool:
    """Whether Vonage made this request within the last minutes and nobody changed its body.

    https://developer.vonage.com/en/getting-started/concepts/webhooks#decoding-signed-webhooks
    """
    # What is not ASCII is no token, and could not be encoded to be checked.
    if not (authorization.isascii() and authorization.startswith(BEARER)):
        return False
    try:
        claims = jwt.decode(
            authorization.removeprefix(BEARER),
            secret,
            algorithms=["HS256"],
            # The age is checked below, by the clock we were given.
            options={
                "require": ["iat", "payload_hash"],
                "verify_iat": False,
                "verify_exp": False,
                "verify_nbf": False,
            },
        )
    except jwt.PyJWTError:
        return False
    issued, hashed = claims["iat"], claims["payload_hash"]
    if type(issued) is not int or not isinstance(hashed, str):
        return False
    if abs(now.timestamp() - issued) > AGE_MAX.total_seconds():
        return False
    shown = hashed.lower().encode("utf-8", "replace")
    return hmac.compare_digest(hashlib.sha256(body).hexdigest().encode(), shown)


def parse_report(body: bytes) -> DeliveryReport | None:
    """Read a signed status callback; None, and a line in the log, if it is unknown."""
    try:
        status = msgspec.json.decode(body, type=_Status)
    except msgspec.DecodeError:
        _log.warning("report_unknown", provider=NAME, known_state=False)
        return None
    state = STATES.get(status.status)
    if state is None:
        _log.warning("report_unknown", provider=NAME, known_state=False)
        return None
    code = ERROR.search(status.error.type)
    return DeliveryReport(
        provider=NAME,
        reference=str(status.message_uuid),
        state=state,
        reason=f"Vonage{code[1]}" if code else None,
    )


def parse_inbound(body: bytes) -> InboundSms | None:
    """Read a signed inbound message; None, and a line in the log, if it is unknown.

    https://developer.vonage.com/en/api/messages
    """
    try:
        inbound = msgspec.json.decode(body, type=_Inbound)
    except msgspec.DecodeError:
        _log.warning("inbound_unknown", provider=NAME)
        return None
    if not (NUMBER.fullmatch(inbound.sender) and NUMBER.fullmatch(inbound.recipient)):
        _log.warning("inbound_unknown", provider=NAME)
        return None
    return InboundSms(
        provider=NAME,
        reference=str(inbound.message_uuid),
        sender=f"+{inbound.sender}",
        recipient=f"+{inbound.recipient}",
        text=inbound.text[:TEXT_CHARACTERS_MAX],
    )
