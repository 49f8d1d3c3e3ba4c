"""Which addresses a merchant may give as a webhook endpoint."""

import re
from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import SplitResult, urlsplit

from gateway.domain.errors import Invalid
from gateway.domain.webhook_addresses import is_public_address

URL_CHARACTERS_MAX = 2_000
HOST_CHARACTERS_MAX = 253
HTTP_PORT, HTTPS_PORT = 80, 443
PORTS = frozenset({HTTPS_PORT, 8443})

HostAndPort = tuple[str, int]
NOTHING_LOCAL: frozenset[HostAndPort] = frozenset()

# No backslash, which some clients read as a slash and others as a part of the host.
_PLAIN = re.compile(r"[!-\[\]-~]+")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# How the standard of browsers, and so many a client, recognises an IPv4 address in disguise:
# https://url.spec.whatwg.org/#ends-in-a-number-checker
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_LOCAL_ENDS = frozenset({"arpa", "internal", "lan", "local", "localdomain", "localhost", "onion"})

_LIKE_THIS = "Please give an address like https://shop.example/webhooks."
_NOT_PUBLIC = "Please give an address on the public internet."
_SPELLING = "Please check how the host is written; an international name begins with xn--."


def check_url(url: str, *, local: Collection[HostAndPort] = NOTHING_LOCAL) -> None:
    """Raise `Invalid` with a sentence about `url` unless webhooks may be sent there.

    `local` names hosts and ports, of a developer's machine alone, that may also be reached by
    http. Where a name leads is judged anew at every connection, never here.
    """
    fault = _fault(url, local)
    if fault is not None:
        raise Invalid("Please check the address.", errors={"url": fault})


def _fault(url: str, local: Collection[HostAndPort]) -> str | None:
    if len(url) > URL_CHARACTERS_MAX:
        return f"Please use at most {URL_CHARACTERS_MAX:,} characters."
    # Before parsing: urlsplit leaves out line ends and tabs without a word.
    if not _PLAIN.fullmatch(url):
        return "Please write the address without blanks and in plain characters only."
    if "#" in url:
        return "Please leave out the part after #."
    try:
        parts = urlsplit(url)
        port = parts.port or _usual_port(parts, url)
    except ValueError:
        return _LIKE_THIS
    return _fault_of_parts(parts, port, local)


def _fault_of_parts(parts: SplitResult, port: int, local: Collection[HostAndPort]) -> str | None:
    if parts.scheme not in ("https", "http") or not parts.hostname:
        return _LIKE_THIS
    if "@" in parts.netloc:
        return "Please leave out the name and password; every message is signed."
    return None if (parts.hostname, port) in local else _fault_in_public(parts, port)


def _fault_in_public(parts: SplitResult, port: int) -> str | None:
    if parts.scheme != "https":
        return "Please use an address that begins with https://."
    if port not in PORTS:
        return f"Please use port {' or '.join(map(str, sorted(PORTS)))}."
    return _fault_of_host(parts.hostname or "", is_bracketed="[" in parts.netloc)


def _usual_port(parts: SplitResult, url: str) -> int:
    """Return the scheme's port; raises ValueError where a port 0 or an empty one is written."""
    if parts.netloc.endswith(":") or parts.port == 0:
        raise ValueError(url)
    return HTTPS_PORT if parts.scheme == "https" else HTTP_PORT


def _fault_of_host(host: str, *, is_bracketed: bool) -> str | None:
    if is_bracketed:
        return None if _is_v6(host) and is_public_address(host) else _NOT_PUBLIC
    labels = host.split(".")
    if len(host) > HOST_CHARACTERS_MAX or not all(map(_is_label, labels)):
        return _SPELLING
    if _NUMBER.fullmatch(labels[-1]):
        return None if _is_v4(host) and is_public_address(host) else _NOT_PUBLIC
    if len(labels) == 1 or labels[-1] in _LOCAL_ENDS:
        return _NOT_PUBLIC
    return None


def _is_label(label: str) -> bool:
    """Whether this is one part of a host name (RFC 1123), and sound if it is in Punycode."""
    if not _LABEL.fullmatch(label):
        return False
    if not label.startswith("xn--"):
        return True
    try:
        return not label[4:].encode().decode("punycode").isascii()
    except UnicodeError:
        return False


def _is_v4(host: str) -> bool:
    """Whether this is four decimal numbers; octal, hexadecimal and short forms are not."""
    try:
        IPv4Address(host)
    except ValueError:
        return False
    return True


def _is_v6(host: str) -> bool:
    try:
        IPv6Address(host)
    except ValueError:
        return False
    return True
