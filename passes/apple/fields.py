"""Fields: what a pass says, and how Wallet writes dates, numbers and money in them.

Source: https://developer.apple.com/documentation/walletpasses/passfieldcontent
"""

from dataclasses import KW_ONLY, dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

FieldValue = str | int | Decimal | datetime


class TextAlignment(StrEnum):
    """Where a value stands in its column; Apple forbids it on primary and back fields."""

    LEFT = "PKTextAlignmentLeft"
    CENTER = "PKTextAlignmentCenter"
    RIGHT = "PKTextAlignmentRight"
    NATURAL = "PKTextAlignmentNatural"


class DateStyle(StrEnum):
    """How much of a date or a time Wallet shows, in the language of the phone."""

    NONE = "PKDateStyleNone"
    SHORT = "PKDateStyleShort"
    MEDIUM = "PKDateStyleMedium"
    LONG = "PKDateStyleLong"
    FULL = "PKDateStyleFull"


class NumberStyle(StrEnum):
    """How Wallet writes a number, in the language of the phone."""

    DECIMAL = "PKNumberStyleDecimal"
    PERCENT = "PKNumberStylePercent"
    SCIENTIFIC = "PKNumberStyleScientific"
    SPELL_OUT = "PKNumberStyleSpellOut"


class DataDetector(StrEnum):
    """What Wallet turns into links in a back field."""

    PHONE_NUMBER = "PKDataDetectorTypePhoneNumber"
    LINK = "PKDataDetectorTypeLink"
    ADDRESS = "PKDataDetectorTypeAddress"
    CALENDAR_EVENT = "PKDataDetectorTypeCalendarEvent"


@dataclass(frozen=True, slots=True, kw_only=True)
class DateFormat:
    """Show the value as a date; the value is a time with a zone."""

    date_style: DateStyle = DateStyle.NONE
    time_style: DateStyle = DateStyle.NONE
    is_relative: bool = False
    ignores_time_zone: bool = False


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """Show the value as a number."""

    style: NumberStyle


@dataclass(frozen=True, slots=True)
class CurrencyFormat:
    """Show the value as money; `code` is an ISO 4217 code such as ``EUR``."""

    code: str


ValueFormat = DateFormat | NumberFormat | CurrencyFormat


@dataclass(frozen=True, slots=True)
class Field:
    """One label and value.

    One `value_format` at most: Apple's validator refuses a currency together with a number
    style. `change_message` is what the lock screen says when the value has changed and must
    hold ``%@``, where Wallet puts the new value. An empty `data_detectors` switches Wallet's
    own link finding off; None leaves its default.
    """

    key: str
    value: FieldValue
    _: KW_ONLY
    label: str | None = None
    attributed_value: str | None = None
    change_message: str | None = None
    text_alignment: TextAlignment | None = None
    value_format: ValueFormat | None = None
    data_detectors: tuple[DataDetector, ...] | None = None
