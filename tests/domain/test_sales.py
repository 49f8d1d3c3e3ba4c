"""Which state of a sale holds, and when a sale happened, whatever a till says and when."""

from datetime import datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.rules.happenings import Line, Sale
from gateway.domain.rules.outcomes import Basis, PastSale
from gateway.domain.sales import InTheFuture, KnownSale, TooLongAgo, as_of, happened_at, later
from tests.domain.earning.tills import CLOCK, ID, NOON, TODAY, card

ONE, TWO = Line(category="coffee", amount=1), Line(category="cake", amount=1)
"""Lines by which the states of a sale can be told apart."""


def known(sale: Sale, sequence: int | None = None) -> KnownSale:
    return KnownSale(
        id=UUID(int=5),
        card_id=ID,
        source="pos",
        reference="4711",
        location_id=ID,
        program_version_id=ID,
        occurred_at=NOON,
        sale=sale,
        past=PastSale(basis=Basis(earned_at=NOON, clock=CLOCK), day=TODAY),
        sequence=sequence,
    )


def state(paid: int, refunded: int = 0, line: Line = ONE) -> Sale:
    return Sale(currency="EUR", total_paid=paid, total_refunded=refunded, lines=(line,))


def test_what_is_told_twice_is_nothing_new() -> None:
    """With a number or without one."""
    assert later(known(state(500)), state(500), None) is None
    assert later(known(state(500), 3), state(500), 4) is None


@pytest.mark.parametrize(("sequence", "holds"), [(2, False), (3, False), (4, True)])
def test_the_higher_number_is_right_even_with_less(sequence: int, *, holds: bool) -> None:
    """A shop that numbers its states may correct itself downwards."""
    told = state(300)
    assert later(known(state(500), 3), told, sequence) == (told if holds else None)


@pytest.mark.parametrize(("before", "told"), [(None, 1), (7, None), (None, None)])
def test_without_two_numbers_totals_only_grow(before: int | None, told: int | None) -> None:
    """What comes late says less, and changes nothing."""
    assert later(known(state(500), before), state(300), told) is None
    assert later(known(state(500), before), state(700), told) == state(700)


@pytest.mark.parametrize(
    ("before", "told", "holds"),
    [
        (state(500), state(700, 0, TWO), state(700, 0, TWO)),
        (state(500), state(500, 100, TWO), state(500, 100, TWO)),
        (state(500, 200), state(700, 100, TWO), state(700, 200, TWO)),
        (state(500, 100), state(300, 200, TWO), state(500, 200, ONE)),
        (state(500, 100), state(500, 100, TWO), None),
        (state(500, 200), state(500, 100, TWO), None),
    ],
)
def test_of_each_total_the_higher_one_holds(before: Sale, told: Sale, holds: Sale | None) -> None:
    """And the lines are those of the state in which more was paid, or else refunded."""
    assert later(known(before), told, None) == holds


states = st.builds(state, st.integers(0, 50), st.integers(0, 50))


@given(st.lists(states, min_size=1, max_size=5))
def test_totals_end_at_their_highest_in_any_order(told: list[Sale]) -> None:
    """Late, twice, or all at once."""
    highest = (max(each.total_paid for each in told), max(each.total_refunded for each in told))
    for order in permutations(told):
        holds = order[0]
        for each in order[1:]:
            holds = later(known(holds), each, None) or holds
        assert (holds.total_paid, holds.total_refunded) == highest


def test_what_is_told_without_a_time_happened_now() -> None:
    """As a till says it that has no clock."""
    assert happened_at(None, NOON) == NOON


@pytest.mark.parametrize(
    ("told", "happened"),
    [
        (NOON - timedelta(hours=48), NOON - timedelta(hours=48)),
        (NOON - timedelta(hours=1), NOON - timedelta(hours=1)),
        (NOON, NOON),
        (NOON + timedelta(seconds=1), NOON),
        (NOON + timedelta(minutes=5), NOON),
    ],
)
def test_it_happened_as_told_and_never_after_now(told: datetime, happened: datetime) -> None:
    """A till's clock may be wrong by five minutes, and a sale two days old."""
    assert happened_at(told, NOON) == happened


def test_what_is_too_old_or_yet_to_come_is_refused() -> None:
    """With the moment that would still do."""
    with pytest.raises(TooLongAgo) as old:
        happened_at(NOON - timedelta(hours=48, seconds=1), NOON)
    assert old.value.detail == {"oldest": "2026-03-08T12:00:00+00:00"}
    with pytest.raises(InTheFuture) as early:
        happened_at(NOON + timedelta(minutes=5, seconds=1), NOON)
    assert early.value.detail == {"now": "2026-03-10T12:00:00+00:00"}


def test_who_was_offline_may_tell_of_older_sales() -> None:
    """As far back as the caller says."""
    told = NOON - timedelta(days=30)
    assert happened_at(told, NOON, age_max=timedelta(days=30)) == told
    with pytest.raises(TooLongAgo):
        happened_at(told - timedelta(seconds=1), NOON, age_max=timedelta(days=30))


@pytest.mark.parametrize(
    ("synced", "happened"),
    [
        (NOON - timedelta(hours=3), NOON - timedelta(hours=2)),
        (NOON - timedelta(hours=1), NOON - timedelta(hours=1)),
        (NOON + timedelta(hours=1), NOON),
    ],
)
def test_nothing_happened_before_the_last_sync(synced: datetime, happened: datetime) -> None:
    """A sale that a till kept back cannot slip in before what is settled, nor after now."""
    assert happened_at(NOON - timedelta(hours=2), NOON, synced_at=synced) == happened


def test_limits_see_a_card_as_of_then() -> None:
    """What it earned an hour later counts as if it had been an hour before."""
    after = card(last_earned_at=NOON + timedelta(hours=1), version=9)
    seen = as_of(after, NOON)
    assert seen.last_earned_at == NOON - timedelta(hours=1)
    assert seen.version == 9


@pytest.mark.parametrize("last", [None, NOON, NOON - timedelta(hours=1)])
def test_what_was_earned_before_counts_as_it_is(last: datetime | None) -> None:
    """And who never earned has nothing to wait for."""
    before = card(last_earned_at=last)
    assert as_of(before, NOON) is before


@pytest.mark.parametrize(
    ("nearest", "seen"),
    [
        (NOON - timedelta(minutes=5), NOON - timedelta(minutes=5)),
        (NOON + timedelta(minutes=5), NOON - timedelta(minutes=5)),
        (NOON, NOON),
    ],
)
@pytest.mark.parametrize("last", [None, NOON + timedelta(hours=1)])
def test_what_was_earned_nearest_counts(
    last: datetime | None, nearest: datetime, seen: datetime
) -> None:
    """On either side of the moment as if before it, whatever was earned last."""
    assert as_of(card(last_earned_at=last), NOON, nearest).last_earned_at == seen
