"""Pictures to test with, drawn here."""

import io

from PIL import Image

OPAQUE_CHARACTERS = len("#rrggbb")


def a_picture(
    kind: str = "PNG",
    size: tuple[int, int] = (600, 300),
    colour: str = "#ff0000",
    **options: object,
) -> bytes:
    """Return a picture of a kind, such as PNG; a colour may say how far one sees through it."""
    drawn = Image.new("RGB" if len(colour) == OPAQUE_CHARACTERS else "RGBA", size, colour)
    out = io.BytesIO()
    drawn.save(out, format=kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    """Return a picture as it reads."""
    found = Image.open(io.BytesIO(data))
    found.load()
    return found
