"""When a server wants to be asked again: Retry-After, RFC 9110 §10.2.3."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

DIGITS_MAX = 10
DAY_SECONDS = 24 * 60 * 60


def retry_after_seconds(
    headers: Mapping[str, str], *, seconds_max: int = DAY_SECONDS
) -> int | None:
    """Return the seconds a server asks for, at most `seconds_max`, or None where it says none.

    It gives a number, or a moment by its own clock, which its Date header tells; ours may differ.
    """
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdecimal():
        return min(int(text[:DIGITS_MAX]), seconds_max)
    until, sent_at = _moment(text), _moment(headers.get("Date", ""))
    if until is None or sent_at is None:
        return None
    return max(0, min(round((until - sent_at).total_seconds()), seconds_max))


def _moment(text: str) -> datetime | None:
    """Read an HTTP date; one without a zone is none."""
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return None if moment.tzinfo is None else moment
