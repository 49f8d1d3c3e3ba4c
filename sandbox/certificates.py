"""The development certificates: a chain shaped like Apple's, made here and trusted by nobody.

Root, an intermediate named like WWDR G4, one certificate for each pass type, a server
certificate for the APNs stand-in, and a .p8 key as APNs takes it. Only what is missing or about
to end is made, so that passes signed yesterday still verify today.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
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
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

TEAM_IDENTIFIER = "DEV1234567"
APNS_KEY_ID = "DEVKEY0001"

RSA_BITS = 2048
AUTHORITY_LIFE = timedelta(days=3650)
# Apple's own last about 13 months.
LEAF_LIFE = timedelta(days=395)
LEFT_MIN = timedelta(days=60)
CLOCK_SKEW = timedelta(hours=1)

_PASS_SIGNING = x509.ObjectIdentifier("1.2.840.113635.100.4.14")
_APNS_TOPICS = x509.ObjectIdentifier("1.2.840.113635.100.6.3.6")


@dataclass(frozen=True, slots=True)
class DevelopmentChain:
    """Where each file of the chain lies; keys are readable by their owner only."""

    folder: Path

    @property
    def root(self) -> Path:
        """Certificate of the root, which stands for Apple's."""
        return self.folder / "root.pem"

    @property
    def intermediate(self) -> Path:
        """Certificate of the intermediate, which stands for WWDR G4."""
        return self.folder / "wwdr.pem"

    @property
    def server_certificate(self) -> Path:
        """Certificate of localhost and 127.0.0.1, followed by the intermediate."""
        return self.folder / "localhost.pem"

    @property
    def server_key(self) -> Path:
        """Key of the server certificate."""
        return self.folder / "localhost.key"

    @property
    def apns_key(self) -> Path:
        """Key for provider tokens, as Apple's portal hands it out."""
        return self.folder / f"AuthKey_{APNS_KEY_ID}.p8"

    def pass_certificate(self, pass_type_identifier: str) -> Path:
        """Certificate that signs passes of this type."""
        return self.folder / f"{pass_type_identifier}.pem"

    def pass_key(self, pass_type_identifier: str) -> Path:
        """Key of the certificate that signs passes of this type."""
        return self.folder / f"{pass_type_identifier}.key"


@dataclass(frozen=True, slots=True)
class _Identity:
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
class _Plan:
    """A certificate to be: where it goes, whose it is, what it may do, how long."""

    certificate_path: Path
    key_path: Path
    subject: Mapping[x509.ObjectIdentifier, str]
    extensions: Sequence[tuple[x509.ExtensionType, bool]]
    life: timedelta


def write_development_chain(
    folder: Path, pass_types: Iterable[str], now: datetime
) -> DevelopmentChain:
    """Write the chain into `folder`, keeping whatever of it is there and still lives a while.

    When an authority is made anew, so is everything below it. Running it twice changes nothing.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    chain = DevelopmentChain(folder)
    root = _ensure(_root_plan(chain), None, now)
    intermediate = _ensure(_intermediate_plan(chain), root, now)
    _ensure(_server_plan(chain), intermediate, now, followed_by_issuer=True)
    for pass_type in pass_types:
        _ensure(_pass_plan(chain, pass_type), intermediate, now)
    if not chain.apns_key.exists():
        _write(chain.apns_key, _key_pem(ec.generate_private_key(ec.SECP256R1())))
    return chain


def _root_plan(chain: DevelopmentChain) -> _Plan:
    return _Plan(
        certificate_path=chain.root,
        key_path=chain.folder / "root.key",
        subject={
            NameOID.COMMON_NAME: "Passgate Development Root",
            NameOID.ORGANIZATION_NAME: "Passgate Development",
        },
        extensions=_authority(path_length=1),
        life=AUTHORITY_LIFE,
    )


def _intermediate_plan(chain: DevelopmentChain) -> _Plan:
    return _Plan(
        certificate_path=chain.intermediate,
        key_path=chain.folder / "wwdr.key",
        subject={
            NameOID.COMMON_NAME: "Passgate Development Worldwide Developer Relations",
            NameOID.ORGANIZATIONAL_UNIT_NAME: "G4",
            NameOID.ORGANIZATION_NAME: "Passgate Development",
        },
        extensions=_authority(path_length=0),
        # Ends before the root does, whose life began in the same moment.
        life=AUTHORITY_LIFE - timedelta(days=1),
    )


def _server_plan(chain: DevelopmentChain) -> _Plan:
    names = x509.SubjectAlternativeName(
        [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    )
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    return _Plan(
        certificate_path=chain.server_certificate,
        key_path=chain.server_key,
        subject={NameOID.COMMON_NAME: "localhost"},
        extensions=(*_leaf(), (names, False), (purpose, False)),
        life=LEAF_LIFE,
    )


def _pass_plan(chain: DevelopmentChain, pass_type: str) -> _Plan:
    purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH, _PASS_SIGNING])
    topics = x509.UnrecognizedExtension(_APNS_TOPICS, _apns_topics(pass_type))
    return _Plan(
        certificate_path=chain.pass_certificate(pass_type),
        key_path=chain.pass_key(pass_type),
        subject={
            NameOID.USER_ID: pass_type,
            NameOID.COMMON_NAME: f"Pass Type ID: {pass_type}"[:64],
            NameOID.ORGANIZATIONAL_UNIT_NAME: TEAM_IDENTIFIER,
            NameOID.ORGANIZATION_NAME: "Passgate Development",
        },
        extensions=(*_leaf(), (purposes, False), (topics, False)),
        life=LEAF_LIFE,
    )


def _authority(path_length: int) -> tuple[tuple[x509.ExtensionType, bool], ...]:
    usage = _key_usage(signs_certificates=True)
    return (x509.BasicConstraints(ca=True, path_length=path_length), True), (usage, True)


def _leaf() -> tuple[tuple[x509.ExtensionType, bool], ...]:
    usage = _key_usage(signs_certificates=False)
    return (x509.BasicConstraints(ca=False, path_length=None), True), (usage, True)


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _apns_topics(pass_type: str) -> bytes:
    """Encode the topics a certificate may push to, in DER: a list of name and kinds."""
    name, kind = pass_type.encode(), b"pass"
    kinds = bytes((0x30, len(kind) + 2, 0x0C, len(kind))) + kind
    content = bytes((0x0C, len(name))) + name + kinds
    return bytes((0x30, len(content))) + content


def _ensure(
    plan: _Plan, issuer: _Identity | None, now: datetime, *, followed_by_issuer: bool = False
) -> _Identity:
    """Keep the identity that is there, or make it."""
    if kept := _kept(plan, issuer, now):
        return kept
    key = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    certificate = _signed(plan, key, issuer, now)
    chain = [certificate, issuer.certificate] if issuer and followed_by_issuer else [certificate]
    _write(plan.key_path, _key_pem(key))
    _write(plan.certificate_path, b"".join(each.public_bytes(Encoding.PEM) for each in chain))
    return _Identity(certificate, key)


def _kept(plan: _Plan, issuer: _Identity | None, now: datetime) -> _Identity | None:
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
    return _Identity(certificate, key)


def _signed(
    plan: _Plan, key: rsa.RSAPrivateKey, issuer: _Identity | None, now: datetime
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


def _key_pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(path: Path, data: bytes) -> None:
    """Write a file for its owner only; a half-written one is never left under its name."""
    draft = path.with_suffix(f"{path.suffix}.draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    draft.replace(path)
