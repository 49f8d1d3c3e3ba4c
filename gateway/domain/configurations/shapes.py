"""Shapes: the type hints of frozen dataclasses, taken apart for reading and describing."""

from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, TypeAlias, Union, get_args, get_origin, get_type_hints

from gateway.domain.configurations.limits import Limit

TAG = "type"
"""The field that tells the members of a union apart; it holds the class's `kind`."""

REQUIRED = MISSING
"""The default of a field that must be given."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value: text, number, truth, member of an enumeration, UUID, day or moment."""

    kind: type


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of any length, which becomes a tuple."""

    item: "Shape"


@dataclass(frozen=True, slots=True)
class Table:
    """An object with keys of the writer's choice."""

    key: "Shape"
    value: "Shape"


@dataclass(frozen=True, slots=True)
class Maybe:
    """A value or null."""

    inner: "Shape"


@dataclass(frozen=True, slots=True)
class Either:
    """One of several that JSON itself tells apart: a number, a text, a list."""

    options: tuple["Shape", ...]


@dataclass(frozen=True, slots=True)
class Limited:
    """A shape, and what else is asked of its value."""

    inner: "Shape"
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """One field of a record; without a default it is `REQUIRED`."""

    name: str
    shape: "Shape"
    default: object


@dataclass(frozen=True, slots=True)
class Record:
    """An object whose fields are those of a dataclass, with its tag if it has one."""

    kind: type
    tag: str | None
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several records, told apart by their tags."""

    records: tuple[Record, ...]


Shape: TypeAlias = Scalar | Listing | Table | Maybe | Either | Limited | Record | Choice


def tag_of(kind: type) -> str | None:
    """Return what a dataclass is called in a union: its `kind`; None for one that is in none."""
    tag: object = getattr(kind, "kind", None)
    return tag if isinstance(tag, str) else None


def record_of(kind: type) -> Record:
    """Return the shape of a frozen dataclass, which must not contain itself."""
    return _record_of(kind)


@cache
def _record_of(kind: type) -> Record:
    hints = get_type_hints(kind, include_extras=True)
    members = tuple(
        Member(
            field.name,
            _shape(hints[field.name]),
            field.default if field.default_factory is MISSING else field.default_factory(),
        )
        for field in fields(kind)
    )
    return Record(kind, tag_of(kind), members)


def _shape(hint: object) -> Shape:
    arguments = get_args(hint)
    origin = get_origin(hint)
    if origin is Annotated:
        return Limited(_shape(arguments[0]), arguments[1:])
    if origin in {Union, UnionType}:
        return _union(arguments)
    if origin is tuple:
        return Listing(_shape(arguments[0]))
    if origin is dict:
        return Table(_shape(arguments[0]), _shape(arguments[1]))
    assert isinstance(hint, type), f"{hint} has no shape in JSON"
    return record_of(hint) if is_dataclass(hint) else Scalar(hint)


def _union(arguments: tuple[object, ...]) -> Shape:
    options = tuple(_shape(each) for each in arguments if each is not NoneType)
    records = tuple(option for option in options if isinstance(option, Record))
    inner: Shape = Either(options)
    if len(options) == 1:
        inner = options[0]
    elif len(records) == len(options):
        inner = Choice(records)
    return Maybe(inner) if NoneType in arguments else inner
