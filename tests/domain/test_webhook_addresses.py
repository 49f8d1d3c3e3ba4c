"""Network addresses a webhook may be sent to: the public internet, and nothing beside it."""

import pytest

from gateway.domain.webhook_addresses import is_public_address


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "168.63.129.15",
        "168.63.129.17",
        "169.253.255.255",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.167.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2001:200::1",
        "2606:4700::1111",
        "2a00:1450::1",
    ],
)
def test_public_addresses_up_to_the_edge_of_each_closed_network_are_taken(address: str) -> None:
    """Neither too narrow nor too wide."""
    assert is_public_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104
        "10.0.0.0",
        "10.255.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "127.0.0.1",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.0",
        "172.31.255.255",
        "192.0.0.170",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.255.255",
        "198.18.0.0",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.0",
        "240.0.0.0",
        "255.255.255.255",
        "::1",
        "::ffff:1.1.1.1",
        "64:ff9b::101:101",
        "2001::1",
        "2001:1ff:ffff::1",
        "2001:db8::1",
        "2002:101:101::1",
        "3fff::1",
        "4000::1",
        "fc00::1",
        "fe80::1",
        "ff02::1",
    ],
)
def test_closed_addresses_are_refused(address: str) -> None:
    """Private, local, reserved, multicast, and whatever tunnels to any other."""
    assert not is_public_address(address)


@pytest.mark.parametrize("address", ["", "shop.example", "1.1.1", "2606:4700::1111%eth0"])
def test_what_is_no_address_is_not_public(address: str) -> None:
    """Nor is one that names a network card of ours."""
    assert not is_public_address(address)
