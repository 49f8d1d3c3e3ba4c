"""Access tokens: an API key is exchanged for something that lives ten minutes and can do less."""

from typing import Literal
from uuid import UUID

import msgspec
from aiohttp import web

from gateway.domain.errors import NotAllowed, NotSignedIn
from gateway.domain.people import Permission
from gateway.services.people.api_keys import read_api_key
from gateway.web.answers import json_answer
from gateway.web.identity.guard_api import bearer
from gateway.web.identity.tokens import LIFETIME
from gateway.web.keys import PRINCIPAL, WIRING


class TokenRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the token shall allow; everything the key allows when left out."""

    scopes: frozenset[Permission] | None = None


class Token(msgspec.Struct, frozen=True):
    """An access token, to be sent as `Authorization: Bearer …` for `expires_in` seconds."""

    access_token: str
    expires_in: int
    scopes: list[Permission]
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - a word of RFC 6750


async def exchange_key(request: web.Request, asked: TokenRequest) -> web.Response:
    """Exchange an API key for a short-lived access token."""
    key = read_api_key(bearer(request))
    if key is None:
        raise NotSignedIn("Only an API key can be exchanged; a token cannot renew itself.")
    principal = request[PRINCIPAL]
    scopes = principal.permissions if asked.scopes is None else asked.scopes
    if not scopes <= principal.permissions:
        raise NotAllowed("The key itself does not allow this.")
    return json_answer(_token(request, key.id, scopes), status=201)


def _token(request: web.Request, key_id: UUID, scopes: frozenset[Permission]) -> Token:
    wiring = request.app[WIRING]
    written = wiring.mint.issue(
        subject=key_id,
        merchant_id=request[PRINCIPAL].merchant_id,
        scopes=frozenset(scopes),
        now=wiring.now(),
    )
    return Token(
        access_token=written,
        expires_in=int(LIFETIME.total_seconds()),
        scopes=sorted(scopes),
    )
