"""What cannot be in a segment: conditions whose value does not fit the field they ask for."""

from collections.abc import Collection, Iterator

from gateway.domain.configurations.faults import Fault
from gateway.domain.configurations.pointers import pointed
from gateway.domain.segments import Comparison, Condition, Segment, SegmentField

_OF_TIERS = frozenset({Comparison.EQUAL, Comparison.NOT_EQUAL, Comparison.ONE_OF})
_OF_NUMBERS = frozenset(Comparison) - {Comparison.ONE_OF}


def audience_faults(
    segment: Segment | None, tiers: Collection[str], pointer: str
) -> Iterator[Fault]:
    """Give the faults of a segment of cards whose program has tiers of these keys."""
    for index, condition in enumerate(segment.conditions if segment else ()):
        place = pointed(pointer, "conditions", index)
        if condition.field is SegmentField.TIER:
            yield from _tier_faults(condition, tiers, place)
        else:
            yield from _number_faults(condition, place)


def _number_faults(condition: Condition, pointer: str) -> Iterator[Fault]:
    if condition.comparison not in _OF_NUMBERS:
        yield Fault(pointed(pointer, "comparison"), "A number is compared by eq, ne, ge or le.")
    if not isinstance(condition.value, int):
        yield Fault(pointed(pointer, "value"), "Please give a whole number.")


def _tier_faults(condition: Condition, tiers: Collection[str], pointer: str) -> Iterator[Fault]:
    if condition.comparison not in _OF_TIERS:
        yield Fault(pointed(pointer, "comparison"), "A tier is compared by eq, ne or in.")
        return
    place, value = pointed(pointer, "value"), condition.value
    if condition.comparison is Comparison.ONE_OF:
        if not isinstance(value, tuple):
            yield Fault(place, "Please give a list of tiers.")
            return
        for index, tier in enumerate(value):
            yield from _name_faults(tier, tiers, pointed(place, index))
    elif isinstance(value, str):
        yield from _name_faults(value, tiers, place)
    else:
        yield Fault(place, "Please give one tier.")


def _name_faults(tier: str, tiers: Collection[str], pointer: str) -> Iterator[Fault]:
    if not tiers:
        yield Fault(pointer, "This program has no tiers.")
    elif tier not in tiers:
        yield Fault(pointer, f"Please choose one of the tiers: {', '.join(tiers)}.")
