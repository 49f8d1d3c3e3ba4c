"""What a configuration's field may hold, written beside its type: `Annotated[int, Between(...)]`.

`gateway.domain.configurations.reading` holds values against these and
`gateway.domain.configurations.describing` puts them into the JSON Schema.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Between:
    """A number from `least` to `most`, both included; `sentence` is what people read otherwise."""

    least: int | Decimal
    most: int | Decimal
    sentence: str


@dataclass(frozen=True, slots=True)
class Positive:
    """A number above zero and at most `most`; `sentence` is what people read otherwise."""

    most: int | Decimal
    sentence: str


@dataclass(frozen=True, slots=True)
class Places:
    """A decimal with at most so many digits after the point, written as a string or an integer."""

    most: int


@dataclass(frozen=True, slots=True)
class Characters:
    """A printable text of 1 to `most` characters, which is not blank."""

    most: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text that matches the whole regular expression; otherwise people read `sentence`."""

    expression: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list or mapping with `least` to `most` items."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Note:
    """What the field means, for the JSON Schema."""

    text: str


Limit: TypeAlias = Between | Positive | Places | Characters | Pattern | Items | Note
