"""Whose request it is, when proxies stand in between."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

UNKNOWN: Address = IPv4Address("0.0.0.0")  # noqa: S104 -- a word for "no address", never bound
HOPS_MAX = 16
PARSED_MAX = 4096


def client_address(
    peer: str | None, forwarded_for: Sequence[str], trusted: Sequence[Network]
) -> Address:
    """Return the nearest address that is not one of our proxies.

    `forwarded_for` are the values of X-Forwarded-For as they came. Anybody can write that header,
    so it is read from the right, and only as far as a trusted proxy vouches for the entry.
    """
    address = _parse(peer)
    if address is None or not _is_trusted(address, trusted):
        return address or UNKNOWN
    hops = ",".join(forwarded_for).split(",")
    for hop in reversed(hops[-HOPS_MAX:]):
        claimed = _parse(hop.strip())
        if claimed is None:
            break
        address = claimed
        if not _is_trusted(address, trusted):
            break
    return address


def _is_trusted(address: Address, trusted: Sequence[Network]) -> bool:
    return any(address in network for network in trusted)


@lru_cache(maxsize=PARSED_MAX)
def _parse(text: str | None) -> Address | None:
    try:
        address = ip_address(text or "")
    except ValueError:
        return None
    # A dual-stack socket shows IPv4 peers as ::ffff:192.0.2.1.
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address
