"""A stored zip whose constant part is laid out once and whose bytes never depend on a clock.

PNGs do not deflate, so nothing is compressed. Constant files come first: their offsets never
move, and one pass adds only its own few entries and the directory (APPNOTE.TXT 6.3.10).
"""

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

ARCHIVE_BYTES_MAX = 2**31 - 1

_VERSION = 20
_MADE_BY_UNIX = 3 << 8 | _VERSION
_REGULAR_FILE = 0o100644 << 16
_MIDNIGHT, _FIRST_OF_JANUARY_1980 = 0, 1 << 5 | 1

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")


@dataclass(frozen=True, slots=True)
class StoredFiles:
    """Files laid out as they will lie in the archive, with their part of the directory."""

    body: bytes
    directory: bytes
    count: int


def lay_out(files: Mapping[str, bytes], offset: int = 0) -> StoredFiles:
    """Lay files out one after the other, the first one `offset` bytes into the archive."""
    body: list[bytes] = []
    directory: list[bytes] = []
    for name, data in files.items():
        local, central = _headers(name.encode(), data, offset)
        body += (local, data)
        directory.append(central)
        offset += len(local) + len(data)
    return StoredFiles(b"".join(body), b"".join(directory), len(files))


def archive(constant: StoredFiles, files: Mapping[str, bytes]) -> tuple[bytes, bytes]:
    """Complete an archive: the constant part as it is, and all that follows it.

    `constant` must have been laid out at offset 0. Two parts, because joining half a megabyte
    costs as much as signing; the caller may write them one after the other.
    """
    own = lay_out(files, offset=len(constant.body))
    directory = constant.directory + own.directory
    count = constant.count + own.count
    directory_offset = len(constant.body) + len(own.body)
    end = _END.pack(b"PK\5\6", 0, 0, count, count, len(directory), directory_offset, 0)
    return constant.body, own.body + directory + end


def _headers(name: bytes, data: bytes, offset: int) -> tuple[bytes, bytes]:
    size, flags, method = len(data), 0, 0
    assert offset + size <= ARCHIVE_BYTES_MAX, "a pass never needs zip64"
    common = (
        *(_VERSION, flags, method, _MIDNIGHT, _FIRST_OF_JANUARY_1980),
        *(zlib.crc32(data), size, size, len(name), 0),
    )
    local = _LOCAL.pack(b"PK\3\4", *common) + name
    rest = (0, 0, 0, _REGULAR_FILE, offset)
    central = _CENTRAL.pack(b"PK\1\2", _MADE_BY_UNIX, *common, *rest) + name
    return local, central
