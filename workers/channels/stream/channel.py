"""The stream channel: publishes events to NATS JetStream and waits until they are kept."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from nats.aio.client import Client
from nats.errors import AuthorizationError, Error, NoServersError
from nats.js.errors import NoStreamResponseError

from workers.channels.base import DELIVERED, Outcome, Permanent, Temporary
from workers.channels.stream.capture import STREAM, capture
from workers.channels.stream.message import BODY_BYTES_MAX, StreamMessage

_NO_CONNECTION = "NoConnection"
# While connecting, nats-py knows the server's refusal by its words only.
_REFUSED = "authorization violation"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a publication may take as a whole, and making a connection."""

    publish_seconds: float = 10.0
    connect_seconds: int = 2


DEFAULT_LIMITS = Limits()


class StreamChannel:
    """One connection, made with the first message and again with the first after it broke.

    The queue decides when to try again; the client's own reconnecting would keep messages back
    for as long as it likes and, where the password is wrong, never tell.

    https://docs.nats.io/nats-concepts/jetstream
    """

    def __init__(self, url: str, *, limits: Limits = DEFAULT_LIMITS) -> None:
        """Take the server's URL, which may carry a user and a password."""
        self._url = url
        self._limits = limits
        self._client = Client()
        self._connecting: asyncio.Task[None] | None = None
        self._capturing = asyncio.Lock()
        self._captured: set[str] = set()
        self._trouble = _NO_CONNECTION

    async def send(self, message: StreamMessage) -> Outcome:
        """Publish one event; the server drops what it has kept under the same id already."""
        if not message.addressable:
            return Permanent("BadSubject")
        if len(message.body) > BODY_BYTES_MAX:
            return Permanent("TooLarge")
        try:
            async with asyncio.timeout(self._limits.publish_seconds):
                return await self._publish(message)
        except NoStreamResponseError:
            outcome = Temporary("NoStream")
        except TimeoutError:
            outcome = Temporary("NoAnswer")
        except (Error, OSError) as error:
            outcome = Temporary(type(error).__name__)
        # Perhaps the stream was removed: look again before the next message.
        self._captured.discard(message.captured_by)
        return outcome

    async def close(self) -> None:
        """Hang up; what is not acknowledged comes back as Temporary."""
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.wait((self._connecting,))
        await self._hang_up()

    async def _publish(self, message: StreamMessage) -> Outcome:
        if not await self._is_connected():
            return Temporary(self._trouble)
        stream = self._client.jetstream(timeout=self._limits.publish_seconds)
        async with self._capturing:
            if message.captured_by not in self._captured:
                await capture(stream, message.captured_by)
                self._captured.add(message.captured_by)
        await stream.publish(
            message.subject, message.body, stream=STREAM, headers=_headers(message)
        )
        return DELIVERED

    async def _is_connected(self) -> bool:
        """Whether there is a connection, after making one; all who wait share it."""
        if not self._client.is_connected:
            if self._connecting is None or self._connecting.done():
                self._connecting = asyncio.create_task(self._connect())
            await asyncio.wait((self._connecting,))
        return self._client.is_connected

    async def _connect(self) -> None:
        await self._hang_up()
        self._client = Client()
        try:
            await self._client.connect(
                self._url,
                name="passgate",
                error_cb=self._note,
                allow_reconnect=False,
                max_reconnect_attempts=1,
                reconnect_time_wait=0,
                connect_timeout=self._limits.connect_seconds,
            )
        except Exception as error:  # noqa: BLE001 - nats-py lets anything out
            if not isinstance(error, NoServersError):
                await self._note(error)

    async def _hang_up(self) -> None:
        # A client that never came to connect fails when it is closed.
        with suppress(Exception):
            await self._client.close()

    async def _note(self, error: Exception) -> None:
        """Remember what is wrong, by its kind: the text may hold the server's URL."""
        is_refused = _REFUSED in str(error).lower()
        self._trouble = (AuthorizationError if is_refused else type(error)).__name__


def _headers(message: StreamMessage) -> dict[str, str]:
    return {"Nats-Msg-Id": str(message.key), "Content-Type": "application/cloudevents+json"}
