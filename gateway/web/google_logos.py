"""The logos that Google fetches for its classes: only those of a merchant's own programs."""

import asyncio
import re

from aiohttp import web

from gateway.domain.errors import NotFound
from gateway.services.people.inviting import find_merchant
from gateway.web.keys import RESOURCES
from gateway.web.pages.static_files import IMMUTABLE
from gateway.web.parsing.names import path_name

_COLOURS = re.compile(r"([0-9a-f]{6})([0-9a-f]{6})", re.ASCII)


async def google_logo(request: web.Request) -> web.Response:
    """Draw a program's logo in the colours its address names; raises `NotFound`.

    Colours that no version of a program ever had are not drawn: strangers cannot make us draw.
    """
    found = _COLOURS.fullmatch(request.match_info["colours"])
    if found is None:
        raise NotFound
    background, label = (f"#{digits}" for digits in found.groups())
    resources = request.app[RESOURCES]
    merchant = await find_merchant(resources.database, path_name(request, "merchant"))
    async with resources.units(merchant.id) as unit:
        look = await unit.programs.look(background, label)
    drawn = await asyncio.to_thread(resources.passes.artwork.google_logo, merchant.name, look)
    # Whoever shows the card may show its logo.
    headers = {"Cache-Control": IMMUTABLE, "Cross-Origin-Resource-Policy": "cross-origin"}
    return web.Response(body=drawn, content_type="image/png", headers=headers)
