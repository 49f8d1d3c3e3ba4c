"""The one request APNs gets from us: `POST /3/device/<token>` with `{}`, as header block bytes.

Nothing enters the server's compression table, so a block is three joins of bytes and needs no
state, and SETTINGS_HEADER_TABLE_SIZE is honoured whatever it is. Apple asks for path and
authorization outside the table; the token and the authorization are marked never-indexed, so
that no proxy may store them either (RFC 7541 §7.1.3).
"""

from dataclasses import dataclass
from uuid import UUID

from workers.channels.apns.frames import DATA, END_HEADERS, END_STREAM, FRAME_HEADER, HEADERS

BODY = b"{}"
TOKEN_CHARACTERS_MAX = 1_024

_METHOD_POST = b"\x83"
_SCHEME_HTTPS = b"\x87"
_TABLE_SIZE_ZERO = b"\x20"
_AUTHORITY_NAME, _PATH_NAME = b"\x01", b"\x14"
_AUTHORIZATION_NAME = b"\x1f\x08"
_PATH_START = b"/3/device/"
_DATA_START = (len(BODY) << 8 | DATA).to_bytes(4) + END_STREAM.to_bytes(1)
_LONG_LENGTH = 127
_CONTINUES = 128


@dataclass(frozen=True, slots=True)
class Push:
    """One poke: "ask for changes of this pass type". Its id stays the same on every try."""

    delivery_id: UUID
    pass_type: str
    token: str

    def __repr__(self) -> str:
        """Name the push without its token, which must reach no log."""
        return f"Push({self.delivery_id}, {self.pass_type})"

    @property
    def addressable(self) -> bool:
        """Whether the token can be a path segment at all; Apple's are hexadecimal."""
        token = self.token
        return token.isalnum() and token.isascii() and len(token) <= TOKEN_CHARACTERS_MAX


@dataclass(frozen=True, slots=True)
class OptionalHeaders:
    """Headers Apple documents for apps only; pass pushes work without them."""

    push_type: str | None = None
    priority: int | None = None


class RequestShape:
    """The parts of the request that do not change from push to push, encoded once."""

    __slots__ = ("_middle", "_start")

    def __init__(self, authority: str, topic: str, optional: OptionalHeaders) -> None:
        headers = {"apns-topic": topic}
        if optional.push_type is not None:
            headers["apns-push-type"] = optional.push_type
        if optional.priority is not None:
            headers["apns-priority"] = str(optional.priority)
        self._start = b"".join(
            (_METHOD_POST, _SCHEME_HTTPS, _AUTHORITY_NAME, _text(authority.encode()), _PATH_NAME)
        )
        fixed = (b"\x00" + _text(k.encode()) + _text(v.encode()) for k, v in headers.items())
        self._middle = b"".join((*fixed, b"\x00" + _text(b"apns-id") + b"\x24"))

    def headers(self, push: Push, stream_id: int, authorization: bytes) -> bytes:
        """Build the HEADERS frame of a push."""
        block = self._block(push, authorization)
        return FRAME_HEADER.pack(len(block) << 8 | HEADERS, END_HEADERS, stream_id) + block

    def first_headers(self, push: Push, stream_id: int, authorization: bytes) -> bytes:
        """Build the first HEADERS frame of a connection, which says that we use no table."""
        block = _TABLE_SIZE_ZERO + self._block(push, authorization)
        return FRAME_HEADER.pack(len(block) << 8 | HEADERS, END_HEADERS, stream_id) + block

    def _block(self, push: Push, authorization: bytes) -> bytes:
        path = _PATH_START + push.token.encode()
        apns_id = str(push.delivery_id).encode()
        return b"".join(
            (self._start, _integer(len(path)), path, self._middle, apns_id, authorization)
        )


def body(stream_id: int) -> bytes:
    """Build the DATA frame that ends the request."""
    return _DATA_START + stream_id.to_bytes(4) + BODY


def authorization_header(bearer: str) -> bytes:
    """Encode the `authorization` header of token authentication, never indexed."""
    return _AUTHORIZATION_NAME + _text(f"bearer {bearer}".encode())


def _text(text: bytes) -> bytes:
    """Encode a string without Huffman coding (RFC 7541 §5.2)."""
    return _integer(len(text)) + text


def _integer(number: int) -> bytes:
    """Encode an integer with a 7-bit prefix (RFC 7541 §5.1)."""
    if number < _LONG_LENGTH:
        return number.to_bytes(1)
    encoded = bytearray([_LONG_LENGTH])
    number -= _LONG_LENGTH
    while number >= _CONTINUES:
        encoded.append(number & _LONG_LENGTH | _CONTINUES)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)
