"""What cannot be in a plan's promotions and caps."""

import pytest

from tests.domain.rules.documents import (
    POINTS,
    PUNCHES,
    SPENDING,
    STAMPS,
    TIERS,
    VISITS,
    Document,
    faults_of,
)

HAPPY: Document = {
    "key": "happy",
    "name": "Happy days",
    "rule": "points",
    "effect": {"type": "multiplier", "times": "2"},
    "starts_at": "2026-01-01T00:00:00Z",
    "ends_at": "2026-02-01T00:00:00Z",
}
NO_RULE = {"/promotions/0/rule": "No rule of this key gives points or stamps."}


def promoted(*rules: Document, **fields: object) -> dict[str, str]:
    excluded = ["tips"]
    return faults_of(*rules, promotions=[HAPPY | fields], excluded_categories=excluded)


@pytest.mark.parametrize(
    ("rule", "key"), [(POINTS, "points"), (STAMPS, "stamps"), (PUNCHES, "punches")]
)
def test_points_and_stamps_can_be_raised(rule: Document, key: str) -> None:
    """By the key of the rule that gives them."""
    assert not promoted(rule, rule=key)
    assert promoted(rule, rule="others") == NO_RULE


@pytest.mark.parametrize(
    ("rule", "key"), [(SPENDING, "spending"), (VISITS, "visits"), (TIERS, "tiers")]
)
def test_rewards_and_tiers_cannot_be_raised(rule: Document, key: str) -> None:
    """There is no half reward more."""
    assert promoted(rule, rule=key) == NO_RULE


def test_a_promotion_ends_after_it_starts() -> None:
    """In the product's own words."""
    assert promoted(POINTS, ends_at="2026-01-01T01:00:00+01:00") == {
        "/promotions/0/ends_at": "End date must be after start date"
    }


def test_the_schedule_and_the_audience_of_a_promotion_are_looked_at() -> None:
    """As those of the plan are."""
    condition = {"field": "tier", "comparison": "eq", "value": "bronze"}
    found = promoted(
        POINTS,
        TIERS,
        audience={"conditions": [condition]},
        schedule={"weekdays": ["monday", "monday"]},
    )

    assert found == {
        "/promotions/0/schedule/weekdays/1": "This day is there twice.",
        "/promotions/0/audience/conditions/0/value": (
            "Please choose one of the tiers: silver, gold."
        ),
    }


def test_a_promotion_raises_what_its_rule_counts() -> None:
    """Neither what never earns, nor what the rule does not look at."""
    wine = POINTS | {"category_filter": "wine"}

    assert not promoted(POINTS, category_filter="wine")
    assert not promoted(wine, category_filter="wine")
    assert not promoted(wine)
    assert promoted(wine, category_filter="bread") == {
        "/promotions/0/category_filter": "The rule counts wine only."
    }
    assert promoted(POINTS, category_filter="tips") == {
        "/promotions/0/category_filter": "This category never earns: the plan excludes it."
    }


def test_caps_hold_back_what_the_plan_gives() -> None:
    """All of a unit, or what one rule gives of it."""
    caps = [
        {"unit": "point", "per": "day", "amount": 5},
        {"unit": "point", "per": "day", "amount": 5, "rule": "points"},
        {"unit": "stamp", "per": "week", "amount": 5, "rule": "points"},
        {"unit": "stamp", "per": "week", "amount": 5, "rule": "stamps"},
        {"unit": "stamp", "per": "week", "amount": 5, "rule": "spending"},
        {"unit": "stamp", "per": "week", "amount": 5, "rule": "others"},
        {"unit": "paw", "per": "day", "amount": 5, "rule": "others"},
    ]

    assert faults_of(POINTS, STAMPS, SPENDING, caps=caps) == {
        "/caps/2/rule": "No rule of this key gives stamp.",
        "/caps/4/rule": "No rule of this key gives stamp.",
        "/caps/5/rule": "No rule of this key gives stamp.",
        "/caps/6/unit": "No rule of this plan gives paw.",
    }


def test_two_caps_do_not_hold_back_the_same() -> None:
    """The same unit of the same rule over the same span."""
    cap = {"unit": "point", "per": "day", "amount": 5}
    caps = [cap, cap | {"per": "week"}, cap | {"rule": "points"}, cap | {"amount": 6}]

    assert faults_of(POINTS, caps=caps) == {"/caps/3": "Another cap holds back the same."}
