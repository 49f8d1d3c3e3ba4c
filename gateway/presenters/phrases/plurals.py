"""A phrase about a number of things: one of them, or several."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plural:
    """The same phrase for one thing and for several, mostly with the gap `count`."""

    one: str
    many: str
