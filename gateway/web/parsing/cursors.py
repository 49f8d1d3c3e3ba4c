"""Cursors of long lists: opaque to the caller, and signed, so that nobody can forge one."""

import base64
import binascii
import hashlib
import hmac

from gateway.web.refusals import CursorInvalid

SIGNATURE_BYTES = 16


def encode(position: str, *, key: bytes, purpose: str) -> str:
    """Seal a list `position`; `purpose` names the list, so that cursors do not travel."""
    body = position.encode()
    return base64.urlsafe_b64encode(_sign(body, key, purpose) + body).rstrip(b"=").decode()


def decode(cursor: str, *, key: bytes, purpose: str) -> str:
    """Open a cursor that `encode` made; raises CursorInvalid for any other text."""
    try:
        sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
        position = sealed[SIGNATURE_BYTES:].decode()
    except (binascii.Error, ValueError):
        raise CursorInvalid from None
    # Made again and compared as text: base64 reads many spellings of the same bytes.
    made = encode(position, key=key, purpose=purpose)
    if not hmac.compare_digest(made.encode(), cursor.encode()):
        raise CursorInvalid
    return position


def _sign(body: bytes, key: bytes, purpose: str) -> bytes:
    message = purpose.encode() + b"\x00" + body
    return hmac.digest(key, message, hashlib.sha256)[:SIGNATURE_BYTES]
