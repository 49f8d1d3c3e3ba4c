"""Names in addresses: a merchant's, a location's; text that cannot be one is simply not found."""

import re

from aiohttp import web

from gateway.domain.errors import NotFound

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


def path_name(request: web.Request, name: str) -> str:
    """Read a name from the path, checked before any database sees it; raises `NotFound`."""
    given = request.match_info[name]
    if not _NAME.fullmatch(given):
        raise NotFound
    return given
