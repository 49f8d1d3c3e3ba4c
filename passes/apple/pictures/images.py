"""The images of a pass: which there are, how large each may be, and what is wrong with some.

Sizes in points after Apple's pass-builder (2026) and the older Passbook guide; each image comes
at one, two and three pixels a point. Only PNG is accepted: other formats do not show.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from passes.errors import Problem

SCALES = (1, 2, 3)
IMAGE_BYTES_MAX = 2_000_000

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"
_HEADER_BYTES = 24
_FILE_NAME = re.compile(r"([A-Za-z]+)(?:@([23])x)?\.png")


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height, in points or in pixels as the place says."""

    width: int
    height: int

    def __str__(self) -> str:
        """Write it as people do: width x height."""
        return f"{self.width} x {self.height}"

    def times(self, scale: int) -> "Size":
        """Turn points into the pixels of that scale."""
        return Size(self.width * scale, self.height * scale)


@dataclass(frozen=True, slots=True)
class ImageRule:
    """The sizes in points an image may have: exactly one of these, or at most the first."""

    sizes: tuple[Size, ...]
    is_maximum: bool = False

    def allows(self, pixels: Size, scale: int) -> bool:
        """Say whether an image of so many pixels fits at that scale."""
        allowed = [size.times(scale) for size in self.sizes]
        if not self.is_maximum:
            return pixels in allowed
        return 0 < pixels.width <= allowed[0].width and 0 < pixels.height <= allowed[0].height

    def wanted(self, scale: int) -> str:
        """Say in words which pixels are allowed at that scale."""
        sizes = " or ".join(str(size.times(scale)) for size in self.sizes)
        return f"at most {sizes}" if self.is_maximum else sizes


ICON = Size(38, 38)
LOGO = Size(160, 50)
STRIP = Size(375, 144)
ARTWORK = Size(358, 448)
PRIMARY_LOGO = Size(126, 30)

IMAGE_RULES: Mapping[str, ImageRule] = {
    "icon": ImageRule((ICON, Size(29, 29))),
    "logo": ImageRule((LOGO,), is_maximum=True),
    "strip": ImageRule((STRIP, Size(375, 123))),
    "artwork": ImageRule((ARTWORK,)),
    "primaryLogo": ImageRule((PRIMARY_LOGO,), is_maximum=True),
    "secondaryLogo": ImageRule((Size(135, 12),), is_maximum=True),
}


def file_name(image: str, scale: int) -> str:
    """Name the file of an image at a scale: ``strip.png``, ``strip@2x.png``, ``strip@3x.png``."""
    return f"{image}.png" if scale == 1 else f"{image}@{scale}x.png"


def png_size(data: bytes) -> Size | None:
    """Read the pixel size from a PNG header (RFC 2083 §4.1.1); None if it is not a PNG."""
    is_png = data.startswith(_PNG_SIGNATURE) and data[12:16] == b"IHDR"
    if not is_png or len(data) < _HEADER_BYTES:
        return None
    return Size(int.from_bytes(data[16:20]), int.from_bytes(data[20:24]))


def image_problems(images: Mapping[str, bytes], folder: str = "") -> list[Problem]:
    """Find images a wallet would not show; `folder` is ``xx.lproj/`` for one language's."""
    problems: list[Problem] = []
    for name, data in sorted(images.items()):
        problems += _image_problems(name, data, f"{folder}{name}")
    return problems


def missing_images(names: Collection[str]) -> Iterator[Problem]:
    """Find what a pass cannot be without: an icon, sharp enough for every phone."""
    for scale in SCALES:
        name = file_name("icon", scale)
        if name not in names:
            yield Problem("image.icon-missing", name, "Every pass needs an icon at 1x, 2x and 3x.")


def _image_problems(name: str, data: bytes, where: str) -> Iterator[Problem]:
    match = _FILE_NAME.fullmatch(name)
    rule = IMAGE_RULES.get(match[1]) if match else None
    if match is None or rule is None:
        yield Problem("image.unknown", where, "Wallet knows no image of this name.")
        return
    if len(data) > IMAGE_BYTES_MAX:
        yield Problem("image.too-large", where, f"An image has at most {IMAGE_BYTES_MAX} bytes.")
    pixels = png_size(data)
    if pixels is None:
        yield Problem("image.not-png", where, "Wallet shows PNG images only.")
        return
    if not data.endswith(_PNG_END):
        yield Problem("image.truncated", where, "The PNG has no end; it was cut short.")
    scale = int(match[2] or 1)
    if not rule.allows(pixels, scale):
        sentence = f"The image has {pixels} pixels; Wallet wants {rule.wanted(scale)}."
        yield Problem("image.dimensions", where, sentence)
