"""Differences between two plans, or any two configurations, as they are written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gateway.domain.configurations.pointers import pointed

KEY = "key"


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is not what it was; None stands for nothing.

    `pointer` is a JSON Pointer in which an item that has a `key` goes by it and not by its place:
    "/rules/stamps/stamps_required". The pointer of such a list has the keys, in their order.
    """

    pointer: str
    before: object
    after: object


def diff(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[Difference, ...]:
    """Return what changed from one written configuration to the next, value by value.

    Lists whose items have keys are compared item by item, other lists as one value each. Null and
    what is empty count as nothing, so what was added has no `before` and what was removed no
    `after`.
    """
    old, new = dict(_leaves(before, "")), dict(_leaves(after, ""))
    pointers = dict.fromkeys((*new, *old))
    return tuple(
        Difference(pointer, old.get(pointer), new.get(pointer))
        for pointer in pointers
        if old.get(pointer) != new.get(pointer)
    )


def _leaves(value: object, pointer: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, pointed(pointer, name))
    elif keyed := _by_key(value):
        yield pointer, list(keyed)
        yield from _leaves(keyed, pointer)
    elif value not in (None, []):
        yield pointer, value


def _by_key(value: object) -> dict[str, object]:
    """Return the items of a list by their keys, which then need not be said again."""
    if not isinstance(value, list):
        return {}
    keyed: dict[str, object] = {
        str(item[KEY]): {name: inner for name, inner in item.items() if name != KEY}
        for item in value
        if isinstance(item, Mapping) and KEY in item
    }
    return keyed if len(keyed) == len(value) else {}
