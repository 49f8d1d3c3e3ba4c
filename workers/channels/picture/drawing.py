"""A stranger's picture drawn anew, small: what we serve is never what a stranger wrote."""

import io

from PIL import Image, ImageOps

FORMATS = ("PNG", "JPEG", "WEBP")
PIXELS_MAX = 16_000_000
EDGE_PIXELS_MAX = 320
"""Enough for the 96 points of a page on a phone with three pixels a point."""
QUALITY = 82
SCANS_MAX = 64
"""A progressive JPEG has about ten; more are made to be looked through again and again."""

_JPEG, _SCAN = b"\xff\xd8", b"\xff\xda"


class NoPicture(Exception):
    """These bytes are no picture that we show; the message says why, in one word."""


def draw_small(data: bytes) -> bytes:
    """Return a picture as a WebP that fits into a square of `EDGE_PIXELS_MAX`.

    What it is says its beginning, not its name; of one that moves the first frame is taken, and
    nothing that was written beside it, such as where a photo was taken. Raises `NoPicture`. Takes
    up to a second and 250 MB: call it in a thread, and one after the other.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as found:
            _check(found, data)
            return _drawn(found)
    except NoPicture:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NoPicture("TooManyPixels") from None
    # Bytes that were made to hurt a decoder fail in any way.
    except Exception as unreadable:
        raise NoPicture("NoPicture") from unreadable


def _check(found: Image.Image, data: bytes) -> None:
    if found.width * found.height > PIXELS_MAX:
        raise NoPicture("TooManyPixels")
    # Within a scan these two bytes never stand beside each other (ITU-T T.81, B.1.1.5).
    if data.startswith(_JPEG) and data.count(_SCAN) > SCANS_MAX:
        raise NoPicture("TooManyScans")


def _drawn(found: Image.Image) -> bytes:
    large = found.convert("RGBA" if found.has_transparency_data else "RGB")
    large.thumbnail((EDGE_PIXELS_MAX, EDGE_PIXELS_MAX))
    # Turned when it is small, which spares a copy of all its pixels.
    drawn = ImageOps.exif_transpose(large)
    # A fresh canvas: nothing of what was beside the pixels comes along.
    clean = Image.new(drawn.mode, drawn.size)
    clean.paste(drawn)
    out = io.BytesIO()
    clean.save(out, format="WEBP", quality=QUALITY)
    return out.getvalue()
