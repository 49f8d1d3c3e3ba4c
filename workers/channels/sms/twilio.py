"""Text messages through Twilio's Messages API."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import quote, urlencode

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

NAME = "twilio"
OPTED_OUT = 21610
# https://www.twilio.com/docs/api/errors
INVALID_NUMBERS = frozenset({21211, 21214, 21217, 21614})
REFUSED_SENDERS = frozenset({20003, 20005, 20404, 21212, 21606, 21608, 21659, 21660})
REFUSED_MESSAGES = frozenset({21408, 21602, 21612, 21617})
FULL_QUEUES = frozenset({14107, 20429, 21611, 30001})


@dataclass(frozen=True, slots=True, kw_only=True)
class TwilioAccount:
    """Whose messages they are, and where Twilio is (scheme and host)."""

    url: str
    account: str
    token: str = field(repr=False)


class _Created(msgspec.Struct, frozen=True):
    sid: str


class _Error(msgspec.Struct, frozen=True):
    code: int


class Twilio:
    """Posts each message as a form.

    https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource
    """

    seconds_max = TOTAL_SECONDS_MAX

    def __init__(self, account: TwilioAccount, session: aiohttp.ClientSession) -> None:
        """Take the account and an open session, which stays its owner's to close."""
        self._session = session
        place = f"/2010-04-01/Accounts/{quote(account.account, safe='')}/Messages.json"
        self._url = account.url + place
        self._authorization = basic(account.account, account.token)

    async def send(self, message: Sms) -> Outcome:
        """Send one message; Twilio knows no request key, so an unanswered one is Ambiguous."""
        form = {
            "To": message.recipient,
            "From": message.sender,
            "Body": message.text,
            "StatusCallback": message.status_url_of(NAME),
        }
        request = Post(
            url=self._url,
            authorization=self._authorization,
            content_type="application/x-www-form-urlencoded",
            body=urlencode(form).encode("ascii"),
        )
        answer = await post(self._session, request)
        return react(answer) if isinstance(answer, Answer) else answer

    async def close(self) -> None:
        """Nothing is held open here."""


def basic(user: str, password: str) -> str:
    """Return an Authorization header (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")


def react(answer: Answer) -> Outcome:
    """Turn Twilio's answer into what the delivery and its number do next.

    https://www.twilio.com/docs/usage/twilios-response
    """
    if answer.status in {HTTPStatus.OK, HTTPStatus.CREATED}:
        return _created(answer.body)
    code = _code(answer.body)
    outcome = _OUTCOMES.get(code)
    if outcome is not None:
        return outcome
    if code in FULL_QUEUES:
        return Temporary(f"Twilio{code}", answer.retry_after_seconds)
    return react_to_status(answer, "Twilio") or Unclassified(f"Twilio{code or answer.status}")


def _created(body: bytes) -> Outcome:
    try:
        return Delivered(NAME, msgspec.json.decode(body, type=_Created).sid)
    except msgspec.DecodeError:
        return Ambiguous("TwilioUnreadable")


def _code(body: bytes) -> int:
    try:
        return msgspec.json.decode(body, type=_Error).code
    except msgspec.DecodeError:
        return 0


_OUTCOMES: Mapping[int, Outcome] = {
    OPTED_OUT: Permanent("OptedOut", Gone()),
    **{code: Permanent("InvalidNumber", Gone()) for code in INVALID_NUMBERS},
    **{code: stop(f"Twilio{code}") for code in REFUSED_SENDERS},
    **{code: Permanent(f"Twilio{code}") for code in REFUSED_MESSAGES},
}
