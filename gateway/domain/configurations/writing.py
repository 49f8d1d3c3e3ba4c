"""Writing: a frozen dataclass becomes what `reading` reads, with every default written out."""

from dataclasses import fields, is_dataclass
from functools import cache

from gateway.domain.configurations.scalars import plain
from gateway.domain.configurations.shapes import TAG, tag_of

# Most values, and nothing to do for them.
_PLAIN = (int, str, bool)


def written(instance: object) -> dict[str, object]:
    """Return a frozen dataclass as JSON values, from which `read` makes an equal one.

    Equal instances are written alike, whatever zones and digits they were read from.
    """
    kind: type = type(instance)
    tagged, names = _shape(kind)
    return tagged | {name: written_value(getattr(instance, name)) for name in names}


def written_value(value: object) -> object:
    """Return the value of a field as JSON values."""
    if value is None or type(value) in _PLAIN:
        return value
    if isinstance(value, tuple):
        return [written_value(item) for item in value]
    if isinstance(value, dict):
        return {name: written_value(item) for name, item in value.items()}
    return written(value) if is_dataclass(value) else plain(value)


@cache
def _shape(kind: type) -> tuple[dict[str, object], tuple[str, ...]]:
    """Return a dataclass's tag as a field, if it has one, and the names of its fields."""
    assert is_dataclass(kind)
    tag = tag_of(kind)
    return {} if tag is None else {TAG: tag}, tuple(field.name for field in fields(kind))
