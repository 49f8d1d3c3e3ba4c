"""The same channel over aioapns, for whoever prefers a published client to ours.

What the guards cannot mend (aioapns 4.0): it pushes at a tenth of the speed; after some 1,213
error answers a connection is dead, because its window is never refilled, and the pushes on it
end in a time-out before a new one is made; RST_STREAM and error answers without a body are seen
as time-outs too, which cost every other push in flight its connection; with .p8 keys each
connection mints a token of its own, so that Apple refuses a reconnect within 20 minutes.
See docs/decisions/0005-own-apns-client.md.
"""

import asyncio
import ssl
import tempfile
from pathlib import Path

from aioapns import APNs, NotificationRequest, PushType
from aioapns.common import NotificationResult
from aioapns.connection import APNsTLSClientProtocol

from workers.channels.apns.channel import ApnsChannel, Endpoint
from workers.channels.apns.credentials import ClientCertificate, Credentials
from workers.channels.apns.pool import Limits
from workers.channels.apns.reactions import Answer
from workers.channels.apns.request import OptionalHeaders, Push
from workers.channels.apns.sender import Pool
from workers.channels.base import Temporary

IN_FLIGHT_MAX = 100


class AioapnsChannel(ApnsChannel):
    """Opened and used exactly as ApnsChannel."""

    def _pool(self, pass_type: str, credentials: Credentials, context: ssl.SSLContext) -> Pool:
        return AioapnsPool(
            _Account(pass_type, credentials, context, self._endpoint),
            self._limits,
            self._optional_headers,
        )


class AioapnsPool:
    """One aioapns client, given a deadline and replaced when it misses it."""

    def __init__(self, account: "_Account", limits: Limits, optional: OptionalHeaders) -> None:
        self._account = account
        self._limits = limits
        self._optional = optional
        self._in_flight = asyncio.Semaphore(IN_FLIGHT_MAX)
        self._client = account.client()

    async def post(self, push: Push) -> Answer | Temporary:
        """Send a push; always comes back, at the latest after `push_seconds`."""
        client = self._client
        try:
            async with asyncio.timeout(self._limits.push_seconds), self._in_flight:
                client = self._client
                result = await client.send_notification(self._request(push))
        except TimeoutError:
            self._replace(client)
            return Temporary("NoAnswer")
        except Exception as error:  # noqa: BLE001 - aioapns lets anything out
            return Temporary(type(error).__name__)
        return Answer(int(result.status), result.description or "", _milliseconds(result))

    async def close(self) -> None:
        """Hang up."""
        self._client.pool.close()

    def _replace(self, client: APNs) -> None:
        """Leave a client that hangs; it answers nobody any more."""
        if client is self._client:
            self._client = self._account.client()
            client.pool.close()

    def _request(self, push: Push) -> NotificationRequest:
        kind = self._optional.push_type
        return NotificationRequest(
            device_token=push.token,
            message={},
            notification_id=str(push.delivery_id),
            priority=self._optional.priority,
            push_type=None if kind is None else PushType(kind),
        )


class _Account:
    """Makes aioapns clients for one pass type."""

    def __init__(
        self,
        pass_type: str,
        credentials: Credentials,
        context: ssl.SSLContext,
        endpoint: Endpoint,
    ) -> None:
        self._pass_type = pass_type
        self._credentials = credentials
        self._context = context
        self._protocol = type(
            "EndpointProtocol",
            (APNsTLSClientProtocol,),
            {"APNS_SERVER": endpoint.host, "APNS_PORT": endpoint.port},
        )

    def client(self) -> APNs:
        """Make a client; aioapns reads the certificate from a file, whatever context it has."""
        if isinstance(self._credentials, ClientCertificate):
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder, "identity.pem")
                certificate, key = (
                    self._credentials.certificate_pem,
                    self._credentials.private_key_pem,
                )
                path.write_bytes(certificate.rstrip() + b"\n" + key)
                client = APNs(
                    client_cert=str(path),
                    topic=self._pass_type,
                    ssl_context=self._context,
                    err_func=_ignore,
                )
        else:
            client = APNs(
                key=self._credentials.private_key_pem.decode("ascii"),
                key_id=self._credentials.key_id,
                team_id=self._credentials.team_id,
                topic=self._pass_type,
                ssl_context=self._context,
                err_func=_ignore,
            )
        client.pool.protocol_class = self._protocol
        return client


async def _ignore(_request: NotificationRequest, _result: NotificationResult) -> None:
    """Keep aioapns from logging what we return."""


def _milliseconds(result: NotificationResult) -> int | None:
    return None if result.timestamp is None else int(result.timestamp)
