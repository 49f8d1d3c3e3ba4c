"""A pleasant logo for a merchant who has none, as Google wants it: square, and masked by Google.

Source: https://developers.google.com/wallet/retail/loyalty-cards/resources/brand-guidelines
"""

from io import BytesIO

from PIL import Image

from passes.apple.colours import BLACK, WHITE
from passes.apple.pictures.artwork import Brand, gradient
from passes.apple.pictures.images import Size
from passes.apple.pictures.symbols import initial_mask

LOGO_PIXELS = 660
SAFE_SHARE = 0.7
"""Google cuts a circle out of the square and wants 15 % of it left free on every side."""

_CANVAS_SCALE = 3
_COMPRESSION = 6


def draw_logo(brand: Brand) -> bytes:
    """Draw the initial of a merchant on their colour; a PNG that fills its square."""
    size = Size(LOGO_PIXELS, LOGO_PIXELS).times(_CANVAS_SCALE)
    image = gradient(brand.ink.towards(WHITE, 0.12), brand.ink.towards(BLACK, 0.12), size)
    safe = round(size.width * SAFE_SHARE)
    corner = (size.width - safe) // 2
    letter = Image.new("RGB", (safe, safe), brand.on_ink.channels)
    image.paste(letter, (corner, corner), initial_mask(brand.name, safe))
    data = BytesIO()
    image.reduce(_CANVAS_SCALE).save(data, "PNG", compress_level=_COMPRESSION)
    return data.getvalue()
