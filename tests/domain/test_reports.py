"""Reports on value: each number by its formula, and unknown where nothing is known."""

from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.domain.reports import FORMULAS, Flow, Valuation, valuation, value_per_unit
from gateway.domain.rules.plan import Plan, Rule
from gateway.domain.rules.promises import AmountOff, Credit, PercentOff
from gateway.domain.rules.spending import SpendingRule
from gateway.domain.rules.tiers import Measure, Threshold, Tier, TierRule
from gateway.domain.rules.visits import VisitRule
from tests.domain.earning.tills import COFFEE, points, punches, stamps

FIVE_OFF = AmountOff(description="Five off", amount=500)
THREE = Credit(description="Three to spend", amount=300)
GOLD = Tier(key="gold", name="Gold", threshold=Threshold(type=Measure.POINTS, value=100))
POINTS = Plan(rules=(points(),))


@pytest.mark.parametrize(
    ("rule", "unit", "value"),
    [
        (points(), "point", Decimal(1)),
        (points(redemption_rate=250), "point", Decimal("0.4")),
        (stamps(10, reward=FIVE_OFF), "stamp", Decimal(50)),
        (punches(4, unit="punch", reward=THREE), "punch", Decimal(75)),
        (SpendingRule(threshold_amount=1, reward=FIVE_OFF), "voucher:spending", Decimal(500)),
        (VisitRule(visits_required=2, reward=THREE), "voucher:visits", Decimal(300)),
    ],
)
def test_a_unit_is_worth_its_part_of_what_it_buys(rule: Rule, unit: str, value: Decimal) -> None:
    """In minor units: of the redemption rate, or of the reward's amount."""
    assert value_per_unit(unit, Plan(rules=(rule,))) == value


@pytest.mark.parametrize(
    ("rule", "unit"),
    [
        (points(), "stamp"),
        (stamps(reward=COFFEE), "stamp"),
        (stamps(reward=FIVE_OFF), "point"),
        (stamps(reward=PercentOff(description="Half", percent=Decimal(50))), "stamp"),
        (SpendingRule(threshold_amount=1, reward=COFFEE), "voucher:spending"),
        (SpendingRule(threshold_amount=1, reward=FIVE_OFF), "voucher:visits"),
        (VisitRule(visits_required=2, reward=COFFEE), "voucher:visits"),
        (TierRule(tiers=(GOLD,)), "point"),
    ],
)
def test_what_has_no_price_has_no_value(rule: Rule, unit: str) -> None:
    """A free coffee, a share of an unknown purchase, and a unit that the rule does not give."""
    assert value_per_unit(unit, Plan(rules=(rule,))) is None


def test_the_first_rule_that_knows_a_value_says_it() -> None:
    """A rule without a price does not hide the one with it."""
    priced = stamps(10, key="priced", reward=FIVE_OFF)
    dearer = stamps(5, key="dearer", reward=FIVE_OFF)
    assert value_per_unit("stamp", Plan(rules=(stamps(), priced, dearer))) == Decimal(50)


@pytest.mark.parametrize(("currency", "value"), [("EUR", 1), ("JPY", "0.01"), ("KWD", 10)])
def test_points_are_valued_in_the_smallest_coin(currency: str, value: int | str) -> None:
    """At 100 points for one unit, whatever it is divided into."""
    assert value_per_unit("point", Plan(rules=(points(),), currency=currency)) == Decimal(value)


def test_a_flow_comes_to_what_its_formulas_say() -> None:
    """All of them at once."""
    flow = Flow(
        unit="point",
        issued=3_000,
        redeemed=1_000,
        expired=250,
        closing=1_001,
        cohort_issued=800,
        cohort_expired=600,
    )
    plan = replace(POINTS, expected_redemption=Decimal("0.5"))
    assert valuation(flow, plan) == Valuation(
        value_per_unit=Decimal(1),
        liability=501,
        redemption_rate=Decimal("0.3333"),
        breakage=Decimal("0.0833"),
        cohort_breakage=Decimal("0.7500"),
    )


def test_what_is_not_known_is_said_to_be_unknown() -> None:
    """No value without a price, and no share of nothing."""
    nothing = Flow(unit="stamp", redeemed=1, expired=1, closing=9, cohort_expired=1)
    assert valuation(nothing, Plan(rules=(stamps(),))) == Valuation(
        value_per_unit=None,
        liability=None,
        redemption_rate=None,
        breakage=None,
        cohort_breakage=None,
    )


def test_a_share_of_one_is_known() -> None:
    """The smallest flow of all."""
    found = valuation(Flow(unit="point", issued=1, redeemed=1), POINTS)
    assert (found.redemption_rate, found.breakage) == (Decimal(1), Decimal(0))


@pytest.mark.parametrize(("closing", "liability"), [(-5, 0), (0, 0), (1, 1), (700, 700)])
def test_who_owes_us_is_no_liability(closing: int, liability: int) -> None:
    """What is below zero is not owed to anybody."""
    assert valuation(Flow(unit="point", closing=closing), POINTS).liability == liability


BALANCED = Flow(
    unit="point",
    issued=1_000,
    reversed=100,
    redeemed=200,
    expired=30,
    adjusted=-4,
    transferred=5,
    opening=50,
    closing=721,
)


def test_the_flows_explain_the_difference() -> None:
    """Opening and all that moved make the closing."""
    assert BALANCED.is_balanced


@pytest.mark.parametrize(
    "name",
    ["issued", "reversed", "redeemed", "expired", "adjusted", "transferred", "opening", "closing"],
)
def test_a_flow_that_is_wrong_anywhere_is_seen(name: str) -> None:
    """One more of anything and it no longer adds up."""
    assert not replace(BALANCED, **{name: getattr(BALANCED, name) + 1}).is_balanced


def test_every_number_of_a_report_has_its_formula() -> None:
    """Whoever reads it can work it out anew."""
    reported = {*Flow.__slots__, *Valuation.__slots__, "deadlines"}
    assert set(FORMULAS) == reported - {"unit", "cohort_issued", "cohort_expired"}
