"""Budgets: the caps of a plan that hold for the whole program, and how each is known."""

from gateway.domain.rules.caps import Cap, CapSpan
from gateway.domain.rules.plan import Plan


def budget_key(cap: Cap) -> str:
    """Return by what name a budget is counted: its unit and, if it is for one only, its rule."""
    return f"{cap.unit}:{cap.rule or ''}"


def program_budgets(plan: Plan) -> dict[str, int]:
    """Return the most that a whole program may give, by the name of each budget."""
    return {budget_key(cap): cap.amount for cap in plan.caps if cap.per is CapSpan.PROGRAM}
