"""What may stand in a mail's header as a name or subject."""

import unicodedata

HEADER_CHARACTERS_MAX = 500

# Controls, lone surrogates, and the separators at which str.splitlines, and so Python's own
# folding, breaks a line.
_REFUSED_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
# These reorder what a person reads, so that a name or subject says something else.
_REFUSED_DIRECTIONS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


def is_header_text(text: str) -> bool:
    """Whether a name or subject is safe in a header.

    Encoded words (RFC 2047) are not, because Python before 3.12.5 decodes them while folding and
    writes the line breaks inside them as they are: CVE-2024-6923.
    """
    if len(text) > HEADER_CHARACTERS_MAX or "=?" in text or "?=" in text:
        return False
    return not any(
        unicodedata.category(character) in _REFUSED_CATEGORIES or character in _REFUSED_DIRECTIONS
        for character in text
    )
