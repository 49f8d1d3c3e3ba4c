"""What each answer of Google Wallet means for what was sent.

https://developers.google.com/wallet/retail/loyalty-cards/resources/error-codes
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from workers.channels.base import (
    DELIVERED,
    Outcome,
    Permanent,
    StopSender,
    Temporary,
    Unclassified,
)
from workers.channels.retry_after import retry_after_seconds

SENDER_STOPPED_RETRY_SECONDS = 15 * 60
REASON_CHARACTERS_MAX = 64

NOT_FOUND = Permanent("NotFound")
ALREADY_EXISTS = Permanent("AlreadyExists")
QUOTA_EXCEEDED = Permanent("quotaExceeded")
"""Three notifications in 24 hours were all: the same without a notification is taken."""

_ABOUT_THE_RESOURCE: Mapping[int, Permanent] = {
    HTTPStatus.NOT_FOUND: NOT_FOUND,
    HTTPStatus.CONFLICT: ALREADY_EXISTS,
}
_RATE_REASONS = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
_TEMPORARY_STATUSES = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})


@dataclass(frozen=True, slots=True)
class Answer:
    """What Google said: the HTTP status, the JSON object (None: something else), when to retry."""

    status: int
    content: Mapping[str, Any] | None
    retry_after_seconds: int | None = None

    @property
    def reason(self) -> str:
        """The word in `errors[0].reason`, or the status; texts would quote ids."""
        error = (self.content or {}).get("error")
        errors = error.get("errors") if isinstance(error, dict) else None
        first = errors[0] if isinstance(errors, list) and errors else None
        reason = first.get("reason") if isinstance(first, dict) else None
        if isinstance(reason, str) and reason.isascii() and reason.isalnum():
            return reason[:REASON_CHARACTERS_MAX]
        return f"Status{self.status}"


def parse_answer(status: int, headers: Mapping[str, str], body: bytes) -> Answer:
    """Read an answer; any bytes will do."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        content = None
    return Answer(status, content, retry_after_seconds(headers))


def react(answer: Answer) -> Outcome | None:
    """Turn an answer into an outcome; None for a success that is no JSON, so nobody's answer."""
    status, reason = answer.status, answer.reason
    if status == HTTPStatus.OK:
        return None if answer.content is None else DELIVERED
    if status in _ABOUT_THE_RESOURCE:
        return _ABOUT_THE_RESOURCE[status]
    if status == HTTPStatus.BAD_REQUEST:
        return Permanent(reason)
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return _react_to_denial(answer)
    if status in _TEMPORARY_STATUSES or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Temporary(reason, answer.retry_after_seconds)
    return Unclassified(reason)


def _react_to_denial(answer: Answer) -> Outcome:
    """Tell a spent quota and a rate from a service account that is no user of the issuer."""
    reason = answer.reason
    if reason == QUOTA_EXCEEDED.reason:
        return QUOTA_EXCEEDED
    if reason in _RATE_REASONS:
        return Temporary(reason, answer.retry_after_seconds)
    return Temporary(reason, SENDER_STOPPED_RETRY_SECONDS, StopSender(reason))
