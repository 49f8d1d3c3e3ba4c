"""The webhook channel: posts signed events to addresses that strangers chose."""

import asyncio
from dataclasses import dataclass
from ssl import SSLContext

from aiohttp import (
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
)
from aiohttp.abc import AbstractResolver

from gateway.domain.webhook_urls import NOTHING_LOCAL, HostAndPort
from workers.channels.base import Outcome
from workers.channels.webhook.guard import guarded
from workers.channels.webhook.reactions import BAD_URL, NO_CONNECTION, react, react_to_failure
from workers.channels.webhook.request import Answer, WebhookRequest

CONNECTIONS_MAX = 200
ANSWER_BYTES_MAX = 64 * 1024
EXCERPT_BYTES_MAX = 2 * 1024
_HEADERS = {"User-Agent": "passgate-webhooks", "Accept-Encoding": "identity"}


@dataclass(frozen=True, slots=True)
class Limits:
    """How long an attempt may take as a whole, and until it is connected."""

    total_seconds: float = 15.0
    connect_seconds: float = 5.0


DEFAULT_LIMITS = Limits()


class WebhookChannel:
    """Posts to public addresses only, once, without a proxy, cookies or redirects."""

    def __init__(
        self,
        *,
        local: frozenset[HostAndPort] = NOTHING_LOCAL,
        limits: Limits = DEFAULT_LIMITS,
        resolver: AbstractResolver | None = None,
        trusted: SSLContext | None = None,
    ) -> None:
        """Take what may be reached on a developer's machine; call within a running loop.

        `resolver` finds addresses (None: as the machine does), `trusted` says which
        certificates are good (None: those of the public roots).
        """
        self._session = ClientSession(
            connector=TCPConnector(
                limit=CONNECTIONS_MAX,
                resolver=resolver,
                socket_factory=guarded(local),
                ssl=trusted or True,
            ),
            # One merchant's cookies are nothing to the next.
            cookie_jar=DummyCookieJar(),
            headers=_HEADERS,
            timeout=ClientTimeout(total=limits.total_seconds, connect=limits.connect_seconds),
            auto_decompress=False,
            trust_env=False,
        )

    async def send(self, message: WebhookRequest) -> tuple[Outcome, Answer]:
        """Post once; the outcome, and what the delivery log says of it."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        outcome, status, excerpt = await self._post(message)
        return outcome, Answer(status, round((loop.time() - started) * 1000), excerpt)

    async def close(self) -> None:
        """Hang up; attempts under way come back as Temporary."""
        await self._session.close()

    async def _post(self, message: WebhookRequest) -> tuple[Outcome, int | None, str]:
        try:
            async with self._session.post(
                message.url,
                data=message.body,
                headers=message.headers,
                allow_redirects=False,
            ) as response:
                excerpt = await _excerpt(response)
                return react(response.status, response.headers), response.status, excerpt
        except (ClientError, OSError) as error:
            return react_to_failure(error), None, ""
        except ValueError:
            return BAD_URL, None, ""
        except RuntimeError:
            # uvloop's word for some connections that failed, and aiohttp's for a closed session.
            return NO_CONNECTION, None, ""


async def _excerpt(response: ClientResponse) -> str:
    """Read the beginning of an answer; the status is known, so that no failure here matters.

    More is read than kept: the connection of a short answer that was read whole is used again.
    """
    kept, taken = bytearray(), 0
    try:
        while chunk := await response.content.read(ANSWER_BYTES_MAX - taken):
            kept += chunk[: EXCERPT_BYTES_MAX - len(kept)]
            taken += len(chunk)
    except (ClientError, OSError):
        pass
    return kept.decode(errors="replace").replace("\0", "")
