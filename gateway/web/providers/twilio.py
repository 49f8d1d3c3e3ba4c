"""Twilio's callbacks: the signature, status reports and inbound messages."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping

import structlog

from gateway.web.providers.reports import DeliveryReport, InboundSms, ReportState

NAME = "twilio"
TEXT_CHARACTERS_MAX = 1_600
SID = re.compile(r"(SM|MM)[0-9a-fA-F]{32}", re.ASCII)
NUMBER = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
ERROR = re.compile(r"[0-9]{1,6}", re.ASCII)
# https://www.twilio.com/docs/messaging/api/message-resource#message-status-values
STATES: Mapping[str, ReportState] = {
    "accepted": ReportState.SENT,
    "scheduled": ReportState.SENT,
    "queued": ReportState.SENT,
    "sending": ReportState.SENT,
    "sent": ReportState.SENT,
    "delivered": ReportState.DELIVERED,
    "read": ReportState.DELIVERED,
    "undelivered": ReportState.BOUNCED,
    "failed": ReportState.FAILED,
    "canceled": ReportState.FAILED,
}

_log = structlog.get_logger()


def sign(url: str, form: Iterable[tuple[str, str]], token: str) -> str:
    """Return the X-Twilio-Signature of a form posted to a URL, as Twilio was given it.

    Names are sorted, each followed by its distinct values, sorted as well:
    https://www.twilio.com/docs/usage/security#validating-requests
    """
    text = url + "".join(name + value for name, value in sorted(set(form)))
    digest = hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode("ascii")


def is_signed(url: str, form: Iterable[tuple[str, str]], signature: str, token: str) -> bool:
    """Whether Twilio made this request; takes the same time for every wrong signature."""
    expected, shown = sign(url, form, token).encode(), signature.encode("utf-8", "replace")
    return hmac.compare_digest(expected, shown)


def parse_report(form: Mapping[str, str]) -> DeliveryReport | None:
    """Read a status callback of a signed form; None, and a line in the log, if it is unknown.

    https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
    """
    sid, status = form.get("MessageSid", ""), form.get("MessageStatus", "")
    state = STATES.get(status)
    if state is None or not SID.fullmatch(sid):
        _log.warning("report_unknown", provider=NAME, known_state=state is not None)
        return None
    error = form.get("ErrorCode", "")
    reason = f"Twilio{error}" if ERROR.fullmatch(error) else None
    return DeliveryReport(provider=NAME, reference=sid, state=state, reason=reason)


def parse_inbound(form: Mapping[str, str]) -> InboundSms | None:
    """Read an inbound message of a signed form; None, and a line in the log, if it is unknown.

    https://www.twilio.com/docs/messaging/guides/webhook-request
    """
    sid, sender, recipient = (form.get(name, "") for name in ("MessageSid", "From", "To"))
    if not (SID.fullmatch(sid) and NUMBER.fullmatch(sender) and NUMBER.fullmatch(recipient)):
        _log.warning("inbound_unknown", provider=NAME)
        return None
    return InboundSms(
        provider=NAME,
        reference=sid,
        sender=sender,
        recipient=recipient,
        text=form.get("Body", "")[:TEXT_CHARACTERS_MAX],
    )
