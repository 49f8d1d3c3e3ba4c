"""Money: whole minor units of a currency, and how many of them make one unit (ISO 4217)."""

from decimal import Decimal

# Every other currency has two; those without minor units (XAU, XTS …) are no money to spend.
_NONE = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND"}
    | {"VUV", "XAF", "XOF", "XPF"}
)
_THREE = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
_FOUR = frozenset({"CLF", "UYW"})
_EXPONENTS = dict.fromkeys(_NONE, 0) | dict.fromkeys(_THREE, 3) | dict.fromkeys(_FOUR, 4)
_TWO = 2


def exponent(currency: str) -> int:
    """Return how many decimal digits the currency's minor unit has: 2 for EUR, 0 for JPY."""
    return _EXPONENTS.get(currency, _TWO)


def whole_units(minor: int, currency: str) -> Decimal:
    """Return an amount in minor units as whole units: 350 of EUR is 3.50."""
    return Decimal(minor).scaleb(-exponent(currency))
