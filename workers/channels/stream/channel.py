"""The stream channel: publishes events to NATS JetStream and waits until they are kept."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from nats.aio.client import Client
from nats.errors import Error, MaxPayloadError
from nats.js.errors import NoStreamResponseError

from workers.channels.base import DELIVERED, Outcome, Permanent, Temporary
from workers.channels.stream.capture import STREAM, capture
from workers.channels.stream.message import StreamMessage

_NO_CONNECTION = "NoConnection"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long: a publication as a whole, waiting for a connection in it, between connections."""

    publish_seconds: float = 10.0
    connect_seconds: float = 2.0
    reconnect_seconds: int = 2


DEFAULT_LIMITS = Limits()


class StreamChannel:
    """One connection, made with the first message and made again for ever when it breaks.

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
        try:
            async with asyncio.timeout(self._limits.publish_seconds):
                return await self._publish(message)
        except MaxPayloadError:
            return Permanent("TooLarge")
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
            with suppress(asyncio.CancelledError, Exception):
                await self._connecting
        await self._client.close()

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
        """Whether there is a connection; starts making one and waits a little for it."""
        if self._client.is_connected:
            return True
        if self._client.is_reconnecting:
            return False
        if self._connecting is None or self._connecting.done():
            self._connecting = asyncio.create_task(self._connect())
        await asyncio.wait((self._connecting,), timeout=self._limits.connect_seconds)
        return self._client.is_connected

    async def _connect(self) -> None:
        """Connect, however long it takes; from then on the client connects again by itself."""
        self._client = Client()
        try:
            await self._client.connect(
                self._url,
                name="passgate",
                error_cb=self._note,
                max_reconnect_attempts=-1,
                reconnect_time_wait=self._limits.reconnect_seconds,
            )
        except Exception as error:  # noqa: BLE001 - nats-py lets anything out
            await self._note(error)

    async def _note(self, error: Exception) -> None:
        """Remember what is wrong, by its kind: the text may hold the server's URL."""
        self._trouble = type(error).__name__


def _headers(message: StreamMessage) -> dict[str, str]:
    return {"Nats-Msg-Id": str(message.key), "Content-Type": "application/cloudevents+json"}
