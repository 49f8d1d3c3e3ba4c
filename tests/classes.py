"""Classes that tests look at all together."""

from typing import TypeVar

Kind = TypeVar("Kind")


def below(parent: type[Kind]) -> list[type[Kind]]:
    """Return the classes that have been derived from this one, near and far."""
    children = parent.__subclasses__()
    return children + [each for child in children for each in below(child)]
