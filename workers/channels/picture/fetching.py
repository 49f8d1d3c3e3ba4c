"""Fetches what is at an address that a stranger chose: from the public internet, and not much.

Where webhooks may go pictures may come from, judged before and at the connection.
"""

from http import HTTPStatus
from ssl import SSLContext

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from aiohttp.abc import AbstractResolver

from gateway.domain.errors import Invalid
from gateway.domain.webhook_urls import NOTHING_LOCAL, HostAndPort, check_url
from workers.channels.base import Delivered
from workers.channels.picture.drawing import NoPicture
from workers.channels.webhook.guard import guarded
from workers.channels.webhook.reactions import react_to_failure

PICTURE_BYTES_MAX = 5 * 1024 * 1024
TOTAL_SECONDS = 10.0
CONNECT_SECONDS = 5.0
_HEADERS = {
    "User-Agent": "passgate-pictures",
    "Accept": "image/webp, image/png, image/jpeg",
    "Accept-Encoding": "identity",
}


class PictureFetcher:
    """Gets from public addresses only, once, without a proxy, cookies or redirects."""

    def __init__(
        self,
        *,
        local: frozenset[HostAndPort] = NOTHING_LOCAL,
        resolver: AbstractResolver | None = None,
        trusted: SSLContext | None = None,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        """Take what may be reached on a developer's machine; call within a running loop.

        `resolver` finds addresses (None: as the machine does), `trusted` says which
        certificates are good (None: those of the public roots).
        """
        self._local = local
        self._session = ClientSession(
            connector=TCPConnector(
                resolver=resolver, socket_factory=guarded(local), ssl=trusted or True
            ),
            cookie_jar=DummyCookieJar(),
            headers=_HEADERS,
            timeout=ClientTimeout(total=total_seconds, connect=CONNECT_SECONDS),
            auto_decompress=False,
            trust_env=False,
        )

    async def fetch(self, address: str) -> bytes:
        """Return what is there, `PICTURE_BYTES_MAX` at most; raises `NoPicture` that says why."""
        try:
            check_url(address, local=self._local)
            async with self._session.get(address, allow_redirects=False) as response:
                if response.status != HTTPStatus.OK:
                    raise NoPicture(f"Status{response.status}")
                data = bytearray()
                while chunk := await response.content.read(PICTURE_BYTES_MAX + 1 - len(data)):
                    data += chunk
        except (ClientError, OSError) as error:
            raise NoPicture(_reason(error)) from None
        except (Invalid, ValueError):
            raise NoPicture("BadUrl") from None
        except RuntimeError:
            # uvloop's word for some connections that failed, and aiohttp's for a closed session.
            raise NoPicture("NoConnection") from None
        if len(data) > PICTURE_BYTES_MAX:
            raise NoPicture("TooManyBytes")
        return bytes(data)

    async def close(self) -> None:
        """Hang up."""
        await self._session.close()


def _reason(error: ClientError | OSError) -> str:
    outcome = react_to_failure(error)
    assert not isinstance(outcome, Delivered), "a failure delivers nothing"
    return outcome.reason
