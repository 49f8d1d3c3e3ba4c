"""Pleasant images for a merchant who has none: icon, logo, strip and poster artwork.

Drawn from a name and two colours at three scales, with the same bytes for the same arguments
and the same Pillow. Wallet itself writes the merchant's name beside the logo (`logo_text`), in
any script; images carry at most an initial. A design takes about 0.3 s: draw once and keep it.
"""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw

from passes.apple.colours import BLACK, WHITE, Colour
from passes.apple.pictures.images import (
    ARTWORK,
    ICON,
    PRIMARY_LOGO,
    SCALES,
    STRIP,
    Size,
    file_name,
)
from passes.apple.pictures.symbols import initial_mask

# Images are drawn this large and divided by 2, 3 and 6, which is what smooths their edges.
CANVAS_SCALE = 6
EMBLEM = Size(42, 42)

_CONTRAST_MIN = 2.5
_COMPRESSION = 6
_LIGHT_SHARE = 0.35


@dataclass(frozen=True, slots=True)
class Brand:
    """What a design is drawn from: the merchant's name and two colours of theirs."""

    name: str
    background: Colour
    accent: Colour

    @property
    def ink(self) -> Colour:
        """The accent where it can be seen on the background, else black or white."""
        if self.accent.contrast(self.background) >= _CONTRAST_MIN:
            return self.accent
        return self.background.readable_text()

    @property
    def on_ink(self) -> Colour:
        """What is drawn on the ink: the background, which `ink` made sure can be seen."""
        return self.background

    def shade(self, share: float) -> Colour:
        """Darken the background; light grounds take little of it before they look dirty."""
        is_light = self.background.readable_text() == BLACK
        return self.background.towards(BLACK, share * _LIGHT_SHARE if is_light else share)


def default_images(brand: Brand) -> dict[str, bytes]:
    """Draw icon, logo and strip of a store card, by file name, at 1x, 2x and 3x."""
    return {
        **png_files("icon", _icon(brand)),
        **png_files("logo", _emblem(brand, EMBLEM)),
        **png_files("strip", backdrop(brand, STRIP)),
    }


def poster_images(brand: Brand) -> dict[str, bytes]:
    """Draw what the iOS 27 poster needs beyond the icon: artwork and primary logo."""
    side = PRIMARY_LOGO.height
    artwork = backdrop(brand, ARTWORK)
    emblem = _emblem(brand, Size(ARTWORK.width // 3, ARTWORK.width // 3))
    place = ((artwork.width - emblem.width) // 2, (artwork.height - emblem.height) // 3)
    artwork.paste(emblem, place, emblem)
    return {
        **png_files("artwork", artwork),
        **png_files("primaryLogo", _emblem(brand, Size(side, side))),
    }


def png_files(image: str, canvas: Image.Image) -> dict[str, bytes]:
    """Reduce a canvas to the three scales and encode each as PNG, by file name."""
    files = {}
    for scale in SCALES:
        data = BytesIO()
        reduced = canvas.reduce(CANVAS_SCALE // scale)
        reduced.save(data, "PNG", compress_level=_COMPRESSION)
        files[file_name(image, scale)] = data.getvalue()
    return files


def backdrop(brand: Brand, size: Size) -> Image.Image:
    """Draw the background shading towards its darker side, with great circles over it."""
    canvas = size.times(CANVAS_SCALE)
    top = brand.background.towards(WHITE, 0.08)
    image = gradient(top, brand.shade(0.22), canvas)
    layer = Image.new("L", (canvas.width, canvas.height), 0)
    draw = ImageDraw.Draw(layer)
    unit = min(canvas.width, canvas.height)
    for x, y, radius, strength in _CIRCLES:
        centre = (x * canvas.width, y * canvas.height)
        draw.circle(centre, radius * unit, outline=strength, width=unit // 9)
    image.paste(Image.new("RGB", image.size, brand.ink.channels), (0, 0), layer)
    return image


# Centre as shares of width and height, radius as a share of the shorter side, strength 0-255.
_CIRCLES = ((0.93, 0.05, 0.95, 22), (0.93, 0.05, 0.62, 30), (0.04, 1.10, 0.62, 18))


def gradient(top: Colour, bottom: Colour, size: Size) -> Image.Image:
    """Fill so many pixels with a colour that passes into another from top to bottom."""
    column = Image.new("RGB", (1, size.height))
    last = size.height - 1
    column.putdata([top.towards(bottom, row / last).channels for row in range(size.height)])
    return column.resize((size.width, size.height))


def _icon(brand: Brand) -> Image.Image:
    """Fill the square: phones round the corners of an icon themselves."""
    size = ICON.times(CANVAS_SCALE)
    ground = brand.ink
    image = gradient(ground.towards(WHITE, 0.12), ground.towards(BLACK, 0.12), size)
    letter = Image.new("RGB", image.size, brand.on_ink.channels)
    image.paste(letter, (0, 0), initial_mask(brand.name, size.width))
    return image


def _emblem(brand: Brand, points: Size) -> Image.Image:
    """Draw the initial in a disc on a transparent ground, for the pass's own background."""
    size = points.times(CANVAS_SCALE)
    image = Image.new("RGBA", (size.width, size.height), (*brand.ink.channels, 0))
    middle, radius = (size.width / 2, size.height / 2), size.width / 2 - CANVAS_SCALE / 2
    ImageDraw.Draw(image).circle(middle, radius, fill=(*brand.ink.channels, 255))
    side = round(size.width * 0.86)
    letter = Image.new("RGBA", (side, side), (*brand.on_ink.channels, 255))
    corner = (size.width - side) // 2
    image.paste(letter, (corner, corner), initial_mask(brand.name, side))
    return image
