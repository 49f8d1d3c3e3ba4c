"""Personal data at rest: sealed with a key per customer, found again by a blind index."""

import hmac
import os
from dataclasses import dataclass, field
from uuid import UUID

from gateway.storage.sealing import seal, unseal

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Vault:
    """Seals and opens what belongs to one person.

    The customer's key is wrapped with `wrapping_key`; destroying the wrapped key erases the
    person. `index_key` is another, so that an index cannot be turned into a key.
    """

    wrapping_key: bytes = field(repr=False)
    index_key: bytes = field(repr=False)

    def new_key(self, merchant_id: UUID, customer_id: UUID) -> bytes:
        """Return a fresh key for a customer, wrapped."""
        return seal(
            self.wrapping_key, os.urandom(KEY_BYTES), merchant_id.bytes + customer_id.bytes
        )

    def seal(self, text: str, wrapped_key: bytes, merchant_id: UUID, customer_id: UUID) -> bytes:
        """Return `text` sealed with the customer's key and bound to the customer."""
        bound = merchant_id.bytes + customer_id.bytes
        return seal(unseal(self.wrapping_key, wrapped_key, bound), text.encode(), bound)

    def open(self, sealed: bytes, wrapped_key: bytes, merchant_id: UUID, customer_id: UUID) -> str:
        """Return what was sealed; raises cryptography's `InvalidTag` when anything was changed."""
        bound = merchant_id.bytes + customer_id.bytes
        return unseal(unseal(self.wrapping_key, wrapped_key, bound), sealed, bound).decode()

    def index(self, contact: str, merchant_id: UUID) -> bytes:
        """Return the blind index of a normalised address, different for each merchant."""
        return hmac.digest(self.index_key, merchant_id.bytes + contact.encode(), "sha256")
