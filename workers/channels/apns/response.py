"""The status of an answer out of its header block, read only as far as needed.

We ask for a compression table of size zero, so that every block stands alone and those of
accepted pushes, nearly all, are known by their first byte without being decoded.
"""

from hpack import Decoder
from hpack.exceptions import HPACKError

from workers.channels.apns.frames import (
    COMPRESSION_ERROR,
    END_HEADERS,
    END_STREAM,
    ENHANCE_YOUR_CALM,
    PROTOCOL_ERROR,
    BrokenFrame,
    unpadded,
)

BLOCK_BYTES_MAX = 65_536
STATUS_200 = b"\x88"
TABLE_SIZE_ZERO_STATUS_200 = b"\x20\x88"

Head = tuple[int, int | None, bool]


class HeaderBlocks:
    """Puts header blocks together from HEADERS and CONTINUATION frames."""

    def __init__(self) -> None:
        self._decoder = Decoder(max_header_list_size=BLOCK_BYTES_MAX)
        self._decoder.header_table_size = 0
        self._decoder.max_allowed_table_size = 0
        self._block = bytearray()
        self._stream_id = 0
        self._ends_stream = False

    @property
    def is_open(self) -> bool:
        """Whether nothing but a CONTINUATION may come next (RFC 9113 §6.10)."""
        return self._stream_id != 0

    def begin(self, flags: int, stream_id: int, payload: bytes) -> Head | None:
        """Take a HEADERS frame; returns (stream, status, whether the stream ends) when whole."""
        if stream_id == 0:
            raise BrokenFrame(PROTOCOL_ERROR)
        self._stream_id = stream_id
        self._ends_stream = bool(flags & END_STREAM)
        self._block = bytearray(unpadded(flags, payload))
        return self._whole(flags)

    def go_on(self, flags: int, stream_id: int, payload: bytes) -> Head | None:
        """Take a CONTINUATION frame; returns the same as `begin`."""
        if stream_id != self._stream_id or stream_id == 0:
            raise BrokenFrame(PROTOCOL_ERROR)
        self._block += payload
        if len(self._block) > BLOCK_BYTES_MAX:
            raise BrokenFrame(ENHANCE_YOUR_CALM)
        return self._whole(flags)

    def _whole(self, flags: int) -> Head | None:
        if not flags & END_HEADERS:
            return None
        head = self._stream_id, self._status(), self._ends_stream
        self._stream_id = 0
        return head

    def _status(self) -> int | None:
        """Read `:status`; None for trailers, which have none."""
        if self._block.startswith((STATUS_200, TABLE_SIZE_ZERO_STATUS_200)):
            return 200
        try:
            headers = self._decoder.decode(bytes(self._block), raw=True)
        except HPACKError as error:
            raise BrokenFrame(COMPRESSION_ERROR) from error
        for name, value in headers:
            if name == b":status" and value.isdigit():
                return int(value)
        return None
