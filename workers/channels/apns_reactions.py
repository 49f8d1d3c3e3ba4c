"""What each answer of APNs means for a push and for the phone's registration."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from workers.channels.base import DELIVERED, Gone, Outcome, Permanent, StopSender, Temporary
from workers.channels.base import Unclassified

SERVER_TROUBLE_RETRY_SECONDS = 15 * 60
SENDER_STOPPED_RETRY_SECONDS = 15 * 60
DEVICE_RETRY_SECONDS = 30 * 60
PROVIDER_TOKEN_RETRY_SECONDS = 20 * 60
TIMESTAMP_MS_MAX = 253_402_300_799_000  # the end of the year 9999: the last a datetime can say

NOT_FOR_TOPIC = "DeviceTokenNotForTopic"
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


ACCEPTED = Answer(200)


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
    reason = answer.reason or f"Status{answer.status}"
    if answer.status == 200:
        return DELIVERED
    if answer.status == 410 or answer.reason in DEAD_TOKEN_REASONS:
        return Permanent(reason, Gone(_moment(answer.timestamp_ms)))
    if answer.status == 403 or answer.reason in REFUSED_SENDER_REASONS:
        return Temporary(reason, SENDER_STOPPED_RETRY_SECONDS, StopSender(reason))
    if answer.status == 429:
        return Temporary(reason, _pause_seconds(answer.reason))
    if answer.status >= 500:
        return Temporary(reason, SERVER_TROUBLE_RETRY_SECONDS)
    if answer.reason == "IdleTimeout":
        return Temporary(reason)
    if answer.reason == NOT_FOR_TOPIC or answer.status in {404, 405, 413}:
        return Permanent(reason)
    return Unclassified(reason)


def _pause_seconds(reason: str) -> int:
    if reason == "TooManyProviderTokenUpdates":
        return PROVIDER_TOKEN_RETRY_SECONDS
    return DEVICE_RETRY_SECONDS


def _moment(timestamp_ms: int | None) -> datetime | None:
    if timestamp_ms is None:
        return None
    return datetime.fromtimestamp(timestamp_ms / 1000, UTC)
