"""Settling: the difference between what a card has and what it should have."""

from dataclasses import replace

from gateway.domain.cards import Standing
from gateway.domain.earning.settling import budget_changes, settle
from gateway.domain.rules.caps import Cap, CapSpan
from gateway.domain.rules.outcomes import Basis, Day, PastSale
from gateway.domain.rules.stamps import EarnBasis, Milestone
from tests.domain.earning.tills import (
    CLOCK,
    COFFEE,
    NOON,
    TODAY,
    card,
    points,
    stamps,
    stamps_per,
    version,
)

NOTHING = PastSale(basis=Basis(earned_at=NOON, clock=CLOCK), day=TODAY)


def visited(*, earnings: int, visits: int) -> Standing:
    return card(days=(Day(day=TODAY, earnings=earnings, visits=visits),))


def test_what_was_given_before_is_not_given_again() -> None:
    """Two of three stamps were posted already."""
    plan = version(stamps_per(EarnBasis.PER_VISIT, 3)).plan
    past = replace(NOTHING, given={("stamps", "stamp"): 2})
    outcome = settle(plan, card(), past, None, NOON)
    assert [each.amount for each in outcome.transfers] == [1]
    assert outcome.given == {("stamps", "stamp"): 3}
    assert outcome.day is not None
    assert outcome.day.given == {"stamps": 1}


def test_a_rule_that_gives_no_longer_is_taken_back() -> None:
    """Everything goes that the sale gave, and nothing else of the unit."""
    plan = version(stamps(), points()).plan
    earned = replace(NOTHING.basis, earned=True)
    past = replace(NOTHING, basis=earned, given={("stamps", "stamp"): 2, ("points", "point"): 5})
    outcome = settle(plan, visited(earnings=1, visits=1), past, (), NOON)
    assert {(each.unit, each.amount) for each in outcome.transfers} == {("stamp", 2), ("point", 5)}
    assert outcome.day == Day(
        day=TODAY, earnings=-1, visits=-1, points=-5, given={"stamps": -2, "points": -5}
    )


def test_a_days_visit_goes_with_its_last_earning() -> None:
    """And is not taken from a day that has none."""
    plan = version(stamps()).plan
    past = replace(NOTHING, basis=replace(NOTHING.basis, earned=True))
    for earnings, visits, change in ((2, 1, 0), (1, 1, -1), (1, 0, 0), (0, 1, -1)):
        standing = visited(earnings=earnings, visits=visits)
        outcome = settle(plan, standing, past, (), NOON)
        assert outcome.day == Day(day=TODAY, earnings=-1, visits=change)


def test_a_reward_on_the_way_is_no_part_of_what_its_rule_gave_that_day() -> None:
    """Caps count stamps, not rewards."""
    way = (Milestone(key="first", at=1, reward=COFFEE),)
    plan = version(stamps(intermediate_rewards=way)).plan
    outcome = settle(plan, card(), NOTHING, None, NOON)
    assert outcome.day is not None
    assert outcome.day.given == {"stamps": 1}
    assert len(outcome.transfers) == 2


def test_budgets_change_by_what_their_rules_give() -> None:
    """Nothing is said of those that stay."""
    plan = version(
        points(),
        stamps(),
        caps=(
            Cap(unit="point", per=CapSpan.PROGRAM, amount=9),
            Cap(unit="stamp", per=CapSpan.PROGRAM, amount=9),
            Cap(unit="point", per=CapSpan.WEEK, amount=9, rule="points"),
        ),
    ).plan
    difference = {("points", "point"): 3, ("more", "point"): -1, ("stamps", "voucher:x"): 1}
    assert budget_changes(plan, difference) == {"point:": 2}
