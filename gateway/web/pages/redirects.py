"""Sending a browser on, always to an address of our own making."""

from aiohttp import web


def see_other(location: str) -> web.Response:
    """Answer a form, or a page that is elsewhere: what follows is a GET (RFC 9110 §15.4.4)."""
    return web.Response(status=303, headers={"Location": location})
