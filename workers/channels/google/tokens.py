"""Access tokens of service accounts: fetched in a thread, once for however many wait."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from functools import partial

from google.auth.credentials import TokenState
from google.auth.exceptions import GoogleAuthError, RefreshError
from google.auth.transport.urllib3 import Request
from google.oauth2.service_account import Credentials
from urllib3 import PoolManager, Timeout

from workers.channels.base import StopSender, Temporary

CONNECT_SECONDS_MAX = 3.0
TOKEN_SECONDS_MAX = 8.0
SENDER_STOPPED_RETRY_SECONDS = 15 * 60

CredentialsSource = Callable[[str], Awaitable[Credentials]]


class AccessTokens:
    """Tokens by issuer, renewed 3 min 45 s before they end (google-auth's refresh threshold).

    google-auth signs and fetches synchronously, so all of that happens in a thread.
    """

    def __init__(self, credentials: CredentialsSource) -> None:
        """Take where credentials come from (LookupError, ValueError: none that can be used)."""
        self._credentials = credentials
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        timeout = Timeout(connect=CONNECT_SECONDS_MAX, total=TOKEN_SECONDS_MAX)
        pool = PoolManager(timeout=timeout, retries=False)
        self._request = partial(Request(pool), redirect=False)  # type: ignore[no-untyped-call]

    async def token(self, issuer_id: str, *, instead_of: str | None = None) -> str | Temporary:
        """Return a token that is good for some minutes; never the one in `instead_of`."""
        try:
            credentials = await self._credentials(issuer_id)
        except (LookupError, ValueError):
            return _stopped("CredentialsUnusable")
        if _is_good(credentials, instead_of):
            return str(credentials.token)
        async with self._turns[issuer_id]:
            if not _is_good(credentials, instead_of):
                failure = await self._refresh(credentials)
                if failure is not None:
                    return failure
            return str(credentials.token)

    async def _refresh(self, credentials: Credentials) -> Temporary | None:
        """Fetch a new token, RFC 7523 §2.1; one that Google will not give stops the sender."""
        try:
            async with asyncio.timeout(TOKEN_SECONDS_MAX):
                await asyncio.to_thread(credentials.refresh, self._request)
        except TimeoutError:
            return Temporary("TokenTimeout")
        except GoogleAuthError as error:
            refused = isinstance(error, RefreshError) and not error.retryable
            return _stopped("TokenRefused") if refused else Temporary("TokenUnavailable")
        except Exception as error:  # noqa: BLE001 -- an answer google-auth did not foresee
            return Temporary(f"Token{type(error).__name__}")
        return None


def _is_good(credentials: Credentials, instead_of: str | None) -> bool:
    return credentials.token_state is TokenState.FRESH and credentials.token != instead_of


def _stopped(reason: str) -> Temporary:
    return Temporary(reason, SENDER_STOPPED_RETRY_SECONDS, StopSender(reason))
