"""The headers by which a receiver knows that a webhook is ours (Standard Webhooks 1.0.0)."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

SECRET_PREFIX = "whsec_"  # noqa: S105 - what a secret begins with is none
_VERSION = "v1"


def signed_headers(
    message_id: UUID, sent_at: datetime, body: bytes, secrets: Sequence[bytes]
) -> dict[str, str]:
    """Return the headers of one attempt, with a signature for each secret.

    The id stays the same at every attempt, by which a receiver knows a repetition; the moment is
    the attempt's own, since receivers refuse what is older than five minutes.
    https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    """
    stamp = str(int(sent_at.timestamp()))
    signed = b".".join((str(message_id).encode(), stamp.encode(), body))
    return {
        "webhook-id": str(message_id),
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(_signature(secret, signed) for secret in secrets),
    }


def secret_text(secret: bytes) -> str:
    """Write a secret as its receiver is given it."""
    return SECRET_PREFIX + base64.b64encode(secret).decode()


def _signature(secret: bytes, signed: bytes) -> str:
    digest = hmac.new(secret, signed, hashlib.sha256).digest()
    return f"{_VERSION},{base64.b64encode(digest).decode()}"
