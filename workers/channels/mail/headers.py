"""The guard before every mail header: what could become another header is refused."""

import re

from email_validator import EmailNotValidError, validate_email

from gateway.domain.header_text import is_header_text

URL_CHARACTERS_MAX = 900  # a header line holds 998 (RFC 5322 §2.1.1), and a URL is not folded

_URL = re.compile(r"https?://[!-;=?-~]+", re.ASCII)


class UnsafeHeader(ValueError):
    """A name, subject, address or link holds what must not reach a header; it is not quoted."""


def header_text(text: str) -> str:
    """Return a name or subject that is safe in a header; raises UnsafeHeader."""
    if not is_header_text(text):
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
