"""The last gate before a webhook's connection: no address that is not on the public internet."""

import errno
import socket
from collections.abc import Callable
from ipaddress import ip_address

from aiohttp import AddrInfoType

from gateway.domain.webhook_addresses import is_public_address
from gateway.domain.webhook_urls import HostAndPort

_LOCALHOST = "localhost"


class BlockedAddress(OSError):
    """The address is not public, and nothing was sent to it."""

    def __init__(self) -> None:
        # Always the same words: of several equal refusals the connector hands on one.
        super().__init__(errno.EACCES, "blocked address")


def guarded(local: frozenset[HostAndPort]) -> Callable[[AddrInfoType], socket.socket]:
    """Return what makes a connector's sockets; raises BlockedAddress instead of making one.

    It sees the very address that is connected to a moment later. A resolver would not be asked
    for `127.0.0.1`, and a name that was judged earlier may lead elsewhere by now.
    `local` names what a developer's machine may reach all the same.
    """

    def make_socket(address: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, where = address
        if family not in (socket.AF_INET, socket.AF_INET6):
            raise BlockedAddress
        host, port = str(where[0]), int(where[1])
        if not is_public_address(host) and not _is_local(host, port, local):
            raise BlockedAddress
        return socket.socket(family, kind, protocol)

    return make_socket


def _is_local(host: str, port: int, local: frozenset[HostAndPort]) -> bool:
    if not ip_address(host).is_loopback:
        return False
    return (host, port) in local or (_LOCALHOST, port) in local
