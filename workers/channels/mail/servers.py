"""A mail server's address, read from the URL of the settings."""

import ssl
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

PLAIN, TLS, STARTTLS = "smtp", "smtps", "smtp+starttls"
DEFAULT_PORTS = {PLAIN: 25, TLS: 465, STARTTLS: 587}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerAddress:
    """Where a server is, how the line to it is protected, and who we are there."""

    host: str
    port: int
    scheme: str
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    # None: the system's roots.
    trust: ssl.SSLContext | None = field(default=None, repr=False)


def parse_server(url: str, trust: ssl.SSLContext | None = None) -> ServerAddress:
    """Read `smtp://`, `smtps://` or `smtp+starttls://user:password@host:port`.

    User and password are percent-encoded. Raises ValueError, which does not quote the URL.
    """
    parts = urlsplit(url)
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        message = "not the URL of a mail server"
        raise ValueError(message)
    return ServerAddress(
        host=parts.hostname,
        port=parts.port or DEFAULT_PORTS[parts.scheme],
        scheme=parts.scheme,
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
        trust=trust,
    )
