"""What a door asks for: how a caller proves who they are, and what they must be allowed."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum, auto

from aiohttp import web

from gateway.domain.errors import NotSignedIn
from gateway.domain.people import Permission, Principal


class Door(StrEnum):
    """How a caller proves who they are."""

    PUBLIC = auto()
    API = auto()
    """A bearer token or an API key."""
    STAFF = auto()
    """The session cookie of a paired till with a PIN entered."""
    MERCHANT = auto()
    """The session cookie of a signed-in merchant."""
    DEVICE = auto()
    """A wallet's own authentication, checked by its handlers."""

    @property
    def is_guarded(self) -> bool:
        """Say whether the guard finds the principal before the handler is called."""
        return self in {Door.API, Door.STAFF, Door.MERCHANT}

    @property
    def uses_cookie(self) -> bool:
        """Say whether the browser proves it without being asked, which needs a CSRF check."""
        return self in {Door.STAFF, Door.MERCHANT}


@dataclass(frozen=True, slots=True)
class Access:
    """Who may pass a route: through which door, and with which permission."""

    door: Door
    permission: Permission | None = None


PUBLIC = Access(Door.PUBLIC)
DEVICE = Access(Door.DEVICE)

Guard = Callable[[web.Request, Door], Awaitable[Principal]]
"""Finds who came through a door, or raises NotSignedIn; permissions are checked afterwards."""


async def nobody_enters(_request: web.Request, _door: Door) -> Principal:
    """Refuse everybody: the guard of an application that was given none."""
    raise NotSignedIn
