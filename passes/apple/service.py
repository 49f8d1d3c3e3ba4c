"""The words of Apple's web service: tokens, tags, dates and the bodies phones send.

Source: https://developer.apple.com/documentation/walletpasses/adding-a-web-service-to-update-passes
"""

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

PASS_MEDIA_TYPE = "application/vnd.apple.pkpass"

AUTHORIZATION_SCHEME = "ApplePass"
TOKEN_CHARACTERS_MAX = 256
TAG_MAX = 2**63 - 1
PUSH_TOKEN_CHARACTERS_MAX = 512
LOG_LINES_MAX = 100
LOG_LINE_CHARACTERS_MAX = 2_000

_TAG = re.compile(r"[0-9]{1,19}")
_PUSH_TOKEN = re.compile(rf"[A-Za-z0-9]{{1,{PUSH_TOKEN_CHARACTERS_MAX}}}")
_SECRET = re.compile(r"(?i)(ApplePass\s+|authenticationToken\W+|pushToken\W+)[A-Za-z0-9._~+/=-]+")
# What a push token, a device's identifier and a mail address look like.
_TELLING = re.compile(r"[0-9A-Fa-f]{32,}|[^\s@]+@[^\s@]+\.[^\s@]+")


@dataclass(frozen=True, slots=True)
class Registration:
    """What a phone sends when it wants to be told of changes; the token stays out of logs."""

    push_token: str

    def __repr__(self) -> str:
        """Hide the push token."""
        return "Registration(push_token=…)"


@dataclass(frozen=True, slots=True)
class DeviceLog:
    """Complaints of a phone about us, already stripped of secrets."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangedPasses:
    """Answer to "what has changed?": serial numbers, and the tag to ask with next time."""

    serial_numbers: tuple[str, ...]
    last_updated: int

    def body(self) -> dict[str, list[str] | str]:
        """Give the JSON of the answer; a tag that is no string makes a phone discard it all."""
        return {
            "serialNumbers": list(self.serial_numbers),
            "lastUpdated": format_tag(self.last_updated),
        }


def authentication_token(key: bytes, pass_type_identifier: str, serial_number: str) -> str:
    """Derive the secret of one pass: 43 characters that never change and are never stored.

    HMAC-SHA256 over pass type and serial; neither can contain the bar between them.
    """
    message = f"{pass_type_identifier}|{serial_number}".encode()
    digest = hmac.digest(key, message, "sha256")
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def is_token(key: bytes, pass_type_identifier: str, serial_number: str, presented: str) -> bool:
    """Compare a presented token in constant time."""
    expected = authentication_token(key, pass_type_identifier, serial_number)
    return hmac.compare_digest(expected.encode(), presented.encode("utf-8", "replace"))


def parse_authorization(header: str | None) -> str | None:
    """Take the token out of ``Authorization: ApplePass <token>``; None for anything else.

    The scheme's case does not matter (RFC 9110 §11.1).
    """
    scheme, _, token = (header or "").strip().partition(" ")
    token = token.strip()
    if scheme.lower() != AUTHORIZATION_SCHEME.lower():
        return None
    return token if 0 < len(token) <= TOKEN_CHARACTERS_MAX else None


def parse_tag(text: str | None) -> int | None:
    """Read ``passesUpdatedSince``; what we never sent counts as absent, so all is listed."""
    if text is None or not _TAG.fullmatch(text):
        return None
    tag = int(text)
    return tag if tag <= TAG_MAX else None


def format_tag(tag: int) -> str:
    """Write a tag as digits, which a phone's half-done URL encoding cannot damage."""
    assert 0 <= tag <= TAG_MAX, "a tag is a bigint that only grows"
    return str(tag)


def http_date(moment: datetime) -> str:
    """Write ``Last-Modified`` (RFC 9110 §5.6.7); fractions of a second are cut off."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def is_not_modified(if_modified_since: str | None, changed_at: datetime) -> bool:
    """Say whether a phone's copy is as new as ours (RFC 9110 §13.1.3).

    Equal or newer means unmodified; a missing or unreadable date means modified.
    """
    try:
        known = parsedate_to_datetime(if_modified_since or "")
    except (ValueError, OverflowError):
        return False
    # A date with the zone "-0000" has no zone in Python; HTTP dates are always GMT.
    known = known if known.tzinfo else known.replace(tzinfo=UTC)
    return known >= changed_at.replace(microsecond=0)


def parse_registration(body: object) -> Registration:
    """Read the decoded JSON of a registration; raises ValueError naming the problem."""
    push_token = body.get("pushToken") if isinstance(body, Mapping) else None
    if not isinstance(push_token, str) or not _PUSH_TOKEN.fullmatch(push_token):
        wanted = f"1 to {PUSH_TOKEN_CHARACTERS_MAX} letters and digits"
        raise ValueError(f"the body must be an object whose 'pushToken' is {wanted}")
    return Registration(push_token)


def parse_log(body: object) -> DeviceLog:
    """Read the decoded JSON of a log; raises ValueError naming the problem.

    Surplus lines and characters are cut off rather than refused: a phone cannot repair them.
    """
    logs = body.get("logs") if isinstance(body, Mapping) else None
    if not isinstance(logs, list) or not all(isinstance(line, str) for line in logs):
        raise ValueError("the body must be an object with a list of texts 'logs'")
    return DeviceLog(tuple(without_secrets(line) for line in logs[:LOG_LINES_MAX]))


def without_secrets(line: str) -> str:
    """Cut a log line to size and blank tokens, by their names or their looks, and addresses."""
    named = _SECRET.sub(r"\1…", line[:LOG_LINE_CHARACTERS_MAX])
    return _TELLING.sub("…", named)
