"""Seats for streams: bounded, shared between merchants, and given back."""

from uuid import UUID

import pytest

from gateway.web.campaigns.streams import (
    STREAMS_MAX,
    STREAMS_PER_MERCHANT_MAX,
    Seats,
    TooManyWatching,
)


def test_a_merchant_has_so_many_seats_and_no_more() -> None:
    """A seat that was left is free for the next; others are not kept waiting by it."""
    seats, ours, theirs = Seats(), UUID(int=1), UUID(int=2)
    taken = [seats.taken(ours) for _ in range(STREAMS_PER_MERCHANT_MAX)]
    for seat in taken:
        seat.__enter__()

    with pytest.raises(TooManyWatching), seats.taken(ours):
        pass
    with seats.taken(theirs):
        pass
    taken[0].__exit__(None, None, None)
    with seats.taken(ours):
        pass


def test_all_merchants_together_have_so_many_seats() -> None:
    """However many merchants there are, the process stays small."""
    seats = Seats()
    taken = [seats.taken(UUID(int=number)) for number in range(STREAMS_MAX)]
    for seat in taken:
        seat.__enter__()

    with pytest.raises(TooManyWatching), seats.taken(UUID(int=STREAMS_MAX)):
        pass
