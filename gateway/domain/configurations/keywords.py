"""Keywords of JSON Schema 2020-12 for single values, and for what is asked of them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from math import ceil, floor
from typing import assert_never
from uuid import UUID

from gateway.domain.configurations.limits import (
    Between,
    Characters,
    Items,
    Limit,
    Note,
    Pattern,
    Places,
    Positive,
)
from gateway.domain.configurations.scalars import (
    DAY_EXPRESSION,
    MOMENT_EXPRESSION,
    UUID_EXPRESSION,
    WHOLE_EXPRESSION,
)

Schema = dict[str, object]

SCALARS: Mapping[type, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    Decimal: {"type": ["integer", "string"]},
    UUID: {"type": "string", "format": "uuid", "pattern": f"^{UUID_EXPRESSION}$"},
    date: {"type": "string", "format": "date", "pattern": f"^{DAY_EXPRESSION}$"},
    datetime: {"type": "string", "format": "date-time", "pattern": f"^{MOMENT_EXPRESSION}$"},
}


def keywords(limits: Sequence[Limit]) -> Schema:
    """Return what these limits say to a validator; each speaks only of its own JSON type."""
    found: Schema = {}
    for limit in limits:
        found |= _keywords(limit)
    return found


def _keywords(limit: Limit) -> Schema:
    match limit:
        case Between():
            return {"minimum": ceil(limit.least), "maximum": floor(limit.most)}
        case Positive():
            return {"exclusiveMinimum": 0, "maximum": floor(limit.most)}
        case Places() | Characters() | Pattern():
            return _text(limit)
        case Items():
            return _numbers(limit)
        case Note():
            return {"description": limit.text}
        case _:
            assert_never(limit)


def _text(limit: Places | Characters | Pattern) -> Schema:
    match limit:
        case Places():
            return {"pattern": rf"^{WHOLE_EXPRESSION}(?:\.[0-9]{{1,{limit.most}}})?$"}
        case Characters():
            return {"minLength": 1, "maxLength": limit.most, "pattern": r"\S"}
        case Pattern():
            return {"pattern": f"^(?:{limit.expression})$"}
        case _:
            assert_never(limit)


def _numbers(limit: Items) -> Schema:
    return {
        "minItems": limit.least,
        "maxItems": limit.most,
        "minProperties": limit.least,
        "maxProperties": limit.most,
    }
