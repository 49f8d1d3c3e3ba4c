"""Signed callbacks to passgate: what became of a message, and what a person answered."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import uuid4

import aiohttp
import jwt
from yarl import URL

from sandbox.sms.accounts import TWILIO_ACCOUNT, VONAGE_API_KEY, SmsAccounts
from sandbox.sms.inbox import State, Text

TWILIO, VONAGE = "twilio", "vonage"
STATUS, INBOUND = "/status", "/inbound"
VONAGE_STATES: Mapping[State, str] = {
    State.SENT: "submitted",
    State.DELIVERED: "delivered",
    State.FAILED: "undeliverable",
}
CALLBACK_SECONDS_MAX = 10.0


@dataclass(frozen=True, slots=True)
class Callback:
    """A request to passgate: where to, with which headers and body."""

    url: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


def report(text: Text, accounts: SmsAccounts) -> Callback | None:
    """Write the status callback of a text; None where its provider does not send one."""
    if text.provider == TWILIO:
        form = {
            "MessageSid": text.reference,
            "MessageStatus": "undelivered" if text.state is State.FAILED else text.state.value,
            "AccountSid": TWILIO_ACCOUNT,
            "From": text.merchant,
            "To": text.person,
        }
        if text.state is State.FAILED:
            form["ErrorCode"] = "30003"
        return _twilio(text.status_url, form, accounts)
    if text.state not in VONAGE_STATES:
        return None
    said: dict[str, object] = {
        "message_uuid": text.reference,
        "to": text.person.removeprefix("+"),
        "from": text.merchant.removeprefix("+"),
        "timestamp": text.at.isoformat(),
        "status": VONAGE_STATES[text.state],
        "channel": "sms",
    }
    if text.state is State.FAILED:
        said["error"] = {"type": "https://developer.vonage.com/api-errors/messages#1260"}
    return _vonage(text.status_url, said, accounts)


def inbound(text: Text, accounts: SmsAccounts) -> Callback:
    """Write the callback of a person's answer.

    It goes where a merchant would point the inbound webhook of its number: beside the door for
    reports.
    """
    url = text.status_url.partition("?")[0].removesuffix(STATUS) + INBOUND
    if text.provider == TWILIO:
        form = {
            "MessageSid": text.reference,
            "AccountSid": TWILIO_ACCOUNT,
            "From": text.person,
            "To": text.merchant,
            "Body": text.words,
            "NumSegments": "1",
        }
        return _twilio(url, form, accounts)
    said = {
        "channel": "sms",
        "message_uuid": text.reference,
        "to": text.merchant.removeprefix("+"),
        "from": text.person.removeprefix("+"),
        "timestamp": text.at.isoformat(),
        "message_type": "text",
        "text": text.words,
    }
    return _vonage(url, said, accounts)


async def post(session: aiohttp.ClientSession, callback: Callback, public_url: str) -> int:
    """Post a callback to passgate and nobody else; returns the status, 0 without an answer."""
    target = URL(callback.url)
    if not target.absolute or target.origin() != URL(public_url).origin():
        return 0
    timeout = aiohttp.ClientTimeout(total=CALLBACK_SECONDS_MAX)
    try:
        async with session.post(
            target,
            data=callback.body,
            headers=callback.headers,
            timeout=timeout,
            allow_redirects=False,
        ) as response:
            return response.status
    except (aiohttp.ClientError, TimeoutError):
        return 0


def _twilio(url: str, form: Mapping[str, str], accounts: SmsAccounts) -> Callback:
    """Sign as https://www.twilio.com/docs/usage/security says, apart from passgate's own code."""
    words = url
    for name in sorted(form):
        words += name + form[name]
    digest = hmac.digest(accounts.twilio_token.encode(), words.encode(), "sha1")
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Twilio-Signature": base64.b64encode(digest).decode(),
    }
    return Callback(url, headers, urlencode(form).encode())


def _vonage(url: str, said: Mapping[str, object], accounts: SmsAccounts) -> Callback:
    """Sign as https://developer.vonage.com/en/getting-started/concepts/webhooks says."""
    body = json.dumps(said, separators=(",", ":")).encode()
    claims = {
        "iat": int(time.time()),
        "jti": str(uuid4()),
        "iss": "Vonage",
        "payload_hash": hashlib.sha256(body).hexdigest(),
        "api_key": VONAGE_API_KEY,
    }
    token = jwt.encode(claims, accounts.vonage_signature_secret, algorithm="HS256")
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    return Callback(url, headers, body)
