"""The guard of the API: an API key, or an access token that was given for one."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from aiohttp import web

from gateway.domain.errors import NotSignedIn
from gateway.domain.people import Permission, Principal
from gateway.services.people.api_keys import find_api_key, principal_of_key, read_api_key
from gateway.storage.people.people import ApiKey
from gateway.storage.unit import Units
from gateway.web.identity.access import Door
from gateway.web.identity.token_cache import TokenCache

KEY_LIFETIME = timedelta(seconds=30)
"""How long a key is believed without looking: a revoked one holds at most so much longer."""
KEYS_MAX = 10_000
_SCHEME = "bearer"

_Name = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class _Seen:
    """A key as it was read, and when."""

    key: ApiKey
    at: datetime


class ApiGuard:
    """Finds out for which key a request speaks; keys are read anew every `KEY_LIFETIME`."""

    def __init__(self, units: Units, tokens: TokenCache, now: Callable[[], datetime]) -> None:
        """Start with nobody known."""
        self._units = units
        self._tokens = tokens
        self._now = now
        self._seen: OrderedDict[_Name, _Seen] = OrderedDict()

    async def __call__(self, request: web.Request, _door: Door) -> Principal:
        """Return whom the Authorization header proves; raises `NotSignedIn`."""
        presented = bearer(request)
        by_key = await self._by_key(presented)
        return by_key or await self._by_token(presented)

    async def _by_key(self, presented: str) -> Principal | None:
        credential = read_api_key(presented)
        if credential is None:
            return None
        key = await self._key(credential.merchant_id, credential.id)
        if not credential.matches(key.secret_hash):
            raise NotSignedIn
        return principal_of_key(key, credential.merchant_id)

    async def _by_token(self, token: str) -> Principal:
        """A token allows what was asked for it, as long as its key still does."""
        access = self._tokens.verify(token, self._now())
        key = await self._key(access.merchant, access.sub)
        principal = principal_of_key(key, access.merchant)
        allowed = frozenset(Permission(scope) for scope in access.scopes)
        return replace(principal, permissions=principal.permissions & allowed)

    async def _key(self, merchant_id: UUID, key_id: UUID) -> ApiKey:
        """Return a key that holds, or held within `KEY_LIFETIME`; raises `NotSignedIn`."""
        name, now = (merchant_id, key_id), self._now()
        seen = self._seen.get(name)
        if seen is None or now - seen.at > KEY_LIFETIME or _is_over(seen.key, now):
            self._seen.pop(name, None)
            key = await find_api_key(self._units, merchant_id, key_id)
            if key is None:
                raise NotSignedIn
            seen = self._seen[name] = _Seen(key, now)
            if len(self._seen) > KEYS_MAX:
                self._seen.popitem(last=False)
        return seen.key


def bearer(request: web.Request) -> str:
    """Return what the Authorization header carries; raises `NotSignedIn` without exactly one.

    Nothing in the query is ever believed: addresses are written into logs (RFC 6750 §2.3).
    """
    sent = request.headers.getall("Authorization", [])
    scheme, _, presented = sent[0].partition(" ") if len(sent) == 1 else ("", "", "")
    if scheme.lower() != _SCHEME or not presented:
        raise NotSignedIn
    return presented.strip()


def _is_over(key: ApiKey, now: datetime) -> bool:
    return key.expires_at is not None and key.expires_at <= now
