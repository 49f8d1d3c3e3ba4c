"""What can be wrong with the fields of a style: counts, keys, and values against formats."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from passes.apple.fields import CurrencyFormat, DateFormat, Field, NumberFormat
from passes.errors import Problem

PLACEHOLDER = "%@"

# Apple's parser takes a date, hours and minutes, perhaps seconds, and a zone (pass-builder).
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")
_CURRENCY_CODE = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """The fields of one row, with the path a wallet gives it and how many fit."""

    path: str
    fields: Sequence[Field]
    count_max: int | None = None
    is_back: bool = False
    may_align: bool = True


def field_problems(groups: Sequence[FieldGroup]) -> Iterator[Problem]:
    """Find what is wrong within one style, such as the store card."""
    keys: set[str] = set()
    for group in groups:
        yield from count_problems(group.path, len(group.fields), group.count_max)
        for index, field in enumerate(group.fields):
            where = f"{group.path}[{index}]"
            if field.key in keys:
                sentence = f"The key {field.key!r} is used twice; a wallet keeps one of them."
                yield Problem("field.key-duplicate", f"{where}.key", sentence)
            keys.add(field.key)
            yield from _one_field_problems(field, where, group)


def count_problems(path: str, count: int, count_max: int | None) -> Iterator[Problem]:
    """Find a list longer than a wallet shows; the rest would be dropped in silence."""
    if count_max is not None and count > count_max:
        sentence = f"Wallet shows at most {count_max}, and there are {count}."
        yield Problem("count.too-many", path, sentence)


def zone_problems(moment: datetime, where: str) -> Iterator[Problem]:
    """Find a time whose zone is missing, or is not whole minutes as ``±HH:MM`` can say."""
    offset = moment.utcoffset()
    if offset is None:
        yield Problem("date.zone-missing", where, "A time needs a zone, else it means no moment.")
    elif offset.total_seconds() % 60:
        yield Problem("date.invalid", where, "The zone of a time must be whole minutes.")


def _one_field_problems(field: Field, where: str, group: FieldGroup) -> Iterator[Problem]:
    if not field.key:
        yield Problem("text.empty", f"{where}.key", "A field needs a key.")
    if field.change_message is not None and PLACEHOLDER not in field.change_message:
        sentence = f"The message must hold {PLACEHOLDER}, else the lock screen shows no value."
        yield Problem("change-message.placeholder", f"{where}.changeMessage", sentence)
    if field.text_alignment is not None and not group.may_align:
        sentence = "Primary and back fields cannot be aligned."
        yield Problem("alignment.forbidden", f"{where}.textAlignment", sentence)
    if field.data_detectors is not None and not group.is_back:
        sentence = "Links are found in back fields only."
        yield Problem("data-detectors.forbidden", f"{where}.dataDetectorTypes", sentence)
    yield from _value_problems(field, f"{where}.value")


def _value_problems(field: Field, where: str) -> Iterator[Problem]:
    value = field.value
    if isinstance(value, datetime):
        yield from zone_problems(value, where)
    elif isinstance(value, Decimal):
        yield from _decimal_problems(value, where)
    match field.value_format:
        case DateFormat() if not _is_date(value):
            sentence = "A date is written like 2026-05-31T18:30:00+02:00."
            yield Problem("date.invalid", where, sentence)
        case NumberFormat() | CurrencyFormat() if not isinstance(value, int | Decimal):
            sentence = "A number or an amount of money must be a number, not a text."
            yield Problem("number.not-a-number", where, sentence)
    if isinstance(field.value_format, CurrencyFormat):
        yield from _currency_problems(field.value_format.code, where)


def _currency_problems(code: str, where: str) -> Iterator[Problem]:
    if not _CURRENCY_CODE.fullmatch(code):
        path = where.removesuffix("value") + "currencyCode"
        yield Problem("currency.code", path, "A currency is three letters of ISO 4217, as EUR.")


def _decimal_problems(value: Decimal, where: str) -> Iterator[Problem]:
    if not value.is_finite():
        yield Problem("number.not-finite", where, "A number must be finite.")
    elif value != value.to_integral_value() and Decimal(repr(float(value))) != value:
        yield Problem("number.imprecise", where, "JSON would round this number; use fewer digits.")


def _is_date(value: object) -> bool:
    if isinstance(value, datetime):
        return True
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
