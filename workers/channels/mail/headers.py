"""The guard before every mail header: what could become another header is refused."""

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

HEADER_CHARACTERS_MAX = 500
URL_CHARACTERS_MAX = 900  # a header line holds 998 (RFC 5322 §2.1.1), and a URL is not folded

# Controls, lone surrogates, and the separators at which str.splitlines, and so Python's own
# folding, breaks a line.
_REFUSED_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
# These reorder what a person reads, so that a name or subject says something else.
_REFUSED_DIRECTIONS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_URL = re.compile(r"https?://[!-;=?-~]+", re.ASCII)


class UnsafeHeader(ValueError):
    """A name, subject, address or link holds what must not reach a header; it is not quoted."""


def header_text(text: str) -> str:
    """Return a name or subject that is safe in a header; raises UnsafeHeader.

    Encoded words (RFC 2047) are refused because Python before 3.12.5 decodes them while folding
    and writes the line breaks inside them as they are: CVE-2024-6923.
    """
    if len(text) > HEADER_CHARACTERS_MAX or "=?" in text or "?=" in text:
        raise UnsafeHeader
    if any(
        unicodedata.category(character) in _REFUSED_CATEGORIES or character in _REFUSED_DIRECTIONS
        for character in text
    ):
        raise UnsafeHeader
    return text


def header_address(text: str) -> str:
    """Return one address in ASCII, its domain punycoded (RFC 3492); raises UnsafeHeader."""
    try:
        checked = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as unreadable:
        raise UnsafeHeader from unreadable
    if checked.ascii_email is None or "=?" in checked.ascii_email:
        raise UnsafeHeader
    return checked.ascii_email


def header_url(text: str) -> str:
    """Return a link that fits into one header line between angle brackets; raises UnsafeHeader."""
    if len(text) > URL_CHARACTERS_MAX or "=?" in text or not _URL.fullmatch(text):
        raise UnsafeHeader
    return text
