"""A detached PKCS#7 signature, written out in DER.

`cryptography` can build one too, but takes the signing time from its own clock; ours is an
argument, so that one moment can be repeated. The few bytes are all here (RFC 5652).
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate

_INTEGER, _OCTETS, _OBJECT = 0x02, 0x04, 0x06
_UTC_TIME, _GENERALIZED_TIME = 0x17, 0x18
_SEQUENCE, _SET, _CONTEXT_0 = 0x30, 0x31, 0xA0

_SHORT_LENGTH_MAX = 0x7F
_UTC_TIME_YEARS = range(1950, 2050)


def der(tag: int, *contents: bytes) -> bytes:
    """Wrap the contents in a tag and a definite length (X.690 §8.1.3)."""
    content = b"".join(contents)
    length = len(content)
    if length <= _SHORT_LENGTH_MAX:
        return bytes((tag, length)) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(octets))) + octets + content


def _integer(value: int) -> bytes:
    """Encode a non-negative INTEGER; one spare bit keeps the sign positive."""
    return der(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1))


def _object_identifier(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    return der(_OBJECT, bytes([first * 40 + second]), *map(_base_128, rest))


def _base_128(arc: int) -> bytes:
    octets = [arc & 0x7F]
    while arc := arc >> 7:
        octets.append(arc & 0x7F | 0x80)
    return bytes(reversed(octets))


_DATA = _object_identifier("1.2.840.113549.1.7.1")
_SIGNED_DATA = _object_identifier("1.2.840.113549.1.7.2")
_CONTENT_TYPE = _object_identifier("1.2.840.113549.1.9.3")
_MESSAGE_DIGEST = _object_identifier("1.2.840.113549.1.9.4")
_SIGNING_TIME = _object_identifier("1.2.840.113549.1.9.5")
_NULL = b"\x05\x00"
_SHA_256 = der(_SEQUENCE, _object_identifier("2.16.840.1.101.3.4.2.1"), _NULL)
RSA_ALGORITHM = der(_SEQUENCE, _object_identifier("1.2.840.113549.1.1.1"), _NULL)
ECDSA_SHA_256_ALGORITHM = der(_SEQUENCE, _object_identifier("1.2.840.10045.4.3.2"))

_VERSION_1 = _integer(1)
_DIGEST_ALGORITHMS = der(_SET, _SHA_256)
_DETACHED_CONTENT = der(_SEQUENCE, _DATA)
_CONTENT_TYPE_ATTRIBUTE = der(_SEQUENCE, _CONTENT_TYPE, der(_SET, _DATA))


@dataclass(frozen=True, slots=True)
class Envelope:
    """What every signature of one certificate has in common, encoded once."""

    certificates: bytes
    signer_identifier: bytes
    signature_algorithm: bytes


def envelope(
    certificate: Certificate, intermediate: Certificate, signature_algorithm: bytes
) -> Envelope:
    """Encode the certificates and the name of the signer."""
    encoded = sorted(each.public_bytes(Encoding.DER) for each in (certificate, intermediate))
    issuer_and_serial = (certificate.issuer.public_bytes(), _integer(certificate.serial_number))
    return Envelope(
        certificates=der(_CONTEXT_0, *encoded),
        signer_identifier=der(_SEQUENCE, *issuer_and_serial),
        signature_algorithm=signature_algorithm,
    )


def signed_attributes(digest: bytes, signed_at: datetime) -> bytes:
    """Encode content type, digest and signing time as the DER SET OF that gets signed.

    A SET OF is sorted in DER (X.690 §11.6); a wallet hashes it in that order, whatever was sent.
    """
    attributes = (
        _CONTENT_TYPE_ATTRIBUTE,
        der(_SEQUENCE, _MESSAGE_DIGEST, der(_SET, der(_OCTETS, digest))),
        der(_SEQUENCE, _SIGNING_TIME, der(_SET, _time(signed_at))),
    )
    return der(_SET, *sorted(attributes))


def signed_data(parts: Envelope, attributes: bytes, signature: bytes) -> bytes:
    """Encode the whole SignedData around the signature (RFC 5652 §5.1); content is detached."""
    # Inside SignerInfo the attributes carry an implicit tag instead of SET (§5.4).
    tagged_attributes = bytes([_CONTEXT_0]) + attributes[1:]
    signer_info = der(
        _SEQUENCE,
        _VERSION_1,
        parts.signer_identifier,
        _SHA_256,
        tagged_attributes,
        parts.signature_algorithm,
        der(_OCTETS, signature),
    )
    content = der(
        _SEQUENCE,
        _VERSION_1,
        _DIGEST_ALGORITHMS,
        _DETACHED_CONTENT,
        parts.certificates,
        der(_SET, signer_info),
    )
    return der(_SEQUENCE, _SIGNED_DATA, der(_CONTEXT_0, content))


def _time(moment: datetime) -> bytes:
    """UTCTime until 2049 and GeneralizedTime from 2050, as RFC 5652 §11.3 demands."""
    utc = moment.astimezone(UTC)
    if utc.year in _UTC_TIME_YEARS:
        return der(_UTC_TIME, f"{utc:%y%m%d%H%M%SZ}".encode())
    return der(_GENERALIZED_TIME, f"{utc:%Y%m%d%H%M%SZ}".encode())
