"""Signatures of webhooks, judged by the reference receiver of Standard Webhooks."""

import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from gateway.presenters.webhook_signatures import secret_text, signed_headers

BODY = '{"name":"Café ☕"}'.encode()


def believes(secret: bytes, headers: dict[str, str], body: bytes = BODY) -> bool:
    """Whether a receiver with this secret takes the message for ours."""
    try:
        Webhook(secret_text(secret)).verify(body, headers, json_parse=False)
    except WebhookVerificationError:
        return False
    return True


def test_a_receiver_believes_us_and_nobody_else() -> None:
    """The right secret opens; another secret or another body does not."""
    secret, other = secrets.token_bytes(32), secrets.token_bytes(32)

    headers = signed_headers(uuid4(), datetime.now(UTC), BODY, (secret,))

    assert believes(secret, headers)
    assert not believes(other, headers)
    assert not believes(secret, headers, BODY + b" ")
    assert not believes(secret, headers | {"webhook-id": str(uuid4())})


def test_both_secrets_open_during_a_change() -> None:
    """A receiver may have the new secret already or the old one still."""
    new, old = secrets.token_bytes(32), secrets.token_bytes(24)

    headers = signed_headers(uuid4(), datetime.now(UTC), BODY, (new, old))

    assert believes(new, headers)
    assert believes(old, headers)
    assert headers["webhook-signature"].count("v1,") == 2


def test_an_old_message_is_not_believed_again() -> None:
    """The moment is signed: a message caught on the way is good for five minutes."""
    secret = secrets.token_bytes(32)
    late = datetime.now(UTC) - timedelta(minutes=6)

    headers = signed_headers(uuid4(), late, BODY, (secret,))

    assert not believes(secret, headers)
    assert not believes(secret, headers | {"webhook-timestamp": str(int(late.timestamp()) + 360)})


def test_the_signature_is_the_one_of_the_reference() -> None:
    """Byte by byte what the reference signs, with a whole second as its moment."""
    sent_at = datetime(2026, 11, 21, 8, 30, 1, 999_999, UTC)
    secret = bytes(range(32))

    headers = signed_headers(UUID(int=7), sent_at, BODY, (secret,))

    assert headers == {
        "webhook-id": "00000000-0000-0000-0000-000000000007",
        "webhook-timestamp": "1795249801",
        "webhook-signature": Webhook(secret_text(secret)).sign(
            str(UUID(int=7)), sent_at.replace(microsecond=0), BODY.decode()
        ),
    }
