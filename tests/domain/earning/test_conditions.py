"""Conditions: the first that is not met, in words."""

import pytest

from gateway.domain.earning.conditions import AMOUNT_NEEDED, needs_a_sale, unmet
from gateway.domain.earning.terms import GivingRule, basis_of
from gateway.domain.rules.qualifying import Counted, counted
from gateway.domain.rules.stamps import EarnBasis, ValidHours
from tests.domain.earning.tills import (
    CLOCK,
    NOON,
    card,
    points,
    punches,
    sale,
    stamps,
    stamps_per,
    version,
)

CLOSED = ValidHours(start=22, end=2)
SENTENCES = {
    **dict([AMOUNT_NEEDED]),
    "nothing_counts": "Nothing in this purchase counts.",
    "outside_hours": "Nothing can be collected at this hour.",
    "below_minimum": "Minimum purchase is 3.50, paid 3.49",
}


@pytest.mark.parametrize(
    ("rule", "needs"),
    [
        (points(), True),
        (punches(), False),
        (punches(minimum_purchase_amount=1), True),
        (punches(category_filter="coffee"), True),
        (stamps(), False),
        (stamps(category_filter="coffee"), True),
        (stamps_per(EarnBasis.PER_ITEM, 1), True),
        (stamps_per(EarnBasis.PER_DOLLAR, 1), True),
    ],
)
def test_what_depends_on_a_purchase_needs_one(rule: GivingRule, *, needs: bool) -> None:
    """An amount, items or a category; a bare visit has none of them."""
    assert needs_a_sale(rule) is needs


def lines(paid: int) -> tuple[Counted, ...]:
    return counted(sale(paid), (), is_before_tax=False)


@pytest.mark.parametrize(
    ("rule", "bought", "reason"),
    [
        (punches(minimum_purchase_amount=350, valid_hours=CLOSED), None, "amount_needed"),
        (punches(minimum_purchase_amount=350, valid_hours=CLOSED), (), "nothing_counts"),
        (punches(minimum_purchase_amount=350, valid_hours=CLOSED), lines(1), "outside_hours"),
        (punches(minimum_purchase_amount=350), lines(349), "below_minimum"),
        (punches(minimum_purchase_amount=350), lines(350), None),
        (punches(valid_hours=CLOSED), None, "outside_hours"),
        (stamps(), None, None),
        (points(), lines(1), None),
    ],
)
def test_the_first_condition_that_is_not_met_is_told(
    rule: GivingRule, bought: tuple[Counted, ...] | None, reason: str | None
) -> None:
    """Amount, what counts, hours, minimum: in this order."""
    plan = version(rule).plan
    found = unmet(plan, rule, basis_of(plan, card(), CLOCK, NOON), bought)
    assert (found and found[0]) == reason
    assert found is None or found[1] == SENTENCES[found[0]]
