"""What a stranger's bytes become: a small picture of ours, or a reason why not."""

import struct
import zlib

import pytest
from PIL import Image

from tests.pictures import a_picture, opened
from workers.channels.picture.drawing import EDGE_PIXELS_MAX, SCANS_MAX, NoPicture, draw_small

# Says that it lies on its side, and how high it is by a word: that cannot be written back.
UNWRITABLE = (
    b"Exif\0\0MM\0*\0\0\0\x08\0\x02"
    b"\x01\x01\0\x02\0\0\0\x02x\0\0\0\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
)
PLACE = 0x8825
"""The EXIF block that says where a photo was taken."""


def scanned_again(times: int) -> bytes:
    """Return a progressive JPEG whose last scan comes so many times more."""
    data = a_picture("JPEG", size=(64, 64), progressive=True)
    return data[:-2] + data[data.rindex(b"\xff\xda") : -2] * times + data[-2:]


def header_of(width: int, height: int) -> bytes:
    """Return the beginning of a PNG that says it is so large, up to its first pixels."""
    said = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    head = struct.pack(">I", 13) + said + struct.pack(">I", zlib.crc32(said))
    return b"\x89PNG\r\n\x1a\n" + head + struct.pack(">I", 10) + b"IDAT"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_becomes_a_small_one_of_ours(kind: str) -> None:
    """Its shape stays, and the same picture gives the same bytes."""
    data = a_picture(kind)
    drawn = draw_small(data)
    shown = opened(drawn)

    assert (shown.format, shown.size) == ("WEBP", (EDGE_PIXELS_MAX, EDGE_PIXELS_MAX // 2))
    assert drawn == draw_small(data)


def test_a_small_picture_is_not_blown_up() -> None:
    """And what could be seen through still can."""
    shown = opened(draw_small(a_picture(size=(40, 60), colour="#ff000000")))
    assert (shown.size, shown.mode) == ((40, 60), "RGBA")


def test_nothing_that_was_written_beside_a_picture_comes_along() -> None:
    """Neither where a photo was taken, nor a page behind its end; it stands upright by itself."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(PLACE)[1] = "N"
    exif[0x010E] = "<script>alert(1)</script>"
    data = a_picture("JPEG", size=(60, 40), exif=exif) + b"<script>alert(1)</script>"
    drawn = draw_small(data)

    assert b"script" in data
    assert b"script" not in drawn
    assert not opened(drawn).getexif()
    assert opened(drawn).size == (40, 60)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "NoPicture"),
        (b"<!doctype html><p>Not found", "NoPicture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "NoPicture"),
        (a_picture("GIF"), "NoPicture"),
        (a_picture("TIFF"), "NoPicture"),
        (a_picture()[:200], "NoPicture"),
        (a_picture("JPEG")[:300], "NoPicture"),
        (header_of(5_000, 5_000), "TooManyPixels"),
        (header_of(60_000, 60_000), "TooManyPixels"),
        (a_picture("WEBP", exif=UNWRITABLE), "NoPicture"),
        (scanned_again(SCANS_MAX), "TooManyScans"),
    ],
    ids=[
        *("empty", "page", "drawing", "gif", "tiff", "half-png", "half-jpeg", "large", "bomb"),
        *("unwritable", "scans"),
    ],
)
def test_anything_else_is_no_picture(data: bytes, reason: str) -> None:
    """By what it is and not by what it is called; one that is too large is not even decoded."""
    with pytest.raises(NoPicture, match=reason):
        draw_small(data)
