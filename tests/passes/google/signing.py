"""Google's side of a callback: keys, an intermediate, and envelopes, right or wrong in one thing.

Written from the description of the protocol, and sharing no line with what it tests.
"""

import base64
import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.passes.google.makers import CLASS_ID, ISSUER, NOW, OBJECT_ID

TOMORROW, YESTERDAY = NOW + timedelta(days=1), NOW - timedelta(days=1)
ROOT, OTHER_ROOT, INTERMEDIATE = (generate_private_key(SECP256R1()) for _ in range(3))


def milliseconds(moment: datetime) -> str:
    return str(round(moment.timestamp() * 1000))


def encoded(key: EllipticCurvePublicKey) -> str:
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


def root_entry(key: EllipticCurvePrivateKey = ROOT, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 -- any JSON
    """Give one entry of the root keys' document."""
    return {
        "keyValue": encoded(key.public_key()),
        "protocolVersion": "ECv2SigningOnly",
        "keyExpiration": milliseconds(TOMORROW),
    } | changes


def keys_document(*entries: Mapping[str, Any]) -> bytes:
    """Give the root keys' document; without entries that of one good key."""
    return json.dumps({"keys": entries or [root_entry()]}).encode()


def signature(key: EllipticCurvePrivateKey, *parts: str) -> str:
    """Sign the parts, each behind the little-endian length of its bytes."""
    signed = b""
    for part in parts:
        data = part.encode("utf-8")
        signed += struct.pack("<I", len(data)) + data
    return base64.b64encode(key.sign(signed, ECDSA(SHA256()))).decode()


@dataclass(frozen=True, kw_only=True)
class Google:
    """A Google that signs callbacks, with one thing about it changed."""

    sender: str = "GooglePayPasses"
    recipient: str = ISSUER
    protocol: str = "ECv2SigningOnly"
    root: EllipticCurvePrivateKey = ROOT
    intermediate: EllipticCurvePrivateKey = INTERMEDIATE
    intermediate_ends: object = milliseconds(TOMORROW)

    def seal(self, message: str) -> dict[str, Any]:
        """Give the envelope around a message."""
        signed_key = json.dumps(
            {
                "keyValue": encoded(self.intermediate.public_key()),
                "keyExpiration": self.intermediate_ends,
                "keyAddedSince": True,
            }
        )
        return {
            "protocolVersion": self.protocol,
            "intermediateSigningKey": {
                "signedKey": signed_key,
                "signatures": [signature(self.root, self.sender, self.protocol, signed_key)],
            },
            "signature": signature(
                self.intermediate, self.sender, self.recipient, self.protocol, message
            ),
            "signedMessage": message,
        }


def content(**changes: Any) -> str:  # noqa: ANN401 -- any JSON
    """Give the message of a save, with some of its fields changed; None takes one out."""
    fields = {
        "classId": str(CLASS_ID),
        "objectId": str(OBJECT_ID),
        "eventType": "save",
        "expTimeMillis": int(milliseconds(TOMORROW)),
        "count": 1,
        "nonce": "9a8b7c6d-0000-4000-8000-123456789abc",
    } | changes
    kept = {name: value for name, value in fields.items() if value is not None}
    return json.dumps(kept, ensure_ascii=False)


def body(envelope: Mapping[str, Any]) -> bytes:
    """Write an envelope as it arrives."""
    return json.dumps(envelope).encode()


def spoilt(text: str) -> str:
    """Give a base64 text whose first byte is turned round."""
    data = bytearray(base64.b64decode(text))
    data[0] ^= 0xFF
    return base64.b64encode(bytes(data)).decode()


def with_signatures(envelope: Mapping[str, Any], signatures: Sequence[Any]) -> dict[str, Any]:
    """Give the envelope with other signatures under its intermediate key."""
    inner = envelope["intermediateSigningKey"] | {"signatures": list(signatures)}
    return {**envelope, "intermediateSigningKey": inner}
