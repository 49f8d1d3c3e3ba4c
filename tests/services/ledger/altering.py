"""Altering a document: every version of it that differs in one value."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

OTHER = UUID(int=7)


def altered(value: Any) -> Iterator[Any]:  # noqa: ANN401 -- whatever JSON can hold
    """Yield the value with one thing in it changed, put in or left out, for each thing in it."""
    match value:
        case dict():
            yield {**value, "put in": 1}
            for key, held in value.items():
                yield {name: each for name, each in value.items() if name != key}
                yield from ({**value, key: other} for other in altered(held))
        case list():
            for place, held in enumerate(value):
                yield value[:place] + value[place + 1 :]
                yield from (
                    [*value[:place], other, *value[place + 1 :]] for other in altered(held)
                )
        case None:
            yield str(OTHER)
        case int():
            yield from (value + 1, -value - 1)
        case str():
            # In the middle: the last sign of base64 has bits that say nothing.
            middle = len(value) // 2
            yield (
                value[:middle]
                + ("1" if value[middle : middle + 1] != "1" else "2")
                + (value[middle + 1 :])
            )
            yield from (None, "")
