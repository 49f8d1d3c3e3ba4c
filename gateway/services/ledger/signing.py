"""The signature of a checkpoint: Ed25519 (RFC 8032), and the public key is its own name."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gateway.domain.checkpoints import Checkpoint
from gateway.storage.auditing.checkpoints import Signed


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs checkpoints with one key."""

    _key: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def of(cls, seed: bytes) -> "Signer":
        """Return the signer whose key is made from 32 secret bytes."""
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def key_id(self) -> str:
        """The public key, base64url, which auditors compare with what we publish."""
        return urlsafe_b64encode(self._key.public_key().public_bytes_raw()).decode()

    def sign(self, checkpoint: Checkpoint) -> Signed:
        """Return the checkpoint with its signature."""
        signature = self._key.sign(checkpoint.statement)
        return Signed(checkpoint, self.key_id, urlsafe_b64encode(signature).decode())


def is_signed(signed: Signed) -> bool:
    """Return whether the checkpoint was signed with the key it names."""
    try:
        key = Ed25519PublicKey.from_public_bytes(urlsafe_b64decode(signed.key_id))
        key.verify(urlsafe_b64decode(signed.signature), signed.checkpoint.statement)
    except (InvalidSignature, ValueError):
        return False
    return True
