"""How a pass looks on the phone: colours, images, fields in their places, the code to scan."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import segno

from sandbox.phone.fields import Content, Field, fields_of, mapping_in, sequence_in, style_of
from sandbox.phone.fields import text_in as text
from sandbox.phone.package import Package

FIELDS_ON_FRONT_MAX = {
    "headerFields": 3,
    "primaryFields": 4,
    "secondaryFields": 4,
    "auxiliaryFields": 4,
    "footerFields": 2,
}
SECONDARY_AND_AUXILIARY_MAX = 4
DISPLAYABLE_FORMATS = (
    "PKBarcodeFormatQR",
    "PKBarcodeFormatPDF417",
    "PKBarcodeFormatAztec",
    "PKBarcodeFormatCode128",
)
_DEFAULT_BACKGROUND = "rgb(235, 235, 240)"
_RGB = re.compile(r"rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)")
_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}")


@dataclass(frozen=True, slots=True)
class Code:
    """The barcode: `svg` draws a QR code, other formats are only named."""

    format: str
    message: str
    alt_text: str | None
    svg: str | None


@dataclass(frozen=True, slots=True)
class Colours:
    """CSS colours of a card."""

    background: str
    foreground: str
    label: str


@dataclass(frozen=True, slots=True)
class Face:
    """Everything the page needs to draw one pass; `images` maps a role to its file name."""

    key: str
    style: str
    organization: str
    description: str
    logo_text: str | None
    colours: Colours
    images: Mapping[str, str]
    fields: Sequence[Field]
    code: Code | None
    is_voided: bool
    is_expired: bool

    def group(self, name: str) -> Sequence[Field]:
        """The fields of a group, as many as the front has room for."""
        found = [field for field in self.fields if field.group == name]
        return found[: FIELDS_ON_FRONT_MAX.get(name, len(found))]

    @property
    def row(self) -> Sequence[Field]:
        """The row under the strip: a store card has one for secondary and auxiliary fields."""
        both = (*self.group("secondaryFields"), *self.group("auxiliaryFields"))
        return both[:SECONDARY_AND_AUXILIARY_MAX]

    @property
    def back(self) -> Sequence[Field]:
        """The fields on the back."""
        return (*self.group("backFields"), *self.group("additionalInfoFields"))

    @property
    def is_poster(self) -> bool:
        """Whether the card is drawn as the poster of iOS 27."""
        return self.style == "posterGeneric"


def face_of(package: Package, now: datetime, *, knows_poster_generic: bool) -> Face:
    """Draw the pass with the style this phone knows."""
    content = package.content
    style = style_of(content, knows_poster_generic=knows_poster_generic)

    def translated(key: str) -> str | None:
        said = text(content, key)
        return said if said is None else package.words.get(said, said)

    return Face(
        key=package.key,
        style=style,
        organization=translated("organizationName") or "",
        description=translated("description") or "",
        logo_text=translated("logoText"),
        colours=_colours(content),
        images=_images(package.images),
        fields=fields_of(content, style, package.words),
        code=_code(content, style),
        is_voided=content.get("voided") is True,
        is_expired=_is_expired(content, now),
    )


def _images(images: Mapping[str, bytes]) -> dict[str, str]:
    """The sharpest file of each role: `strip` → `strip@3x.png`."""
    found: dict[str, str] = {}
    for name in sorted(images):
        role, _, scale = name.removesuffix(".png").partition("@")
        if scale in {"", "2x", "3x"}:
            found[role] = name
    return found


def _colours(content: Content) -> Colours:
    background = _colour(text(content, "backgroundColor")) or _DEFAULT_BACKGROUND
    foreground = _colour(text(content, "foregroundColor")) or _readable_on(background)
    return Colours(background, foreground, _colour(text(content, "labelColor")) or foreground)


def _colour(value: str | None) -> str | None:
    # The value goes into a style sheet, so nothing but a colour may pass.
    if value is not None and (_RGB.fullmatch(value) or _HEX.fullmatch(value)):
        return value
    return None


def _readable_on(background: str) -> str:
    red, green, blue = _channels(background)
    brightness = 0.299 * red + 0.587 * green + 0.114 * blue
    return "rgb(20, 20, 22)" if brightness > 150 else "rgb(255, 255, 255)"  # noqa: PLR2004


def _channels(colour: str) -> tuple[int, int, int]:
    matched = _RGB.fullmatch(colour)
    if matched:
        red, green, blue = (int(channel) for channel in matched.groups())
        return red, green, blue
    digits = colour.removeprefix("#")
    if len(digits) == 3:  # noqa: PLR2004
        digits = "".join(digit * 2 for digit in digits)
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def _code(content: Content, style: str) -> Code | None:
    section = mapping_in(content, style)
    listed = [
        each
        for each in (*sequence_in(section, "barcodes"), *sequence_in(content, "barcodes"))
        if isinstance(each, dict)
    ]
    shown = next((each for each in listed if each.get("format") in DISPLAYABLE_FORMATS), None)
    if shown is None:
        return None
    message = text(shown, "message") or ""
    kind = str(shown["format"]).removeprefix("PKBarcodeFormat")
    is_qr = kind == "QR" and message
    svg = _qr_svg(message, text(shown, "messageEncoding")) if is_qr else None
    return Code(kind, message, text(shown, "altText"), svg)


def _qr_svg(message: str, encoding: str | None) -> str:
    code = segno.make_qr(message, error="m", encoding=encoding or "iso-8859-1")
    return code.svg_inline(border=0, omitsize=True, svgclass=None, lineclass=None)


def _is_expired(content: Content, now: datetime) -> bool:
    value = text(content, "expirationDate")
    if value is None:
        return False
    try:
        return datetime.fromisoformat(value) <= now
    except ValueError:
        return False
