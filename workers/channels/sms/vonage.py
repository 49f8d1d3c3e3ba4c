"""Text messages through Vonage's Messages API, version 1."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

import aiohttp
import msgspec

from workers.channels.base import (
    Ambiguous,
    Delivered,
    Gone,
    Outcome,
    Permanent,
    Temporary,
    Unclassified,
)
from workers.channels.sms.posting import (
    TOTAL_SECONDS_MAX,
    Answer,
    Post,
    post,
    react_to_status,
    stop,
)
from workers.channels.sms.sms import Sms
from workers.channels.sms.twilio import basic

NAME = "vonage"
# https://developer.vonage.com/en/api-errors/messages
THROTTLED, NUMBER_BARRED, NOT_SUBMITTED = 1000, 1050, 1100
REFUSED_SENDERS = frozenset({1060, 1070, 1080, 1120, 1140, 1160})
REFUSED_MESSAGES = frozenset({1010, 1020, 1040, 1090, 1130, 1150, 1170})
_CODE = re.compile(r"#(\d{3,5})$")


@dataclass(frozen=True, slots=True, kw_only=True)
class VonageAccount:
    """Whose messages they are, and where Vonage is (scheme and host)."""

    url: str
    api_key: str
    api_secret: str = field(repr=False)


class _Accepted(msgspec.Struct, frozen=True):
    message_uuid: str


class _Problem(msgspec.Struct, frozen=True):
    type: str


class Vonage:
    """Posts each message as JSON.

    https://developer.vonage.com/en/api/messages
    """

    seconds_max = TOTAL_SECONDS_MAX

    def __init__(self, account: VonageAccount, session: aiohttp.ClientSession) -> None:
        """Take the account and an open session, which stays its owner's to close."""
        self._session = session
        self._url = account.url + "/v1/messages"
        self._authorization = basic(account.api_key, account.api_secret)

    async def send(self, message: Sms) -> Outcome:
        """Send one message; `client_ref` names it in reports, but is no key against doubles."""
        body = {
            "channel": "sms",
            "message_type": "text",
            "to": message.recipient.removeprefix("+"),
            "from": message.sender.removeprefix("+"),
            "text": message.text,
            "client_ref": str(message.key),
            "webhook_url": message.status_url_of(NAME),
            "webhook_version": "v1",
        }
        request = Post(
            url=self._url,
            authorization=self._authorization,
            content_type="application/json",
            body=msgspec.json.encode(body),
        )
        answer = await post(self._session, request)
        return react(answer) if isinstance(answer, Answer) else answer

    async def close(self) -> None:
        """Nothing is held open here."""


def react(answer: Answer) -> Outcome:
    """Turn Vonage's answer, an RFC 7807 problem when it is a no, into what follows.

    https://developer.vonage.com/en/api-errors
    """
    if answer.status in {HTTPStatus.OK, HTTPStatus.ACCEPTED}:
        return _accepted(answer.body)
    code = _code(answer.body)
    outcome = _OUTCOMES.get(code)
    if outcome is not None:
        return outcome
    if code in {THROTTLED, NOT_SUBMITTED}:
        return Temporary(f"Vonage{code}", answer.retry_after_seconds)
    return react_to_status(answer, "Vonage") or Unclassified(f"Vonage{code or answer.status}")


def _accepted(body: bytes) -> Outcome:
    try:
        return Delivered(NAME, msgspec.json.decode(body, type=_Accepted).message_uuid)
    except msgspec.DecodeError:
        return Ambiguous("VonageUnreadable")


def _code(body: bytes) -> int:
    """Read the number at the end of the problem's type, …/api-errors/messages#1120."""
    try:
        found = _CODE.search(msgspec.json.decode(body, type=_Problem).type)
    except msgspec.DecodeError:
        return 0
    return int(found[1]) if found else 0


_OUTCOMES: Mapping[int, Outcome] = {
    NUMBER_BARRED: Permanent("OptedOut", Gone()),
    **{code: stop(f"Vonage{code}") for code in REFUSED_SENDERS},
    **{code: Permanent(f"Vonage{code}") for code in REFUSED_MESSAGES},
}
