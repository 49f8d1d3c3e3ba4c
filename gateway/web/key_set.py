"""The door where others fetch our public keys."""

from aiohttp import web

from gateway.web.answers import json_answer
from gateway.web.keys import WIRING

CACHE = "public, max-age=300"


async def jwks(request: web.Request) -> web.Response:
    """List the public keys that our access tokens are signed with (RFC 7517)."""
    keys = request.app[WIRING].mint.keys
    return json_answer(keys.jwks(), headers={"Cache-Control": CACHE})
