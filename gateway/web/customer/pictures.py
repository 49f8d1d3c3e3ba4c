"""The pictures of a merchant's rewards, from our own address: no other host learns who looks."""

from aiohttp import web

from gateway.domain.errors import NotFound
from gateway.services.people.inviting import find_merchant
from gateway.storage.cards.pictures import is_digest
from gateway.web.keys import RESOURCES
from gateway.web.pages.static_files import IMMUTABLE
from gateway.web.parsing.names import path_name


async def reward_picture(request: web.Request) -> web.Response:
    """Send a picture by its name, which another picture never has; raises `NotFound`."""
    digest = request.match_info["digest"]
    if not is_digest(digest):
        raise NotFound
    resources = request.app[RESOURCES]
    merchant = await find_merchant(resources.database, path_name(request, "merchant"))
    async with resources.units(merchant.id) as unit:
        content = await unit.pictures.content(digest)
    headers = {"Cache-Control": IMMUTABLE}
    return web.Response(body=content, content_type="image/webp", headers=headers)
