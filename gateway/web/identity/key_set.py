"""The door where others fetch our public keys."""

from aiohttp import web

from gateway.domain.errors import NotFound
from gateway.web.answers import json_answer
from gateway.web.keys import WIRING

CACHE = "public, max-age=300"


async def jwks(request: web.Request) -> web.Response:
    """List the public keys that our access tokens are signed with (RFC 7517)."""
    mint = request.app[WIRING].mint
    if mint is None:
        raise NotFound
    return json_answer(mint.keys.jwks(), headers={"Cache-Control": CACHE})
