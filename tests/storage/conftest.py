"""A shop whose cards are in wallets, for the tests of what is behind the doors."""

from tests.wallets import apple_chain, phone, shop

__all__ = ["apple_chain", "phone", "shop"]
