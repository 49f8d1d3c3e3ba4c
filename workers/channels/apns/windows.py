"""Flow control in both directions: what we may send and what the server may send us."""

from workers.channels.apns.frames import (
    DEFAULT_WINDOW_BYTES,
    FLOW_CONTROL_ERROR,
    NUMBER,
    PROTOCOL_ERROR,
    WINDOW_BYTES_MAX,
    WINDOW_UPDATE,
    BrokenFrame,
    frame,
)
from workers.channels.apns.request import BODY

REPLENISH_BYTES = DEFAULT_WINDOW_BYTES // 2


class SendWindows:
    """How many bytes the server still takes, and the bodies that wait for it to take more."""

    def __init__(self) -> None:
        self._connection = DEFAULT_WINDOW_BYTES
        self._initial = DEFAULT_WINDOW_BYTES
        self._held: dict[int, int] = {}

    def takes(self, stream_id: int) -> bool:
        """Whether the body of this new stream may go now; otherwise it is held."""
        if self._connection >= len(BODY) <= self._initial and not self._held:
            self._connection -= len(BODY)
            return True
        self._held[stream_id] = self._initial
        return False

    def forget(self, stream_id: int) -> bool:
        """Stop holding the body of a stream that ended; says whether it was held."""
        return self._held.pop(stream_id, None) is not None

    def resize(self, initial: int) -> list[int]:
        """Apply SETTINGS_INITIAL_WINDOW_SIZE (RFC 9113 §6.9.2); returns streams to go on with."""
        change, self._initial = initial - self._initial, initial
        self._held = {stream_id: window + change for stream_id, window in self._held.items()}
        return self._released()

    def grow(self, stream_id: int, increment: int) -> list[int]:
        """Apply a WINDOW_UPDATE; returns the streams whose body may go now."""
        if increment == 0:
            raise BrokenFrame(PROTOCOL_ERROR)
        if stream_id == 0:
            self._connection += increment
        elif stream_id in self._held:
            self._held[stream_id] += increment
        if self._connection > WINDOW_BYTES_MAX:
            raise BrokenFrame(FLOW_CONTROL_ERROR)
        return self._released()

    def _released(self) -> list[int]:
        released = []
        for stream_id, window in self._held.items():
            if self._connection < len(BODY):
                break
            if window >= len(BODY):
                self._connection -= len(BODY)
                released.append(stream_id)
        for stream_id in released:
            del self._held[stream_id]
        return released


class ReceiveWindow:
    """How much the server has sent since we last told it to go on.

    Only the connection's window is refilled: an error body is some 50 bytes and its stream ends
    with it, but 1,300 of them would close a connection's window for ever.
    """

    def __init__(self) -> None:
        self._taken = 0

    def take(self, size: int) -> bytes:
        """Count a DATA payload (padding included); returns the WINDOW_UPDATE due, or nothing."""
        self._taken += size
        if self._taken < REPLENISH_BYTES:
            return b""
        update = frame(WINDOW_UPDATE, 0, 0, NUMBER.pack(self._taken))
        self._taken = 0
        return update
