"""What happens to API keys; never what is in them."""

from dataclasses import dataclass
from uuid import UUID

from gateway.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyChanged(Event):
    """Something happened to an API key, and who did it."""

    api_key_id: UUID
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyIssued(ApiKeyChanged):
    """A key was made, with these rights, and holds until `expires_at` (ISO 8601) or for ever."""

    type = "loyalty.api_key.issued"
    scopes: tuple[str, ...]
    expires_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyRevoked(ApiKeyChanged):
    """A key holds no longer."""

    type = "loyalty.api_key.revoked"
