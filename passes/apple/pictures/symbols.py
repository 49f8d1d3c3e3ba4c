"""Symbols drawn as masks: what a stamp shows, the gift at the end, and a name's first letter."""

import math
import unicodedata
from collections.abc import Callable, Mapping
from enum import StrEnum

from PIL import Image, ImageDraw, ImageFont

# Letters that Unicode does not take apart into a plain letter and its accent.
_PLAIN_LETTERS = str.maketrans("ØøŁłĐđÞþÆæŒœß", "OoLlDdTtAaOos")


class Symbol(StrEnum):
    """What a filled stamp shows."""

    TICK = "tick"
    STAR = "star"
    HEART = "heart"
    CUP = "cup"
    GIFT = "gift"


def symbol_mask(symbol: Symbol, side: int) -> Image.Image:
    """Draw a symbol white on black in a square of `side` pixels, to be painted through."""
    mask = Image.new("L", (side, side), 0)
    _DRAWINGS[symbol](ImageDraw.Draw(mask), side)
    return mask


def initial(name: str) -> str | None:
    """Take the first letter or digit of a name, without its accent.

    None when it is of a script the typeface that comes with Pillow cannot write.
    """
    for character in name:
        if character.isalnum():
            plain = unicodedata.normalize("NFKD", character.translate(_PLAIN_LETTERS))[0]
            return plain.upper() if plain.isascii() else None
    return None


def initial_mask(name: str, side: int) -> Image.Image:
    """Draw a name's first letter in a square, or a star where there is none to draw."""
    letter = initial(name)
    mask = Image.new("L", (side, side), 0)
    if letter is None:
        star = symbol_mask(Symbol.STAR, round(side * 0.7))
        mask.paste(star, ((side - star.width) // 2, (side - star.height) // 2))
        return mask
    font = ImageFont.load_default(side * 0.72)
    middle = (side / 2, side / 2)
    left, top, right, bottom = font.getbbox(letter, anchor="mm")
    # Letters are centred by what is seen of them, not by the line they stand on.
    place = (middle[0] - (left + right) / 2, middle[1] - (top + bottom) / 2)
    weight = side // 48
    ImageDraw.Draw(mask).text(place, letter, fill=255, font=font, anchor="mm", stroke_width=weight)
    return mask


def _tick(draw: ImageDraw.ImageDraw, side: int) -> None:
    points = [(0.20 * side, 0.53 * side), (0.42 * side, 0.74 * side), (0.81 * side, 0.29 * side)]
    width = round(0.13 * side)
    draw.line(points, fill=255, width=width, joint="curve")
    for x, y in (points[0], points[-1]):
        draw.circle((x, y), width / 2, fill=255)


def _star(draw: ImageDraw.ImageDraw, side: int) -> None:
    points = []
    for corner in range(10):
        radius = side * (0.46 if corner % 2 == 0 else 0.205)
        angle = math.radians(36 * corner - 90)
        points.append(
            (side * 0.5 + radius * math.cos(angle), side * 0.52 + radius * math.sin(angle))
        )
    draw.polygon(points, fill=255)


def _heart(draw: ImageDraw.ImageDraw, side: int) -> None:
    points = []
    for step in range(120):
        angle = math.tau * step / 120
        x = 16 * math.sin(angle) ** 3
        y = 13 * math.cos(angle) - 5 * math.cos(2 * angle) - 2 * math.cos(3 * angle)
        y -= math.cos(4 * angle)
        points.append((side * (0.5 + x / 38), side * (0.48 - y / 38)))
    draw.polygon(points, fill=255)


def _cup(draw: ImageDraw.ImageDraw, side: int) -> None:
    line = round(0.07 * side)
    draw.ellipse((0.56 * side, 0.42 * side, 0.86 * side, 0.68 * side), outline=255, width=line)
    draw.rounded_rectangle(
        (0.16 * side, 0.36 * side, 0.70 * side, 0.80 * side),
        radius=0.18 * side,
        fill=255,
        corners=(False, False, True, True),
    )
    draw.rounded_rectangle(
        (0.10 * side, 0.86 * side, 0.76 * side, 0.92 * side), radius=0.03 * side, fill=255
    )
    for x in (0.32, 0.46, 0.60):
        left, right = (x - 0.06) * side, (x + 0.02) * side
        draw.arc((left, 0.10 * side, right, 0.20 * side), 270, 90, 255, line // 2)
        draw.arc((left, 0.19 * side, right, 0.29 * side), 90, 270, 255, line // 2)


def _gift(draw: ImageDraw.ImageDraw, side: int) -> None:
    line = round(0.07 * side)
    # The gap in the middle is the ribbon; the box is a little narrower than its lid.
    for lid, box in (((0.13, 0.465), (0.18, 0.465)), ((0.535, 0.87), (0.535, 0.82))):
        draw.rectangle((lid[0] * side, 0.34 * side, lid[1] * side, 0.50 * side), fill=255)
        draw.rectangle((box[0] * side, 0.56 * side, box[1] * side, 0.88 * side), fill=255)
    draw.ellipse((0.24 * side, 0.10 * side, 0.51 * side, 0.32 * side), outline=255, width=line)
    draw.ellipse((0.49 * side, 0.10 * side, 0.76 * side, 0.32 * side), outline=255, width=line)


_DRAWINGS: Mapping[Symbol, Callable[[ImageDraw.ImageDraw, int], None]] = {
    Symbol.TICK: _tick,
    Symbol.STAR: _star,
    Symbol.HEART: _heart,
    Symbol.CUP: _cup,
    Symbol.GIFT: _gift,
}
