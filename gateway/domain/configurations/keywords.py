"""Keywords of JSON Schema 2020-12 for single values, and for what is asked of them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from math import ceil, floor
from uuid import UUID

from gateway.domain.configurations.limits import (
    Between,
    Characters,
    Items,
    Limit,
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


def keywords(limits: Sequence[Limit], noun: str) -> Schema:
    """Return what these limits say to a validator.

    `noun` is what there may be several of: "Items" of a list, "Properties" of an object.
    """
    found: Schema = {}
    for limit in limits:
        found |= _keywords(limit, noun)
    return found


def _keywords(limit: Limit, noun: str) -> Schema:
    match limit:
        case Between():
            return {"minimum": ceil(limit.least), "maximum": floor(limit.most)}
        case Positive():
            return {"exclusiveMinimum": 0, "maximum": floor(limit.most)}
        case Places() | Characters() | Pattern():
            return _text(limit)
        case Items():
            return {f"min{noun}": limit.least, f"max{noun}": limit.most}
        case _:
            return {"description": limit.text}


def _text(limit: Places | Characters | Pattern) -> Schema:
    match limit:
        case Places():
            return {"pattern": rf"^{WHOLE_EXPRESSION}(?:\.[0-9]{{1,{limit.most}}})?$"}
        case Characters():
            return {"minLength": 1, "maxLength": limit.most, "pattern": r"\S"}
        case _:
            return {"pattern": f"^(?:{limit.expression})$"}
