"""A detached CMS signature verified as a phone does: digest, chain, validity and signing time.

Reads with asn1crypto, checks with `cryptography`; it shares no code with the signer (RFC 5652).
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

CLOCK_SKEW = timedelta(minutes=10)


class SignatureRefused(Exception):
    """A phone would refuse the signature; `code` says at which step."""

    def __init__(self, code: str, sentence: str) -> None:
        """Keep the code beside the sentence."""
        self.code = code
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, and when."""

    certificate: x509.Certificate
    pass_type_identifier: str
    team_identifier: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class _Message:
    """The parts of a CMS message that matter, taken out of their encoding."""

    certificates: Sequence[x509.Certificate]
    issuer: bytes
    serial_number: int
    digest: bytes
    signed_at: datetime | None
    signed: bytes
    signature: bytes
    is_attached: bool


def verified_signature(
    signature: bytes, content: bytes, roots: Sequence[x509.Certificate], now: datetime
) -> Signature:
    """Verify a signature over `content` up to one of the roots; raises SignatureRefused."""
    message = _parsed(signature)
    if message.is_attached:
        raise SignatureRefused("signature.attached", "The signature repeats what it signs.")
    certificate = _signer_certificate(message)
    if not hmac.compare_digest(message.digest, hashlib.sha256(content).digest()):
        raise SignatureRefused("signature.digest", "The manifest is not the one that was signed.")
    _check_signature(message, certificate)
    signed_at = _signing_time(message, now)
    _check_chain(certificate, message.certificates, roots, signed_at)
    return Signature(
        certificate=certificate,
        pass_type_identifier=_subject(certificate, NameOID.USER_ID),
        team_identifier=_subject(certificate, NameOID.ORGANIZATIONAL_UNIT_NAME),
        signed_at=signed_at,
    )


def _parsed(signature: bytes) -> _Message:
    try:
        signed_data = cms.ContentInfo.load(signature, strict=True)["content"]
        (signer,) = signed_data["signer_infos"]
        identifier = signer["sid"].chosen
        attributes = {
            each["type"].native: each["values"][0].native for each in signer["signed_attrs"]
        }
        return _Message(
            certificates=_certificates(signed_data),
            issuer=identifier["issuer"].dump(),
            serial_number=identifier["serial_number"].native,
            digest=attributes["message_digest"],
            signed_at=attributes.get("signing_time"),
            # What is signed is the SET OF; here it carries an implicit tag (RFC 5652 §5.4).
            signed=b"\x31" + signer["signed_attrs"].dump()[1:],
            signature=signer["signature"].native,
            is_attached=signed_data["encap_content_info"]["content"].native is not None,
        )
    except (ValueError, TypeError, KeyError) as error:
        raise SignatureRefused("signature.unreadable", "This is not a CMS signature.") from error


def _certificates(signed_data: cms.SignedData) -> list[x509.Certificate]:
    return [
        x509.load_der_x509_certificate(choice.chosen.dump())
        for choice in signed_data["certificates"]
    ]


def _signer_certificate(message: _Message) -> x509.Certificate:
    for certificate in message.certificates:
        is_issuer = certificate.issuer.public_bytes() == message.issuer
        if is_issuer and certificate.serial_number == message.serial_number:
            return certificate
    raise SignatureRefused("signature.no-certificate", "The signer's certificate is not included.")


def _check_signature(message: _Message, certificate: x509.Certificate) -> None:
    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(message.signature, message.signed, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(message.signature, message.signed, ec.ECDSA(hashes.SHA256()))
        else:
            raise SignatureRefused("signature.key", "The certificate's key cannot sign passes.")
    except InvalidSignature:
        raise SignatureRefused("signature.wrong", "The signature is not of this key.") from None


def _signing_time(message: _Message, now: datetime) -> datetime:
    if message.signed_at is None:
        raise SignatureRefused("signature.time-missing", "Signature must contain a signing date.")
    if message.signed_at > now + CLOCK_SKEW:
        raise SignatureRefused("signature.future", "The pass was signed in the future.")
    return message.signed_at


def _check_chain(
    certificate: x509.Certificate,
    certificates: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    signed_at: datetime,
) -> None:
    """Climb from the signer to a trusted root; every step must have lived when it signed."""
    _check_validity(certificate, signed_at)
    # No climb is longer than the certificates at hand, so that a circle of them ends.
    for _ in certificates:
        if any(_issued(root, certificate) for root in roots):
            return
        issuer = next((each for each in certificates if _issued(each, certificate)), certificate)
        _check_validity(issuer, signed_at)
        certificate = issuer
    raise SignatureRefused("signature.untrusted", "No trusted root issued the certificate.")


def _check_validity(certificate: x509.Certificate, at: datetime) -> None:
    if not certificate.not_valid_before_utc <= at < certificate.not_valid_after_utc:
        raise SignatureRefused("signature.expired", "A certificate was not valid at signing.")


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _subject(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    values = certificate.subject.get_attributes_for_oid(oid)
    return str(values[0].value) if values else ""
