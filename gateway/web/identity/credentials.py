"""API keys and session cookies: what they look like, and how their secret is compared.

Both carry the merchant, so that every look-up is made inside that merchant's rows only.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from uuid import UUID

SECRET_BYTES = 32

_RANDOM_PART = r"(?P<secret>[A-Za-z0-9_-]{43})"
_API_KEY = re.compile(rf"pgk_(?P<merchant>[0-9a-f]{{32}})_(?P<id>[0-9a-f]{{32}})_{_RANDOM_PART}")
_SESSION = re.compile(rf"(?P<merchant>[0-9a-f]{{32}})\.(?P<id>[0-9a-f]{{32}})\.{_RANDOM_PART}")


@dataclass(frozen=True, slots=True)
class Credential:
    """A key or session somebody presents; nothing in it is believed yet."""

    merchant_id: UUID
    id: UUID
    secret: str = field(repr=False)

    @property
    def api_key(self) -> str:
        """The credential as an API key, `pgk_<merchant>_<key>_<secret>`."""
        return f"pgk_{self.merchant_id.hex}_{self.id.hex}_{self.secret}"

    @property
    def session(self) -> str:
        """The credential as a cookie value, `<merchant>.<session>.<secret>`."""
        return f"{self.merchant_id.hex}.{self.id.hex}.{self.secret}"

    @property
    def digest(self) -> bytes:
        """SHA-256 of the secret: all that is ever stored of it."""
        return hashlib.sha256(self.secret.encode("ascii")).digest()

    def matches(self, digest: bytes) -> bool:
        """Compare with a stored digest, in a time that tells nothing."""
        return hmac.compare_digest(self.digest, digest)


def make(merchant_id: UUID, credential_id: UUID) -> Credential:
    """Make a credential with a fresh secret of 256 random bits."""
    return Credential(merchant_id, credential_id, secrets.token_urlsafe(SECRET_BYTES))


def parse_api_key(text: str) -> Credential | None:
    """Take an API key apart; None when it cannot be one."""
    return _parse(_API_KEY, text)


def parse_session(text: str) -> Credential | None:
    """Take a session cookie's value apart; None when it cannot be one."""
    return _parse(_SESSION, text)


def _parse(shape: re.Pattern[str], text: str) -> Credential | None:
    found = shape.fullmatch(text)
    return found and Credential(UUID(found["merchant"]), UUID(found["id"]), found["secret"])
