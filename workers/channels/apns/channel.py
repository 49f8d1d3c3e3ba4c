"""The APNs channel: pokes the phones that hold a pass, so that they ask for the new one."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from workers.channels.apns.credentials import Credentials, TokenKey, client_context
from workers.channels.apns.pool import ApnsPool, Limits, Line
from workers.channels.apns.reactions import SENDER_STOPPED_RETRY_SECONDS
from workers.channels.apns.request import OptionalHeaders, Push, RequestShape
from workers.channels.apns.sender import Pool, Sender
from workers.channels.apns.token import ProviderToken
from workers.channels.base import Gone, Outcome, Permanent, StopSender, Temporary

PRODUCTION_HOST = "api.push.apple.com"  # pass pushes work on the production host only
PRODUCTION_PORT = 443

CredentialsSource = Callable[[str], Awaitable[Credentials]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where APNs is, and whom to trust there (None: the system's roots)."""

    host: str = PRODUCTION_HOST
    port: int = PRODUCTION_PORT
    trusted_roots_pem: bytes | None = None


PRODUCTION = Endpoint()
DEFAULT_LIMITS = Limits()
NO_OPTIONAL_HEADERS = OptionalHeaders()


class ApnsChannel:
    """Pushes for any number of pass types, each with its own credentials and connections.

    https://developer.apple.com/documentation/walletpasses/adding-a-web-service-to-update-passes
    """

    def __init__(
        self,
        credentials: CredentialsSource,
        clock: Callable[[], float],
        *,
        endpoint: Endpoint = PRODUCTION,
        limits: Limits = DEFAULT_LIMITS,
        optional_headers: OptionalHeaders = NO_OPTIONAL_HEADERS,
    ) -> None:
        """Take where credentials come from (LookupError: none) and the wall clock in seconds."""
        self._credentials = credentials
        self._clock = clock
        self._endpoint = endpoint
        self._limits = limits
        self._optional_headers = optional_headers
        self._senders: dict[str, Sender] = {}
        self._opening = asyncio.Lock()
        self._tokens: dict[TokenKey, ProviderToken] = {}

    async def send(self, message: Push) -> Outcome:
        """Poke one phone; safe to repeat, since a phone polls once for many pokes."""
        if not message.addressable:
            return Permanent("BadDeviceToken", Gone())
        sender = self._senders.get(message.pass_type)
        if sender is None:
            opened = await self._sender(message.pass_type)
            if isinstance(opened, Temporary):
                return opened
            sender = opened
        return await sender.send(message)

    async def renew(self, pass_type: str) -> None:
        """Forget the credentials of a pass type and what stopped it; the next push asks anew."""
        sender = self._senders.pop(pass_type, None)
        if sender is not None:
            await sender.pool.close()

    async def close(self) -> None:
        """Hang up everywhere."""
        for pass_type in list(self._senders):
            await self.renew(pass_type)

    async def _sender(self, pass_type: str) -> Sender | Temporary:
        async with self._opening:
            if pass_type in self._senders:
                return self._senders[pass_type]
            try:
                credentials = await self._credentials(pass_type)
                context = await asyncio.to_thread(
                    client_context, credentials, self._endpoint.trusted_roots_pem
                )
                sender = Sender(self._pool(pass_type, credentials, context))
            except (LookupError, ValueError, OSError):
                stop = StopSender("CredentialsUnusable")
                return Temporary(stop.reason, SENDER_STOPPED_RETRY_SECONDS, stop)
            self._senders[pass_type] = sender
            return sender

    def _pool(self, pass_type: str, credentials: Credentials, context: ssl.SSLContext) -> Pool:
        host = self._endpoint.host
        shape = RequestShape(host, pass_type, self._optional_headers)
        authorization: Callable[[], bytes] = bytes
        if isinstance(credentials, TokenKey):
            authorization = self._token(credentials).header
        line = Line(host, self._endpoint.port, context, shape, authorization)
        return ApnsPool(line, self._limits)

    def _token(self, key: TokenKey) -> ProviderToken:
        if key not in self._tokens:
            self._tokens[key] = ProviderToken(key, self._clock)
        return self._tokens[key]
