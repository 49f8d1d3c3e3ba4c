"""The public keys Google signs its callbacks with, read from the document it publishes.

Source: https://pay.google.com/gp/m/issuer/keys,
https://developers.google.com/pay/api/web/guides/resources/payment-data-cryptography
"""

import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

PROTOCOL = "ECv2SigningOnly"
DOCUMENT_BYTES_MAX = 64 * 1024
KEYS_MAX = 20

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS_MAX = 253_402_300_799_999
"""The last moment a date can hold, the end of the year 9999."""


@dataclass(frozen=True, slots=True)
class RootKey:
    """A key Google signs with until `expires_at`."""

    key: ec.EllipticCurvePublicKey
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class RootKeys:
    """The keys of the one protocol that callbacks use."""

    keys: tuple[RootKey, ...]

    @classmethod
    def parse(cls, document: bytes) -> "RootKeys":
        """Read Google's document; raises ValueError if it is not one.

        Keys of other protocols are left out, and so are keys without an end or of another kind:
        one strange entry does not cost us the rest.
        """
        if len(document) > DOCUMENT_BYTES_MAX:
            raise ValueError(f"the root keys have more than {DOCUMENT_BYTES_MAX} bytes")
        entries = _entries(document)
        if len(entries) > KEYS_MAX:
            raise ValueError(f"there are more than {KEYS_MAX} root keys")
        found = (_root_key(entry) for entry in entries)
        return cls(tuple(key for key in found if key is not None))

    def usable(self, now: datetime) -> tuple[ec.EllipticCurvePublicKey, ...]:
        """Return the keys that have not ended."""
        return tuple(root.key for root in self.keys if root.expires_at > now)


def moment(milliseconds: object) -> datetime | None:
    """Read a number of milliseconds since 1970, which Google writes as a string or a number."""
    if isinstance(milliseconds, str) and milliseconds.isascii() and milliseconds.isdecimal():
        # Python refuses to read thousands of digits; no moment has them.
        milliseconds = int(milliseconds[: len(str(_MILLISECONDS_MAX)) + 1])
    if not isinstance(milliseconds, int) or isinstance(milliseconds, bool):
        return None
    if not 0 <= milliseconds <= _MILLISECONDS_MAX:
        return None
    return _EPOCH + timedelta(milliseconds=milliseconds)


def public_key(encoded: object) -> ec.EllipticCurvePublicKey | None:
    """Read a base64 SubjectPublicKeyInfo; None for everything but a key on P-256."""
    if not isinstance(encoded, str):
        return None
    try:
        key = load_der_public_key(b64decode(encoded, validate=True))
    except (ValueError, UnsupportedAlgorithm):
        return None
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    return None


def _entries(document: bytes) -> list[object]:
    try:
        content = json.loads(document)
    except (ValueError, RecursionError):
        raise ValueError("the root keys are not JSON") from None
    entries = content.get("keys") if isinstance(content, Mapping) else None
    if not isinstance(entries, list):
        # TRY004 asks for a TypeError, but it is the document that is wrong, not our call.
        raise ValueError("the root keys are no object with a list of keys")  # noqa: TRY004
    return entries


def _root_key(entry: object) -> RootKey | None:
    if not isinstance(entry, Mapping) or entry.get("protocolVersion") != PROTOCOL:
        return None
    key, expires_at = public_key(entry.get("keyValue")), moment(entry.get("keyExpiration"))
    return RootKey(key, expires_at) if key and expires_at else None
