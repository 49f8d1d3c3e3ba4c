"""Posts to a provider that charges for every message: nothing here is ever repeated."""

from dataclasses import dataclass, field
from http import HTTPStatus

import aiohttp

from workers.channels.base import Ambiguous, Outcome, StopSender, Temporary
from workers.channels.retry_after import retry_after_seconds

# Two providers one after the other stay below the lease of a delivery.
TOTAL_SECONDS_MAX = 10.0
CONNECT_SECONDS_MAX = 3.0
BODY_BYTES_MAX = 64 * 1024
RETRY_AFTER_SECONDS_MAX = 3_600
SENDER_STOPPED_RETRY_SECONDS = 15 * 60
_TIMEOUT = aiohttp.ClientTimeout(total=TOTAL_SECONDS_MAX, connect=CONNECT_SECONDS_MAX)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider said: the status, the first part of the body, and when to ask again."""

    status: int
    body: bytes = field(repr=False)
    retry_after_seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A request: where to, its authorization header, and a form or JSON already encoded."""

    url: str
    authorization: str = field(repr=False)
    content_type: str
    body: bytes = field(repr=False)


async def post(session: aiohttp.ClientSession, request: Post) -> Answer | Temporary | Ambiguous:
    """Post once; Temporary when no connection came about, Ambiguous when no answer came back.

    A provider without request keys may have taken what it did not answer, and would take it
    again: https://www.twilio.com/docs/messaging/api/message-resource
    """
    headers = {
        "Authorization": request.authorization,
        "Content-Type": request.content_type,
        "Accept": "application/json",
    }
    try:
        async with session.post(
            request.url,
            data=request.body,
            headers=headers,
            timeout=_TIMEOUT,
            allow_redirects=False,
        ) as response:
            body = await _read(response.content)
            later = retry_after_seconds(response.headers, seconds_max=RETRY_AFTER_SECONDS_MAX)
            return Answer(response.status, body, later)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        return Temporary("Unreachable")
    except TimeoutError:
        return Ambiguous("NoAnswer")
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return Ambiguous(type(error).__name__)


def stop(reason: str) -> Temporary:
    """The provider refuses us, not the recipient: later, and somebody must look."""
    return Temporary(reason, SENDER_STOPPED_RETRY_SECONDS, StopSender(reason))


def react_to_status(answer: Answer, name: str) -> Outcome | None:
    """Say what a status alone means; None where the provider's own code decides.

    After a 500, 502 or 504 the message may have gone out; 503 says that it was not handled
    (https://www.rfc-editor.org/rfc/rfc9110#section-15.6.4).
    """
    reason = f"{name}{answer.status}"
    match answer.status:
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.PAYMENT_REQUIRED | HTTPStatus.FORBIDDEN:
            return stop(reason)
        case HTTPStatus.TOO_MANY_REQUESTS | HTTPStatus.SERVICE_UNAVAILABLE:
            return Temporary(reason, answer.retry_after_seconds)
        case status if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return Ambiguous(reason)
        case _:
            return None


async def _read(stream: aiohttp.StreamReader) -> bytes:
    body = b""
    async for chunk in stream.iter_any():
        body += chunk
        if len(body) > BODY_BYTES_MAX:
            break
    return body[:BODY_BYTES_MAX]
