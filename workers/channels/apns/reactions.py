"""What each answer of APNs means for a push and for the phone's registration."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from workers.channels.base import (
    DELIVERED,
    Gone,
    Outcome,
    Permanent,
    StopSender,
    Temporary,
    Unclassified,
)

SERVER_TROUBLE_RETRY_SECONDS = 15 * 60
SENDER_STOPPED_RETRY_SECONDS = 15 * 60
DEVICE_RETRY_SECONDS = 30 * 60
PROVIDER_TOKEN_RETRY_SECONDS = 20 * 60
TIMESTAMP_MS_MAX = 253_402_300_799_000  # the end of the year 9999: the last a datetime can say

NOT_FOR_TOPIC = "DeviceTokenNotForTopic"
REFUSED_REQUEST_STATUSES = frozenset(
    {
        HTTPStatus.NOT_FOUND,
        HTTPStatus.METHOD_NOT_ALLOWED,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    }
)
DEAD_TOKEN_REASONS = frozenset({"BadDeviceToken", "ExpiredToken"})
REFUSED_SENDER_REASONS = frozenset(
    {
        "BadCertificate",
        "BadCertificateEnvironment",
        "BadEnvironmentKeyIdInToken",
        "BadTopic",
        "ExpiredProviderToken",
        "InvalidProviderToken",
        "MissingProviderToken",
        "MissingTopic",
        "TopicDisallowed",
        "UnrelatedKeyIdInToken",
    }
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What APNs said: the HTTP status, its reason (may be empty) and, with 410, since when."""

    status: int
    reason: str = ""
    timestamp_ms: int | None = None


ACCEPTED = Answer(HTTPStatus.OK)


def parse_answer(status: int, body: bytes) -> Answer:
    """Read APNs' error body, `{"reason": text, "timestamp": milliseconds}`; any bytes will do."""
    if status == ACCEPTED.status:
        return ACCEPTED
    try:
        said = json.loads(body)
    except ValueError:
        return Answer(status)
    if not isinstance(said, dict):
        return Answer(status)
    reason, timestamp = said.get("reason"), said.get("timestamp")
    dated = type(timestamp) is int and 0 < timestamp <= TIMESTAMP_MS_MAX
    return Answer(
        status,
        reason if isinstance(reason, str) and reason.isalnum() else "",
        timestamp if dated else None,
    )


def react(answer: Answer) -> Outcome:
    """Turn an answer into what the delivery and its registration do next.

    https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns
    """
    if answer.status == HTTPStatus.OK:
        return DELIVERED
    reason = answer.reason or f"Status{answer.status}"
    if answer.status == HTTPStatus.GONE or reason in DEAD_TOKEN_REASONS:
        return Permanent(reason, Gone(_moment(answer.timestamp_ms)))
    if answer.status == HTTPStatus.FORBIDDEN or reason in REFUSED_SENDER_REASONS:
        return Temporary(reason, SENDER_STOPPED_RETRY_SECONDS, StopSender(reason))
    if answer.status in REFUSED_REQUEST_STATUSES or reason == NOT_FOR_TOPIC:
        return Permanent(reason)
    return _react_to_trouble(answer.status, reason)


def _react_to_trouble(status: int, reason: str) -> Outcome:
    """Say when to try again what APNs could not do now."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Temporary(reason, _pause_seconds(reason))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Temporary(reason, SERVER_TROUBLE_RETRY_SECONDS)
    if reason == "IdleTimeout":
        return Temporary(reason)
    return Unclassified(reason)


def _pause_seconds(reason: str) -> int:
    if reason == "TooManyProviderTokenUpdates":
        return PROVIDER_TOKEN_RETRY_SECONDS
    return DEVICE_RETRY_SECONDS


def _moment(timestamp_ms: int | None) -> datetime | None:
    if timestamp_ms is None:
        return None
    return datetime.fromtimestamp(timestamp_ms / 1000, UTC)
