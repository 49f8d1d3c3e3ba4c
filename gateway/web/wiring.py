"""What the doors need from the rest of the house, given to them once."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network
from urllib.parse import urlsplit

from gateway.web.assets import Assets
from gateway.web.identity.access import Guard, nobody_enters
from gateway.web.identity.tokens import Mint

Network = IPv4Network | IPv6Network
Ping = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Wiring:
    """The doors' surroundings: addresses, secrets, the clock, and who may enter."""

    public_url: str
    """Where people and devices reach us; the only source of a link, never the Host header."""
    csrf_key: bytes = field(repr=False)
    cursor_key: bytes = field(repr=False)
    mint: Mint = field(repr=False)
    now: Callable[[], datetime]
    assets: Assets = field(repr=False)
    guard: Guard = nobody_enters
    trusted_proxies: tuple[Network, ...] = ()
    """Whose X-Forwarded-For is believed."""
    outages: tuple[type[Exception], ...] = (OSError, TimeoutError)
    """What it looks like when the database does not answer."""
    pings: Mapping[str, Ping] = field(default_factory=dict)
    """Without these we are not ready."""
    optional_pings: Mapping[str, Ping] = field(default_factory=dict)
    """These are reported only; the till works without Redis."""

    @cached_property
    def is_https(self) -> bool:
        """Say whether people reach us encrypted."""
        return urlsplit(self.public_url).scheme == "https"

    @cached_property
    def origin(self) -> str:
        """The public address as a browser names it in Origin."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"
