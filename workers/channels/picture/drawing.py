"""A stranger's picture drawn anew, small: what we serve is never what a stranger wrote."""

import io

from PIL import Image, ImageOps

FORMATS = ("PNG", "JPEG", "WEBP")
PIXELS_MAX = 16_000_000
EDGE_PIXELS_MAX = 320
"""Enough for the 96 points of a page on a phone with three pixels a point."""
QUALITY = 82


class NoPicture(Exception):
    """These bytes are no picture that we show; the message says why, in one word."""


def draw_small(data: bytes) -> bytes:
    """Return a picture as a WebP that fits into a square of `EDGE_PIXELS_MAX`.

    What it is says its beginning, not its name; of one that moves the first frame is taken, and
    nothing that was written beside it, such as where a photo was taken. Raises `NoPicture`. Takes
    up to a second and 64 MB: call it in a thread, and one after the other.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as found:
            if found.width * found.height > PIXELS_MAX:
                raise NoPicture("TooManyPixels")
            return _drawn(found)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NoPicture("TooManyPixels") from None
    # What a decoder says of bytes that were made to hurt it is of many kinds.
    except (OSError, ValueError, SyntaxError, TypeError, IndexError, EOFError) as unreadable:
        raise NoPicture("NoPicture") from unreadable


def _drawn(found: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(found)
    drawn = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    drawn.thumbnail((EDGE_PIXELS_MAX, EDGE_PIXELS_MAX))
    # A fresh canvas: nothing of what was beside the pixels comes along.
    clean = Image.new(drawn.mode, drawn.size)
    clean.paste(drawn)
    out = io.BytesIO()
    clean.save(out, format="WEBP", quality=QUALITY)
    return out.getvalue()
