"""Secrets that are shown once and kept as hashes, and the names they are found by."""

import hashlib
import hmac
from dataclasses import dataclass, field
from uuid import UUID

_PARTS = 3


@dataclass(frozen=True, slots=True)
class Credential:
    """Whose secret it is: the merchant and the row it belongs to, and the secret itself."""

    merchant_id: UUID
    id: UUID
    secret: str = field(repr=False)

    def written(self, separator: str = ".") -> str:
        """Return the credential as a cookie or key carries it."""
        return separator.join((self.merchant_id.hex, self.id.hex, self.secret))

    @property
    def secret_hash(self) -> bytes:
        """What to keep of the secret; it is random, so a plain hash is enough."""
        return hash_secret(self.secret)

    def matches(self, secret_hash: bytes | None) -> bool:
        """Say in constant time whether this is the secret that was kept."""
        return hmac.compare_digest(self.secret_hash, secret_hash or b"")


def read_credential(text: str, separator: str = ".") -> Credential | None:
    """Return what a cookie or key says, or None when it does not read like one."""
    parts = text.split(separator, _PARTS - 1)
    if len(parts) != _PARTS or not parts[-1] or not parts[-1].isascii():
        return None
    try:
        return Credential(UUID(hex=parts[0]), UUID(hex=parts[1]), parts[2])
    except ValueError:
        return None


def hash_secret(secret: str) -> bytes:
    """Return the SHA-256 of a random secret."""
    return hashlib.sha256(secret.encode()).digest()
