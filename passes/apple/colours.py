"""Colours as Apple Wallet writes them, and which ones can be read on which."""

import re
from dataclasses import dataclass

CHANNEL_MAX = 255

# Where the sRGB curve begins to bend (IEC 61966-2-1).
_LINEAR_UP_TO = 0.04045

_RGB = re.compile(r"rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)")
_HEX = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


@dataclass(frozen=True, slots=True)
class Colour:
    """An opaque sRGB colour, channels 0-255."""

    red: int
    green: int
    blue: int

    @classmethod
    def parse(cls, text: str) -> "Colour":
        """Read ``rgb(r, g, b)``, ``#RGB`` or ``#RRGGBB``, the forms Apple's own code reads.

        Raises ValueError for anything else and for channels above 255.
        """
        if match := _RGB.fullmatch(text.strip()):
            channels = [int(channel) for channel in match.groups()]
        elif match := _HEX.fullmatch(text.strip()):
            digits = match[1] if len(match[1]) != len("RGB") else "".join(d * 2 for d in match[1])
            channels = list(bytes.fromhex(digits))
        else:
            raise ValueError(f"{text!r} is not a colour; write #RRGGBB or rgb(r, g, b)")
        colour = cls(*channels)
        if not colour.is_displayable:
            raise ValueError(f"{text!r} has a channel above {CHANNEL_MAX}")
        return colour

    @property
    def is_displayable(self) -> bool:
        """Say whether every channel lies within 0-255."""
        return all(0 <= channel <= CHANNEL_MAX for channel in self.channels)

    @property
    def channels(self) -> tuple[int, int, int]:
        """Red, green and blue, as imaging libraries take them."""
        return self.red, self.green, self.blue

    def __str__(self) -> str:
        """Write the colour as pass.json wants it (PassKit Package Format Reference)."""
        return f"rgb({self.red}, {self.green}, {self.blue})"

    def towards(self, other: "Colour", share: float) -> "Colour":
        """Mix `share` (0-1) of the other colour into this one."""
        return Colour(
            *(
                round(mine + (theirs - mine) * share)
                for mine, theirs in zip(self.channels, other.channels, strict=True)
            )
        )

    def contrast(self, other: "Colour") -> float:
        """Contrast ratio, 1 to 21 (WCAG 2.2, definition of contrast ratio)."""
        darker, lighter = sorted((_luminance(self), _luminance(other)))
        return (lighter + 0.05) / (darker + 0.05)

    def readable_text(self) -> "Colour":
        """Whichever of black and white can be read better on this colour."""
        return max(BLACK, WHITE, key=self.contrast)


def _luminance(colour: Colour) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    red, green, blue = (_linear(channel / CHANNEL_MAX) for channel in colour.channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= _LINEAR_UP_TO else ((channel + 0.055) / 1.055) ** 2.4


BLACK = Colour(0, 0, 0)
WHITE = Colour(CHANNEL_MAX, CHANNEL_MAX, CHANNEL_MAX)


@dataclass(frozen=True, slots=True)
class Colours:
    """The three colours of a pass: behind everything, of the values, of the labels."""

    background: Colour
    foreground: Colour
    label: Colour
