"""What APNs checks before it takes a push, in its order and with its reasons.

https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns
Stricter than Apple in one point: a pass push carries exactly `{}`.
"""

import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from sandbox.apns.commands import Say

PAYLOAD_BYTES_MAX = 4_096
PROVIDER_TOKEN_SECONDS = 3_600
CLOCK_SKEW_SECONDS = 60
PROVIDER_TOKEN_PAUSE_SECONDS = 20 * 60
PUSH_TYPES = frozenset({"alert", "background"})
PRIORITIES = frozenset({"1", "5", "10"})
PATH_START = "/3/device/"


@dataclass(frozen=True, slots=True)
class Request:
    """A push as it arrived; `certificate_topic` is the UID of the client's certificate."""

    headers: Mapping[str, str]
    body: bytes
    certificate_topic: str | None

    @property
    def token(self) -> str:
        """The device token of the path."""
        return self.headers.get(":path", "").removeprefix(PATH_START)

    @property
    def topic(self) -> str:
        """The topic asked for; a certificate for one pass type implies it."""
        return self.headers.get("apns-topic") or self.certificate_topic or ""


@dataclass(slots=True)
class ProviderTokens:
    """Checks ES256 tokens of the known keys, and that they are not minted too often."""

    keys: Mapping[tuple[str, str], EllipticCurvePublicKey]
    seen: dict[str, dict[str, float]] = field(default_factory=dict)

    def refusal(self, bearer: str, now: float) -> Say | None:
        """Say what is wrong with an `authorization` header at `now` (epoch seconds)."""
        token = bearer.removeprefix("bearer ")
        try:
            key_id = str(jwt.get_unverified_header(token)["kid"])
            team_id = str(jwt.decode(token, options={"verify_signature": False})["iss"])
            claims = jwt.decode(
                token,
                self.keys[team_id, key_id],
                algorithms=["ES256"],
                options={"verify_iat": False},
            )
        except (jwt.PyJWTError, KeyError):
            return Say(403, "InvalidProviderToken")
        if not -CLOCK_SKEW_SECONDS < now - claims.get("iat", 0) <= PROVIDER_TOKEN_SECONDS:
            return Say(403, "ExpiredProviderToken")
        seen = self.seen.setdefault(team_id, {})
        if token not in seen:
            if any(now - at < PROVIDER_TOKEN_PAUSE_SECONDS for at in seen.values()):
                return Say(429, "TooManyProviderTokenUpdates")
            seen[token] = now
        return None


def header_refusal(request: Request) -> Say | None:
    """Say what is wrong with method, path, topic or headers, or nothing."""
    headers = request.headers
    if headers.get(":method") != "POST":
        return Say(405, "MethodNotAllowed")
    if not headers.get(":path", "").startswith(PATH_START):
        return Say(404, "BadPath")
    if not request.topic:
        return Say(400, "MissingTopic")
    if request.certificate_topic not in {None, request.topic}:
        return Say(400, "TopicDisallowed")
    return _optional_refusal(headers)


def _optional_refusal(headers: Mapping[str, str]) -> Say | None:
    if not _is_uuid(headers.get("apns-id", str(UUID(int=0)))):
        return Say(400, "BadMessageId")
    if headers.get("apns-push-type", "alert") not in PUSH_TYPES:
        return Say(400, "InvalidPushType")
    if headers.get("apns-priority", "10") not in PRIORITIES:
        return Say(400, "BadPriority")
    return None


def content_refusal(request: Request) -> Say | None:
    """Say what is wrong with token or payload, or nothing."""
    if not request.token:
        return Say(400, "MissingDeviceToken")
    if not set(request.token) <= set(string.hexdigits):
        return Say(400, "BadDeviceToken")
    if not request.body:
        return Say(400, "PayloadEmpty")
    if len(request.body) > PAYLOAD_BYTES_MAX:
        return Say(413, "PayloadTooLarge")
    if request.body != b"{}":
        return Say(400, "PayloadNotEmptyDictionary")
    return None


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
