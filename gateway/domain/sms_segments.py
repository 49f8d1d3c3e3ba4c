"""How many messages a text is charged as: the two alphabets of SMS and their lengths.

GSM 03.38 is 3GPP TS 23.038 §6.2.1, the joining of segments 3GPP TS 23.040 §9.2.3.24.1.
"""

SEGMENTS_MAX = 6

SEPTETS_ALONE_MAX, SEPTETS_JOINED_MAX = 160, 153
UNITS_ALONE_MAX, UNITS_JOINED_MAX = 70, 67

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")


def segments(text: str) -> int:
    """Count the segments of a text, at least one; one character outside GSM makes it UCS-2.

    A character of two units (an escaped one in GSM, a surrogate pair in UCS-2) is not split
    between segments, so that some hold one unit less.
    """
    if all(character in _BASIC or character in _EXTENDED for character in text):
        widths = [2 if character in _EXTENDED else 1 for character in text]
        return _count(widths, SEPTETS_ALONE_MAX, SEPTETS_JOINED_MAX)
    widths = [2 if ord(character) > 0xFFFF else 1 for character in text]  # noqa: PLR2004 - the BMP
    return _count(widths, UNITS_ALONE_MAX, UNITS_JOINED_MAX)


def _count(widths: list[int], alone_max: int, joined_max: int) -> int:
    if sum(widths) <= alone_max:
        return 1
    count, used = 1, 0
    for width in widths:
        if used + width > joined_max:
            count, used = count + 1, 0
        used += width
    return count
