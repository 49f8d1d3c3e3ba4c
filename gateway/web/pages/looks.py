"""A merchant's colours as a stylesheet of its own, since no page holds a style of its own."""

import re

from aiohttp import web

from gateway.domain.errors import NotFound
from gateway.web.pages.static_files import IMMUTABLE

_ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512">
<path fill="#{background}" d="M0 0h512v512H0z"/>
<g fill="#{foreground}"><circle cx="176" cy="176" r="56"/><circle cx="336" cy="176" r="56"/>
<circle cx="176" cy="336" r="56"/></g>
<circle cx="336" cy="336" r="48" fill="none" stroke="#{label}" stroke-width="16"/>
</svg>
"""
_LOOK = re.compile(r"([0-9a-f]{6})-([0-9a-f]{6})-([0-9a-f]{6})")


async def look_stylesheet(request: web.Request) -> web.Response:
    """Send the colours that the address names; it names nothing else, so it may be kept."""
    found = _LOOK.fullmatch(request.match_info["look"])
    if found is None:
        raise NotFound
    background, foreground, label = found.groups()
    text = (
        f":root{{--card-background:#{background};"
        f"--card-foreground:#{foreground};--card-label:#{label}}}\n"
    )
    return web.Response(text=text, content_type="text/css", headers={"Cache-Control": IMMUTABLE})


async def look_icon(request: web.Request) -> web.Response:
    """Draw a merchant's icon for the home screen: stamps in their colours."""
    found = _LOOK.fullmatch(request.match_info["look"])
    if found is None:
        raise NotFound
    background, foreground, label = found.groups()
    text = _ICON.format(background=background, foreground=foreground, label=label)
    return web.Response(
        text=text, content_type="image/svg+xml", headers={"Cache-Control": IMMUTABLE}
    )
