"""What can be read off a card's standing."""

import pytest

from gateway.domain.ledger import Account, Balances
from tests.domain.earning.tills import card


@pytest.mark.parametrize(
    ("balances", "available"),
    [
        ({}, 0),
        ({"stamp": {Account.AVAILABLE: 9}}, 0),
        ({"point": {Account.PENDING: 4, Account.RESERVED: 2, Account.ISSUED: -6}}, 0),
        ({"point": {Account.AVAILABLE: 7, Account.PENDING: 4}}, 7),
        ({"point": {Account.AVAILABLE: -3}}, -3),
    ],
)
def test_what_can_be_spent_is_what_is_available_of_the_unit(
    balances: Balances, available: int
) -> None:
    """Neither another unit nor what is held back counts, and what is owed is below zero."""
    assert card(balances).available("point") == available
