"""Which phone looks at a page, as far as it says: only the order of what we offer hangs on it."""

from enum import StrEnum, auto

from aiohttp import web

# An iPad may call itself a Mac, so Macs are offered every wallet.
_APPLE = ("iPhone", "iPad", "iPod")


class Phone(StrEnum):
    """A phone by the wallet it has."""

    APPLE = auto()
    ANDROID = auto()
    OTHER = auto()


def phone_of(request: web.Request) -> Phone:
    """Return the phone a browser says it is on; a desktop is none."""
    agent = request.headers.get("User-Agent", "")
    if any(name in agent for name in _APPLE):
        return Phone.APPLE
    return Phone.ANDROID if "Android" in agent else Phone.OTHER
