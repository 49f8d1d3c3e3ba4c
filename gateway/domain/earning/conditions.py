"""Conditions: why a rule gives nothing for a visit or a sale, in a code and in plain words."""

from gateway.domain.earning.terms import GivingRule
from gateway.domain.money import exponent, whole_units
from gateway.domain.rules.outcomes import Basis
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.points import PointsRule
from gateway.domain.rules.qualifying import Counted, total
from gateway.domain.rules.stamps import EarnBasis, PunchRule, StampRule

AMOUNT_NEEDED = ("amount_needed", "Please enter the amount of the purchase.")


def unmet(
    plan: Plan, rule: GivingRule, basis: Basis, lines: tuple[Counted, ...] | None
) -> tuple[str, str] | None:
    """Return (reason, sentence) of the first condition that is not met, or None.

    `lines` are those which count for the rule; None is a visit without a purchase.
    """
    if lines is None and needs_a_sale(rule):
        return AMOUNT_NEEDED
    if lines is not None and not lines:
        return "nothing_counts", "Nothing in this purchase counts."
    if rule.key in basis.closed:
        return "outside_hours", "Nothing can be collected at this hour."
    return _below_minimum(plan, rule, total(lines or ()))


def needs_a_sale(rule: GivingRule) -> bool:
    """Say whether a rule gives nothing for a visit without a purchase."""
    if isinstance(rule, PointsRule) or rule.category_filter is not None:
        return True
    if isinstance(rule, PunchRule):
        return rule.minimum_purchase_amount is not None
    return rule.stamp_earn_rule.type is not EarnBasis.PER_VISIT


def _below_minimum(plan: Plan, rule: GivingRule, paid: int) -> tuple[str, str] | None:
    least = None if isinstance(rule, StampRule) else rule.minimum_purchase_amount
    if least is None or paid >= least:
        return None
    wanted, had = (_written(amount, plan.currency) for amount in (least, paid))
    return "below_minimum", f"Minimum purchase is {wanted}, paid {had}"


def _written(amount: int, currency: str) -> str:
    return f"{whole_units(amount, currency):,.{exponent(currency)}f}"
