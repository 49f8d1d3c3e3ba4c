"""Single values as JSON has them, and back: numbers, choices, UUIDs, days and moments."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from uuid import UUID

YEARS = range(2000, 3000)
"""Leaves room for every zone and period around a moment, which a year 1 or 9999 does not."""
DAY_EXPRESSION = r"2[0-9]{3}-[0-9]{2}-[0-9]{2}"
MOMENT_EXPRESSION = (
    DAY_EXPRESSION + r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
UUID_EXPRESSION = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
WHOLE_EXPRESSION = r"-?(?:0|[1-9][0-9]{0,14})"
DECIMAL_PLACES_MAX = 15

_DECIMAL = re.compile(WHOLE_EXPRESSION + rf"(?:\.[0-9]{{1,{DECIMAL_PLACES_MAX}}})?")
_DAY = re.compile(DAY_EXPRESSION)
_MOMENT = re.compile(MOMENT_EXPRESSION)
_UUID = re.compile(UUID_EXPRESSION)


class Unfit(ValueError):
    """A value does not fit; its words are what people read."""


def parsed(kind: type, value: object) -> object:
    """Return a decoded JSON value as one of a kind, or raise `Unfit`.

    A whole number is no truth and no fraction; a Decimal is written as a text or a whole number,
    never as a fraction of JSON, which other programs round (RFC 8259 section 6). Days and moments
    are of the years 2000 to 2999, a moment has an offset from UTC (RFC 3339).
    """
    if issubclass(kind, StrEnum):
        return _choice(kind, value)
    return _PARSERS[kind](value)


def plain(value: object) -> object:
    """Return a value as JSON has it: decimals without needless zeros, moments in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value) if isinstance(value, StrEnum | UUID) else value


def one_of(names: Mapping[str, object]) -> str:
    """Return the sentence for whoever must choose one of these names."""
    return f"Please choose one of: {', '.join(names)}."


def _choice(kind: type[StrEnum], value: object) -> object:
    names = _members(kind)
    if not isinstance(value, str) or value not in names:
        raise Unfit(one_of(names))
    return names[value]


@cache
def _members(kind: type[StrEnum]) -> Mapping[str, StrEnum]:
    return {str(member): member for member in kind}


def _text(value: object) -> object:
    if not isinstance(value, str):
        raise Unfit("This must be a text.")
    return value


def _whole(value: object) -> object:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unfit("This must be a whole number.")
    return value


def _truth(value: object) -> object:
    if not isinstance(value, bool):
        raise Unfit("This must be true or false.")
    return value


def _decimal(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise Unfit('This must be a number, written like "1.5" or 2.')
    # Without the sign of a negative zero.
    return Decimal(value) or Decimal(0)


def _uuid(value: object) -> object:
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise Unfit("This must be a UUID, like 0192f0c1-2345-7abc-8def-0123456789ab.")
    return UUID(value)


def _day(value: object) -> object:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise Unfit("This must be a day, written like 2026-01-31.")


def _moment(value: object) -> object:
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        try:
            moment = datetime.fromisoformat(value).astimezone(UTC)
        except ValueError:
            moment = None
        if moment and moment.year in YEARS:
            return moment
    raise Unfit("This must be a moment, written like 2026-01-31T08:00:00Z.")


_PARSERS: Mapping[type, Callable[[object], object]] = {
    str: _text,
    int: _whole,
    bool: _truth,
    Decimal: _decimal,
    UUID: _uuid,
    date: _day,
    datetime: _moment,
}
