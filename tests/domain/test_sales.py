"""Which state of a sale holds, and when a sale happened, whatever a till says and when."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.business_day import BusinessClock
from gateway.domain.cards import Standing
from gateway.domain.programs import ProgramStatus
from gateway.domain.rules.happenings import Line, Sale
from gateway.domain.rules.outcomes import Basis, PastSale
from gateway.domain.sales import (
    InTheFuture,
    KnownSale,
    TooLongAgo,
    as_of,
    happened_at,
    later,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
NOBODY = UUID(int=0)
BASIS = Basis(earned_at=NOW, clock=BusinessClock(time_zone="UTC"))
STANDING = Standing(
    card_id=NOBODY,
    program_id=NOBODY,
    program_version_id=NOBODY,
    program_status=ProgramStatus.ACTIVE,
    version=1,
    opened_at=NOW,
)


def state(paid: int, refunded: int = 0, *lines: Line) -> Sale:
    """Return a sale in euros."""
    return Sale(currency="EUR", total_paid=paid, total_refunded=refunded, lines=lines)


def known(sale: Sale, sequence: int | None = None) -> KnownSale:
    """Return a sale as it is known."""
    return KnownSale(
        id=NOBODY,
        card_id=NOBODY,
        source="pos",
        reference="r",
        location_id=NOBODY,
        program_version_id=NOBODY,
        occurred_at=NOW,
        sale=sale,
        past=PastSale(basis=BASIS, day=date(2026, 11, 21)),
        sequence=sequence,
    )


@given(
    st.lists(
        st.tuples(st.integers(0, 50), st.integers(0, 50)).map(
            lambda pair: state(sum(pair), pair[1])
        ),
        min_size=1,
        max_size=5,
    )
)
def test_totals_end_at_their_highest_in_any_order(states: list[Sale]) -> None:
    """Late, twice, or all at once: of each total the highest holds."""
    ends = set()
    for order in permutations(states):
        sale = known(order[0])
        for told in order[1:]:
            sale = replace(sale, sale=later(sale, told, None) or sale.sale)
        ends.add((sale.sale.total_paid, sale.sale.total_refunded))
    assert ends == {
        (max(each.total_paid for each in states), max(each.total_refunded for each in states))
    }


def test_the_lines_are_those_of_the_fuller_state() -> None:
    """More was paid, or as much and more refunded: that state knows the lines better."""
    one, two = Line(amount=10), Line(amount=10, refunded=5)
    assert later(known(state(10, 0, one)), state(10, 5, two), None) == state(10, 5, two)
    assert later(known(state(20, 0, one, one)), state(10, 5, two), None) == state(20, 5, one, one)


@pytest.mark.parametrize(("sequence", "holds"), [(1, False), (2, False), (3, True), (None, False)])
def test_a_number_decides_even_downwards(sequence: int | None, *, holds: bool) -> None:
    """The higher number holds; without one the totals decide, and these are lower."""
    lower = state(5)
    assert later(known(state(10), 2), lower, sequence) == (lower if holds else None)


def test_the_same_state_under_a_higher_number_is_nothing_new() -> None:
    """There is nothing to post for it."""
    assert later(known(state(10), 2), state(10), 3) is None


@pytest.mark.parametrize(
    ("told", "synced", "expected"),
    [
        (None, None, timedelta(0)),
        (timedelta(hours=-2), None, timedelta(hours=-2)),
        (timedelta(hours=-2), timedelta(hours=-1), timedelta(hours=-1)),
        (timedelta(minutes=5), None, timedelta(0)),
        (timedelta(hours=-2), timedelta(hours=1), timedelta(0)),
    ],
)
def test_a_moment_is_kept_between_the_last_sync_and_now(
    told: timedelta | None, synced: timedelta | None, expected: timedelta
) -> None:
    """A till's clock may be wrong by a little, and it cannot have been offline before."""
    moment = happened_at(
        None if told is None else NOW + told,
        NOW,
        synced_at=None if synced is None else NOW + synced,
    )
    assert moment == NOW + expected


def test_what_cannot_have_happened_then_is_refused() -> None:
    """Too long ago, or further ahead than a clock may be wrong."""
    with pytest.raises(TooLongAgo):
        happened_at(NOW - timedelta(hours=48, seconds=1), NOW)
    happened_at(NOW - timedelta(days=30), NOW, age_max=timedelta(days=30))
    with pytest.raises(InTheFuture):
        happened_at(NOW + timedelta(minutes=5, seconds=1), NOW)


@pytest.mark.parametrize(("last", "seen"), [(None, None), (-3, -3), (0, 0), (3, -3)])
def test_an_earning_after_the_moment_counts_as_far_before_it(
    last: int | None, seen: int | None
) -> None:
    """So a cooldown keeps two earnings apart, whichever is told of first."""
    earned = None if last is None else NOW + timedelta(minutes=last)
    expected = None if seen is None else NOW + timedelta(minutes=seen)
    assert as_of(replace(STANDING, last_earned_at=earned), NOW).last_earned_at == expected
