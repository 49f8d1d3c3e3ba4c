"""A development certificate, kept while it lives and fits, else made and written."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

RSA_BITS = 2048
LEFT_MIN = timedelta(days=60)
CLOCK_SKEW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    def issued(self, certificate: x509.Certificate) -> bool:
        """Say whether a certificate is signed with this key and carries this name."""
        try:
            certificate.verify_directly_issued_by(self.certificate)
        except (ValueError, InvalidSignature):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Plan:
    """A certificate to be: where it goes, whose it is, what it may do, how long."""

    certificate_path: Path
    key_path: Path
    subject: Mapping[x509.ObjectIdentifier, str]
    extensions: Sequence[tuple[x509.ExtensionType, bool]]
    life: timedelta


def ensure(
    plan: Plan, issuer: Identity | None, now: datetime, *, followed_by_issuer: bool = False
) -> Identity:
    """Keep the identity that is there, or make it."""
    if kept := _kept(plan, issuer, now):
        return kept
    key = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    certificate = _signed(plan, key, issuer, now)
    chain = [certificate, issuer.certificate] if issuer and followed_by_issuer else [certificate]
    write_private(plan.key_path, key_pem(key))
    write_private(
        plan.certificate_path, b"".join(each.public_bytes(Encoding.PEM) for each in chain)
    )
    return Identity(certificate, key)


def _kept(plan: Plan, issuer: Identity | None, now: datetime) -> Identity | None:
    """Read what is there, unless it is another authority's or ends soon."""
    if not plan.certificate_path.exists() or not plan.key_path.exists():
        return None
    certificate = x509.load_pem_x509_certificate(plan.certificate_path.read_bytes())
    key = load_pem_private_key(plan.key_path.read_bytes(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey), "this folder holds what we wrote"
    if certificate.public_key() != key.public_key():
        return None
    if issuer and not issuer.issued(certificate):
        return None
    if certificate.not_valid_after_utc < now + LEFT_MIN:
        return None
    return Identity(certificate, key)


def _signed(
    plan: Plan, key: rsa.RSAPrivateKey, issuer: Identity | None, now: datetime
) -> x509.Certificate:
    subject = _name(plan.subject)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SKEW)
        .not_valid_after(now + plan.life)
    )
    authority_key = issuer.key if issuer else key
    identifiers = (
        x509.SubjectKeyIdentifier.from_public_key(key.public_key()),
        x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()),
    )
    for extension, critical in (*plan.extensions, *((each, False) for each in identifiers)):
        builder = builder.add_extension(extension, critical)
    return builder.sign(authority_key, hashes.SHA256())


def _name(attributes: Mapping[x509.ObjectIdentifier, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in attributes.items()])


def key_pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    """Write a key as unencrypted PKCS#8, the form of Apple's .p8 files."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def write_private(path: Path, data: bytes) -> None:
    """Write a file for its owner only; a half-written one is never left under its name."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(f"{path.suffix}.draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    draft.replace(path)
