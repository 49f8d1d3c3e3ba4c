"""A message signed by Google for one recipient, under the protocol ECv2SigningOnly.

Google's root key signs an intermediate key, which signs the message.
Source: https://developers.google.com/pay/api/web/guides/resources/payment-data-cryptography
"""

import json
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from passes.encoding import is_encodable
from passes.google.root_keys import PROTOCOL, RootKeys, moment, public_key

BODY_BYTES_MAX = 16 * 1024
SIGNATURES_MAX = 10

_SENDER = "GooglePayPasses"
_LENGTH_BYTES = 4
_ENVELOPE = {"protocolVersion", "signature", "intermediateSigningKey", "signedMessage"}
_INTERMEDIATE = {"signedKey", "signatures"}
_ECDSA = ec.ECDSA(hashes.SHA256())


class Distrust(StrEnum):
    """Why a callback is not believed."""

    TOO_LARGE = "too-large"
    MALFORMED = "malformed"
    PROTOCOL = "protocol"
    NO_ROOT_KEY = "no-root-key"
    INTERMEDIATE_SIGNATURE = "intermediate-signature"
    INTERMEDIATE_EXPIRED = "intermediate-expired"
    SIGNATURE = "signature"
    CONTENT = "content"
    EXPIRED = "expired"
    OTHER_ISSUER = "other-issuer"


class UntrustedCallback(ValueError):
    """A callback that is not believed; NO_ROOT_KEY alone is no fault of the sender."""

    def __init__(self, reason: Distrust) -> None:
        """Keep the reason, and nothing of what a stranger wrote."""
        self.reason = reason
        super().__init__(reason.value)


def signed_message(
    body: bytes, recipient_id: str, root_keys: RootKeys, now: datetime
) -> Mapping[str, Any]:
    """Return the message in an envelope, if Google signed it for this recipient.

    `body` is as it came: signatures are over its very strings, and nothing in the message is
    read before they are found good. Raises UntrustedCallback.
    """
    envelope = _envelope(body)
    key = _intermediate_key(envelope["intermediateSigningKey"], root_keys, now)
    message = _text(envelope["signedMessage"])
    signed = _signed_bytes(_SENDER, recipient_id, PROTOCOL, message)
    if not _is_signed(_text(envelope["signature"]), signed, [key]):
        raise UntrustedCallback(Distrust.SIGNATURE)
    return _object(message, Distrust.CONTENT)


def _envelope(body: bytes) -> Mapping[str, Any]:
    if len(body) > BODY_BYTES_MAX:
        raise UntrustedCallback(Distrust.TOO_LARGE)
    envelope = _object(body, Distrust.MALFORMED)
    if envelope.keys() != _ENVELOPE:
        raise UntrustedCallback(Distrust.MALFORMED)
    if envelope["protocolVersion"] != PROTOCOL:
        raise UntrustedCallback(Distrust.PROTOCOL)
    return envelope


def _intermediate_key(
    intermediate: object, root_keys: RootKeys, now: datetime
) -> ec.EllipticCurvePublicKey:
    if not isinstance(intermediate, Mapping) or intermediate.keys() != _INTERMEDIATE:
        raise UntrustedCallback(Distrust.MALFORMED)
    signed_key, signatures = _text(intermediate["signedKey"]), intermediate["signatures"]
    if not isinstance(signatures, list) or len(signatures) > SIGNATURES_MAX:
        raise UntrustedCallback(Distrust.MALFORMED)
    usable = root_keys.usable(now)
    if not usable:
        raise UntrustedCallback(Distrust.NO_ROOT_KEY)
    signed = _signed_bytes(_SENDER, PROTOCOL, signed_key)
    if not any(_is_signed(_text(signature), signed, usable) for signature in signatures):
        raise UntrustedCallback(Distrust.INTERMEDIATE_SIGNATURE)
    return _unexpired_key(_object(signed_key, Distrust.MALFORMED), now)


def _unexpired_key(content: Mapping[str, Any], now: datetime) -> ec.EllipticCurvePublicKey:
    key, expires_at = public_key(content.get("keyValue")), moment(content.get("keyExpiration"))
    if key is None or expires_at is None:
        raise UntrustedCallback(Distrust.MALFORMED)
    if expires_at <= now:
        raise UntrustedCallback(Distrust.INTERMEDIATE_EXPIRED)
    return key


def _signed_bytes(*parts: str) -> bytes:
    """Join the parts, each after its length: that of its bytes, which is not its characters'."""
    written = (part.encode() for part in parts)
    return b"".join(len(each).to_bytes(_LENGTH_BYTES, "little") + each for each in written)


def _is_signed(signature: str, signed: bytes, keys: Iterable[ec.EllipticCurvePublicKey]) -> bool:
    try:
        der = b64decode(signature, validate=True)
    except NotBase64:
        return False
    return any(_verifies(key, der, signed) for key in keys)


def _verifies(key: ec.EllipticCurvePublicKey, signature: bytes, signed: bytes) -> bool:
    try:
        key.verify(signature, signed, _ECDSA)
    except InvalidSignature:
        return False
    return True


def _object(text: str | bytes, otherwise: Distrust) -> Mapping[str, Any]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, Mapping):
        raise UntrustedCallback(otherwise)
    return content


def _text(value: object) -> str:
    if not isinstance(value, str) or not is_encodable(value):
        raise UntrustedCallback(Distrust.MALFORMED)
    return value
