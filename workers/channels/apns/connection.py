"""One HTTP/2 connection to APNs: pushes out, answers in, nothing left unanswered."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from workers.channels.apns import frames as h2
from workers.channels.apns.request import RequestShape, body
from workers.channels.apns.response import STATUS_200, Head, HeaderBlocks
from workers.channels.apns.streams import Exchange, Streams
from workers.channels.apns.windows import ReceiveWindow, SendWindows
from workers.channels.apns.wire import Wire
from workers.channels.base import Temporary

STREAMS_MAX = 1_000
ENDS_AT_ONCE = h2.END_STREAM | h2.END_HEADERS
PING_BYTES = 8


class Owner(Protocol):
    """Who opened the connection and hears what becomes of it."""

    def has_room(self) -> None:
        """A stream became free, or the server allows more of them."""

    def take_back(self, exchanges: list[Exchange]) -> None:
        """The server has certainly not processed these."""

    def lost(self, connection: "Connection") -> None:
        """The connection is gone and everything on it settled."""


class Connection(Wire):
    """Gives meaning to the frames; used by its pool on the event loop only."""

    def __init__(
        self, shape: RequestShape, authorization: Callable[[], bytes], owner: Owner
    ) -> None:
        super().__init__()
        self._shape = shape
        self._authorization = authorization
        self._owner = owner
        self._streams_max = 0
        self._send_windows = SendWindows()
        self._receive_window = ReceiveWindow()
        self._blocks = HeaderBlocks()
        self._handlers: dict[int, Callable[[int, int, bytes], None]] = {
            h2.DATA: self._on_data,
            h2.HEADERS: self._on_headers,
            h2.CONTINUATION: self._on_continuation,
            h2.RST_STREAM: self._on_reset,
            h2.SETTINGS: self._on_settings,
            h2.PUSH_PROMISE: self._on_push_promise,
            h2.PING: self._on_ping,
            h2.GOAWAY: self._on_goaway,
            h2.WINDOW_UPDATE: self._on_window_update,
        }
        self.streams = Streams()
        self.ready: asyncio.Future[None] = self.loop.create_future()
        self.closed: asyncio.Future[None] = self.loop.create_future()
        self._pinged_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self.draining = False
        self.opened_at = self.loop.time()

    @property
    def room(self) -> bool:
        """Whether another push may be opened now."""
        return len(self.streams) < self._streams_max and not self.draining

    def open(self, exchange: Exchange) -> None:
        """Send a push; call only when there is room."""
        stream_id = self.streams.begin(exchange)
        headers = self._shape.headers if stream_id > 1 else self._shape.first_headers
        self.write(headers(exchange.push, stream_id, self._authorization()))
        if self._send_windows.takes(stream_id):
            self.write(body(stream_id))
        if self.streams.exhausted:
            self.draining = True

    def expire(self, now: float, silence_seconds: float) -> None:
        """Give up pushes past their deadline, and the connection if it is silent altogether."""
        late = self.streams.late(now)
        for stream_id in late:
            self._give_up(stream_id, h2.CANCEL)
            self.streams.fail(stream_id, Temporary("NoAnswer"))
        if late and now - self.heard_at >= silence_seconds:
            self.abort()
        elif late:
            self.after_frames()

    def keep_alive(self, idle_seconds: float, answer_seconds: float) -> None:
        """Ask whether the server is still there whenever it was silent for `idle_seconds`."""
        now = self.loop.time()
        silent_seconds = now - self.heard_at
        if silent_seconds >= idle_seconds:
            self._pinged_at = now
            self.write(h2.frame(h2.PING, 0, 0, bytes(PING_BYTES)))
            delay, then = answer_seconds, self._expect_pong
        else:
            delay, then = idle_seconds - silent_seconds, self.keep_alive
        self._timer = self.loop.call_later(delay, then, idle_seconds, answer_seconds)

    def _expect_pong(self, idle_seconds: float, answer_seconds: float) -> None:
        if self.heard_at < self._pinged_at:
            self.abort()
        else:
            self.keep_alive(idle_seconds, answer_seconds)

    def abort(self) -> None:
        """Drop the connection; what was on it comes back as Temporary."""
        self.draining = True
        self.ready.cancel()
        self.cut()

    def connection_lost(self, exc: Exception | None) -> None:
        """Settle everything that was under way."""
        self.draining = True
        if self._timer is not None:
            self._timer.cancel()
        self.streams.fail_all(Temporary("ConnectionLost"))
        if not self.ready.done():
            self.ready.set_exception(exc or ConnectionResetError("closed before SETTINGS"))
        if not self.closed.done():
            self.closed.set_result(None)
        self._owner.lost(self)

    def take_frame(self, kind: int, flags: int, stream_id: int, payload: bytes) -> None:
        """Handle one frame; accepted pushes, nearly all answers, leave by the short way."""
        if self._blocks.is_open:
            if kind != h2.CONTINUATION:
                raise h2.BrokenFrame(h2.PROTOCOL_ERROR)
        elif kind == h2.HEADERS and flags == ENDS_AT_ONCE and payload.startswith(STATUS_200):
            self.streams.accept(stream_id)
            return
        handler = self._handlers.get(kind)
        if handler is not None:
            handler(flags, stream_id & h2.STREAM_ID_MAX, payload)

    def _on_headers(self, flags: int, stream_id: int, payload: bytes) -> None:
        self._on_head(self._blocks.begin(flags, stream_id, payload))

    def _on_continuation(self, flags: int, stream_id: int, payload: bytes) -> None:
        self._on_head(self._blocks.go_on(flags, stream_id, payload))

    def _on_head(self, head: Head | None) -> None:
        if head is not None:
            stream_id, status, ends = head
            self.streams.take_head(stream_id, status, ends=ends)
            self._ended(stream_id, ends=ends)

    def _on_data(self, flags: int, stream_id: int, payload: bytes) -> None:
        update = self._receive_window.take(len(payload))
        if update:
            self.write(update)
        ends = bool(flags & h2.END_STREAM)
        said = h2.unpadded(flags & h2.PADDED, payload)
        self.streams.take_body(stream_id, said, ends=ends)
        self._ended(stream_id, ends=ends)

    def _ended(self, stream_id: int, *, ends: bool) -> None:
        """An answer that came before we sent the body leaves our half of the stream open."""
        if ends and self._send_windows.forget(stream_id):
            self._give_up(stream_id, h2.NO_ERROR)

    def _on_reset(self, _flags: int, stream_id: int, payload: bytes) -> None:
        self._send_windows.forget(stream_id)
        if h2.parse_number(payload) == h2.REFUSED_STREAM:
            self._owner.take_back(self.streams.take_out(stream_id))
        self.streams.fail(stream_id, Temporary("StreamReset"))

    def _on_settings(self, flags: int, _stream_id: int, payload: bytes) -> None:
        if flags & h2.ACK:
            return
        settings = dict(h2.parse_settings(payload))
        if not self.ready.done():
            self._streams_max = STREAMS_MAX
            self.ready.set_result(None)
        allowed = settings.get(h2.MAX_CONCURRENT_STREAMS, self._streams_max)
        self._streams_max = min(allowed, STREAMS_MAX)
        self.write(h2.frame(h2.SETTINGS, h2.ACK, 0))
        if h2.INITIAL_WINDOW_SIZE in settings:
            self._send_bodies(self._send_windows.resize(settings[h2.INITIAL_WINDOW_SIZE]))

    def _on_push_promise(self, _flags: int, _stream_id: int, _payload: bytes) -> None:
        raise h2.BrokenFrame(h2.PROTOCOL_ERROR)

    def _on_ping(self, flags: int, _stream_id: int, payload: bytes) -> None:
        if not flags & h2.ACK:
            self.write(h2.frame(h2.PING, h2.ACK, 0, payload))

    def _on_goaway(self, _flags: int, _stream_id: int, payload: bytes) -> None:
        self.draining = True
        self._owner.take_back(self.streams.take_out_above(h2.parse_number(payload)))

    def _on_window_update(self, _flags: int, stream_id: int, payload: bytes) -> None:
        self._send_bodies(self._send_windows.grow(stream_id, h2.parse_number(payload)))

    def _send_bodies(self, stream_ids: list[int]) -> None:
        for stream_id in stream_ids:
            self.write(body(stream_id))

    def _give_up(self, stream_id: int, code: int) -> None:
        self._send_windows.forget(stream_id)
        self.write(h2.frame(h2.RST_STREAM, 0, stream_id, h2.NUMBER.pack(code)))

    def after_frames(self) -> None:
        """Let the next pushes in, or hang up after the last answer of a draining connection."""
        if not self.draining:
            self._owner.has_room()
        elif not self.streams:
            self.end(h2.NO_ERROR)

    def end(self, code: int) -> None:
        """Say GOAWAY and hang up; what was on the connection comes back as Temporary."""
        self.draining = True
        self.streams.fail_all(Temporary("ConnectionLost"))
        self.write(h2.frame(h2.GOAWAY, 0, 0, bytes(4) + h2.NUMBER.pack(code)))
        self.hang_up()
