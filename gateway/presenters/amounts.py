"""Amounts of money as people write them, with the currency behind: 12.50 EUR."""

from gateway.domain.money import exponent, whole_units
from gateway.domain.wording import Language
from gateway.presenters.counting import number_text


def money(minor: int, currency: str, language: Language = Language.EN) -> str:
    """Return an amount in minor units for people: 125000 of EUR is 1,250.00 EUR."""
    return f"{plain_money(minor, currency, language)} {currency}"


def plain_money(minor: int, currency: str, language: Language = Language.EN) -> str:
    """Return an amount in minor units without its currency: 1,250.00."""
    english = f"{whole_units(minor, currency):,.{exponent(currency)}f}"
    return number_text(english, language)
