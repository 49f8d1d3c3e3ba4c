"""HTTP/2 frames in and out of a TLS transport: pieces put together, writes put into one."""

import asyncio
from typing import cast

from workers.channels.apns import frames as h2

OUR_SETTINGS = ((h2.HEADER_TABLE_SIZE, 0), (h2.ENABLE_PUSH, 0))


class Wire(asyncio.Protocol):
    """Takes the bytes apart into frames and leaves their meaning to the connection.

    Writing is not paused when the transport's buffer is full: the streams the server allows, at
    most a thousand requests of some 300 bytes, are all that can be in it.
    """

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.heard_at = self.loop.time()
        self._transport: asyncio.Transport | None = None
        self._rest = b""
        self._outgoing: list[bytes] = []

    def take_frame(self, kind: int, flags: int, stream_id: int, payload: bytes) -> None:
        """Handle one frame; raises BrokenFrame."""
        raise NotImplementedError

    def after_frames(self) -> None:
        """Do what the frames that came together make possible."""
        raise NotImplementedError

    def end(self, code: int) -> None:
        """End the connection in an orderly way with an error code."""
        raise NotImplementedError

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the preface (RFC 9113 §3.4)."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is of another class
        self.write(h2.PREFACE + h2.frame(h2.SETTINGS, 0, 0, h2.settings_payload(OUR_SETTINGS)))

    def data_received(self, data: bytes) -> None:
        """Take the frames apart; a frame may come in pieces."""
        self.heard_at = self.loop.time()
        received = self._rest + data if self._rest else data
        try:
            self._rest = received[self._take_frames(received) :]
        except h2.BrokenFrame as broken:
            self.end(broken.code)
        else:
            self.after_frames()

    def _take_frames(self, received: bytes) -> int:
        """Handle the whole frames; returns where the rest begins."""
        start, end = 0, len(received)
        while end - start >= h2.FRAME_HEADER_BYTES:
            length_and_kind, flags, stream_id = h2.FRAME_HEADER.unpack_from(received, start)
            payload = start + h2.FRAME_HEADER_BYTES
            after = payload + (length_and_kind >> 8)
            if after - payload > h2.DEFAULT_FRAME_BYTES_MAX:
                raise h2.BrokenFrame(h2.FRAME_SIZE_ERROR)
            if after > end:
                break
            self.take_frame(length_and_kind & 0xFF, flags, stream_id, received[payload:after])
            start = after
        return start

    def write(self, data: bytes) -> None:
        """Put data out with whatever else this turn of the loop writes."""
        if not self._outgoing:
            self.loop.call_soon(self._flush)
        self._outgoing.append(data)

    def hang_up(self) -> None:
        """Close the transport after what was written."""
        self._flush()
        if self._transport is not None:
            self._transport.close()

    def cut(self) -> None:
        """Close the transport at once."""
        if self._transport is not None:
            self._transport.abort()

    def _flush(self) -> None:
        if self._outgoing and self._transport is not None and not self._transport.is_closing():
            self._transport.write(b"".join(self._outgoing))
        self._outgoing.clear()
