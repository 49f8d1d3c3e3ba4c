"""Consent: what a customer may be written about, and by which way."""

from collections.abc import Mapping
from enum import StrEnum


class Medium(StrEnum):
    """A way to a customer that they can close."""

    MAIL = "mail"
    SMS = "sms"
    WALLET = "wallet"


class Purpose(StrEnum):
    """Why a customer is written to."""

    SERVICE = "service"
    """News about their own card: a stamp, a reward."""
    MARKETING = "marketing"
    """Offers of the merchant."""


Consents = Mapping[tuple[str, str], bool]
"""The newest yes or no by medium and purpose; what was never asked is missing."""


def agrees(consents: Consents, medium: Medium, purpose: Purpose) -> bool:
    """Return whether a customer may be written to by this way for this purpose.

    Mail and SMS need a yes. A card in the wallet is itself asked for, so it shows its news and
    the merchant's until the customer says no (decision 10).
    """
    return consents.get((medium, purpose), medium is Medium.WALLET)
