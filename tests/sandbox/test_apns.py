"""The APNs stand-in is as strict as Apple: what it takes, Apple would take."""

import time
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from sandbox.apns.checks import ProviderTokens, Request, content_refusal, header_refusal

TOPIC = "pass.com.example.loyalty"
GOOD = {
    ":method": "POST",
    ":path": "/3/device/" + "ab" * 32,
    "apns-topic": TOPIC,
    "apns-id": str(uuid4()),
}
KEY = ec.generate_private_key(ec.SECP256R1())
NOW = time.time()


def make_request(body: bytes = b"{}", topic: str | None = TOPIC, **changed: str) -> Request:
    """Make a request that is right but for what is `changed` (underscores for dashes)."""
    names = {name.replace("__", ":").replace("_", "-"): value for name, value in changed.items()}
    return Request(GOOD | names, body, topic)


def make_token(issued_at: float = NOW, key: ec.EllipticCurvePrivateKey = KEY) -> str:
    """Sign a provider token."""
    claims = {"iss": "TEAM", "iat": int(issued_at)}
    return "bearer " + jwt.encode(claims, key, algorithm="ES256", headers={"kid": "KEY"})


def test_a_right_push_is_not_objected_to() -> None:
    """By certificate the topic may also be left out."""
    assert header_refusal(make_request()) is None
    assert header_refusal(make_request(apns_topic="")) is None
    assert content_refusal(make_request()) is None


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (make_request(__method="GET"), "MethodNotAllowed"),
        (make_request(__path="/3/devices/ab"), "BadPath"),
        (make_request(apns_topic="pass.com.other"), "TopicDisallowed"),
        (make_request(topic=None, apns_topic=""), "MissingTopic"),
        (make_request(apns_id="7"), "BadMessageId"),
        (make_request(apns_push_type="nonsense"), "InvalidPushType"),
        (make_request(apns_priority="11"), "BadPriority"),
        (make_request(__path="/3/device/"), "MissingDeviceToken"),
        (make_request(__path="/3/device/xyz"), "BadDeviceToken"),
        (make_request(b""), "PayloadEmpty"),
        (make_request(b"x" * 5_000), "PayloadTooLarge"),
        (make_request(b'{"aps":{}}'), "PayloadNotEmptyDictionary"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_push_is_refused_with_apples_reason(request_: Request, reason: str) -> None:
    """One mistake each."""
    refusal = header_refusal(request_) or content_refusal(request_)
    assert refusal is not None
    assert refusal.reason == reason


def test_provider_tokens_are_verified_and_may_not_be_minted_often() -> None:
    """Signature, age and frequency, with Apple's reasons."""
    tokens = ProviderTokens({("TEAM", "KEY"): KEY.public_key()})
    first = make_token()
    assert tokens.refusal(first, NOW) is None
    assert tokens.refusal(first, NOW + 1) is None
    reasons = [
        tokens.refusal(make_token(key=ec.generate_private_key(ec.SECP256R1())), NOW),
        tokens.refusal(make_token(NOW - 3_700), NOW),
        tokens.refusal("bearer nonsense", NOW),
        tokens.refusal(make_token(NOW + 1), NOW + 1),
    ]
    assert [refusal.reason if refusal else "" for refusal in reasons] == [
        "InvalidProviderToken",
        "ExpiredProviderToken",
        "InvalidProviderToken",
        "TooManyProviderTokenUpdates",
    ]
    assert tokens.refusal(make_token(NOW + 1_500), NOW + 1_500) is None
