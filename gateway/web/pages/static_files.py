"""The door of the static files."""

from aiohttp import web

from gateway.domain.errors import NotFound
from gateway.web.keys import WIRING

IMMUTABLE = "public, max-age=31536000, immutable"
UNSURE = "no-cache"


async def static_file(request: web.Request) -> web.Response:
    """Send a static file."""
    assets = request.app[WIRING].assets
    asset = assets.files.get(request.match_info["path"])
    if asset is None:
        raise NotFound
    # While a deploy is under way a page of the other version may ask: answered, but not for ever.
    is_current = request.match_info["digest"] == assets.digest
    return web.Response(
        body=asset.body,
        content_type=asset.content_type,
        charset="utf-8" if asset.content_type.startswith("text/") else None,
        headers={"Cache-Control": IMMUTABLE if is_current else UNSURE},
    )
