"""Currencies and their minor units."""

from decimal import Decimal

import pytest

from gateway.domain.money import CURRENCIES, exponent, whole_units


@pytest.mark.parametrize(
    ("currency", "digits"), [("EUR", 2), ("USD", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4)]
)
def test_a_currency_has_its_own_number_of_digits(currency: str, digits: int) -> None:
    """As ISO 4217 lists them."""
    assert exponent(currency) == digits


@pytest.mark.parametrize(
    ("minor", "currency", "whole"),
    [(350, "EUR", "3.50"), (350, "JPY", "350"), (350, "KWD", "0.350"), (-5, "EUR", "-0.05")],
)
def test_minor_units_make_whole_ones(minor: int, currency: str, whole: str) -> None:
    """Exactly, and with all their digits."""
    assert str(whole_units(minor, currency)) == str(Decimal(whole))


def test_currencies_are_what_people_pay_with() -> None:
    """No metals, no units of account, no test codes, and none that is gone."""
    assert {"EUR", "USD", "CHF", "GBP", "JPY", "KWD", "XAF", "XCG", "SLE", "ZWG"} <= CURRENCIES
    assert not CURRENCIES & {"XAU", "XDR", "XTS", "CLF", "UYI", "UYW", "CHE", "BGN", "ANG"}
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in CURRENCIES)
    assert len(CURRENCIES) == 155
