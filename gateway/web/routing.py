"""A route as data: what the door takes, who may pass, and what it answers."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum, auto
from typing import Any

from aiohttp import web

from gateway.domain.errors import Refusal
from gateway.web.identity.access import Access

BODY_BYTES_MAX = 64 * 1024
BODY_SECONDS_MAX = 10.0
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

Handler = Callable[..., Awaitable[web.StreamResponse]]
"""`handler(request)`, or `handler(request, taken)` when the route takes something."""


class Style(StrEnum):
    """How a door speaks, also when it refuses."""

    JSON = auto()
    PAGE = auto()


@dataclass(frozen=True, slots=True)
class Route:
    """One door.

    `takes` is the type of the JSON body or form (or, on a GET, of the query); it is parsed before
    the handler and given to it. With `bytes` the body is given as it came, of whatever type, to a
    handler that checks a signature over it. `answers` maps a status to the type of its JSON body.
    """

    method: str
    path: str
    handler: Handler
    access: Access
    takes: type[Any] | None = None
    answers: Mapping[int, type[Any] | None] = field(default_factory=dict)
    refuses: tuple[type[Refusal], ...] = ()
    is_idempotent: bool = False
    """Demand an Idempotency-Key; the handler finds it under the request key RETRY."""
    is_conditional: bool = False
    """Demand an If-Match; the handler finds the revision under the request key REVISION."""
    is_proved_by_address: bool = False
    """Believe who knows the signed address: no cookie, no form token, and any body (RFC 8058)."""
    style: Style = Style.JSON
    body_bytes_max: int = BODY_BYTES_MAX
    body_seconds_max: float = BODY_SECONDS_MAX
    uses_camera: bool = False
    """Allow the camera and WebAssembly, which the scanner needs."""

    @property
    def is_safe(self) -> bool:
        """Say whether the method promises to change nothing."""
        return self.method in SAFE_METHODS

    @property
    def needs_csrf(self) -> bool:
        """Say whether a browser could be tricked into sending this."""
        is_browser_door = self.style is Style.PAGE or self.access.door.uses_cookie
        return is_browser_door and not self.is_safe and not self.is_proved_by_address

    @property
    def summary(self) -> str:
        """The handler's first docstring line."""
        return (self.handler.__doc__ or "").strip().partition("\n")[0]

    @property
    def description(self) -> str:
        """What the handler's docstring says beyond that, as one line; "" where that is all."""
        return " ".join((self.handler.__doc__ or "").strip().partition("\n")[2].split())

    @property
    def name(self) -> str:
        """The handler's name, unique on the surface."""
        return self.handler.__name__
