"""What HTTP/2 allows is read, what it forbids ends the connection with the right code."""

from collections.abc import Callable

import pytest
from hpack import Encoder

from workers.channels.apns import frames as h2
from workers.channels.apns.frames import BrokenFrame
from workers.channels.apns.response import BLOCK_BYTES_MAX, HeaderBlocks
from workers.channels.apns.windows import SendWindows

BLOCK = Encoder().encode([(":status", "410"), ("apns-id", "x")])
UNKNOWN_TABLE_ENTRY = b"\xbe"

FORBIDDEN: dict[str, tuple[Callable[[], object], int]] = {
    "half a setting": (lambda: h2.parse_settings(b"abc"), h2.FRAME_SIZE_ERROR),
    "huge window": (
        lambda: h2.parse_settings(h2.settings_payload([(h2.INITIAL_WINDOW_SIZE, 2**31)])),
        h2.FLOW_CONTROL_ERROR,
    ),
    "tiny frames": (
        lambda: h2.parse_settings(h2.settings_payload([(h2.MAX_FRAME_SIZE, 100)])),
        h2.PROTOCOL_ERROR,
    ),
    "short number": (lambda: h2.parse_number(b"abc"), h2.FRAME_SIZE_ERROR),
    "no padding length": (lambda: h2.unpadded(h2.PADDED, b""), h2.FRAME_SIZE_ERROR),
    "all padding": (lambda: h2.unpadded(h2.PADDED, b"\x09abc"), h2.PROTOCOL_ERROR),
    "update of nothing": (lambda: SendWindows().grow(0, 0), h2.PROTOCOL_ERROR),
    "overflowing window": (lambda: SendWindows().grow(0, 2**31 - 1), h2.FLOW_CONTROL_ERROR),
    "headers of no stream": (lambda: HeaderBlocks().begin(0, 0, b""), h2.PROTOCOL_ERROR),
    "continuation of nothing": (lambda: HeaderBlocks().go_on(0, 1, b""), h2.PROTOCOL_ERROR),
    "a table we refused": (
        lambda: HeaderBlocks().begin(h2.END_HEADERS, 1, UNKNOWN_TABLE_ENTRY),
        h2.COMPRESSION_ERROR,
    ),
}


@pytest.mark.parametrize(("read", "code"), FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_the_forbidden_is_refused_with_its_code(read: Callable[[], object], code: int) -> None:
    """RFC 9113 names the code for each."""
    with pytest.raises(BrokenFrame) as broken:
        read()
    assert broken.value.code == code


def test_an_endless_header_block_is_cut_off() -> None:
    """A limit on everything: continuations may not fill the memory."""
    blocks = HeaderBlocks()
    blocks.begin(0, 1, bytes(BLOCK_BYTES_MAX))
    with pytest.raises(BrokenFrame) as broken:
        blocks.go_on(0, 1, b"x")
    assert broken.value.code == h2.ENHANCE_YOUR_CALM


def test_padding_and_priority_come_off() -> None:
    """Old servers still send them."""
    padded = b"\x02" + bytes(5) + BLOCK + b"\x00\x00"
    flags = h2.PADDED | h2.PRIORITY | h2.END_HEADERS | h2.END_STREAM
    assert HeaderBlocks().begin(flags, 1, padded) == (1, 410, True)


def test_a_body_waits_for_the_connection_window_and_goes_in_order() -> None:
    """65,535 bytes are 32,767 bodies; the next ones wait for a WINDOW_UPDATE."""
    windows = SendWindows()
    assert all(windows.takes(stream_id) for stream_id in range(1, 2 * 32_767, 2))
    assert not windows.takes(70_001)
    assert not windows.takes(70_003)
    assert windows.grow(0, 1) == [70_001]
    assert windows.grow(0, 2) == [70_003]


def test_a_stream_given_up_frees_its_place_in_the_window() -> None:
    """What is not sent any more takes nothing."""
    windows = SendWindows()
    windows.resize(0)
    assert not windows.takes(1)
    assert not windows.takes(3)
    assert windows.forget(1)
    assert windows.grow(3, 2) == [3]
