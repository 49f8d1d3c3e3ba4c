"""Reading: decoded JSON becomes frozen dataclasses, or every fault in it is pointed at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final, TypeVar, cast

from gateway.domain.configurations.checks import broken
from gateway.domain.configurations.faults import ConfigurationInvalid, Fault
from gateway.domain.configurations.limits import Items
from gateway.domain.configurations.pointers import pointed
from gateway.domain.configurations.scalars import Unfit, one_of, parsed
from gateway.domain.configurations.shapes import (
    REQUIRED,
    TAG,
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

FAULTS_MAX = 100
# Longer names of fields are nobody's slip of the keyboard.
NEAR_NAME_CHARACTERS_MAX = 40

T = TypeVar("T")

_UNREAD: Final = object()


def read(kind: type[T], value: object) -> T:
    """Return decoded JSON (numbers, texts, lists, objects) as an instance of a frozen dataclass.

    Raises `ConfigurationInvalid` with all faults, the first 100 of them if there are more. Unknown
    fields are faults. How each type is written, `gateway.domain.configurations.scalars` says.
    """
    reader = _Reader()
    instance = reader.read(record_of(kind), value, "")
    if reader.faults:
        raise ConfigurationInvalid(reader.faults)
    return cast("T", instance)


@dataclass(slots=True)
class _Reader:
    """Reads one document; what could not be read is `_UNREAD` and has its fault."""

    faults: list[Fault] = field(default_factory=list)

    def read(self, shape: Shape, value: object, pointer: str) -> object:
        if len(self.faults) == FAULTS_MAX:
            return _UNREAD
        # Not `match`, which asks for one class after the other: a plan has hundreds of values.
        return _READERS[type(shape)](self, shape, value, pointer)

    def _fault(self, pointer: str, sentence: str) -> object:
        if len(self.faults) < FAULTS_MAX:
            self.faults.append(Fault(pointer, sentence))
        return _UNREAD

    def _no_object(self, pointer: str) -> object:
        return self._fault(pointer, "This must be an object.")

    def scalar(self, shape: Scalar, value: object, pointer: str) -> object:
        try:
            return parsed(shape.kind, value)
        except Unfit as unfit:
            return self._fault(pointer, str(unfit))

    def maybe(self, shape: Maybe, value: object, pointer: str) -> object:
        return None if value is None else self.read(shape.inner, value, pointer)

    def limited(self, shape: Limited, value: object, pointer: str) -> object:
        # What is too long is not looked into.
        if isinstance(value, list | dict):
            counts = (broken(limit, value) for limit in shape.limits if isinstance(limit, Items))
            for sentence in filter(None, counts):
                return self._fault(pointer, sentence)
        inner = self.read(shape.inner, value, pointer)
        if inner is _UNREAD:
            return _UNREAD
        for limit in shape.limits:
            said = None if isinstance(limit, Items) else broken(limit, inner)
            if said:
                return self._fault(pointer, said)
        return inner

    def listing(self, shape: Listing, value: object, pointer: str) -> object:
        if not isinstance(value, list):
            return self._fault(pointer, "This must be a list.")
        return tuple(
            self.read(shape.item, item, pointed(pointer, index))
            for index, item in enumerate(value)
        )

    def table(self, shape: Table, value: object, pointer: str) -> object:
        if not isinstance(value, dict):
            return self._no_object(pointer)
        table: dict[object, object] = {}
        for name, item in value.items():
            place = pointed(pointer, name)
            table[self.read(shape.key, name, place)] = self.read(shape.value, item, place)
        return table

    def either(self, shape: Either, value: object, pointer: str) -> object:
        for option in shape.options:
            if _looks_like(option, value):
                return self.read(option, value, pointer)
        names = ", ".join(_named(option) for option in shape.options)
        return self._fault(pointer, f"This must be one of: {names}.")

    def chosen(self, shape: Choice, value: object, pointer: str) -> object:
        if not isinstance(value, dict):
            return self._no_object(pointer)
        records = {str(record.tag): record for record in shape.records}
        tag = value.get(TAG)
        if not isinstance(tag, str) or tag not in records:
            return self._fault(pointed(pointer, TAG), one_of(records))
        return self.record(records[tag], value, pointer)

    def record(self, shape: Record, value: object, pointer: str) -> object:
        if not isinstance(value, dict):
            return self._no_object(pointer)
        known = [member.name for member in shape.members]
        given: dict[str, object] = {}
        if shape.tag is not None:
            known.insert(0, TAG)
            if value.get(TAG) != shape.tag:
                self._fault(pointed(pointer, TAG), one_of({shape.tag: shape}))
        for member in shape.members:
            place = pointed(pointer, member.name)
            if member.name in value:
                given[member.name] = self.read(member.shape, value[member.name], place)
            elif member.default is REQUIRED:
                self._fault(place, f"{member.name} is missing.")
        self._unknown(value, known, pointer)
        return shape.kind(**given) if not self.faults else _UNREAD

    def _unknown(self, value: Mapping[str, object], known: Sequence[str], pointer: str) -> None:
        for name in value:
            if len(self.faults) == FAULTS_MAX:
                return
            if name not in known:
                self._fault(pointed(pointer, name), _unknown_sentence(name, known))


_READERS: Mapping[type, Callable[..., object]] = {
    Scalar: _Reader.scalar,
    Listing: _Reader.listing,
    Table: _Reader.table,
    Maybe: _Reader.maybe,
    Either: _Reader.either,
    Limited: _Reader.limited,
    Record: _Reader.record,
    Choice: _Reader.chosen,
}


def _unknown_sentence(name: str, known: Sequence[str]) -> str:
    is_short = len(name) <= NEAR_NAME_CHARACTERS_MAX
    near = get_close_matches(name, known, n=1) if is_short else []
    meant = f" Did you mean {near[0]}?" if near else ""
    return f"There is no field of this name here.{meant}"


def _looks_like(shape: Shape, value: object) -> bool:
    if isinstance(shape, Limited):
        return _looks_like(shape.inner, value)
    if isinstance(shape, Listing):
        return isinstance(value, list)
    assert isinstance(shape, Scalar)
    return isinstance(value, shape.kind) and not isinstance(value, bool)


def _named(shape: Shape) -> str:
    if isinstance(shape, Limited):
        return _named(shape.inner)
    if isinstance(shape, Listing):
        return "a list"
    return "a text" if shape == Scalar(str) else "a whole number"
