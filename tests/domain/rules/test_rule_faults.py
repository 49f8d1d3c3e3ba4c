"""What cannot be in a single rule."""

import pytest

from tests.domain.rules.documents import (
    COFFEE,
    POINTS,
    PUNCHES,
    SPENDING,
    STAMPS,
    TIERS,
    VISITS,
    Document,
    faults_of,
)

EXCLUDED = "This category never earns: the plan excludes it."


def milestones(*at: int) -> Document:
    each = [{"key": f"m{number}", "at": at, "reward": COFFEE} for number, at in enumerate(at)]
    return {"intermediate_rewards": each}


@pytest.mark.parametrize("rule", [STAMPS, PUNCHES])
def test_rewards_on_the_way_come_before_the_last_and_in_order(rule: Document) -> None:
    """The last stamp has its own reward."""
    assert not faults_of(rule | milestones(3, 6, 9))
    place, order = "/rules/0/intermediate_rewards", "Each reward on the way must come after"
    assert faults_of(rule | milestones(6, 6, 3, 10)) == {
        f"{place}/1/at": f"{order} the one before.",
        f"{place}/2/at": f"{order} the one before.",
        f"{place}/3/at": "This reward comes before the last of 10.",
    }


def test_a_visit_gives_at_most_a_card_full_of_stamps() -> None:
    """An amount per stamp may be larger, of course."""

    def earn(basis: str, value: int) -> Document:
        return STAMPS | {"stamp_earn_rule": {"type": basis, "value": value}}

    assert not faults_of(earn("per_visit", 50))
    assert not faults_of(earn("per_item", 51))
    assert not faults_of(earn("per_dollar", 500))
    assert faults_of(earn("per_visit", 51)) == {
        "/rules/0/stamp_earn_rule/value": "A visit gives at most 50 stamps."
    }


def test_visits_fit_into_their_days() -> None:
    """Only one counts per day; visits in a row are not counted within days."""
    assert not faults_of(VISITS | {"within_days": 5})
    assert faults_of(VISITS | {"within_days": 4}) == {
        "/rules/0/within_days": "5 visits need as many days: one counts per day."
    }
    assert not faults_of(VISITS | {"within_days": 4, "consecutive_required": True})


@pytest.mark.parametrize("rule", [POINTS, STAMPS, PUNCHES, SPENDING])
def test_no_rule_counts_what_never_earns(rule: Document) -> None:
    """It would never give anything."""
    only = rule | {"category_filter": "wine"}

    assert not faults_of(only)
    assert faults_of(only, excluded_categories=["tips", "wine"]) == {
        "/rules/0/category_filter": EXCLUDED
    }


def test_nothing_is_multiplied_that_never_earns() -> None:
    """A multiplier of tips does not make them earn."""
    rule = POINTS | {"category_multipliers": {"wine": "2", "tips": "2"}}

    assert faults_of(rule, VISITS, TIERS) == {"/rules/0/category_multipliers/tips": EXCLUDED}
