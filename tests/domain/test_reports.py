"""Reports: flows explain balances, liability is value x what will be redeemed, all by formula."""

from dataclasses import fields, replace
from decimal import Decimal

import pytest

from gateway.domain.reports import FORMULAS, Flow, Valuation, valuation, value_per_unit
from gateway.domain.rules.keys import voucher
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.points import PointsRule
from gateway.domain.rules.promises import AmountOff, FreeItem
from gateway.domain.rules.spending import SpendingRule
from gateway.domain.rules.stamps import StampRule

TEN_FOR_TWELVE_CENTS = Plan(
    rules=(StampRule(stamps_required=10, reward=AmountOff(description="A discount", amount=12)),),
    expected_redemption=Decimal("0.8"),
)
"""A stamp is worth 1.2 cents."""


def test_the_worked_example_of_the_standard_comes_out() -> None:
    """2,000 units x $0.012 x 80 % are $19.20."""
    found = valuation(Flow(unit="stamp", closing=2_000), TEN_FOR_TWELVE_CENTS)

    assert found.value_per_unit == Decimal("1.2")
    assert found.liability == 1_920


def test_half_a_cent_is_rounded_up_once() -> None:
    """Rounded is the liability, not the value of each unit."""
    plan = replace(TEN_FOR_TWELVE_CENTS, expected_redemption=Decimal("0.5"))

    assert valuation(Flow(unit="stamp", closing=5), plan).liability == 3
    assert valuation(Flow(unit="stamp", closing=4), plan).liability == 2
    points = Plan(
        rules=(PointsRule(points_per_dollar=Decimal(1)),), expected_redemption=Decimal("0.5")
    )
    assert valuation(Flow(unit="point", closing=1_001), points).liability == 501


def test_who_is_owed_less_than_nothing_is_owed_nothing() -> None:
    """What cards are below zero is no negative liability."""
    assert valuation(Flow(unit="stamp", closing=-7), TEN_FOR_TWELVE_CENTS).liability == 0


@pytest.mark.parametrize(("currency", "value"), [("EUR", 1), ("JPY", Decimal("0.01"))])
def test_a_point_is_worth_what_a_unit_of_money_costs(currency: str, value: Decimal | int) -> None:
    """At 100 points for one unit of money, whatever digits that money has."""
    rule = PointsRule(points_per_dollar=Decimal(1), redemption_rate=100)

    assert value_per_unit("point", Plan(rules=(rule,), currency=currency)) == value


def test_a_voucher_is_worth_its_reward() -> None:
    """One voucher costs one reward."""
    reward = AmountOff(description="A discount", amount=500)
    rule = SpendingRule(threshold_amount=10_000, reward=reward)

    assert value_per_unit(voucher(rule.key), Plan(rules=(rule,))) == 500


def test_what_has_no_price_has_no_value_and_no_liability() -> None:
    """A free coffee may cost anything: nobody guesses."""
    plan = Plan(rules=(StampRule(stamps_required=10, reward=FreeItem(description="Coffee")),))

    found = valuation(Flow(unit="stamp", closing=2_000), plan)

    assert (found.value_per_unit, found.liability) == (None, None)


def test_shares_are_of_what_was_issued_and_unknown_of_nothing() -> None:
    """Four digits behind the point."""
    flow = Flow(
        unit="stamp", issued=300, redeemed=100, expired=50, cohort_issued=200, cohort_expired=20
    )

    found = valuation(flow, TEN_FOR_TWELVE_CENTS)
    nothing = valuation(Flow(unit="stamp", redeemed=1), TEN_FOR_TWELVE_CENTS)

    assert (found.redemption_rate, found.breakage, found.cohort_breakage) == (
        Decimal("0.3333"),
        Decimal("0.1667"),
        Decimal("0.1000"),
    )
    assert nothing.redemption_rate is nothing.breakage is nothing.cohort_breakage is None


def test_a_flow_that_explains_its_balance_is_balanced() -> None:
    """And one that lost a unit is not."""
    flow = Flow(
        unit="point",
        opening=10,
        issued=100,
        reversed=5,
        redeemed=40,
        expired=15,
        adjusted=-3,
        transferred=2,
        closing=49,
    )

    assert flow.is_balanced
    assert not replace(flow, closing=48).is_balanced


def test_every_number_has_a_formula() -> None:
    """Nobody has to guess what a word means."""
    numbers = {each.name for kind in (Flow, Valuation) for each in fields(kind)} - {"unit"}

    assert set(FORMULAS) == numbers | {"deadlines"}


def test_a_share_of_a_single_one_is_known() -> None:
    """The smallest flow of all."""
    found = valuation(Flow(unit="stamp", issued=1, redeemed=1), TEN_FOR_TWELVE_CENTS)
    assert (found.redemption_rate, found.breakage) == (Decimal(1), Decimal(0))


def test_a_voucher_for_something_without_a_price_has_no_value() -> None:
    """Nor has a unit that no rule of the plan gives."""
    rule = SpendingRule(threshold_amount=1, reward=FreeItem(description="A cake"))
    assert value_per_unit(voucher(rule.key), Plan(rules=(rule,))) is None
    assert value_per_unit("point", Plan(rules=(rule,))) is None


def test_the_first_rule_that_knows_a_value_says_it() -> None:
    """A rule without a price does not hide the one with it."""
    free = StampRule(key="free", stamps_required=10, reward=FreeItem(description="Coffee"))
    plan = Plan(rules=(free, *TEN_FOR_TWELVE_CENTS.rules))
    assert value_per_unit("stamp", plan) == Decimal("1.2")
