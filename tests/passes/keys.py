"""Keys and certificates that the development chain itself does not make."""

from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from sandbox.certificates import TEAM_IDENTIFIER, DevelopmentChain
from tests.passes.makers import NOW, PASS_TYPE

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def pem(key: PrivateKey, password: bytes | None = None) -> bytes:
    encryption = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


def issue(
    chain: DevelopmentChain,
    key: PrivateKey,
    user_id: str | None = PASS_TYPE,
    team: str | None = TEAM_IDENTIFIER,
) -> bytes:
    """Issue a certificate below the chain's intermediate, with or without an identity."""
    wwdr = x509.load_pem_x509_certificate(chain.intermediate.read_bytes())
    wwdr_key = load_pem_private_key((chain.folder / "intermediate.key").read_bytes(), None)
    assert isinstance(wwdr_key, rsa.RSAPrivateKey)
    names = {NameOID.USER_ID: user_id, NameOID.ORGANIZATIONAL_UNIT_NAME: team}
    subject = x509.Name([x509.NameAttribute(oid, text) for oid, text in names.items() if text])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(wwdr.subject)
        .public_key(key.public_key())
        .serial_number(2**158 + 1)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=40))
        .sign(wwdr_key, hashes.SHA256())
        .public_bytes(Encoding.PEM)
    )
