"""The two numbers on the face of a card.

Source: https://developers.google.com/wallet/reference/rest/v1/loyaltyobject#LoyaltyPoints
"""

from dataclasses import dataclass

from passes.google.texts import LocalizedString


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in millionths of a unit, such as 5,000,000 for 5 EUR; `currency` is ISO 4217."""

    micros: int
    currency: str


Balance = str | int | float | Money
"""Exactly one of Google's four kinds: as it stands, a whole number, a fraction, money."""


@dataclass(frozen=True, slots=True)
class Points:
    """A label and a balance; above 9 and 7 characters small screens cut them."""

    label: LocalizedString
    balance: Balance
