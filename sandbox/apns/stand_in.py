"""An honest stand-in for APNs: takes pass pushes as Apple does, and misbehaves on command."""

import asyncio
import ssl
import time
from collections import deque
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from h2.settings import SettingCodes

from sandbox.apns.checks import ProviderTokens, Request, content_refusal, header_refusal
from sandbox.apns.commands import Command, Say, Slow
from sandbox.apns.protocol import ServerConnection

STREAMS_MAX = 1_000
PUSHES_KEPT_MAX = 100_000
STOP_SECONDS_MAX = 2.0


@dataclass(frozen=True, slots=True)
class StandInIdentity:
    """PEM files: the server's certificate and key, and whoever may sign client certificates."""

    certificate: Path
    private_key: Path
    trusted: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class AcceptedPush:
    """A push that reached a phone, as far as Apple would know."""

    topic: str
    token: str
    apns_id: str
    bearer: str = field(default="", repr=False)


Subscriber = Callable[[str, str], None]


class ApnsStandIn:
    """Listens while it is entered: `async with ApnsStandIn(identity, topics) as apns: …`.

    `topics` holds the pass types Apple would know (None: any); `token_keys` maps (team id, key
    id) to the public half of .p8 keys. `port` 0 takes a free one, then found in `self.port`.
    """

    def __init__(
        self,
        identity: StandInIdentity,
        topics: Container[str] | None = None,
        token_keys: Mapping[tuple[str, str], EllipticCurvePublicKey] | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self._identity = identity
        self._topics = topics
        self._tokens = ProviderTokens(token_keys or {})
        self._host = host
        self.port = port
        self.settings: dict[SettingCodes, int] = {SettingCodes.MAX_CONCURRENT_STREAMS: STREAMS_MAX}
        self.accepted: deque[AcceptedPush] = deque(maxlen=PUSHES_KEPT_MAX)
        self.connections_made = 0
        self._gone: dict[str, int] = {}
        self._commands: deque[Command] = deque()
        self._subscribers: list[Subscriber] = []
        self._connections: list[ServerConnection] = []
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        """Start listening."""
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop listening and hang up."""
        await self.stop()

    async def start(self) -> None:
        """Listen; after a `stop`, on the same port again."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            self._connected, self._host, self.port, ssl=_context(self._identity)
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and cut every connection."""
        if self._server is None:
            return
        self._server.close()
        self.drop_connections()
        closed = [connection.closed for connection in self._connections]
        if closed:
            await asyncio.wait(closed, timeout=STOP_SECONDS_MAX)
        self._connections.clear()
        await self._server.wait_closed()
        self._server = None

    @property
    def pings(self) -> int:
        """Count the pings of the open connections."""
        return sum(connection.pings for connection in self._connections)

    def on_push(self, subscriber: Subscriber) -> None:
        """Call `subscriber(topic, token)` for each push taken from now on."""
        self._subscribers.append(subscriber)

    def next(self, command: Command, times: int = 1) -> None:
        """Do this with the next pushes instead of taking them; commands queue up."""
        self._commands.extend([command] * times)

    def unregister(self, token: str, since_ms: int) -> None:
        """Answer 410 for this token from now on, as after the pass was deleted."""
        self._gone[token] = since_ms

    def allow_streams(self, count: int) -> None:
        """Change MAX_CONCURRENT_STREAMS, on open connections too."""
        self.change_settings({SettingCodes.MAX_CONCURRENT_STREAMS: count})

    def change_settings(self, settings: dict[SettingCodes, int]) -> None:
        """Change HTTP/2 settings, on open connections too."""
        self.settings = self.settings | settings
        for connection in self._connections:
            if not connection.closed.done():
                connection.change_settings(settings)

    def freeze_connections(self) -> None:
        """Hear nothing more on the open connections, as when a network went away."""
        for connection in self._connections:
            connection.freeze()

    def drop_connections(self) -> None:
        """Cut every connection at once."""
        for connection in self._connections:
            connection.drop()

    def _connected(self) -> ServerConnection:
        self.connections_made += 1
        connection = ServerConnection(self._judge, self.settings)
        self._connections = [each for each in self._connections if not each.closed.done()]
        self._connections.append(connection)
        return connection

    def _judge(self, request: Request) -> Command:
        """Decide about a push as Apple would, unless a command says otherwise."""
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        if self._commands:
            command = self._commands.popleft()
            if not isinstance(command, Slow):
                return command
        else:
            command = Say(200)
        self._take(request)
        return command

    def _refusal(self, request: Request) -> Say | None:
        refusal = header_refusal(request)
        if refusal is None and request.certificate_topic is None:
            bearer = request.headers.get("authorization")
            if bearer is None:
                return Say(403, "MissingProviderToken")
            refusal = self._tokens.refusal(bearer, time.time())
        if refusal is None and self._topics is not None and request.topic not in self._topics:
            return Say(400, "TopicDisallowed")
        refusal = refusal or content_refusal(request)
        if refusal is None and request.token in self._gone:
            return Say(410, "Unregistered", self._gone[request.token])
        return refusal

    def _take(self, request: Request) -> None:
        apns_id = request.headers.get("apns-id", "")
        bearer = request.headers.get("authorization", "")
        self.accepted.append(AcceptedPush(request.topic, request.token, apns_id, bearer))
        for subscriber in self._subscribers:
            subscriber(request.topic, request.token)


def _context(identity: StandInIdentity) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(identity.certificate, identity.private_key)
    context.set_alpn_protocols(["h2"])
    context.verify_mode = ssl.CERT_OPTIONAL
    for authority in identity.trusted:
        context.load_verify_locations(authority)
    return context
