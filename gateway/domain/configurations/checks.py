"""Checks: which sentence people read when a value breaks a limit of its field."""

import re
from decimal import Decimal

from gateway.domain.configurations.limits import (
    Between,
    Characters,
    Items,
    Limit,
    Pattern,
    Places,
    Positive,
)
from gateway.domain.wording_faults import hidden_fault


def broken(limit: Limit, value: object) -> str | None:
    """Return what is wrong with a value of the right type, or None. None keeps every limit.

    `Items` counts the items of a list or an object of JSON.
    """
    if value is None:
        return None
    match limit:
        case Between() | Positive() | Places():
            assert isinstance(value, int | Decimal)
            return _number_fault(limit, value)
        case Characters() | Pattern():
            assert isinstance(value, str)
            return _text_fault(limit, value)
        case Items():
            assert isinstance(value, list | dict)
            return _items_fault(limit, len(value))
        case _:
            return None


def _number_fault(limit: Between | Positive | Places, value: int | Decimal) -> str | None:
    match limit:
        case Between():
            return None if limit.least <= value <= limit.most else limit.sentence
        case Positive():
            return None if 0 < value <= limit.most else limit.sentence
        case _:
            exponent = Decimal(value).as_tuple().exponent
            assert isinstance(exponent, int)
            return (
                None if -exponent <= limit.most else f"Please use at most {limit.most} decimals."
            )


def _text_fault(limit: Characters | Pattern, text: str) -> str | None:
    if isinstance(limit, Pattern):
        return None if re.fullmatch(limit.expression, text) else limit.sentence
    if not text.strip():
        return "Please write something here."
    if len(text) > limit.most:
        return f"Please use at most {limit.most} characters."
    return hidden_fault(text, lines=False)


def _items_fault(limit: Items, number: int) -> str | None:
    if number < limit.least:
        return f"Please give at least {limit.least}."
    return None if number <= limit.most else f"Please give at most {limit.most}."
