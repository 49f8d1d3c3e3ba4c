"""Makers of configurations for tests: any value within a type's limits, and spoilt documents."""

import json
import re
import string
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar, cast
from uuid import UUID

from hypothesis import strategies as st

from gateway.domain.configurations.limits import (
    Between,
    Characters,
    Items,
    Limit,
    Pattern,
    Places,
    Positive,
)
from gateway.domain.configurations.shapes import (
    Choice,
    Either,
    Limited,
    Listing,
    Maybe,
    Record,
    Scalar,
    Shape,
    Table,
    record_of,
)

T = TypeVar("T")
Values = st.SearchStrategy[object]

# Enough to have several, and few enough to be quick.
ITEMS = 2

_SCALARS: Mapping[type, Values] = {
    int: st.integers(),
    str: st.text(string.ascii_letters),
    bool: st.booleans(),
    UUID: st.uuids(),
    date: st.dates(date(2000, 1, 1), date(2999, 12, 31)),
    datetime: st.datetimes(
        datetime(2000, 1, 2),  # noqa: DTZ001 -- hypothesis wants the bounds without a zone
        datetime(2999, 12, 30),  # noqa: DTZ001 -- as above
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=-9, minutes=-30))]),
    ),
}


def instances(kind: type[T]) -> st.SearchStrategy[T]:
    """Return a strategy for frozen dataclasses whose every field is within its limits."""
    return cast("st.SearchStrategy[T]", _values(record_of(kind)))


def _values(shape: Shape) -> Values:
    if isinstance(shape, Maybe | Either | Choice):
        return _one_of(shape)
    match shape:
        case Scalar():
            return _scalars(shape.kind)
        case Listing():
            return st.lists(_values(shape.item), max_size=ITEMS).map(tuple)
        case Table():
            return st.dictionaries(_values(shape.key), _values(shape.value), max_size=ITEMS)
        case Limited():
            return _limited(shape)
        case Record():
            fields = {member.name: _values(member.shape) for member in shape.members}
            return st.builds(shape.kind, **fields)


def _one_of(shape: Maybe | Either | Choice) -> Values:
    if isinstance(shape, Maybe):
        return st.none() | _values(shape.inner)
    return st.one_of(*map(_values, shape.options if isinstance(shape, Either) else shape.records))


def _scalars(kind: type) -> Values:
    if issubclass(kind, StrEnum):
        return st.sampled_from(list(kind))
    return _SCALARS[kind]


def _limited(shape: Limited) -> Values:
    limits = {type(limit): limit for limit in shape.limits}
    if shape.inner == Scalar(Decimal):
        return _decimals(shape.limits)
    if shape.inner == Scalar(int):
        return _between(shape.limits, 1)
    if isinstance(shape.inner, Listing):
        least = cast("Items", limits[Items]).least
        return st.lists(_values(shape.inner.item), min_size=least, max_size=ITEMS).map(tuple)
    if Pattern in limits:
        expression = cast("Pattern", limits[Pattern]).expression
        return st.from_regex(re.compile(expression), fullmatch=True, alphabet=string.printable)
    if Characters in limits:
        most = cast("Characters", limits[Characters]).most
        return st.text(string.ascii_letters + "é ’", min_size=1, max_size=most).filter(str.strip)
    return _values(shape.inner)


def _decimals(limits: Sequence[Limit]) -> Values:
    places = next(limit.most for limit in limits if isinstance(limit, Places))
    return _between(limits, 10**places).map(
        lambda number: Decimal(cast("int", number)).scaleb(-places)
    )


def _between(limits: Sequence[Limit], scale: int) -> Values:
    limit = next(each for each in limits if isinstance(each, Between | Positive))
    least = 1 if isinstance(limit, Positive) else int(limit.least * scale)
    return st.integers(least, int(limit.most * scale))


WRONG: Values = st.sampled_from(
    json.loads(
        """[null, true, -1, 0, 1, 3, 10000000000000, 0.5, "", " ", "x", "A b", [], {}, [null],
        ["x"], [{}], {"x": 1}, {"type": "x"}, {"type": "none"}]"""
    )
)


Place = tuple[dict[str, object], str] | tuple[list[object], int]


@st.composite
def bent(draw: st.DrawFn, documents: st.SearchStrategy[dict[str, object]]) -> dict[str, object]:
    """Draw a document and spoil one place in it: another value, one too few or one too many."""
    document = draw(documents)
    holder, name = draw(st.sampled_from(_places(document)))
    wrong = draw(WRONG)
    match draw(st.sampled_from(["replace", "drop", "add"])), holder:
        case "drop", _:
            del holder[name]  # type: ignore[arg-type] # the name fits its holder
        case "add", list():
            holder.append(wrong)
        case "add", dict():
            holder["surprise"] = wrong
        case _:
            holder[name] = wrong  # type: ignore[index] # the name fits its holder
    return document


def _places(value: object) -> list[Place]:
    found: list[Place] = []
    if isinstance(value, dict):
        for name, inner in value.items():
            found += [(value, name), *_places(inner)]
    if isinstance(value, list):
        for index, inner in enumerate(value):
            found += [(value, index), *_places(inner)]
    return found
