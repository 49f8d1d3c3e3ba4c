"""Checkpoints: each follows the one before and is the root of its heads."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from gateway.domain.checkpoints import FIRST_PREVIOUS, Head, checkpoint, checkpoint_faults

MERCHANT = UUID(int=1)
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
HEADS = [Head(UUID(int=3), 7, b"b" * 32), Head(UUID(int=2), 4, b"a" * 32)]
FIRST = checkpoint(MERCHANT, None, HEADS, NOW)
SECOND = checkpoint(MERCHANT, FIRST, HEADS[:1], NOW)


def test_the_order_of_heads_does_not_matter() -> None:
    """The same heads have the same root."""
    assert checkpoint(MERCHANT, None, reversed(HEADS), NOW) == FIRST


def test_checkpoints_are_numbered_and_name_the_one_before() -> None:
    """None can be left out or put in."""
    assert (FIRST.number, FIRST.previous) == (1, FIRST_PREVIOUS)
    assert (SECOND.number, SECOND.previous) == (2, FIRST.hash)
    assert (FIRST.heads, SECOND.heads) == (2, 1)


def test_what_fits_has_no_fault() -> None:
    """Neither the first nor the next."""
    assert checkpoint_faults(FIRST, None, HEADS) == []
    assert checkpoint_faults(SECOND, FIRST, HEADS[:1]) == []


def test_a_checkpoint_that_was_left_out_is_found() -> None:
    """The next one does not follow what is there."""
    assert checkpoint_faults(SECOND, None, HEADS[:1]) == [
        "checkpoint 2 does not follow the one before"
    ]


def test_another_one_before_is_found() -> None:
    """A forged first checkpoint does not fit the second."""
    forged = replace(FIRST, heads=3)
    assert checkpoint_faults(SECOND, forged, HEADS[:1]) == [
        "checkpoint 2 does not follow the one before"
    ]


def test_an_altered_head_is_found() -> None:
    """The root is not that of other heads, nor of fewer."""
    altered = [HEADS[0], replace(HEADS[1], number=5)]
    assert checkpoint_faults(FIRST, None, altered) == ["checkpoint 1 is not the root of its heads"]
    assert checkpoint_faults(FIRST, None, HEADS[:1]) == [
        "checkpoint 1 is not the root of its heads"
    ]


def test_what_is_signed_says_everything() -> None:
    """A line each, in this order."""
    assert FIRST.statement.decode().split("\n") == [
        "passgate ledger checkpoint 1",
        str(MERCHANT),
        "1",
        "1795251600000000",
        "00" * 32,
        FIRST.root.hex(),
        "2",
    ]
