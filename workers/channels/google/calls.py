"""One call of the Google Wallet API: sent once, answered or not, and never an exception.

https://developers.google.com/wallet/reference/rest
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import aiohttp

from workers.channels.base import Temporary
from workers.channels.google.answers import Answer, parse_answer
from workers.channels.google.tokens import AccessTokens

# Google's advice; half of a percent of its calls take longer than 5 s.
CALL_TIMEOUT = aiohttp.ClientTimeout(total=10.0, sock_connect=3.0)
ANSWER_BYTES_MAX = 1024 * 1024
# Google compresses for agents whose name says gzip, beside Accept-Encoding.
USER_AGENT = "passgate (gzip)"

JsonObject = Mapping[str, Any]


class Resource(StrEnum):
    """The kinds of resources, as their paths name them."""

    CLASS = "loyaltyClass"
    OBJECT = "loyaltyObject"
    LINK_CHECK = "jwt/validate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What to send: `resource_id` also names the issuer whose service account speaks."""

    verb: str
    resource: Resource
    resource_id: str
    # What follows the resource's address, such as ``/addMessage``; None for an insert.
    action: str | None = ""
    body: JsonObject | None = None
    # The fields to be answered; everything else stays at Google.
    fields: str = "id"

    @property
    def issuer_id(self) -> str:
        """The issuer: what stands before the first dot of every id."""
        return self.resource_id.partition(".")[0]

    @property
    def path(self) -> str:
        """The path after the host."""
        if self.action is None:
            return f"/walletobjects/v1/{self.resource}"
        return f"/walletobjects/v1/{self.resource}/{quote(self.resource_id, safe='')}{self.action}"


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer that can be read: perhaps Google did it, perhaps not."""

    reason: str


class Caller:
    """Sends calls with a token; nothing is sent twice but what a 401 says was not looked at."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        base_url: str,
        tokens: AccessTokens,
        timeout: aiohttp.ClientTimeout,
    ) -> None:
        self._session = session
        self._base_url = base_url
        self._tokens = tokens
        self._timeout = timeout

    async def call(self, call: Call) -> Answer | Temporary | Lost:
        """Send a call; Temporary means that nothing was sent."""
        token = await self._tokens.token(call.issuer_id)
        if isinstance(token, Temporary):
            return token
        answer = await self._send(call, token)
        if isinstance(answer, Answer) and answer.status == HTTPStatus.UNAUTHORIZED:
            token = await self._tokens.token(call.issuer_id, instead_of=token)
            if isinstance(token, Temporary):
                return token
            answer = await self._send(call, token)
        return answer

    async def _send(self, call: Call, token: str) -> Answer | Temporary | Lost:
        try:
            async with self._session.request(
                call.verb,
                self._base_url + call.path,
                params={"fields": call.fields},
                json=call.body,
                headers={"Authorization": f"Bearer {token}", "User-Agent": USER_AGENT},
                timeout=self._timeout,
                allow_redirects=False,
            ) as response:
                body = await _body(response)
        except aiohttp.ClientConnectorError:
            return Temporary("Unreachable")
        except TimeoutError:
            return Lost("NoAnswerInTime")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return Lost(type(error).__name__)
        return parse_answer(response.status, response.headers, body)


async def _body(response: aiohttp.ClientResponse) -> bytes:
    """Read an answer's body; raises ValueError for one no honest answer has."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > ANSWER_BYTES_MAX:
            raise ValueError("too long")
    return bytes(body)
