"""Terms: what about a card and a moment decides what is earned."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from gateway.domain.earning.terms import basis_of, giving_rules
from gateway.domain.rules.caps import Cap, CapSpan
from gateway.domain.rules.outcomes import Day
from gateway.domain.rules.promotions import Bonus, Promotion
from gateway.domain.rules.spending import SpendingRule
from gateway.domain.rules.stamps import EarnBasis, ValidHours
from gateway.domain.rules.tiers import Measure, Threshold, Tier, TierRule
from tests.domain.earning.tills import (
    CLOCK,
    COFFEE,
    NOON,
    TODAY,
    card,
    holding,
    points,
    punches,
    stamps,
    stamps_per,
    version,
)

GOLD = TierRule(
    tiers=(
        Tier(
            key="gold",
            name="Gold",
            threshold=Threshold(type=Measure.VISITS, value=9),
            multipliers={"point": Decimal(3)},
        ),
    )
)


def test_only_points_punches_and_stamps_give_for_a_single_purchase() -> None:
    """In the order of the plan."""
    plan = version(
        SpendingRule(threshold_amount=1, reward=COFFEE), punches(), points(), GOLD, stamps()
    ).plan
    assert [rule.key for rule in giving_rules(plan)] == ["punches", "points", "stamps"]


def test_a_tier_multiplies_the_units_it_names() -> None:
    """Stamps stay as they are."""
    plan = version(points(), stamps(), GOLD).plan
    assert basis_of(plan, card(tier="gold"), CLOCK, NOON).multipliers == {"point": 3, "stamp": 1}
    assert basis_of(plan, card(), CLOCK, NOON).multipliers == {"point": 1, "stamp": 1}
    assert basis_of(version(points()).plan, card(tier="gold"), CLOCK, NOON).multipliers == {}


def test_what_is_collected_is_what_can_be_spent_and_what_is_held_back() -> None:
    """Of the units of stamps and punches, and of no other."""
    plan = version(stamps(), points(), punches(unit="visit")).plan
    basis = basis_of(plan, holding("stamp", 4, 3), CLOCK, NOON)
    assert basis.collected == {"stamp": 7, "visit": 0}


def test_only_rules_that_carry_have_something_carried() -> None:
    """By the rule's own key."""
    plan = version(
        stamps_per(EarnBasis.PER_DOLLAR, 500, carry=True),
        stamps_per(EarnBasis.PER_DOLLAR, 500, key="other"),
        punches(),
    ).plan
    assert basis_of(plan, holding("remainder:stamps", 42), CLOCK, NOON).carried == {"stamps": 42}


def test_promotions_that_hold_are_listed_newest_first() -> None:
    """Whatever they are for: that depends on what is bought."""

    def starting(key: str, days: int) -> Promotion:
        return Promotion(
            key=key,
            name=key,
            rule="points",
            effect=Bonus(amount=1),
            starts_at=NOON - timedelta(days=days),
            ends_at=NOON + timedelta(days=1),
        )

    promotions = (
        starting("middle", 2),
        starting("coming", -1),
        starting("old", 3),
        starting("new", 1),
    )
    plan = version(points(), promotions=promotions).plan
    assert basis_of(plan, card(), CLOCK, NOON).promotions == ("new", "middle", "old")


def test_rules_outside_their_hours_are_closed_on_the_days_the_clock_changes_too() -> None:
    """The hour from 2 to 3 does not come in March, and comes twice in October."""
    plan = version(
        punches(valid_hours=ValidHours(start=2, end=3)), stamps(), punches(key="always")
    ).plan
    march = datetime(2026, 3, 29, tzinfo=UTC)
    closed = [
        basis_of(plan, card(), CLOCK, march + timedelta(minutes=30 * half)).closed
        for half in range(8)
    ]
    assert closed == [("punches",)] * 8
    october = datetime(2026, 10, 24, 22, tzinfo=UTC)
    open_at = [
        half
        for half in range(12)
        if not basis_of(plan, card(), CLOCK, october + timedelta(minutes=30 * half)).closed
    ]
    assert open_at == [4, 5, 6, 7]


def test_headroom_is_per_cap() -> None:
    """Of the card's days, or of the whole program, never below nothing."""
    plan = version(
        points(),
        stamps(),
        caps=(
            Cap(unit="point", per=CapSpan.DAY, amount=10),
            Cap(unit="point", per=CapSpan.PROGRAM, amount=100),
            Cap(unit="point", per=CapSpan.PROGRAM, amount=5, rule="points"),
            Cap(unit="stamp", per=CapSpan.PROGRAM, amount=7),
        ),
    ).plan
    standing = card(
        days=(Day(day=TODAY, given={"points": 4, "stamps": 50}),),
        budgets={"point:": 60, "point:points": 6},
    )
    assert basis_of(plan, standing, CLOCK, NOON).headroom == {
        "point::day": 6,
        "point::program": 40,
        "point:points:program": 0,
        "stamp::program": 7,
    }
