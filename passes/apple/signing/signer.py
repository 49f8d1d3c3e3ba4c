"""The certificate that signs passes: parsed once, asked who it is, and signing with its key.

Source: https://developer.apple.com/documentation/walletpasses/building-a-pass
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import Certificate

from passes.apple.signing import cms
from passes.apple.signing.credentials import Credentials, from_pem, from_pkcs12

CERTIFICATE_WARNING = timedelta(days=30)
INTERMEDIATE_WARNING = timedelta(days=90)

_ECDSA = ec.ECDSA(hashes.SHA256())
_PKCS1 = padding.PKCS1v15()
_SHA_256 = hashes.SHA256()


@dataclass(frozen=True, slots=True)
class ExpiryWarning:
    """A certificate that ends soon, or has ended: `days_left` is then negative."""

    subject: str
    expires_at: datetime
    days_left: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Signer:
    """A pass certificate with its key and Apple's intermediate; safe to share among threads.

    `sign` releases the interpreter lock while it computes, so threads sign in parallel.
    """

    pass_type_identifier: str
    team_identifier: str
    certificate: Certificate = field(repr=False)
    intermediate: Certificate = field(repr=False)
    _key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = field(repr=False)
    _envelope: cms.Envelope = field(repr=False)

    @classmethod
    def from_pem(
        cls, certificate: bytes, key: bytes, intermediate: bytes, password: bytes | None = None
    ) -> "Signer":
        """Parse PEM certificate, key and intermediate; this costs 30 ms, so do it once.

        Raises UnusableSigner with everything that is wrong with them.
        """
        return cls.from_credentials(from_pem(certificate, key, intermediate, password))

    @classmethod
    def from_pkcs12(cls, bundle: bytes, intermediate: bytes, password: bytes | None) -> "Signer":
        """Parse a ``.p12`` as Keychain exports it, and the PEM intermediate.

        Raises UnusableSigner; for old encryptions it says how to write the file anew.
        """
        return cls.from_credentials(from_pkcs12(bundle, intermediate, password))

    @classmethod
    def from_credentials(cls, credentials: Credentials) -> "Signer":
        """Prepare what all signatures of these checked credentials share."""
        key = credentials.key
        is_rsa = isinstance(key, rsa.RSAPrivateKey)
        algorithm = cms.RSA_ALGORITHM if is_rsa else cms.ECDSA_SHA_256_ALGORITHM
        return cls(
            pass_type_identifier=credentials.pass_type_identifier,
            team_identifier=credentials.team_identifier,
            certificate=credentials.certificate,
            intermediate=credentials.intermediate,
            _key=key,
            _envelope=cms.envelope(credentials.certificate, credentials.intermediate, algorithm),
        )

    @property
    def not_before(self) -> datetime:
        """When the certificate begins to be valid."""
        return self.certificate.not_valid_before_utc

    @property
    def not_after(self) -> datetime:
        """When the certificate or its intermediate ends, whichever is sooner."""
        return min(self.certificate.not_valid_after_utc, self.intermediate.not_valid_after_utc)

    def sign(self, manifest: bytes, signed_at: datetime) -> bytes:
        """Sign the manifest: detached PKCS#7 in DER, SHA-256, with signing time and chain."""
        attributes = cms.signed_attributes(hashlib.sha256(manifest).digest(), signed_at)
        if isinstance(self._key, rsa.RSAPrivateKey):
            signature = self._key.sign(attributes, _PKCS1, _SHA_256)
        else:
            signature = self._key.sign(attributes, _ECDSA)
        return cms.signed_data(self._envelope, attributes, signature)

    def expiry_warnings(self, now: datetime) -> tuple[ExpiryWarning, ...]:
        """List what ends within 30 days (the certificate) or 90 days (Apple's intermediate).

        When the certificate ends, passes already on phones stay, but no update can follow.
        """
        return tuple(self._expiring(now))

    def _expiring(self, now: datetime) -> Iterator[ExpiryWarning]:
        watched = (
            ("pass certificate", self.certificate, CERTIFICATE_WARNING),
            ("intermediate certificate", self.intermediate, INTERMEDIATE_WARNING),
        )
        for subject, certificate, warning in watched:
            left = certificate.not_valid_after_utc - now
            if left <= warning:
                yield _expiry_warning(subject, certificate, left)


def _expiry_warning(subject: str, certificate: Certificate, left: timedelta) -> ExpiryWarning:
    expires_at = certificate.not_valid_after_utc
    tense = "ends" if left > timedelta(0) else "ended"
    sentence = f"The {subject} {tense} on {expires_at:%Y-%m-%d}; passes cannot be signed after."
    return ExpiryWarning(subject, expires_at, left.days, sentence)
