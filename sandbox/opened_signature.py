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


def verified_signature(
    signature: bytes, content: bytes, roots: Sequence[x509.Certificate], now: datetime
) -> Signature:
    """Verify a signature over `content` up to one of the roots; raises SignatureRefused."""
    signed_data, signer = _parsed(signature)
    certificates = _certificates(signed_data)
    certificate = _signer_certificate(signer, certificates)
    attributes = {each["type"].native: each["values"] for each in signer["signed_attrs"]}
    _check_digest(attributes, content)
    _check_signature(signer, certificate)
    signed_at = _signing_time(attributes, now)
    _check_chain(certificate, certificates, roots, signed_at)
    return Signature(
        certificate=certificate,
        pass_type_identifier=_subject(certificate, NameOID.USER_ID),
        team_identifier=_subject(certificate, NameOID.ORGANIZATIONAL_UNIT_NAME),
        signed_at=signed_at,
    )


def _parsed(signature: bytes) -> tuple[cms.SignedData, cms.SignerInfo]:
    try:
        info = cms.ContentInfo.load(signature, strict=True)
        signed_data = info["content"]
        (signer,) = signed_data["signer_infos"]
        is_attached = signed_data["encap_content_info"]["content"].native is not None
    except (ValueError, TypeError, KeyError) as error:
        raise SignatureRefused("signature.unreadable", "This is not a CMS signature.") from error
    if is_attached:
        raise SignatureRefused("signature.attached", "The signature repeats what it signs.")
    return signed_data, signer


def _certificates(signed_data: cms.SignedData) -> list[x509.Certificate]:
    return [
        x509.load_der_x509_certificate(choice.chosen.dump())
        for choice in signed_data["certificates"]
    ]


def _signer_certificate(
    signer: cms.SignerInfo, certificates: Sequence[x509.Certificate]
) -> x509.Certificate:
    identifier = signer["sid"].chosen
    for certificate in certificates:
        is_issuer = certificate.issuer.public_bytes() == identifier["issuer"].dump()
        if is_issuer and certificate.serial_number == identifier["serial_number"].native:
            return certificate
    raise SignatureRefused("signature.no-certificate", "The signer's certificate is not included.")


def _check_digest(attributes: dict[str, cms.SetOf], content: bytes) -> None:
    digest = attributes["message_digest"][0].native
    if not hmac.compare_digest(digest, hashlib.sha256(content).digest()):
        raise SignatureRefused("signature.digest", "The manifest is not the one that was signed.")


def _check_signature(signer: cms.SignerInfo, certificate: x509.Certificate) -> None:
    # What is signed is the SET OF; in the message it carries an implicit tag (RFC 5652 §5.4).
    signed = b"\x31" + signer["signed_attrs"].dump()[1:]
    value = signer["signature"].native
    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(value, signed, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(value, signed, ec.ECDSA(hashes.SHA256()))
        else:
            raise SignatureRefused("signature.key", "The certificate's key cannot sign passes.")
    except InvalidSignature:
        raise SignatureRefused("signature.wrong", "The signature is not of this key.") from None


def _signing_time(attributes: dict[str, cms.SetOf], now: datetime) -> datetime:
    if "signing_time" not in attributes:
        raise SignatureRefused("signature.time-missing", "Signature must contain a signing date.")
    signed_at: datetime = attributes["signing_time"][0].native
    if signed_at > now + CLOCK_SKEW:
        raise SignatureRefused("signature.future", "The pass was signed in the future.")
    return signed_at


def _check_chain(
    certificate: x509.Certificate,
    certificates: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    signed_at: datetime,
) -> None:
    """Climb from the signer to a trusted root; every step must have lived when it signed."""
    _check_validity(certificate, signed_at)
    for _ in range(len(certificates)):
        if any(_issued(root, certificate) for root in roots):
            return
        issuers = (each for each in certificates if _issued(each, certificate))
        issuer = next(issuers, None)
        if issuer is None:
            break
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
