"""HTTP/2 frames as bytes: the few that a client of one request shape speaks (RFC 9113)."""

from collections.abc import Iterable
from struct import Struct

DATA, HEADERS, RST_STREAM, SETTINGS, PUSH_PROMISE = 0x0, 0x1, 0x3, 0x4, 0x5
PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 0x6, 0x7, 0x8, 0x9

END_STREAM, ACK, END_HEADERS, PADDED, PRIORITY = 0x1, 0x1, 0x4, 0x8, 0x20

HEADER_TABLE_SIZE, ENABLE_PUSH, MAX_CONCURRENT_STREAMS = 0x1, 0x2, 0x3
INITIAL_WINDOW_SIZE, MAX_FRAME_SIZE, MAX_HEADER_LIST_SIZE = 0x4, 0x5, 0x6

NO_ERROR, PROTOCOL_ERROR, FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR = 0x0, 0x1, 0x3, 0x6
REFUSED_STREAM, CANCEL, COMPRESSION_ERROR, ENHANCE_YOUR_CALM = 0x7, 0x8, 0x9, 0xB

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DEFAULT_WINDOW_BYTES = 65_535
DEFAULT_FRAME_BYTES_MAX = 16_384
WINDOW_BYTES_MAX = STREAM_ID_MAX = 2**31 - 1
FRAME_HEADER_BYTES = 9

# Length (24 bits) and type (8 bits) share the first number.
FRAME_HEADER = Struct(">IBI")
NUMBER = Struct(">I")
SETTING = Struct(">HI")


class BrokenFrame(Exception):
    """The server sent what HTTP/2 does not allow; the connection must end with `code`."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def frame(kind: int, flags: int, stream_id: int, payload: bytes = b"") -> bytes:
    """Build one frame."""
    return FRAME_HEADER.pack(len(payload) << 8 | kind, flags, stream_id) + payload


def settings_payload(settings: Iterable[tuple[int, int]]) -> bytes:
    """Build the payload of a SETTINGS frame from (identifier, value) pairs."""
    return b"".join(SETTING.pack(identifier, value) for identifier, value in settings)


def parse_settings(payload: bytes) -> list[tuple[int, int]]:
    """Read a SETTINGS payload, refusing values outside RFC 9113 §6.5.2."""
    if len(payload) % SETTING.size:
        raise BrokenFrame(FRAME_SIZE_ERROR)
    settings = [(int(key), int(value)) for key, value in SETTING.iter_unpack(payload)]
    for identifier, value in settings:
        if identifier == INITIAL_WINDOW_SIZE and value > WINDOW_BYTES_MAX:
            raise BrokenFrame(FLOW_CONTROL_ERROR)
        if identifier == MAX_FRAME_SIZE and not DEFAULT_FRAME_BYTES_MAX <= value < 2**24:
            raise BrokenFrame(PROTOCOL_ERROR)
    return settings


def parse_number(payload: bytes, position: int = 0) -> int:
    """Read the 31 low bits of the 4 bytes at `position`."""
    if len(payload) < position + NUMBER.size:
        raise BrokenFrame(FRAME_SIZE_ERROR)
    return int(NUMBER.unpack_from(payload, position)[0]) & STREAM_ID_MAX


def unpadded(flags: int, payload: bytes) -> bytes:
    """Take padding and priority off the payload of a HEADERS or DATA frame."""
    start = end = 0
    if flags & PADDED:
        if not payload:
            raise BrokenFrame(FRAME_SIZE_ERROR)
        start, end = 1, payload[0]
    if flags & PRIORITY:
        start += 5
    if start + end > len(payload):
        raise BrokenFrame(PROTOCOL_ERROR)
    return payload[start : len(payload) - end]
