"""Wanting: what a rule would give before any cap: base, tier, promotion, then rounding once."""

from fractions import Fraction

from gateway.domain.earning.rounding import whole
from gateway.domain.earning.terms import GivingRule
from gateway.domain.rules.outcomes import Basis
from gateway.domain.rules.plan import Plan, RoundingScope
from gateway.domain.rules.points import PointsRule, points_worth
from gateway.domain.rules.promotions import Bonus, Promotion, Times, applying
from gateway.domain.rules.qualifying import Counted, of_category
from gateway.domain.rules.stamps import PunchRule, StampRule, stamps_worth


def wanted(
    plan: Plan, rule: GivingRule, basis: Basis, lines: tuple[Counted, ...]
) -> tuple[int, int]:
    """Return what a rule gives for lines before caps, and what is left over for the next time.

    What is left over is in minor units or items, and 0 for rules that carry nothing.
    """
    promotion = applying(plan.promotions, basis.promotions, rule.key, lines)
    left_over = 0
    if isinstance(rule, PointsRule):
        amount = _points(plan, rule, basis, (lines, promotion))
    else:
        stamps, left_over = _stamps(rule, basis, lines, promotion)
        amount = whole(stamps, plan.rounding.mode)
    if amount and promotion and isinstance(promotion.effect, Bonus):
        amount += promotion.effect.amount
    return amount, left_over


def _points(
    plan: Plan,
    rule: PointsRule,
    basis: Basis,
    promoted: tuple[tuple[Counted, ...], Promotion | None],
) -> int:
    lines, promotion = promoted
    per_line = plan.rounding.scope is RoundingScope.PER_LINE
    batches = [(line,) for line in lines] if per_line else [lines]
    return sum(
        whole(_raised(_worth(plan, rule, batch, promotion), basis, rule), plan.rounding.mode)
        for batch in batches
    )


def _worth(
    plan: Plan, rule: PointsRule, lines: tuple[Counted, ...], promotion: Promotion | None
) -> Fraction:
    worth = points_worth(rule, lines, plan.currency)
    if promotion:
        raised = of_category(lines, promotion.category_filter)
        worth += _more(promotion) * points_worth(rule, raised, plan.currency)
    return worth


def _stamps(
    rule: StampRule | PunchRule,
    basis: Basis,
    lines: tuple[Counted, ...],
    promotion: Promotion | None,
) -> tuple[Fraction, int]:
    base, left_over = stamps_worth(rule, lines, basis.carried.get(rule.key, 0))
    stamps = Fraction(base)
    if promotion:
        raised = base
        if promotion.category_filter:
            raised, _ = stamps_worth(rule, of_category(lines, promotion.category_filter), 0)
        stamps += _more(promotion) * raised
    return _raised(stamps, basis, rule), left_over


def _raised(amount: Fraction, basis: Basis, rule: GivingRule) -> Fraction:
    """Return an amount as the card's tier multiplies it."""
    multiplier = basis.multipliers.get(rule.unit)
    return amount if multiplier is None else amount * Fraction(multiplier)


def _more(promotion: Promotion) -> Fraction:
    """How many times more than usual a promotion gives: double is once more, a bonus is none."""
    effect = promotion.effect
    return Fraction(effect.times) - 1 if isinstance(effect, Times) else Fraction(0)
