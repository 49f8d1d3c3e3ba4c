"""Vonage's callbacks: only Vonage's own of this minute are believed and understood."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from gateway.web.providers.reports import DeliveryReport, InboundSms, ReportState
from gateway.web.providers.vonage import is_signed, parse_inbound, parse_report

SECRET = "a signature secret of enough bytes"
NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
REFERENCE = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab"
BODY = json.dumps({"message_uuid": REFERENCE, "status": "delivered", "price": "0.03"}).encode()


def bearer(secret: str = SECRET, algorithm: str = "HS256", **changed: object) -> str:
    """Sign as Vonage does, with changed claims; None leaves one out."""
    claims: dict[str, object] = {
        "iat": int(NOW.timestamp()),
        "jti": "1",
        "iss": "Vonage",
        "payload_hash": hashlib.sha256(BODY).hexdigest(),
        "api_key": "key",
    }
    kept = {name: value for name, value in (claims | changed).items() if value is not None}
    return "Bearer " + jwt.encode(kept, secret, algorithm=algorithm)


def test_a_signed_callback_is_believed() -> None:
    """For five minutes on either side of our clock."""
    for minutes in (-4, 0, 4):
        assert is_signed(bearer(), BODY, SECRET, NOW + timedelta(minutes=minutes))
    for minutes in (-6, 6):
        assert not is_signed(bearer(), BODY, SECRET, NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer ",
        "Bearer a.b.c",
        "Basic a2V5OnNlY3JldA==",
        bearer()[7:],
        bearer("another secret of more than 32 bytes"),
        bearer(SECRET * 2, "HS512"),
        bearer("", "none"),
        bearer(payload_hash=None),
        bearer(payload_hash=7),
        bearer(payload_hash="0" * 64),
        bearer(payload_hash="ü"),
        bearer(payload_hash="\ud800"),
        "Bearer \udce9.\udcff.a",
        bearer(iat=None),
        bearer(iat="now"),
        bearer(iat=NOW.timestamp()),
        bearer(iat=True),
    ],
)
def test_a_forged_callback_is_not_believed(authorization: str) -> None:
    """Neither another's key, nor no key, nor a signature without its claims."""
    assert not is_signed(authorization, BODY, SECRET, NOW)


def test_a_changed_body_is_noticed() -> None:
    """A valid signature is for one body only."""
    assert not is_signed(bearer(), BODY.replace(b"delivered", b"rejected"), SECRET, NOW)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("submitted", ReportState.SENT),
        ("delivered", ReportState.DELIVERED),
        ("rejected", ReportState.FAILED),
        ("undeliverable", ReportState.BOUNCED),
    ],
)
def test_each_status_is_understood(status: str, state: ReportState) -> None:
    """With the number of the error where there is one."""
    said = {
        "message_uuid": REFERENCE,
        "status": status,
        "error": {"type": "https://developer.vonage.com/api-errors/messages#1260"},
    }
    assert parse_report(json.dumps(said).encode()) == DeliveryReport(
        provider="vonage", reference=REFERENCE, state=state, reason="Vonage1260"
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        BODY.replace(b"delivered", b"teleported"),
        b"[" * 5000,
        BODY.replace(REFERENCE.encode(), b"1"),
    ],
)
def test_an_unknown_report_is_nothing(body: bytes) -> None:
    """A new status of theirs is no trouble of ours."""
    assert parse_report(body) is None


def test_an_answer_of_a_person_is_read() -> None:
    """Numbers get their plus back."""
    said = {
        "channel": "sms",
        "message_uuid": REFERENCE,
        "from": "352621123456",
        "to": "352621000001",
        "text": "STOP",
    }
    assert parse_inbound(json.dumps(said).encode()) == InboundSms(
        provider="vonage",
        reference=REFERENCE,
        sender="+352621123456",
        recipient="+352621000001",
        text="STOP",
    )
    assert parse_inbound(json.dumps(said | {"from": "0621"}).encode()) is None
    assert parse_inbound(b"[]") is None
