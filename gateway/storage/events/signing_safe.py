"""Signing secrets at rest: sealed, and bound to the endpoint they sign for."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from gateway.domain.webhooks import SigningSecrets
from gateway.storage.sealing import seal, unseal


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedSecrets:
    """An endpoint's secrets as they are kept."""

    current: bytes = field(repr=False)
    old: bytes | None = field(default=None, repr=False)
    old_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SigningSafe:
    """Seals and opens signing secrets with the installation's key for them."""

    key: bytes = field(repr=False)

    def seal(self, secrets: SigningSecrets, merchant_id: UUID, endpoint_id: UUID) -> SealedSecrets:
        """Return the secrets sealed; in another endpoint's row they do not open."""
        bound = merchant_id.bytes + endpoint_id.bytes
        return SealedSecrets(
            current=seal(self.key, secrets.current, bound),
            old=None if secrets.old is None else seal(self.key, secrets.old, bound),
            old_until=secrets.old_until,
        )

    def open(self, sealed: SealedSecrets, merchant_id: UUID, endpoint_id: UUID) -> SigningSecrets:
        """Return what was sealed; raises cryptography's `InvalidTag` when anything was changed."""
        bound = merchant_id.bytes + endpoint_id.bytes
        return SigningSecrets(
            current=unseal(self.key, sealed.current, bound),
            old=None if sealed.old is None else unseal(self.key, sealed.old, bound),
            old_until=sealed.old_until,
        )
