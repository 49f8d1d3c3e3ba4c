"""Repeats: which of several are there a second time."""

from collections.abc import Hashable, Iterable, Iterator


def repeated(items: Iterable[Hashable]) -> Iterator[int]:
    """Give the index of each item that was there before."""
    seen: set[Hashable] = set()
    for index, item in enumerate(items):
        if item in seen:
            yield index
        seen.add(item)
