"""The logo drawn for a merchant who has none, as Google masks it."""

from io import BytesIO

import pytest
from PIL import Image

from passes.apple.colours import Colour
from passes.apple.pictures.artwork import Brand
from passes.google.logo import LOGO_PIXELS, SAFE_SHARE, draw_logo

GREEN, PALE = Colour.parse("#1f4d3a"), Colour.parse("#cfe5d8")


def drawn(name: str = "Wien") -> Image.Image:
    """Draw a logo and open it."""
    return Image.open(BytesIO(draw_logo(Brand(name, GREEN, PALE))))


def test_the_same_brand_is_the_same_logo() -> None:
    """So that it may be kept for ever under its address."""
    brand = Brand("Café Sonne", GREEN, PALE)
    assert draw_logo(brand) == draw_logo(brand)


@pytest.mark.parametrize("name", ["Wien", "Märchen", "日本", "4711"])
def test_the_letter_stays_inside_the_circle_and_its_margin(name: str) -> None:
    """A square without holes, whose outer 15 % hold nothing but ground, row by row."""
    image = drawn(name)
    assert (image.format, image.mode, image.size) == ("PNG", "RGB", (LOGO_PIXELS, LOGO_PIXELS))
    margin = round(LOGO_PIXELS * (1 - SAFE_SHARE) / 2)
    for row in range(LOGO_PIXELS):
        left = image.crop((0, row, margin, row + 1)).getcolors()
        right = image.crop((LOGO_PIXELS - margin, row, LOGO_PIXELS, row + 1)).getcolors()
        assert left == right
        assert left is not None
        assert len(left) == 1
    middle = image.crop((margin, LOGO_PIXELS // 2, LOGO_PIXELS - margin, LOGO_PIXELS // 2 + 1))
    assert len(middle.getcolors() or range(256)) > 1
