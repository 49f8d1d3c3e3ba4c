"""How well colours can be told apart, as WCAG measures it."""

from gateway.domain.programs import Look

CONTRAST_MIN = 4.5


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two `#rrggbb` colours, 1 to 21.

    https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def is_readable(look: Look) -> bool:
    """Say whether everything written on the card can be read by most people (WCAG 1.4.3)."""
    return all(
        contrast(colour, look.background) >= CONTRAST_MIN
        for colour in (look.foreground, look.label)
    )


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 -- the formula's own numbers
