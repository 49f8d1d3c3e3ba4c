"""What every fact is: a type, and data that can be written as JSON."""

from dataclasses import dataclass, fields
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a card, a program or a campaign."""

    type: ClassVar[str]

    def data(self) -> dict[str, object]:
        """Return the fact as JSON values."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: str(value) if isinstance(value, UUID) else value
            for name, value in values.items()
        }
