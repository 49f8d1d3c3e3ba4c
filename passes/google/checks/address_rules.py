"""What can be wrong with addresses: no scheme, or one Google would not fetch from."""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from passes.encoding import is_encodable
from passes.errors import Problem

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:\S+", re.IGNORECASE)


def uri_problems(uri: str, where: str) -> Iterator[Problem]:
    """Find a link that is no whole address ("URIs must have a scheme")."""
    if not _SCHEME.fullmatch(uri) or not is_encodable(uri):
        sentence = "A link is written with its scheme, such as https:, tel: or mailto:."
        yield Problem("uri.scheme-missing", where, sentence)


def secure_url_problems(
    url: str, where: str, *, allow_insecure_loopback: bool
) -> Iterator[Problem]:
    """Find an address that Google would not call; an image over http spoils the save link."""
    parts = _split(url)
    if parts is None or not _is_secure(parts, allow_insecure_loopback=allow_insecure_loopback):
        yield Problem("url.insecure", where, "The address must begin with https://.")


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.hostname and _SCHEME.fullmatch(url) and is_encodable(url) else None


def _is_secure(parts: SplitResult, *, allow_insecure_loopback: bool) -> bool:
    if parts.scheme == "https":
        return True
    return allow_insecure_loopback and parts.scheme == "http" and _is_loopback(parts.hostname)


def _is_loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False
