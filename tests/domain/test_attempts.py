"""Guessing limits count those who guess, not the addresses they can pick."""

import pytest

from gateway.domain.attempts import guesser


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2::7", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::7", "2001:db8:1:3::/64"),
        ("", ""),
    ],
)
def test_all_addresses_of_an_ipv6_network_are_one_guesser(address: str, counted: str) -> None:
    """Whoever has one IPv6 address has 2^64 of them; IPv4 addresses are dear."""
    assert guesser(address) == counted
