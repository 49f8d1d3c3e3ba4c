"""What the services are tried with: a bare shop, or a café whose cards are in wallets."""

from tests.books import bare_shop, books_of_record
from tests.wallets import apple_chain, cafe, phone

__all__ = ["apple_chain", "bare_shop", "books_of_record", "cafe", "phone"]
