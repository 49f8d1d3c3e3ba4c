"""Writing: a frozen dataclass becomes what `reading` reads, with every default written out."""

from dataclasses import fields, is_dataclass

from gateway.domain.configurations.scalars import plain
from gateway.domain.configurations.shapes import TAG, tag_of


def written(instance: object) -> dict[str, object]:
    """Return a frozen dataclass as JSON values, from which `read` makes an equal one.

    Equal instances are written alike, whatever zones and digits they were read from.
    """
    assert is_dataclass(instance)
    tag = tag_of(type(instance))
    tagged: dict[str, object] = {} if tag is None else {TAG: tag}
    return tagged | {
        field.name: written_value(getattr(instance, field.name)) for field in fields(instance)
    }


def written_value(value: object) -> object:
    """Return the value of a field as JSON values."""
    if isinstance(value, tuple):
        return [written_value(item) for item in value]
    if isinstance(value, dict):
        return {name: written_value(item) for name, item in value.items()}
    return written(value) if is_dataclass(value) else plain(value)
