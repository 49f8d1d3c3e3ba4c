"""Every key of the installation, derived from its one secret; none can stand for another."""

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedKeys:
    """One key per purpose."""

    pass_tokens: bytes = field(repr=False)
    """What Apple authentication tokens are derived with: a pass's token never changes."""
    customer_keys: bytes = field(repr=False)
    """What customers' own keys are wrapped with."""
    contact_index: bytes = field(repr=False)
    """What customers are found again with."""
    links: bytes = field(repr=False)
    """What short-lived links and card cookies are signed with."""
    access_tokens: bytes = field(repr=False)
    """What the signing key of API access tokens is made from."""
    forms: bytes = field(repr=False)
    """What form tokens are made with, against forged requests."""
    cursors: bytes = field(repr=False)
    """What the cursors of lists are signed with."""
    webhook_secrets: bytes = field(repr=False)
    """What the secrets that webhooks are signed with are sealed with."""
    checkpoints: bytes = field(repr=False)
    """What the key is made from that checkpoints of the ledger are signed with."""
    experiments: bytes = field(repr=False)
    """What cards are drawn into an experiment's variants with."""


def derive_keys(secret_key: bytes) -> DerivedKeys:
    """Derive all keys (HKDF-SHA256, https://www.rfc-editor.org/rfc/rfc5869)."""
    return DerivedKeys(
        pass_tokens=_derive(secret_key, "apple pass tokens"),
        customer_keys=_derive(secret_key, "customer keys"),
        contact_index=_derive(secret_key, "contact index"),
        links=_derive(secret_key, "links"),
        access_tokens=_derive(secret_key, "access tokens"),
        forms=_derive(secret_key, "csrf"),
        cursors=_derive(secret_key, "cursor"),
        webhook_secrets=_derive(secret_key, "webhook secrets"),
        checkpoints=_derive(secret_key, "ledger checkpoints"),
        experiments=_derive(secret_key, "experiments"),
    )


def _derive(secret_key: bytes, purpose: str) -> bytes:
    info = f"passgate {purpose}".encode()
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(secret_key)
