"""What a door asks for, and who came through it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum, auto
from uuid import UUID

from aiohttp import web

from gateway.domain.errors import NotSignedIn


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
    def uses_cookie(self) -> bool:
        """Say whether the browser proves it without being asked, which needs a CSRF check."""
        return self in {Door.STAFF, Door.MERCHANT}


@dataclass(frozen=True, slots=True)
class Permission:
    """What a route demands: a door, and a scope such as `stamps:write`."""

    door: Door
    scope: str = ""


PUBLIC = Permission(Door.PUBLIC)
DEVICE = Permission(Door.DEVICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who is calling, as proved at the door."""

    merchant_id: UUID
    id: UUID
    """Of the API key, staff member or person."""
    door: Door
    scopes: frozenset[str]
    location_id: UUID | None = None
    """Of the till a member of staff works at."""
    session_id: UUID | None = None


Guard = Callable[[web.Request, Permission], Awaitable[Principal]]
"""Finds the principal of a request, or raises NotSignedIn or NotAllowed."""


async def nobody_enters(_request: web.Request, _permission: Permission) -> Principal:
    """Refuse everybody: the guard of an application that was given none."""
    raise NotSignedIn
