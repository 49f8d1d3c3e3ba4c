"""Caps: what the days before leave of them."""

from datetime import date

import pytest

from gateway.domain.rules.caps import Cap, CapSpan, covers, headroom, headroom_key
from gateway.domain.rules.outcomes import Day

SUNDAY = date(2026, 3, 15)
DAYS = (
    Day(day=date(2026, 2, 28), given={"points": 1}),
    Day(day=date(2026, 3, 8), given={"points": 2, "more": 4}),
    Day(day=date(2026, 3, 9), given={"points": 8, "stamps": 16}),
    Day(day=SUNDAY, given={"points": 32, "more": 64}),
    Day(day=date(2026, 3, 16), given={"points": 128}),
    Day(day=date(2025, 3, 15), given={"points": 256}),
)


@pytest.mark.parametrize(
    ("span", "rule", "given"),
    [
        (CapSpan.TRANSACTION, None, 0),
        (CapSpan.DAY, None, 96),
        (CapSpan.DAY, "points", 32),
        (CapSpan.WEEK, "points", 40),
        (CapSpan.WEEK, None, 104),
        (CapSpan.MONTH, "points", 170),
        (CapSpan.MONTH, "more", 68),
        (CapSpan.PROGRAM, None, 0),
    ],
)
def test_a_cap_counts_its_rules_over_its_span(span: CapSpan, rule: str | None, given: int) -> None:
    """A week is from Monday to Sunday, a month the calendar's, and other units do not count."""
    cap = Cap(unit="point", per=span, amount=1_000, rule=rule)
    assert headroom(cap, SUNDAY, DAYS, ("points", "more")) == 1_000 - given


def test_a_cap_that_was_passed_leaves_nothing() -> None:
    """A new version may have a lower cap than was given before."""
    assert headroom(Cap(unit="point", per=CapSpan.DAY, amount=5), SUNDAY, DAYS, ("points",)) == 0


def test_a_cap_covers_its_unit_and_rule() -> None:
    """A cap without a rule covers all of its unit."""
    whole = Cap(unit="point", per=CapSpan.DAY, amount=5)
    one = Cap(unit="point", per=CapSpan.DAY, amount=5, rule="points")
    assert covers(whole, "points", "point")
    assert covers(whole, "more", "point")
    assert not covers(whole, "points", "stamp")
    assert covers(one, "points", "point")
    assert not covers(one, "more", "point")
    assert not covers(one, "points", "stamp")


def test_each_cap_of_a_plan_has_a_key_of_its_own() -> None:
    """Unit, rule and span together."""
    caps = [
        Cap(unit=unit, per=span, amount=1, rule=rule)
        for unit in ("point", "stamp")
        for span in CapSpan
        for rule in (None, "points")
    ]
    assert len({headroom_key(cap) for cap in caps}) == len(caps)
