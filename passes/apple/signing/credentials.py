"""Certificate, key and intermediate as they come from Apple's portal, checked together."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12
from cryptography.x509.oid import NameOID

from passes.errors import Problem, UnusableSigner

SigningKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

RSA_BITS_MIN = 2048

_REENCODE = (
    "The .p12 cannot be opened: the password is wrong, or the file uses the old RC2 encryption. "
    "Write it anew: "
    "openssl pkcs12 -legacy -in old.p12 -nodes | openssl pkcs12 -export -out new.p12"
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What signs passes: the certificate matches the key and was issued by the intermediate."""

    certificate: x509.Certificate
    key: SigningKey = field(repr=False)
    intermediate: x509.Certificate

    @property
    def pass_type_identifier(self) -> str:
        """The pass type the certificate is for; Apple writes it as the subject's user id."""
        return _subject_value(self.certificate, NameOID.USER_ID)

    @property
    def team_identifier(self) -> str:
        """The developer team; Apple writes it as the subject's organisational unit."""
        return _subject_value(self.certificate, NameOID.ORGANIZATIONAL_UNIT_NAME)


def from_pem(
    certificate: bytes, key: bytes, intermediate: bytes, password: bytes | None
) -> Credentials:
    """Parse and check PEM documents; a certificate may also be DER, as Apple hands it out.

    Raises UnusableSigner naming everything that is wrong.
    """
    return _checked(
        _load_certificate(certificate, "certificate"),
        _load_key(key, password),
        _load_certificate(intermediate, "intermediate"),
    )


def from_pkcs12(bundle: bytes, intermediate: bytes, password: bytes | None) -> Credentials:
    """Parse and check a ``.p12`` and an intermediate; raises UnusableSigner."""
    try:
        content = pkcs12.load_pkcs12(bundle, password)
    except (ValueError, UnsupportedAlgorithm):
        raise UnusableSigner([Problem("pkcs12.unreadable", "pkcs12", _REENCODE)]) from None
    certificate: x509.Certificate | Problem = (
        content.cert.certificate
        if content.cert
        else Problem("certificate.missing", "pkcs12", "The .p12 holds no certificate for its key.")
    )
    return _checked(
        certificate,
        _supported(content.key),
        _load_certificate(intermediate, "intermediate"),
    )


def _load_certificate(data: bytes, where: str) -> x509.Certificate | Problem:
    is_pem = b"-----BEGIN" in data
    try:
        if is_pem:
            return x509.load_pem_x509_certificate(data)
        return x509.load_der_x509_certificate(data)
    except ValueError:
        return Problem(f"{where}.unreadable", where, "This is not an X.509 certificate.")


def _load_key(data: bytes, password: bytes | None) -> SigningKey | Problem:
    try:
        return _supported(load_pem_private_key(data, password))
    except TypeError:
        sentence = (
            "The key is encrypted; its password is missing."
            if password is None
            else "The key is not encrypted, yet a password was given."
        )
        return Problem("key.password", "key", sentence)
    except (ValueError, UnsupportedAlgorithm):
        sentence = "This is not a PEM private key, or its password is wrong."
        return Problem("key.unreadable", "key", sentence)


def _supported(key: object) -> SigningKey | Problem:
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= RSA_BITS_MIN:
        return key
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    sentence = f"Passes are signed with RSA of {RSA_BITS_MIN} bits or more, or with EC P-256."
    return Problem("key.unsupported", "key", sentence)


def _checked(
    certificate: x509.Certificate | Problem,
    key: SigningKey | Problem,
    intermediate: x509.Certificate | Problem,
) -> Credentials:
    if (
        isinstance(certificate, Problem)
        or isinstance(key, Problem)
        or isinstance(intermediate, Problem)
    ):
        parts = (certificate, key, intermediate)
        raise UnusableSigner(part for part in parts if isinstance(part, Problem))
    credentials = Credentials(certificate, key, intermediate)
    if problems := tuple(_mismatches(credentials)):
        raise UnusableSigner(problems)
    return credentials


def _mismatches(credentials: Credentials) -> Iterator[Problem]:
    certificate = credentials.certificate
    if certificate.public_key() != credentials.key.public_key():
        sentence = "The key belongs to another certificate."
        yield Problem("key.mismatch", "key", sentence)
    if not credentials.pass_type_identifier:
        sentence = "The subject names no pass type (UID); this is not a Pass Type ID certificate."
        yield Problem("certificate.pass-type-missing", "certificate", sentence)
    if not credentials.team_identifier:
        sentence = "The subject names no team (OU)."
        yield Problem("certificate.team-missing", "certificate", sentence)
    if not _issued_by(certificate, credentials.intermediate):
        sentence = (
            f"It did not issue the certificate, whose issuer is "
            f"{certificate.issuer.rfc4514_string()!r}. For Apple take the WWDR certificate, G4."
        )
        yield Problem("intermediate.mismatch", "intermediate", sentence)


def _issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _subject_value(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    """First value of that kind in the subject, or an empty string."""
    for attribute in certificate.subject.get_attributes_for_oid(oid):
        return str(attribute.value)
    return ""
