"""What cannot be in a plan's tiers."""

import pytest

from tests.domain.rules.documents import POINTS, STAMPS, TIERS, Document, faults_of, tier

SAME = "All tiers must measure the same thing over the same period"
RISING = "Each tier must need more than the one before."


def by(measure: str, value: int, period: str = "yearly") -> Document:
    return {"threshold": {"type": measure, "value": value, "period": period}}


def tiers(*each: Document, **fields: object) -> Document:
    return TIERS | {"tiers": list(each)} | fields


def test_thresholds_rise() -> None:
    """As much as the one before is not more."""
    rule = tiers(tier("a", 100), tier("b", 100), tier("c", 101), tier("d", 50))

    assert faults_of(rule) == {
        "/rules/0/tiers/1/threshold/value": RISING,
        "/rules/0/tiers/3/threshold/value": RISING,
    }


def test_all_tiers_measure_the_same() -> None:
    """The same thing over the same period as the first."""
    rule = tiers(
        tier("a", 1),
        tier("b", 2, **by("visits", 2)),
        tier("c", 3, **by("spending", 3, "monthly")),
        tier("d", 4),
    )

    assert faults_of(rule) == {
        "/rules/0/tiers/1/threshold": SAME,
        "/rules/0/tiers/2/threshold": SAME,
    }


@pytest.mark.parametrize("measure", ["spending", "visits"])
def test_tiers_by_spending_or_visits_need_no_other_rule(measure: str) -> None:
    """A visit and a purchase count by themselves."""
    assert not faults_of(tiers(tier("a", 1, **by(measure, 1))))


def test_tiers_by_points_need_points() -> None:
    """Which only a points rule gives."""
    rule = tiers(tier("a", 1, **by("points", 1)), tier("b", 2, **by("points", 2)))
    found = {"/rules/0/tiers/0/threshold/type": "Tiers by points need a rule that gives points."}

    assert faults_of(rule) == found
    assert faults_of(rule, STAMPS) == found
    assert not faults_of(rule, POINTS)


def test_a_tier_is_there_once() -> None:
    """By its key; a rule may have the same one."""
    rule = tiers(tier("tiers", 1), tier("b", 2), tier("b", 3))

    assert faults_of(rule) == {"/rules/0/tiers/2/key": "Another tier has this key."}


def test_multipliers_are_of_what_the_plan_gives() -> None:
    """Points and stamps, by their units."""
    rule = tiers(tier("a", 1, multipliers={"point": "2", "stamp": "2", "paw": "1.5"}))

    assert list(faults_of(rule)) == [
        f"/rules/0/tiers/0/multipliers/{unit}" for unit in ("point", "stamp", "paw")
    ]
    assert faults_of(rule, POINTS, STAMPS) == {
        "/rules/0/tiers/0/multipliers/paw": "No rule of this plan gives paw."
    }


def test_tiers_are_looked_at_some_time() -> None:
    """Once in a lifetime would be never."""
    assert faults_of(TIERS | {"evaluation_period": "lifetime"}) == {
        "/rules/0/evaluation_period": "Tiers are looked at monthly, quarterly or yearly."
    }


def test_a_lifetime_does_not_roll() -> None:
    """It has no days that drop out."""
    each = tier("a", 1, **by("visits", 1, "lifetime"))

    assert not faults_of(tiers(each, window="calendar"))
    assert faults_of(tiers(each, window="rolling")) == {
        "/rules/0/window": "A lifetime has no rolling window."
    }
    assert not faults_of(TIERS | {"window": "rolling"})
