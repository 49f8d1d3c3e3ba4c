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

_OTHERS = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF "
    "CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD "
    "HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA "
    "MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN "
    "QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP "
    "TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG"
)
_FUNDS = frozenset({"CLF", "UYI", "UYW"})
CURRENCIES = frozenset(_OTHERS.split()) | (frozenset(_EXPONENTS) - _FUNDS)
"""What people pay with, by ISO 4217 as of 2026: no metals, no units of account, no test codes."""


def exponent(currency: str) -> int:
    """Return how many decimal digits the currency's minor unit has: 2 for EUR, 0 for JPY."""
    return _EXPONENTS.get(currency, _TWO)


def whole_units(minor: int, currency: str) -> Decimal:
    """Return an amount in minor units as whole units: 350 of EUR is 3.50."""
    return Decimal(minor).scaleb(-exponent(currency))
