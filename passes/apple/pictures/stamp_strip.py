"""The strip of a stamp card: N of M stamps filled, and a gift at the end."""

from dataclasses import dataclass

from PIL import Image, ImageDraw

from passes.apple.pictures.artwork import CANVAS_SCALE, Brand, backdrop, png_files
from passes.apple.pictures.images import STRIP
from passes.apple.pictures.symbols import Symbol, symbol_mask

STAMPS_MAX = 30

_MARGIN = 16
_GAP = 9
_DIAMETER_MAX = 60
# Nobody stamps straight; degrees, in turn.
_TILTS = (-9, 6, -4, 10, -7, 3, 8, -11)


@dataclass(frozen=True, slots=True)
class StampLayout:
    """Rows and columns of a card, and the diameter of its stamps in points."""

    rows: int
    columns: int
    diameter: int

    def centre(self, index: int, count: int) -> tuple[float, float]:
        """Give the centre of one of `count` stamps in points; a short last row is centred."""
        row, column = divmod(index, self.columns)
        in_row = min(self.columns, count - row * self.columns)
        step = self.diameter + _GAP
        left = (STRIP.width - in_row * step + _GAP + self.diameter) / 2
        top = (STRIP.height - self.rows * step + _GAP + self.diameter) / 2
        return left + column * step, top + row * step


def stamp_layout(target: int) -> StampLayout:
    """Choose the number of rows that lets stamps be largest."""
    return max((_in_rows(target, rows) for rows in (1, 2, 3)), key=lambda each: each.diameter)


def stamp_strip(brand: Brand, filled: int, target: int, symbol: Symbol) -> dict[str, bytes]:
    """Draw the strip for `filled` of `target` stamps (1 to 30), by file name at 1x, 2x and 3x.

    Takes about 0.1 s, and there are only `target + 1` of them for a design: keep them. The card
    should have no primary field, which Wallet would write over the stamps.
    """
    assert 1 <= target <= STAMPS_MAX, f"a strip shows 1 to {STAMPS_MAX} stamps"
    assert 0 <= filled <= target, "no more stamps can be filled than there are"
    image = backdrop(brand, STRIP)
    layout = stamp_layout(target)
    for index in range(target):
        is_last = index == target - 1
        shown = Symbol.GIFT if is_last else symbol
        tilt = 0 if is_last else _TILTS[index % len(_TILTS)]
        x, y = (CANVAS_SCALE * each for each in layout.centre(index, target))
        mask = _turned(shown, round(layout.diameter * CANVAS_SCALE * 0.62), tilt)
        draw = _draw_filled if index < filled else _draw_empty
        draw(image, brand, _Place(x, y, layout.diameter * CANVAS_SCALE / 2, mask))
    return png_files("strip", image)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a stamp goes, in pixels of the canvas, and the symbol in it."""

    x: float
    y: float
    radius: float
    mask: Image.Image

    @property
    def corner(self) -> tuple[int, int]:
        return round(self.x - self.mask.width / 2), round(self.y - self.mask.height / 2)


def _in_rows(target: int, rows: int) -> StampLayout:
    columns = -(-target // rows)
    width = (STRIP.width - 2 * _MARGIN + _GAP) / columns - _GAP
    height = (STRIP.height - 2 * _MARGIN + _GAP) / rows - _GAP
    return StampLayout(rows, columns, int(min(width, height, _DIAMETER_MAX)))


def _turned(symbol: Symbol, side: int, degrees: int) -> Image.Image:
    return symbol_mask(symbol, side).rotate(degrees, Image.Resampling.BICUBIC)


def _draw_filled(image: Image.Image, brand: Brand, place: _Place) -> None:
    draw = ImageDraw.Draw(image)
    shade = brand.shade(0.45)
    middle = (place.x, place.y)
    draw.circle((place.x, place.y + place.radius * 0.07), place.radius, fill=shade.channels)
    draw.circle(middle, place.radius, fill=brand.ink.channels)
    rim = brand.ink.towards(brand.on_ink, 0.25)
    width = max(1, round(place.radius * 0.05))
    draw.circle(middle, place.radius * 0.87, outline=rim.channels, width=width)
    colour = Image.new("RGB", place.mask.size, brand.on_ink.channels)
    image.paste(colour, place.corner, place.mask)


def _draw_empty(image: Image.Image, brand: Brand, place: _Place) -> None:
    draw = ImageDraw.Draw(image)
    hollow = brand.shade(0.16)
    line = brand.background.towards(brand.ink, 0.55)
    width = max(1, round(place.radius * 0.06))
    middle = (place.x, place.y)
    draw.circle(middle, place.radius, fill=hollow.channels, outline=line.channels, width=width)
    ghost = brand.background.towards(brand.ink, 0.30)
    image.paste(Image.new("RGB", place.mask.size, ghost.channels), place.corner, place.mask)
