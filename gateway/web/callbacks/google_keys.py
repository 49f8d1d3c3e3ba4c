"""Google's root keys for callbacks: fetched once for all who wait, and kept as long as it says.

Source: https://developers.google.com/pay/api/web/guides/resources/payment-data-cryptography
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

import aiohttp
import structlog
from aiohttp import web

from gateway.web.keys import RESOURCES, WIRING
from passes.google.root_keys import DOCUMENT_BYTES_MAX, RootKeys

FETCH_SECONDS_MAX = 5.0
# However short Google lets us keep them, strangers cannot make us ask more often than this.
KEPT_MIN, KEPT_MAX = timedelta(minutes=1), timedelta(days=1)
PAUSE_AFTER_FAILURE = timedelta(seconds=5)

_NEVER: Final = datetime.min.replace(tzinfo=UTC)
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age=([0-9]{1,9})(?:$|[\s,])", re.ASCII)
_log = structlog.get_logger()


class KeysUnreachable(Exception):
    """There are no keys to check a callback with; Google tells it again later."""


class GoogleKeys:
    """The root keys as they are now; keys that have not ended outlive an outage of Google."""

    def __init__(
        self, session: aiohttp.ClientSession, url: str, now: Callable[[], datetime]
    ) -> None:
        """Take where the keys are published; nothing is fetched before somebody asks."""
        self._session = session
        self._url = url
        self._now = now
        self._keys = RootKeys(())
        self._ask_again_at = _NEVER
        self._asking = asyncio.Lock()

    async def current(self) -> RootKeys:
        """Return keys of which at least one has not ended; raises `KeysUnreachable`.

        Only age makes us fetch, never a signature that does not fit: anybody can send one.
        """
        if self._ask_again_at <= self._now():
            async with self._asking:
                if self._ask_again_at <= self._now():
                    await self._renew()
        if not self._keys.usable(self._now()):
            raise KeysUnreachable
        return self._keys

    async def _renew(self) -> None:
        try:
            self._keys, kept = await self._fetch()
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            _log.warning("google_keys_not_fetched", error=type(error).__name__)
            kept = PAUSE_AFTER_FAILURE
        self._ask_again_at = self._now() + kept

    async def _fetch(self) -> tuple[RootKeys, timedelta]:
        timeout = aiohttp.ClientTimeout(total=FETCH_SECONDS_MAX)
        async with self._session.get(
            self._url, timeout=timeout, allow_redirects=False, raise_for_status=True
        ) as response:
            document = await response.content.read(DOCUMENT_BYTES_MAX + 1)
            while not response.content.at_eof() and len(document) <= DOCUMENT_BYTES_MAX:
                document += await response.content.read(DOCUMENT_BYTES_MAX + 1 - len(document))
        keys = RootKeys.parse(document)
        if not keys.usable(self._now()):
            raise ValueError("none of the published keys can be used")
        return keys, _kept(response.headers)


GOOGLE_KEYS = web.AppKey("google_keys", GoogleKeys)


async def open_google_keys(app: web.Application) -> AsyncIterator[None]:
    """Keep what fetches the keys open as long as the application runs."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        url = app[RESOURCES].settings.google_keys_url
        app[GOOGLE_KEYS] = GoogleKeys(session, url, app[WIRING].now)
        yield


def _kept(headers: Mapping[str, str]) -> timedelta:
    """Return how long an answer may still be kept (RFC 9111 §4.2), within our own bounds."""
    found = _MAX_AGE.search(headers.get("Cache-Control", ""))
    seconds = int(found[1]) if found else 0
    age = headers.get("Age", "0")
    if age.isascii() and age.isdecimal():
        seconds -= int(age[:10])
    return min(max(timedelta(seconds=seconds), KEPT_MIN), KEPT_MAX)
